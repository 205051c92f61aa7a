"""Contour and band: OpenCV's Canny and the definition, refusals, odd inputs."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from oracles import kernels as oracle
from strategies import masks

from portraitkit.kernels import boundary_band, contour
from portraitkit.kernels._bits import pack, unpack
from portraitkit.kernels._canny import gradients
from portraitkit.kernels._numba import contours as loops
from portraitkit.kernels.contours import disk

WIDTHS = st.integers(1, 40)


def canny(mask):
    gray = np.ascontiguousarray(mask).astype(np.uint8) * 255
    return cv2.Canny(gray, 100, 200, apertureSize=3, L2gradient=False) > 0


def smooth_mask(shape, seed):
    """Blobs with slanted and curved edges, some of them cut by the frame."""
    noise = np.random.default_rng(seed).random(shape).astype(np.float32)
    return cv2.GaussianBlur(noise, (0, 0), 3) > 0.5


class TestContour:
    @given(masks(max_side=80))
    def test_equals_opencv(self, mask):
        assert_array_equal(contour(mask), canny(mask))

    @pytest.mark.parametrize("seed", range(8))
    @pytest.mark.parametrize("width", [1, 2, 63, 64, 65, 129, 200])
    def test_equals_opencv_on_blobs_at_word_borders(self, seed, width):
        mask = smooth_mask((97, width), seed)
        assert_array_equal(contour(mask), canny(mask))
        assert_array_equal(contour(mask.T), canny(mask.T))

    @pytest.mark.parametrize("corner", range(2**9))
    def test_equals_opencv_on_every_window(self, corner):
        window = ((corner >> np.arange(9)) & 1).reshape(3, 3)
        assert_array_equal(contour(window), canny(window))
        inside = np.pad(window, 4, mode="edge")
        assert_array_equal(contour(inside), canny(inside))

    @pytest.mark.parametrize("shape", [(2, 5), (5, 2), (3, 4), (1, 9), (9, 1)])
    def test_equals_opencv_on_every_tiny_mask(self, shape):
        n = shape[0] * shape[1]
        for number in range(2**n):
            mask = ((number >> np.arange(n)) & 1).reshape(shape)
            assert_array_equal(contour(mask), canny(mask))

    def test_equals_opencv_on_portraits(self, data):
        for path in sorted((data / "portraits/eval/masks").iterdir())[:60]:
            mask = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) > 127
            assert_array_equal(contour(mask), canny(mask), err_msg=path.stem)

    @given(masks())
    def test_complement_has_a_contour_within_a_pixel(self, mask):
        assert not (contour(mask) & ~oracle.windowed_band(contour(~mask), 5)).any()

    @pytest.mark.parametrize("value", [False, True])
    @pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (70, 70)])
    def test_frame_is_no_contour(self, value, shape):
        assert not contour(np.full(shape, value)).any()

    @pytest.mark.parametrize("shape", [(0, 5), (5, 0), (0, 0)])
    def test_nothing_gives_nothing(self, shape):
        assert contour(np.zeros(shape, bool)).shape == shape
        assert boundary_band(np.zeros(shape, bool)).shape == shape


class TestBand:
    @given(masks(max_side=30), WIDTHS)
    def test_equals_definition(self, mask, width):
        expected = oracle.band(canny(mask), width)
        assert_array_equal(boundary_band(mask, width=width), expected)

    @given(masks(max_side=12), WIDTHS)
    def test_oracles_agree(self, mask, width):
        contour_pixels = canny(mask)
        fast = oracle.windowed_band(contour_pixels, width)
        assert_array_equal(oracle.band(contour_pixels, width), fast)

    @pytest.mark.parametrize("width", [1, 2, 7, 10, 20, 33, 64, 131])
    def test_equals_definition_on_blobs(self, width):
        mask = smooth_mask((150, 190), width)
        expected = oracle.windowed_band(canny(mask), width)
        assert_array_equal(boundary_band(mask, width=width), expected)

    def test_equals_definition_on_portraits(self, data):
        paths = sorted((data / "portraits/eval/masks").iterdir())[:60]
        assert len(paths) == 60
        for i, path in enumerate(paths):
            mask = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) > 127
            width = (10, 1 + i % 40)[i % 2]
            expected = oracle.windowed_band(canny(mask), width)
            got = boundary_band(mask, width=width)
            assert_array_equal(got, expected, err_msg=f"{path.stem}, {width}")

    @pytest.mark.parametrize("width", [2, 4, 10, 20])
    def test_straight_edge_gets_half_its_width_on_each_side(self, width):
        mask = np.zeros((50, 60), bool)
        mask[:, 30:] = True
        expected = np.flatnonzero(boundary_band(mask, width=width)[25])
        assert_array_equal(expected, np.arange(30 - width // 2, 30 + width // 2))

    @given(masks())
    def test_width_one_is_the_contour(self, mask):
        assert_array_equal(boundary_band(mask, width=1), contour(mask))

    @given(masks(), WIDTHS)
    def test_grows_with_width(self, mask, width):
        thin, thick = (boundary_band(mask, width=width + i) for i in (0, 2))
        assert not (thin & ~thick).any()

    @given(masks())
    def test_enormous_width_covers_all(self, mask):
        band = boundary_band(mask, width=10**9)
        assert band.all() == contour(mask).any() == band.any()


class TestLoops:
    @given(masks(max_side=70), WIDTHS)
    def test_compiled_equals_interpreted(self, mask, width):
        bits = pack(mask)
        top, left, right = disk(width)
        results = []
        for run in (lambda f: f, lambda f: getattr(f, "py_func", f)):
            found = np.empty((mask.shape[0], bits.shape[1] - 2), np.uint64)
            band = np.zeros_like(found)
            with np.errstate(over="ignore"):
                n = run(loops.trace)(bits, mask.shape[1], gradients(), found)
                run(loops.thicken)(found, mask.shape[1], top, left, right, band)
            results.append((n, unpack(found, mask.shape[1]), band))
        assert results[0][0] == results[1][0] == results[0][1].sum()
        assert_array_equal(results[0][1], results[1][1])
        assert_array_equal(results[0][2], results[1][2])


class TestInputKinds:
    @pytest.mark.parametrize("how", [contour, boundary_band])
    @pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.uint16])
    @pytest.mark.parametrize("one", [1, 255])
    def test_any_layout_and_dtype(self, how, dtype, one):
        mask = smooth_mask((40, 70), 3)
        values = (mask * one).astype(dtype)
        values.flags.writeable = False
        strided = np.repeat(np.repeat(values, 2, axis=0), 3, axis=1)[::2, ::3]
        for array in (values, np.asfortranarray(values), strided, values.tolist()):
            got = how(array)
            assert got.dtype == bool
            assert got.flags.writeable
            assert_array_equal(got, how(mask))

    def test_result_is_the_callers_alone(self):
        mask = np.zeros((0, 4), bool)
        assert not np.shares_memory(contour(mask), mask)


class TestRefusals:
    @pytest.mark.parametrize("how", [contour, boundary_band])
    @pytest.mark.parametrize(
        ("mask", "error", "match"),
        [
            ([[0.5]], TypeError, r"mask must be a bool mask.*float64"),
            ([[np.nan]], TypeError, r"mask must be a bool mask"),
            ([0, 1], ValueError, r"mask must be .* \(H, W\); got .* \(2,\)"),
            ([[[0, 1]]], ValueError, r"mask must be .* \(H, W\); got .* \(1, 1, 2\)"),
            ([[0, 2]], ValueError, r"mask must hold only 0 and 1.*values 0, 2"),
            ([[1, 255]], ValueError, r"mask must hold only 0 and 1.*1, 255"),
            ([[0, -1]], ValueError, r"mask must hold only 0 and 1.*-1, 0"),
        ],
    )
    def test_mask(self, how, mask, error, match):
        with pytest.raises(error, match=match):
            how(mask)

    @pytest.mark.parametrize(
        ("width", "error"),
        [
            (0, ValueError),
            (-3, ValueError),
            (2.5, TypeError),
            (10.0, TypeError),
            (True, TypeError),
            ("10", TypeError),
            (None, TypeError),
        ],
    )
    def test_width(self, width, error):
        with pytest.raises(error, match=r"width must be an integer >= 1; got"):
            boundary_band([[0, 1]], width=width)
