"""Trimaps: what they mean, how they agree with one another, what they refuse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from oracles import trimaps as oracle
from strategies import masks, probabilities

from portraitkit.kernels import boundary_band
from portraitkit.matting import trimap, trimap_from_probability

widths = st.integers(1, 12)


class TestTrimap:
    @pytest.mark.parametrize("width", [1, 2, 3, 4, 5, 8, 10])
    def test_a_straight_edge_gets_the_width(self, width):
        mask = np.zeros((30, 40), bool)
        mask[:, 20:] = True
        got = trimap(mask, width=width)
        assert_array_equal((got == 128).sum(axis=1), width)
        if width % 2 == 0:
            assert_array_equal(got, oracle.trimap(mask, width))

    @given(masks(), widths)
    def test_unknown_is_the_band_and_the_rest_is_the_mask(self, mask, width):
        got = trimap(mask, width=width)
        band = boundary_band(mask, width=width)
        assert got.dtype == np.uint8
        assert_array_equal(got == 128, band)
        assert_array_equal(got[~band], mask[~band] * 255)

    @pytest.mark.parametrize("mask", [np.ones((7, 9), bool), np.zeros((7, 9), bool)])
    def test_no_contour_no_band(self, mask):
        assert_array_equal(trimap(mask), mask * 255)

    @given(masks())
    def test_spellings_of_a_mask_agree_and_it_stays_as_it_was(self, mask):
        before = mask.copy()
        mask.flags.writeable = False
        wide = np.repeat(mask, 2, axis=1)[:, ::2]
        for same in (np.asfortranarray(mask), wide, mask * np.uint8(255)):
            assert_array_equal(trimap(same), trimap(mask))
        assert_array_equal(mask, before)

    @pytest.mark.parametrize(
        ("mask", "width", "error", "match"),
        [
            ([[0.5]], 10, TypeError, "mask must be a bool mask"),
            ([1, 0], 10, ValueError, r"mask must be .*\(H, W\)"),
            ([[3]], 10, ValueError, "mask must hold only 0 and 1"),
            ([[1]], 0, ValueError, "width must be an integer >= 1; got 0"),
            ([[1]], 2.5, TypeError, "width must be an integer >= 1; got 2.5"),
        ],
    )
    def test_refusals(self, mask, width, error, match):
        with pytest.raises(error, match=match):
            trimap(mask, width=width)


class TestFromProbability:
    @given(probabilities(), st.sampled_from([(0.05, 0.95), (0, 1), (0.5, 0.5)]))
    def test_equals_slow_definition(self, probability, levels):
        low, high = map(np.float32, levels)
        got = trimap_from_probability(probability, low=low, high=high)
        assert_array_equal(got, oracle.from_probability(probability, low, high))

    @given(masks(), widths)
    def test_of_a_sure_segmenter_is_the_mask_s_trimap(self, mask, width):
        got = trimap_from_probability(mask.astype(np.float64), width=width)
        assert_array_equal(got, trimap(mask, width=width))

    @given(probabilities(), widths)
    def test_width_only_adds_unknowns(self, probability, width):
        plain = trimap_from_probability(probability)
        wider = trimap_from_probability(probability, width=width)
        assert_array_equal(wider[wider != 128], plain[wider != 128])

    @pytest.mark.parametrize(
        ("knobs", "error", "match"),
        [
            ({"low": 0.6, "high": 0.4}, ValueError, "low must be at most high"),
            ({"low": -0.1}, ValueError, "low must be a number >= 0"),
            ({"high": 1.1}, ValueError, "high must be .* <= 1; got 1.1"),
            ({"high": np.nan}, ValueError, "high must be a number"),
            ({"width": -1}, ValueError, "width must be an integer >= 0"),
            ({"width": 1.5}, TypeError, "width must be an integer"),
        ],
    )
    def test_knobs_refused(self, knobs, error, match):
        with pytest.raises(error, match=match):
            trimap_from_probability([[0.5]], **knobs)

    @pytest.mark.parametrize(
        ("probability", "error", "match"),
        [
            ([[1]], TypeError, "probability must be a float array"),
            ([[1.5]], ValueError, "probability must lie in 0..1"),
            ([[np.nan]], ValueError, "probability must lie in 0..1"),
            ([0.5], ValueError, r"probability must be .*\(H, W\)"),
        ],
    )
    def test_probability_refused(self, probability, error, match):
        with pytest.raises(error, match=match):
            trimap_from_probability(probability)
