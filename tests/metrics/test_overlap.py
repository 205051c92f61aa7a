"""`iou` and `mean_iou` against sets of pixels, their laws and refusals."""

import numpy as np
import pytest
from hypothesis import given
from oracles import overlap as oracle
from strategies import mask_pairs

from portraitkit.metrics import iou, mean_iou


class TestIou:
    @given(mask_pairs())
    def test_equals_sets_of_pixels(self, pair):
        assert iou(*pair) == oracle.iou(*pair)

    @given(mask_pairs())
    def test_is_symmetric_and_blind_to_orientation(self, pair):
        a, b = pair
        assert iou(a, b) == iou(b, a) == iou(a.T, b.T) == iou(a[::-1], b[::-1])

    @given(mask_pairs())
    def test_spellings_of_a_mask_agree(self, pair):
        a, b = pair
        b.flags.writeable = False
        assert iou(a, b) == iou(a.astype(int), np.asfortranarray(b) * np.uint8(255))

    def test_two_empty_masks_agree(self):
        assert iou(np.zeros((3, 4), bool), np.zeros((3, 4), bool)) == 1

    @pytest.mark.parametrize(
        ("prediction", "truth", "error", "match"),
        [
            (np.zeros((2, 2)), np.eye(2, dtype=bool), TypeError, "prediction .* bool"),
            (np.eye(2, dtype=bool), np.zeros((2, 2)), TypeError, "truth .* bool"),
            ([[1]], [[1, 0]], ValueError, r"prediction .* \(1, 2\); got \(1, 1\)"),
            ([[2]], [[1]], ValueError, "prediction must hold only 0 and 1.*got.* 2"),
            ([[1]], [1], ValueError, r"truth must be .*\(H, W\)"),
        ],
    )
    def test_refusals_name_the_argument(self, prediction, truth, error, match):
        with pytest.raises(error, match=match):
            iou(prediction, truth)


class TestMeanIou:
    def test_every_image_counts_the_same(self):
        truths = [np.ones((1, 2), bool), np.zeros((300, 300), bool)]
        assert mean_iou([[[1, 0]], truths[1]], truths) == 0.75

    def test_generators_and_stacks(self):
        stack = np.array([[[1, 0]], [[1, 1]]], bool)
        assert mean_iou((m for m in stack), stack) == mean_iou(stack, list(stack)) == 1

    @pytest.mark.parametrize(("left", "right"), [(0, 0), (1, 2), (2, 1), (0, 1)])
    def test_unequal_or_empty_lists_are_refused(self, left, right):
        mask = np.ones((1, 1), bool)
        with pytest.raises(ValueError, match="predictions must hold one mask for each"):
            mean_iou([mask] * left, [mask] * right)
