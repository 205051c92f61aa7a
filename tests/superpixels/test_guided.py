"""`guided_filter` against the textbook, its laws, odd inputs and refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from oracles import guided as oracle
from strategies import rgb_images

from portraitkit.superpixels import guided_filter
from portraitkit.superpixels._numba import guided as loops

RADII, FLOORS = st.integers(0, 6), st.sampled_from([1e-6, 1e-4, 1e-2, 1.0])


def noise(guide, channels=2, dtype=np.float64):
    rng = np.random.default_rng(guide.shape[0])
    return rng.normal(0, 1, (*guide.shape[:2], channels)).astype(dtype)


class TestAgainstOracle:
    @given(rgb_images(max_side=9), RADII, FLOORS)
    def test_equals_the_textbook(self, guide, radius, eps):
        values = noise(guide)
        got = guided_filter(values, guide, radius=radius, eps=eps)
        expected = oracle.guided_filter(values, guide / 255, radius, eps)
        assert_allclose(got, expected, atol=1e-7)

    @given(rgb_images(max_side=9), RADII, FLOORS)
    def test_float32_stays_close(self, guide, radius, eps):
        values = noise(guide, 1, np.float32)
        got = guided_filter(values, guide, radius=radius, eps=eps)
        assert got.dtype == np.float32
        expected = oracle.guided_filter(values, guide / 255, radius, eps)
        assert_allclose(got, expected, atol=1e-3 if eps < 1e-4 else 2e-5)

    @given(rgb_images(max_side=9), RADII)
    def test_gray_guide(self, guide, radius):
        values = noise(guide)
        got = guided_filter(values, guide[..., 0], radius=radius)
        expected = oracle.guided_filter(values, guide[..., :1] / 255, radius, 1e-4)
        assert_allclose(got, expected, atol=1e-7)

    @pytest.mark.parametrize("channels", [1, 15, 16, 17, 33])
    def test_every_channel_on_its_own(self, channels, rng):
        guide = rng.integers(0, 256, (12, 13, 3), np.uint8)
        values = noise(guide, channels)
        got = guided_filter(values, guide, radius=3)
        for c in range(channels):
            alone = guided_filter(values[..., c], guide, radius=3)
            assert_array_equal(got[..., c], alone)

    def test_compiled_equals_interpreted(self, rng, monkeypatch):
        guide = rng.integers(0, 256, (6, 7, 3), np.uint8)
        values = noise(guide, 17)
        got = guided_filter(values, guide, radius=2)
        for name in ("add_moments", "add_row", "slide", "fit_row", "apply_row"):
            loop = getattr(loops, name)
            monkeypatch.setattr(loops, name, getattr(loop, "py_func", loop))
        slow = getattr(loops.filter_block, "py_func", loops.filter_block)
        monkeypatch.setattr("portraitkit.superpixels.guided.filter_block", slow)
        assert_allclose(guided_filter(values, guide, radius=2), got, atol=1e-9)


class TestLaws:
    @given(rgb_images(max_side=9), RADII)
    def test_constants_pass(self, guide, radius):
        values = np.full((*guide.shape[:2], 3), 2.5)
        assert_allclose(guided_filter(values, guide, radius=radius), 2.5)

    @given(rgb_images(max_side=9), RADII)
    def test_mirroring_commutes(self, guide, radius):
        values = noise(guide)
        got = guided_filter(values[::-1, ::-1], guide[::-1, ::-1], radius=radius)
        plain = guided_filter(values, guide, radius=radius)
        assert_allclose(got[::-1, ::-1], plain, atol=1e-8)

    def test_an_edge_of_the_guide_stays_sharp(self, rng):
        guide = np.zeros((30, 40, 3), np.uint8)
        guide[:, 20:] = 200
        clean = np.where(guide[..., 0] > 0, 1.0, -1.0)
        noisy = clean + rng.normal(0, 0.3, clean.shape)
        got = guided_filter(noisy, guide)
        assert np.abs(got - clean).mean() < 0.2 * np.abs(noisy - clean).mean()

    @given(rgb_images(max_side=9))
    def test_uint8_guide_is_its_float_and_inputs_stay(self, guide):
        values = noise(guide)
        before = values.copy(), guide.copy()
        values.flags.writeable = guide.flags.writeable = False
        got = guided_filter(values, guide)
        assert_allclose(guided_filter(values, guide / 255), got, atol=1e-9)
        folded = np.asfortranarray(values), np.asfortranarray(guide)
        assert_array_equal(guided_filter(*folded), got)
        assert_array_equal(values, before[0])
        assert_array_equal(guide, before[1])


GUIDE = np.zeros((2, 2, 3), np.uint8)


class TestRefusals:
    @pytest.mark.parametrize(
        ("values", "guide", "knobs", "match"),
        [
            ([[np.nan, 0], [0, 0]], GUIDE, {}, "values must be finite"),
            ([[1j]], GUIDE, {}, "values must be real numbers"),
            ([1.0], GUIDE, {}, r"values must be \(H, W\) or"),
            (np.zeros((0, 2)), GUIDE, {}, "values must be .* at least one"),
            (np.zeros((2, 3)), GUIDE, {}, r"guide must be \(2, 3, 3\) or \(2, 3\)"),
            (np.zeros((2, 2)), GUIDE + 2.0, {}, r"guide must lie in 0\.\.1"),
            (np.zeros((2, 2)), GUIDE * np.nan, {}, r"guide must lie in 0\.\.1"),
            (np.zeros((2, 2)), GUIDE.astype(int), {}, "guide must be uint8, or float"),
            (np.zeros((2, 2)), GUIDE, {"radius": -1}, "radius must be .* >= 0"),
            (np.zeros((2, 2)), GUIDE, {"radius": 1.5}, "radius must be an integer"),
            (np.zeros((2, 2)), GUIDE, {"eps": 0}, "eps must be a number > 0"),
            (
                np.zeros((2, 2)),
                np.zeros((2, 2, 3), np.uint8),
                {"eps": 1e-300},
                "eps must be large enough to divide by, say 1e-12; got 1e-300",
            ),
        ],
    )
    def test_messages(self, values, guide, knobs, match):
        with pytest.raises((TypeError, ValueError), match=match):
            guided_filter(values, guide, **knobs)
