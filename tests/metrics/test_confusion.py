"""`ConfusionMatrix` against lists of pixels, its laws and refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from oracles import confusion as oracle
from strategies import label_images

from portraitkit.metrics import ConfusionMatrix, iou

images = st.lists(
    label_images(max_labels=4).flatmap(
        lambda truth: st.tuples(
            st.permutations(range(4)).map(lambda names: np.array(names)[truth]),
            st.just(truth),
        )
    ),
    max_size=4,
)


def figures(matrix):
    return (
        matrix.pixel_accuracy,
        matrix.class_accuracy,
        matrix.mean_iou,
        matrix.frequency_weighted_iou,
    )


def filled(pairs, **knobs):
    matrix = ConfusionMatrix(4, **knobs)
    for prediction, truth in pairs:
        matrix.update(prediction, truth)
    return matrix


class TestAgainstOracle:
    @given(images)
    def test_equals_slow_definition(self, pairs):
        pixels = [p for a, b in pairs for p in zip(a.ravel(), b.ravel(), strict=True)]
        assert_allclose(figures(filled(pairs)), oracle.metrics(pixels, 4), rtol=1e-12)

    def test_no_pixel_is_nan(self):
        assert_array_equal(figures(ConfusionMatrix(3)), np.nan)


class TestLaws:
    @given(images, st.integers(0, 4))
    def test_merging_is_streaming(self, pairs, cut):
        first, second = filled(pairs[:cut]), filled(pairs[cut:])
        assert_array_equal(first.merge(second).counts, filled(pairs[::-1]).counts)

    @given(images)
    def test_the_truth_is_perfect(self, pairs):
        got = figures(filled([(truth, truth) for _, truth in pairs]))
        assert_allclose(got, np.nan if not pairs else 1)

    @given(images)
    def test_an_ignored_label_is_as_if_cut_out(self, pairs):
        got = filled(pairs, ignore_label=0)
        assert not got.counts[0].any()
        assert_array_equal(got.counts[1:], filled(pairs).counts[1:])

    def test_void_may_lie_outside_the_classes(self):
        matrix = ConfusionMatrix(2, ignore_label=255)
        matrix.update([[7, 1]], np.array([[255, 1]], np.uint8))
        assert_array_equal(matrix.counts, [[0, 0], [0, 1]])

    def test_masks_are_two_classes(self, rng):
        prediction, truth = rng.random((2, 9, 7)) < 0.5
        matrix = ConfusionMatrix(2).update(prediction, truth)
        assert matrix.class_iou[1] == iou(prediction, truth)
        assert repr(matrix) == "<ConfusionMatrix of 2 classes, 63 pixels>"


class TestRefusals:
    @pytest.mark.parametrize(
        ("prediction", "truth", "error", "match"),
        [
            ([[0]], [[2]], ValueError, r"truth must hold classes 0\.\.1; got 2"),
            ([[-1]], [[1]], ValueError, r"prediction must hold classes 0\.\.1; got -1"),
            ([[0, 1]], [[1]], ValueError, "prediction must have the shape of truth"),
            ([[0.0]], [[1]], TypeError, "prediction must be an integer array"),
            ([[0]], [1], ValueError, r"truth must be .*\(H, W\)"),
        ],
    )
    def test_update_counts_all_or_nothing(self, prediction, truth, error, match):
        matrix = ConfusionMatrix(2)
        with pytest.raises(error, match=match):
            matrix.update(prediction, truth)
        assert not matrix.counts.any()

    def test_construction_and_merge(self):
        with pytest.raises(ValueError, match="n_classes must be an integer >= 1"):
            ConfusionMatrix(0)
        with pytest.raises(TypeError, match="ignore_label must be an integer"):
            ConfusionMatrix(2, ignore_label=1.5)
        with pytest.raises(ValueError, match=r"other must have .* \(2, None\); got"):
            ConfusionMatrix(2).merge(ConfusionMatrix(3))
        with pytest.raises(TypeError, match="other must be a ConfusionMatrix; got int"):
            ConfusionMatrix(2).merge(3)
