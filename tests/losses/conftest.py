"""One run of every loss over every array library."""

import importlib

import numpy as np
import pytest
from backends import require

BACKENDS = ["numpy", "array_api_strict", "torch", "jax.numpy"]


def library(name):
    """Import `name`; torch keeps to one thread, as arrays here are tiny."""
    root = require(name.partition(".")[0])
    if name == "torch":
        root.set_num_threads(1)
    return importlib.import_module(name)


@pytest.fixture(params=BACKENDS)
def xp(request):
    return library(request.param)


KINDS = [
    *(("numpy", name) for name in ("float16", "float32", "float64")),
    *(("array_api_strict", name) for name in ("float32", "float64")),
    *(("torch", name) for name in ("float16", "bfloat16", "float32", "float64")),
    *(("jax.numpy", name) for name in ("float16", "bfloat16", "float32")),
]


@pytest.fixture(params=KINDS, ids="-".join)
def kind(request):
    """A library and the name of a dtype that it has."""
    name, dtype = request.param
    return library(name), dtype


@pytest.fixture
def torch():
    return library("torch")


@pytest.fixture
def jax():
    return require("jax")


@pytest.fixture
def case(rng):
    """Two 3x4 images with three classes: logits, soft labels, target, kernel."""
    logits = rng.normal(size=(2, 3, 4, 3)) * 5
    soft = rng.dirichlet(np.ones(3), size=(2, 3, 4))
    target = rng.integers(0, 3, (2, 3, 4))
    return logits, soft, target, rng.random((3, 4))


@pytest.fixture
def features(rng):
    """Twenty features of four classes, the last two of them twice."""
    rows = rng.normal(size=(20, 5))
    rows[18:] = rows[:2]
    return rows, np.arange(20) % 4
