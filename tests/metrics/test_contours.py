"""`contour_accuracy` against the benchmark's definition, its laws and refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from oracles import contours as oracle
from strategies import mask_pairs

from portraitkit.metrics import contour_accuracy
from portraitkit.metrics._bits import pack
from portraitkit.metrics._numba import contours as loops
from portraitkit.metrics.contours import _half_widths

tolerances = st.sampled_from([0, 0.008, 0.03, 0.2, 0.9, 1, 2, 2.5, 7, 1e9])


class TestAgainstOracle:
    @given(mask_pairs(), tolerances)
    def test_equals_slow_definition(self, pair, tolerance):
        got = contour_accuracy(*pair, tolerance=tolerance)
        assert got == oracle.contour_accuracy(*pair, tolerance)

    @pytest.mark.parametrize("shape", [(3, 200), (90, 5), (1, 130), (64, 64)])
    @pytest.mark.parametrize("density", [0.01, 0.5])
    def test_across_words(self, shape, density, rng):
        pair = rng.random((2, *shape)) < density
        for tolerance in (1, 3, 40):
            got = contour_accuracy(*pair, tolerance=tolerance)
            assert got == oracle.contour_accuracy(*pair, tolerance)

    @given(mask_pairs(max_side=10))
    def test_compiled_equals_interpreted(self, pair):
        (height, width), results = pair[0].shape, []
        reach = _half_widths(2, height, width)
        for trace, count in [
            (loops.trace, loops.count_near),
            (loops.trace.py_func, loops.count_near.py_func),
        ]:
            found = np.zeros((2, -(-pair[0].size // 64) + 1), np.uint64)
            bits = [pack(mask, spare=4) for mask in pair]
            with np.errstate(over="ignore"):
                totals = [
                    trace(b, height, width, f[:-1])
                    for b, f in zip(bits, found, strict=True)
                ]
                matched = count(*found, height, width, reach)
            results.append((*totals, matched, *found.ravel()))
        assert_array_equal(results[0], results[1])


class TestLaws:
    @given(mask_pairs())
    def test_bounds_and_symmetry(self, pair):
        a, b = pair
        got = contour_accuracy(a, b)
        assert 0 <= got <= 1
        assert got == contour_accuracy(b, a)
        assert contour_accuracy(a, a) == 1
        assert got == contour_accuracy(~a, ~b)

    @given(mask_pairs())
    def test_never_falls_with_tolerance(self, pair):
        got = [contour_accuracy(*pair, tolerance=t) for t in (0, 1, 2, 3, 5, 8)]
        assert got == sorted(got)

    @given(mask_pairs())
    def test_spellings_of_a_mask_agree(self, pair):
        a, b = pair
        a.flags.writeable = False
        wide = np.repeat(b, 2, axis=1)[:, ::2]
        assert contour_accuracy(a, b) == contour_accuracy(
            np.asfortranarray(a) * np.uint8(255), wide
        )


class TestEmptySides:
    full, square = np.ones((9, 9), bool), np.zeros((9, 9), bool)
    square[3:6, 3:6] = True

    def test_no_contour_on_either_side(self):
        assert contour_accuracy(self.full, ~self.full) == 1
        assert contour_accuracy([[0]], [[1]]) == 1

    def test_a_contour_on_one_side(self):
        assert contour_accuracy(self.full, self.square) == 0
        assert contour_accuracy(self.square, self.full) == 0

    def test_no_pixels(self):
        assert contour_accuracy(np.zeros((0, 5), bool), np.zeros((0, 5), bool)) == 1


class TestRefusals:
    @pytest.mark.parametrize("tolerance", [-1, np.nan, np.inf, "wide"])
    def test_tolerance(self, tolerance):
        with pytest.raises(ValueError, match="tolerance must be a number >= 0; got"):
            contour_accuracy([[1]], [[1]], tolerance=tolerance)

    @pytest.mark.parametrize(
        ("prediction", "truth", "error", "match"),
        [
            ([[0.5]], [[1]], TypeError, "prediction must be a bool mask"),
            ([[1]], [[3]], ValueError, "truth must hold only 0 and 1"),
            ([[1], [0]], [[1]], ValueError, r"prediction .* \(1, 1\); got \(2, 1\)"),
        ],
    )
    def test_masks(self, prediction, truth, error, match):
        with pytest.raises(error, match=match):
            contour_accuracy(prediction, truth)
