"""`boundary_iou` and `band_iou` against definitions by pixel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_equal
from oracles import near as oracle
from strategies import mask_pairs

from portraitkit.kernels import boundary_band
from portraitkit.metrics import band_iou, boundary_iou, iou

pairs = mask_pairs(max_side=16)


class TestBoundaryIou:
    @given(pairs, st.sampled_from([0.001, 0.02, 0.1, 0.5, 1, 1.6, 2, 5]))
    def test_equals_slow_definition(self, pair, width):
        assert boundary_iou(*pair, width=width) == oracle.boundary_iou(*pair, width)

    @given(pairs)
    def test_a_rim_as_wide_as_the_image_is_the_mask(self, pair):
        assert boundary_iou(*pair, width=1e9) == iou(*pair)

    @given(pairs)
    def test_symmetric_and_blind_to_orientation_and_spelling(self, pair):
        a, b = pair
        a.flags.writeable = False
        got = boundary_iou(a, b)
        assert got == boundary_iou(b, a) == boundary_iou(a.T, b.T)
        assert got == boundary_iou(np.asfortranarray(a) * np.uint8(255), b)

    def test_the_frame_counts_as_outside(self):
        full = np.ones((9, 9), bool)
        hole = full.copy()
        hole[4, 4] = False
        assert boundary_iou(full, full) == 1
        assert boundary_iou(hole, full, width=1) == 32 / 40

    def test_no_pixels(self):
        assert boundary_iou(np.zeros((0, 3), bool), np.zeros((0, 3), bool)) == 1


class TestBandIou:
    @given(pairs, st.integers(1, 12))
    def test_equals_slow_definition(self, pair, width):
        band = boundary_band(pair[1], width=width)
        assert_equal(band_iou(*pair, width=width), oracle.band_iou(*pair, band))

    @given(pairs)
    def test_what_is_far_from_the_contour_does_not_count(self, pair):
        prediction, truth = pair
        band = boundary_band(truth, width=4)
        changed = np.where(band, prediction, ~prediction)
        assert_equal(
            band_iou(changed, truth, width=4), band_iou(prediction, truth, width=4)
        )

    def test_a_truth_without_contour_is_nan(self):
        assert np.isnan(band_iou([[0, 1]], [[1, 1]]))
        assert np.isnan(band_iou(np.zeros((0, 3), bool), np.zeros((0, 3), bool)))


class TestRefusals:
    @pytest.mark.parametrize("function", [boundary_iou, band_iou])
    @pytest.mark.parametrize(
        ("prediction", "truth", "error", "match"),
        [
            ([[0.5]], [[1]], TypeError, "prediction must be a bool mask"),
            ([[1]], [[3]], ValueError, "truth must hold only 0 and 1"),
            ([[1], [0]], [[1]], ValueError, r"prediction .* \(1, 1\); got \(2, 1\)"),
        ],
    )
    def test_masks(self, function, prediction, truth, error, match):
        with pytest.raises(error, match=match):
            function(prediction, truth)

    @pytest.mark.parametrize("width", [0, -1, np.nan])
    def test_rim(self, width):
        with pytest.raises(ValueError, match="width must be a number > 0; got"):
            boundary_iou([[1]], [[1]], width=width)

    def test_band(self):
        with pytest.raises(ValueError, match="width must be an integer >= 1; got 0"):
            band_iou([[1]], [[1]], width=0)
        with pytest.raises(TypeError, match=r"width must be an integer .* got 2\.5"):
            band_iou([[1]], [[1]], width=2.5)
