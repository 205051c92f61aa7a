"""`color_histograms` and `chi_square` against their oracles."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal
from oracles import splitting as oracle
from strategies import label_images

from portraitkit.instance import chi_square, color_histograms
from portraitkit.instance._numba.histogram import (
    chi_square_edges,
    count_colors,
    mark,
    shares,
)
from portraitkit.instance.histogram import edge_chi_square
from portraitkit.superpixels import region_graph


@st.composite
def painted(draw):
    labels = draw(label_images(low=-1))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    return rng.integers(0, 256, (*labels.shape, 3), np.uint8), labels


def vectors(shape=(5,)):
    return hnp.arrays(np.float64, shape, elements=st.floats(0, 10, width=32))


class TestHistograms:
    @given(painted(), st.sampled_from([1, 2, 3, 8]), st.integers(0, 3))
    def test_equals_slow_definition(self, case, bins, spare):
        image, labels = case
        k = int(labels.max()) + 1 + spare
        got = color_histograms(image, labels, bins=bins, n_labels=k)
        lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
        assert got.dtype == np.float32
        assert got.shape == (k, bins**3)
        assert_allclose(got, oracle.histograms(lab, labels, bins, k), rtol=1e-6)

    @given(painted())
    def test_compiled_equals_interpreted(self, case):
        image, labels = case
        k = int(labels.max()) + 1
        place = np.random.default_rng(k).integers(0, 9, (3, 256)).astype(np.int32)
        results = []
        for run in (lambda loop: loop, lambda loop: loop.py_func):
            counts, out = np.zeros((k, 43), np.int32), np.full((k, 43), 7, np.float32)
            filled = np.zeros((k, 2), np.int64)
            run(count_colors)(image, labels, place, counts)
            run(mark)(counts.ravel(), 43, filled)
            run(shares)(counts, filled, out)
            results.append((counts, filled, out))
        for compiled, interpreted in zip(*results, strict=True):
            assert_array_equal(compiled, interpreted)

    @given(
        hnp.arrays(
            np.int32,
            hnp.array_shapes(min_dims=2, max_dims=2, max_side=70),
            elements=st.integers(0, 2),
        )
    )
    def test_marks_what_is_not_zero(self, rows):
        n, columns = rows.shape
        filled = np.zeros((n, -(-columns // 32)), np.int64)
        mark(rows.ravel(), columns, filled)
        wanted = filled * 0
        for k, c in np.argwhere(rows).tolist():
            wanted[k, c // 32] |= 1 << c % 32
        assert_array_equal(filled, wanted)

    @pytest.mark.parametrize("height", [1, 2, 63, 64, 65, 130])
    def test_taller_than_a_strip(self, height, rng):
        image = rng.integers(0, 256, (height, 3, 3), np.uint8)
        labels = rng.integers(-1, 3, (height, 3)).astype(np.int32)
        lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
        got = color_histograms(image, labels, n_labels=3)
        assert_allclose(got, oracle.histograms(lab, labels, 8, 3), rtol=1e-6)

    @given(painted())
    def test_rows_sum_to_one_or_nothing(self, case):
        image, labels = case
        got = color_histograms(image, labels, n_labels=7)
        present = np.isin(np.arange(7), labels)
        assert_allclose(got.sum(1), present, atol=1e-6)

    @pytest.mark.parametrize(
        ("labels", "knobs", "match"),
        [
            ([[0, 0]], {}, r"labels must be .*\(1, 1\)"),
            ([[-2]], {}, r"labels must lie in -1"),
            ([[3]], {"n_labels": 3}, r"labels must be < n_labels=3; got 3"),
            ([[2**20]], {}, r"labels must be few enough .* K = 1048577\. Number"),
            ([[0]], {"bins": 0}, r"bins must be .*>= 1"),
            ([[0]], {"bins": 65}, r"bins must be .*<= 64"),
        ],
    )
    def test_refusals(self, labels, knobs, match):
        with pytest.raises(ValueError, match=match):
            color_histograms(np.zeros((1, 1, 3), np.uint8), labels, **knobs)

    def test_refuses_fractional_labels(self):
        with pytest.raises(TypeError, match=r"labels must be an integer array"):
            color_histograms(np.zeros((1, 1, 3), np.uint8), [[0.5]])


class TestChiSquare:
    @given(vectors(), vectors())
    def test_equals_slow_definition(self, p, q):
        assert_allclose(chi_square(p, q), oracle.chi_square(p, q), rtol=1e-9)

    @given(vectors((3, 5)), vectors((3, 5)))
    def test_is_a_symmetric_dissimilarity(self, p, q):
        assert_array_equal(chi_square(p, q), chi_square(q, p))
        assert_array_equal(chi_square(p, p), np.zeros(3))
        assert (chi_square(p, q) >= 0).all()

    @given(vectors((4, 1, 5)), vectors((3, 5)))
    def test_broadcasts(self, p, q):
        got = chi_square(p, q)
        assert got.shape == (4, 3)
        assert_array_equal(got[2, 1], chi_square(p[2, 0], q[1]))

    @pytest.mark.parametrize("size", [1e-170, 1e200, 1e308])
    def test_of_counts_of_any_size(self, size):
        assert chi_square([size, 0], [0, size]) == pytest.approx(size)
        assert chi_square([size], [size]) == 0

    def test_lies_in_the_unit_interval_for_histograms(self):
        assert chi_square([0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]) == 1
        assert chi_square([], []) == 0

    @given(painted(), st.sampled_from([1, 3, 4, 5, 8]))
    def test_along_edges(self, case, bins):
        image, labels = case
        graph = region_graph(labels)
        rows = color_histograms(image, labels, bins=bins)
        got = edge_chi_square(rows, graph)
        plain = np.zeros(len(got))
        everywhere = np.full((len(rows), -(-(bins**3) // 32)), 2**32 - 1)
        everywhere[:, -1] = 2 ** ((bins**3 - 1) % 32 + 1) - 1
        loop = getattr(chi_square_edges, "py_func", chi_square_edges)
        loop(rows, everywhere, graph.edges, plain)
        a, b = graph.edges.T
        assert_allclose(got, chi_square(rows[a], rows[b]), rtol=1e-5, atol=1e-7)
        assert_allclose(plain, got, rtol=1e-5, atol=1e-7)

    @pytest.mark.parametrize(
        ("p", "q", "match"),
        [
            ([-1.0], [1.0], r"p must be finite and >= 0; got -1"),
            ([1.0], [np.nan], r"q must be finite and >= 0; got nan"),
            ([1.0, 2.0], [1.0], r"q must have as many bins as p, 2; got 1"),
            (np.ones((2, 3)), np.ones((4, 3)), r"q must broadcast against p"),
            (1.0, [1.0], r"p must be .*\(\.\.\., C\)"),
        ],
    )
    def test_refusals(self, p, q, match):
        with pytest.raises(ValueError, match=match):
            chi_square(p, q)
