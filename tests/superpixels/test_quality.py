"""Scores of superpixels and feature reduction against slow definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from oracles import quality as oracle
from strategies import label_images

from portraitkit.superpixels import (
    boundary_recall,
    reduce_features,
    undersegmentation_error,
)


@st.composite
def pairs(draw):
    labels = draw(label_images(low=-1))
    seed = draw(st.integers(0, 2**16))
    truth = np.random.default_rng(seed).integers(0, 3, labels.shape)
    return labels, truth * draw(st.sampled_from([0, 1]))


class TestScores:
    @given(pairs(), st.integers(0, 4))
    def test_boundary_recall(self, pair, tolerance):
        got = boundary_recall(*pair, tolerance=tolerance)
        assert got == pytest.approx(oracle.boundary_recall(*pair, tolerance))

    @given(pairs())
    def test_undersegmentation_error(self, pair):
        got = undersegmentation_error(*pair)
        assert got == pytest.approx(oracle.undersegmentation_error(*pair))

    @given(label_images())
    def test_the_truth_itself_is_perfect(self, labels):
        assert boundary_recall(labels, labels, tolerance=0) == 1
        assert undersegmentation_error(labels, labels) == 0

    @given(pairs())
    def test_more_tolerance_never_recalls_less(self, pair):
        scores = [boundary_recall(*pair, tolerance=t) for t in (0, 1, 2, 40)]
        assert scores == sorted(scores)

    def test_masks_and_nothing(self):
        mask = np.array([[False, True]])
        assert undersegmentation_error([[0, 0]], mask) == 0.5
        assert boundary_recall([[0, 1]], mask) == 1
        assert undersegmentation_error([[-1, -1]], mask) == 0
        none = np.zeros((0, 3), int)
        assert (boundary_recall(none, none), undersegmentation_error(none, none)) == (
            1,
            0,
        )

    @pytest.mark.parametrize("score", [boundary_recall, undersegmentation_error])
    @pytest.mark.parametrize(
        ("labels", "truth", "match"),
        [
            ([[0.5]], [[0]], "labels must be an integer"),
            ([[0]], [[0.5]], "truth must be an integer"),
            ([[0, 1]], [[0]], "truth must have the shape of labels"),
            ([[-2]], [[0]], "labels must lie in -1"),
            ([[0]], [[-1]], "truth must lie in 0"),
        ],
    )
    def test_refusals(self, score, labels, truth, match):
        with pytest.raises((TypeError, ValueError), match=match):
            score(labels, truth)

    def test_tolerance_refused(self):
        with pytest.raises(ValueError, match="tolerance must be an integer >= 0"):
            boundary_recall([[0]], [[0]], tolerance=-1)


class TestReduceFeatures:
    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_equals_singular_vectors(self, dtype, rng):
        features = (rng.normal(size=(7, 8, 5)) * [9, 5, 3, 2, 1]).astype(dtype)
        got = reduce_features(features, n_components=4, scale=False)
        assert got.dtype == dtype
        rows = features.reshape(-1, 5).astype(float)
        rows -= rows.mean(0)
        loadings = np.linalg.svd(rows, full_matrices=False)[2][:4].T
        top = np.abs(loadings).argmax(0)
        loadings *= np.sign(loadings[top, range(4)])
        tolerance = 1e-4 if dtype == np.float32 else 1e-9
        assert_allclose(got, (rows @ loadings).reshape(7, 8, 4), atol=tolerance)

    def test_the_sign_does_not_depend_on_the_data_s(self, rng):
        features = rng.normal(size=(50, 4)) * [9, 5, 3, 2]
        plain = reduce_features(features, scale=False)
        assert_allclose(reduce_features(-features, scale=False), -plain, atol=1e-9)

    @pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8])
    def test_scaled(self, dtype, rng):
        got = reduce_features((rng.normal(size=(40, 9, 6)) * 50).astype(dtype))
        assert got.shape == (40, 9, 3)
        assert_array_equal(got.min((0, 1)), 0)
        assert_array_equal(got.max((0, 1)), 1)

    def test_blocks_add_up(self, rng, monkeypatch):
        features = rng.normal(size=(100, 4))
        expected = reduce_features(features)
        monkeypatch.setattr("portraitkit.superpixels.reduction.BLOCK", 7)
        assert_allclose(reduce_features(features), expected, atol=1e-9)

    def test_what_does_not_vary_is_zero(self):
        assert_array_equal(reduce_features(np.full((3, 4, 5), 0.1)), 0)

    @pytest.mark.parametrize("size", [1e300, 1e-300, 1.0])
    def test_of_any_size(self, size, rng):
        features = rng.normal(size=(20, 4))
        got = reduce_features(features * size, n_components=2)
        assert_allclose(got, reduce_features(features, n_components=2), atol=1e-9)

    @pytest.mark.parametrize("kind", ["int8", "bool", "uint8"])
    def test_of_any_kind(self, kind):
        features = np.array([[-128, 0], [127, 1], [3, 1]]).astype(kind)
        wanted = reduce_features(features.astype(float), n_components=1)
        assert_allclose(reduce_features(features, n_components=1), wanted)

    @pytest.mark.parametrize(
        ("features", "knobs", "match"),
        [
            ([[np.nan, 1, 2]], {}, "features must be finite"),
            ([[1j, 1, 2]], {}, "features must be real numbers"),
            ([1.0, 2.0], {}, r"features must be \(\.\.\., D\)"),
            (np.zeros((0, 4)), {}, "features must be .* at least one"),
            ([[1.0, 2.0]], {}, "n_components must be .* <= 2; got 3"),
            ([[1.0, 2.0]], {"n_components": 0}, "n_components must be .* >= 1"),
        ],
    )
    def test_refusals(self, features, knobs, match):
        with pytest.raises((TypeError, ValueError), match=match):
            reduce_features(features, **knobs)
