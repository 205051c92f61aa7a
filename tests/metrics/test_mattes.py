"""`matte_errors` against definitions by pixel, its laws and refusals."""

from dataclasses import astuple

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from oracles import mattes as oracle
from strategies import probabilities, sides

from portraitkit.metrics import matte_errors

levels = st.integers(0, 20).map(lambda n: np.float32(n / 20))


@st.composite
def mattes(draw):
    shape = draw(sides(9)), draw(sides(9))
    return tuple(draw(hnp.arrays(np.float32, shape, elements=levels)) for _ in "ab")


class TestAgainstOracle:
    @given(mattes(), st.integers(0, 2**32 - 1))
    def test_equals_slow_definition(self, pair, seed):
        trimap = np.random.default_rng(seed).choice([0, 128, 255], pair[0].shape)
        trimap[-1, -1] = 128
        got = matte_errors(*pair, trimap=trimap.astype(np.uint8))
        expected = oracle.matte_errors(*pair, trimap == 128)
        assert_allclose(astuple(got), expected, rtol=1e-6, atol=1e-9)

    @given(mattes())
    def test_without_trimap_all_pixels_count(self, pair):
        got = matte_errors(*pair)
        expected = oracle.matte_errors(*pair, np.ones(pair[0].shape, bool))
        assert_allclose(astuple(got), expected, rtol=1e-6, atol=1e-9)

    def test_floating_islands_are_seen(self):
        truth = np.zeros((20, 20), np.float32)
        truth[:8] = 1
        alpha = truth.copy()
        alpha[15:18, 15:18] = 0.4
        got = matte_errors(alpha, truth)
        assert_allclose(got.connectivity, 9 * 0.4 / 1000, rtol=1e-6)
        alpha[8:18, 15] = truth[8:18, 15] = 0.4
        assert matte_errors(alpha, truth).connectivity < got.connectivity


class TestLaws:
    @given(probabilities())
    def test_the_truth_is_perfect(self, alpha):
        assert astuple(matte_errors(alpha, alpha)) == (0, 0, 0, 0)

    @given(mattes())
    def test_symmetric_under_exchange_and_spelling(self, pair):
        a, b = pair
        a.flags.writeable = False
        got = astuple(matte_errors(a, b))
        wide = np.repeat(b, 2, axis=1)[:, ::2].astype(np.float64)
        assert got == astuple(matte_errors(np.asfortranarray(a), wide))
        assert_allclose(got, astuple(matte_errors(b, a)), rtol=1e-12)


class TestRefusals:
    matte = np.zeros((2, 3), np.float32)

    @pytest.mark.parametrize(
        ("alpha", "truth", "error", "match"),
        [
            (matte.astype(np.uint8), matte, TypeError, "alpha must be a float array"),
            (matte, matte + 2, ValueError, r"truth must lie in 0\.\.1; got"),
            (matte * np.nan, matte, ValueError, "alpha must lie in 0..1; got.* nan"),
            (matte[:1], matte, ValueError, r"alpha must have the shape of truth"),
            (matte[0], matte, ValueError, r"alpha must be .*\(H, W\)"),
            (matte[:0], matte[:0], ValueError, "truth must have at least one pixel"),
        ],
    )
    def test_mattes(self, alpha, truth, error, match):
        with pytest.raises(error, match=match):
            matte_errors(alpha, truth)

    @pytest.mark.parametrize(
        ("trimap", "error", "match"),
        [
            (np.full((2, 3), 128), TypeError, "trimap must be uint8 .* got int64"),
            (np.full((2, 2), 128, np.uint8), ValueError, "trimap must have the shape"),
            (np.full((2, 3), 127, np.uint8), ValueError, "trimap must hold unknown"),
        ],
    )
    def test_trimaps(self, trimap, error, match):
        with pytest.raises(error, match=match):
            matte_errors(self.matte, self.matte, trimap=trimap)
