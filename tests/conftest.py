"""Shared fixtures and hypothesis profiles."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

settings.register_profile("ci", derandomize=True, max_examples=100, deadline=None)
settings.register_profile("dev", max_examples=50, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.fixture(scope="session")
def data():
    """Folder of real photographs with truth, where the tester has it."""
    folder = os.environ.get("PORTRAITKIT_DATA")
    if not folder:
        pytest.skip("set PORTRAITKIT_DATA to run on real photographs")
    return Path(folder)


@pytest.fixture
def rng():
    """A generator of the same numbers every time."""
    return np.random.default_rng(7)
