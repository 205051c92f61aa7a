"""Array libraries that a tester may lack."""

import importlib
import os

import pytest


def require(name):
    """Import a library or skip; under PORTRAITKIT_REQUIRE_ALL=1 its lack is a failure."""
    if os.environ.get("PORTRAITKIT_REQUIRE_ALL") == "1":
        return importlib.import_module(name)
    return pytest.importorskip(name)
