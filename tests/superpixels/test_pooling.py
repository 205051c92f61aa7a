"""Pooling in three libraries against one slow definition, its laws and refusals."""

import numpy as np
import pytest
from backends import require
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from oracles import pooling as oracle
from strategies import label_images

from portraitkit.superpixels import (
    pad_superpixels,
    pool_majority,
    pool_mean,
    pool_mean_grad,
    unpool,
)
from portraitkit.superpixels._numba.pooling import average_by_label

LIBRARIES = ["numpy", "torch", "jax"]


def into(library, array):
    """Turn a NumPy array into one of `library`."""
    if library == "torch":
        return require("torch").tensor(array)
    return require("jax").numpy.asarray(array) if library == "jax" else array


@st.composite
def cases(draw, dtype=np.float32):
    """Values (H, W, C), labels from -1 on, and K, sometimes more than there are."""
    labels = draw(label_images(low=-1))
    channels = draw(st.integers(1, 5))
    seed = draw(st.integers(0, 2**16))
    rng = np.random.default_rng(seed)
    values = rng.normal(0, 10, (*labels.shape, channels)).astype(dtype)
    return values, labels, int(labels.max()) + 1 + draw(st.integers(0, 2))


def agree(library, case):
    """Compare every function with its oracle."""
    values, labels, k = case
    mine = into(library, values), into(library, labels)
    pooled = pool_mean(*mine, n_labels=k)
    assert type(pooled) is type(mine[0])
    expected = oracle.pool_mean(values, labels, k)
    assert_allclose(np.asarray(pooled), expected, rtol=1e-5, atol=1e-5)
    painted, grad = unpool(pooled, mine[1]), pool_mean_grad(pooled, mine[1])
    rows = np.asarray(pooled)
    assert_array_equal(np.asarray(painted), oracle.unpool(rows, labels))
    assert_allclose(np.asarray(grad), oracle.pool_mean_grad(rows, labels), rtol=1e-6)
    assert {np.asarray(a).dtype for a in (pooled, painted, grad)} == {values.dtype}
    classes = (np.abs(values[..., 0]) * 3).astype(np.int32) % 4
    got = pool_majority(into(library, classes), mine[1], n_labels=k)
    assert_array_equal(np.asarray(got), oracle.pool_majority(classes, labels, k))


class TestAgainstOracle:
    @given(cases())
    def test_all(self, case):
        agree("numpy", case)


@pytest.mark.parametrize("library", LIBRARIES)
class TestLibraries:
    @pytest.mark.parametrize("seed", range(3))
    def test_equal_slow_definition(self, library, seed):
        rng = np.random.default_rng(seed)
        labels = rng.integers(-1, 6, (7, 8 + seed)).astype(np.int32)
        values = rng.normal(0, 10, (*labels.shape, 3)).astype(np.float32)
        agree(library, (values, labels, 7))

    def test_channels_first(self, library):
        rng = np.random.default_rng(0)
        values = rng.normal(size=(4, 5, 6)).astype(np.float32)
        labels = rng.integers(-1, 4, (5, 6))
        last = np.moveaxis(values, 0, 2)
        mine = into(library, values), into(library, labels)
        pooled = pool_mean(*mine, channel_axis=0)
        assert_allclose(np.asarray(pooled), pool_mean(last, labels), rtol=1e-5)
        for function in (unpool, pool_mean_grad):
            got = np.asarray(function(pooled, mine[1], channel_axis=0))
            expected = np.moveaxis(function(np.asarray(pooled), labels), 2, 0)
            assert_allclose(got, expected, rtol=1e-6)

    def test_integers_become_floats(self, library):
        got = pool_mean(into(library, np.array([[1, 2]])), [[0, 0]])
        wide = {"numpy": "float64", "torch": "torch.float64", "jax": "float32"}
        assert str(got.dtype) == wide[library]
        assert float(got[0, 0]) == 1.5

    def test_padding_wraps(self, library):
        rows = into(library, np.array([[0.5, 1], [2, 3]]))
        kinds = into(library, np.array([4, 5]))
        got, classes = pad_superpixels(rows, kinds, n_labels=5)
        assert_array_equal(np.asarray(got)[:, 0], [0.5, 2, 0.5, 2, 0.5])
        assert_array_equal(np.asarray(classes), [4, 5, 4, 5, 4])
        same = pad_superpixels(rows, kinds, n_labels=2)[0]
        assert_array_equal(np.asarray(same), np.asarray(rows))

    def test_without_pixels_or_superpixels(self, library):
        none = into(library, np.zeros((0, 3, 2), np.float32))
        nowhere = into(library, np.zeros((0, 3), np.int32))
        assert pool_mean(none, nowhere).shape == (0, 2)
        assert_array_equal(np.asarray(pool_mean(none, nowhere, n_labels=2)), 0)
        kinds = pool_majority(nowhere, nowhere, n_labels=2)
        assert_array_equal(np.asarray(kinds), [0, 0])
        one = into(library, np.ones((2, 3), np.float32))
        outside = into(library, np.full((2, 3), -1))
        assert pool_mean(one, outside).shape == (0, 1)


class TestLaws:
    @given(cases())
    def test_compiled_equals_interpreted(self, case):
        values, labels, k = case
        flat = values.reshape(-1, values.shape[2])
        results = []
        for run in (average_by_label, average_by_label.py_func):
            sums, sizes = np.zeros((k, flat.shape[1])), np.zeros(k, np.int64)
            part, out = sums.astype(flat.dtype), np.full(sums.shape, 7, flat.dtype)
            run(flat, labels.ravel(), part, sums, sizes, out)
            results.append((sums, sizes, out))
        for fast, slow in zip(*results, strict=True):
            assert_array_equal(fast, slow)

    @given(cases(np.float64))
    def test_pooling_what_was_pooled_changes_nothing(self, case):
        values, labels, k = case
        once = pool_mean(values, labels, n_labels=k)
        painted = unpool(once, labels)
        again = pool_mean(painted, labels, n_labels=k)
        assert_allclose(again, once, atol=1e-8)

    @given(cases(np.float64))
    def test_the_gradient_is_the_adjoint(self, case):
        values, labels, k = case
        other = np.linspace(-1, 1, k * values.shape[2]).reshape(k, values.shape[2])
        forward = np.sum(pool_mean(values, labels, n_labels=k) * other)
        backward = np.sum(values * pool_mean_grad(other, labels))
        assert_allclose(forward, backward, rtol=1e-9, atol=1e-9)

    def test_a_large_float32_superpixel_keeps_its_digits(self):
        values = np.full((3000, 3000), 0.1, np.float32)
        got = pool_mean(values, np.zeros((3000, 3000), np.int32))
        assert_allclose(got, np.float32(0.1), rtol=1e-6)

    @given(cases())
    def test_views_and_read_only(self, case):
        values, labels, k = case
        expected = pool_mean(values, labels, n_labels=k)
        values.flags.writeable = labels.flags.writeable = False
        flipped = pool_mean(values[::-1, ::-1], labels[::-1, ::-1], n_labels=k)
        assert_allclose(flipped, expected, rtol=1e-4, atol=1e-5)
        folded = np.asfortranarray(values), np.asfortranarray(labels)
        assert_array_equal(pool_mean(*folded, n_labels=k), expected)

    @pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.uint64])
    def test_labels_of_any_width(self, dtype):
        got = pool_mean([[1.0, 3.0]], np.zeros((1, 2), dtype))
        assert_array_equal(got, [[2]])

    def test_classes_without_a_sign_keep_every_digit(self):
        classes = np.array([[2**60 + 1, 2**60, 2**60 + 1]], np.uint64)
        assert pool_majority(classes, [[0, 0, 0]])[0] == 2**60 + 1
        with pytest.raises(ValueError, match=r"classes must be < 2\*\*63; got 9223"):
            pool_majority(classes * np.uint64(8), [[0, 0, 0]])


@pytest.mark.parametrize("library", LIBRARIES)
class TestRefusals:
    @pytest.mark.parametrize(
        ("values", "labels", "knobs", "match"),
        [
            ([[1.0]], [[0, 0]], {}, r"values must be .* \(1, 2\) like labels"),
            ([[1j]], [[0]], {}, r"values must be an array of real numbers"),
            ([[1.0]], [[0.5]], {}, r"labels must be an integer array.*float"),
            ([[1.0]], [[True]], {}, r"labels must be an integer array.*bool"),
            ([[1.0]], [0], {}, r"labels must be of shape \(H, W\)"),
            ([[1.0]], [[-2]], {}, r"labels must be >= 0, or -1 .*; got -2"),
            ([[1.0]], [[2]], {"n_labels": 2}, r"labels must be < n_labels = 2; got 2"),
            ([[1.0]], [[2**24]], {}, r"labels must be < 2\*\*24; got 16777216"),
            ([[1.0]], [[0]], {"n_labels": -1}, r"n_labels must be an integer >= 0"),
            ([[1.0]], [[0]], {"n_labels": 1.5}, r"n_labels must be an integer"),
            ([[1.0]], [[0]], {"channel_axis": 3}, r"channel_axis must be .*<= 2"),
        ],
    )
    def test_pool_mean(self, library, values, labels, knobs, match):
        mine = into(library, np.array(values)), into(library, np.array(labels))
        with pytest.raises((TypeError, ValueError), match=match):
            pool_mean(*mine, **knobs)

    @pytest.mark.parametrize("function", [unpool, pool_mean_grad])
    @pytest.mark.parametrize(
        ("rows", "labels", "match"),
        [
            ([1.0], [[0]], r"(pooled|grad) must be of shape \(K, C\)"),
            ([[1.0]], [[1]], r"labels must be < n_labels = 1; got 1"),
            ([[1.0]], [[-2]], r"labels must be >= 0"),
        ],
    )
    def test_painting(self, library, function, rows, labels, match):
        with pytest.raises(ValueError, match=match):
            function(into(library, np.array(rows)), np.array(labels))

    @pytest.mark.parametrize(
        ("classes", "labels", "match"),
        [
            ([[0.5]], [[0]], "classes must be an integer array"),
            ([[-1]], [[0]], "classes must be >= 0; got -1"),
            ([[1]], [[0, 0]], r"classes must have the shape of labels, \(1, 2\)"),
            ([[1]], [[-2]], "labels must be >= 0"),
        ],
    )
    def test_majority(self, library, classes, labels, match):
        with pytest.raises((TypeError, ValueError), match=match):
            pool_majority(into(library, np.array(classes)), np.array(labels))

    @pytest.mark.parametrize(
        ("rows", "kinds", "n", "match"),
        [
            ([[1.0], [2.0]], [1, 1], 1, "n_labels must be an integer >= 2; got 1"),
            ([[1.0]], [1, 2], 3, "classes must hold one class for each of the 1 rows"),
            ([[1.0]], [0.5], 3, "classes must be an integer array"),
            (np.zeros((0, 2)), np.zeros(0, int), 3, r"pooled must be .* K >= 1"),
        ],
    )
    def test_padding(self, library, rows, kinds, n, match):
        mine = into(library, np.array(rows)), into(library, np.array(kinds))
        with pytest.raises((TypeError, ValueError), match=match):
            pad_superpixels(*mine, n_labels=n)
