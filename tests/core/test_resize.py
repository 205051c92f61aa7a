"""Resizing: half-pixel centres, three ways, one result for any memory layout."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from oracles import networks as oracle

from portraitkit._core.resize import resize

SIDES = st.integers(1, 13)
HOWS = st.sampled_from(["auto", "bilinear", "area"])
SEEDS = st.integers(0, 99)


def noise(h, w, seed, dtype=np.float32):
    values = np.random.default_rng(seed).random((h, w, 3))
    return (values * 255).astype(dtype)


@given(SIDES, SIDES, SIDES, SIDES, HOWS, SEEDS)
def test_equals_slow_definition(h, w, new_h, new_w, how, seed):
    values = noise(h, w, seed)
    got = resize(values, (new_h, new_w), how=how)
    assert got.dtype == np.float32
    assert_allclose(got, oracle.resize(values, (new_h, new_w), how), atol=0.01)


@given(SIDES, SIDES, SIDES, SIDES, HOWS, SEEDS)
def test_bytes_differ_from_the_definition_by_rounding(h, w, new_h, new_w, how, seed):
    values = noise(h, w, seed, np.uint8)
    got = resize(values, (new_h, new_w), how=how)
    assert got.dtype == np.uint8
    assert_allclose(got, oracle.resize(values, (new_h, new_w), how), atol=1.51)


@given(SIDES, SIDES, SIDES, SIDES, HOWS, SEEDS)
def test_commutes_with_mirroring(h, w, new_h, new_w, how, seed):
    values = noise(h, w, seed)
    mirrored = resize(values[::-1, ::-1], (new_h, new_w), how=how)[::-1, ::-1]
    assert_allclose(mirrored, resize(values, (new_h, new_w), how=how), atol=0.01)


@given(SIDES, SIDES, HOWS, SEEDS)
def test_same_size_is_a_new_equal_array(h, w, how, seed):
    values = noise(h, w, seed, np.uint8)
    got = resize(values, (h, w), how=how)
    assert_array_equal(got, values)
    assert not np.shares_memory(got, values)


def test_a_ramp_is_sampled_at_half_pixel_centres():
    ramp = np.arange(4, dtype=np.float32).reshape(1, 4)
    assert_allclose(resize(ramp, (1, 2), how="bilinear"), [[0.5, 2.5]])


def test_auto_averages_beyond_three_times_only():
    values = noise(24, 24, 0)
    for n, how in ((8, "bilinear"), (7, "area")):
        assert_array_equal(resize(values, (n, n)), resize(values, (n, n), how=how))


@pytest.mark.parametrize("view", [np.asfortranarray, lambda a: a[::2, ::-1]])
def test_any_memory_layout(view):
    values = view(noise(12, 10, 1))
    values.flags.writeable = False
    plain = np.ascontiguousarray(values)
    assert_array_equal(resize(values, (5, 7)), resize(plain, (5, 7)))
