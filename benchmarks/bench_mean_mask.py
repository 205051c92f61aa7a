"""The mean of 1500 masks against NumPy."""

import numpy as np
import pytest

from portraitkit.kernels import MeanMask, mean_mask

SHAPE = (800, 600)


@pytest.fixture(scope="module")
def stack():
    rng = np.random.default_rng(0)
    some = rng.random((25, *SHAPE)) < rng.random(SHAPE)
    return np.tile(some, (60, 1, 1))


def blocks(stack):
    """Sums of bytes that cannot overflow, 255 masks each."""
    total = np.zeros(SHAPE, np.uint32)
    for start in range(0, len(stack), 255):
        total += stack[start : start + 255].view(np.uint8).sum(axis=0, dtype=np.uint8)
    return (total / len(stack)).astype(np.float32)


def streamed(stack):
    mean = MeanMask(SHAPE)
    for mask in stack:
        mean.update(mask)
    return mean.mean


def test_mean_mask(ratios, stack):
    np.testing.assert_array_equal(mean_mask(stack), blocks(stack))
    runs = {
        "numpy blocks": lambda: blocks(stack),
        "np.mean of the stack": lambda: stack.mean(axis=0, dtype=np.float32),
        "portraitkit": lambda: mean_mask(stack),
    }
    ratios("mean mask, 1500 of 800x600", runs, goal=1.4, rounds=8)


def test_mean_mask_one_by_one(ratios, stack):
    runs = {
        "numpy blocks": lambda: blocks(stack),
        "portraitkit": lambda: streamed(stack),
    }
    ratios("mean mask, streamed", runs, rounds=5)
