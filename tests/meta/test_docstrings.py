"""Every example in a docstring runs and gives what it shows."""

import doctest
import importlib
import pkgutil

import numpy as np
import pytest

import portraitkit


def modules():
    """Public files only: loops and private helpers have no examples."""
    for info in pkgutil.walk_packages(portraitkit.__path__, "portraitkit."):
        private = any(part.startswith("_") for part in info.name.split("."))
        if not private and not info.name.startswith("portraitkit.cli"):
            yield info.name


@pytest.mark.parametrize("name", sorted(modules()))
def test_examples(name):
    module = importlib.import_module(name)
    with np.printoptions(legacy=False):
        flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
        failed, _ = doctest.testmod(module, optionflags=flags)
    assert not failed
