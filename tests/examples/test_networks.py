"""The papers' networks: shapes, sizes, what each part does, and what they can learn."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from backends import require

from portraitkit.instance import Shot
from portraitkit.io import read_image
from portraitkit.metrics import mean_iou
from portraitkit.models import load_model
from portraitkit.superpixels import pool_mean

SIZES = [(64, 32), (50, 70)]


@pytest.fixture
def torch(modules):
    """PyTorch, with the examples importable."""
    return require("torch")


@pytest.fixture
def networks(torch):
    """All modules of the networks, by name."""
    from networks import (
        blocks,
        bsn,
        cross_granularity,
        granularity,
        mobilenet,
        mxunit,
        resnet,
        superpixel_features,
        trisenet,
        trisenet_paths,
        xception,
    )

    return SimpleNamespace(
        **vars(blocks), **vars_of(bsn, cross_granularity, granularity, mobilenet,
        mxunit, resnet, superpixel_features, trisenet, trisenet_paths, xception)
    )  # fmt: skip


def vars_of(*modules):
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if getattr(value, "__module__", module.__name__) == module.__name__
        and not name.startswith("_")
    }
