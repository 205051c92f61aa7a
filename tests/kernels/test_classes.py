"""Label maps and edge maps."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from oracles import kernels as oracle
from oracles import kernels_labels as labels
from strategies import masks

from portraitkit.kernels import (
    BoundaryClass,
    boundary_band,
    contour,
    edge_map,
    individual_kernel,
    label_map,
)
from portraitkit.kernels._numba.classes import paint

WIDTHS = st.integers(1, 40)


def smooth_mask(shape, seed):
    noise = np.random.default_rng(seed).random(shape).astype(np.float32)
    return cv2.GaussianBlur(noise, (0, 0), 4) > 0.5


class TestLabelMap:
    @given(masks(max_side=70), WIDTHS)
    def test_equals_definition(self, mask, width):
        band = oracle.band(contour(mask), width)
        got = label_map(mask, width=width)
        assert got.dtype == np.uint8
        assert_array_equal(got, np.where(band, 1, np.where(mask, 0, 2)))

    @given(masks(max_side=70), WIDTHS)
    def test_agrees_with_the_kernel(self, mask, width):
        kernel = individual_kernel(mask, width=width, normalize="proximity")
        hard = label_map(mask, width=width)
        inside, outside = BoundaryClass.FOREGROUND, BoundaryClass.BACKGROUND
        assert (kernel[hard == inside] == (1, 0, 0)).all()
        assert (kernel[hard == outside] == (0, 0, 1)).all()
        band = boundary_band(mask, width=width)
        assert_array_equal(hard == BoundaryClass.BOUNDARY, band)

    @pytest.mark.parametrize("lead", [(1,), (3,), (2, 2), (0,)])
    def test_batch_equals_each_alone(self, lead):
        batch = np.zeros((*lead, 30, 67), bool)
        for i, index in enumerate(np.ndindex(lead)):
            batch[index] = smooth_mask((30, 67), i)
        got = label_map(batch, width=7)
        assert got.shape == batch.shape
        for index in np.ndindex(lead):
            assert_array_equal(got[index], label_map(batch[index], width=7))

    def test_classes_are_the_kernels_axis(self):
        assert [c.name for c in BoundaryClass] == [
            "FOREGROUND",
            "BOUNDARY",
            "BACKGROUND",
        ]
        assert list(BoundaryClass) == [0, 1, 2]

    @pytest.mark.parametrize("shape", [(0, 3), (3, 0), (2, 0, 3)])
    def test_nothing_gives_nothing(self, shape):
        assert label_map(np.zeros(shape, bool)).shape == shape

    def test_any_layout_and_dtype(self):
        mask = smooth_mask((40, 70), 3)
        read_only = mask * np.uint8(255)
        read_only.flags.writeable = False
        for array in (read_only, np.asfortranarray(mask), mask.tolist()):
            got = label_map(array)
            assert got.flags.writeable
            assert_array_equal(got, label_map(mask))

    @pytest.mark.parametrize(
        ("mask", "width", "error", "match"),
        [
            ([[0.5]], 10, TypeError, r"mask must be a bool mask"),
            ([0, 1], 10, ValueError, r"mask must be .* \(\.\.\., H, W\)"),
            ([[0, 2]], 10, ValueError, r"mask must hold only 0 and 1"),
            ([[0, 1]], 0, ValueError, r"width must be an integer >= 1; got 0"),
            ([[0, 1]], 1.5, TypeError, r"width must be an integer >= 1; got 1.5"),
        ],
    )
    def test_refusals(self, mask, width, error, match):
        with pytest.raises(error, match=match):
            label_map(mask, width=width)


class TestEdgeMap:
    @given(masks())
    def test_sobel_equals_definition(self, mask):
        assert_array_equal(edge_map(mask), labels.sobel(mask))

    @given(masks())
    def test_inner_equals_definition(self, mask):
        assert_array_equal(edge_map(mask, method="inner"), labels.inner(mask))

    @given(masks())
    def test_canny_is_the_contour(self, mask):
        assert_array_equal(edge_map(mask, method="canny"), contour(mask))

    @given(masks(), st.sampled_from(["sobel", "inner"]), st.sampled_from([0, 1]))
    def test_mirrors_with_the_mask(self, mask, method, axis):
        got = edge_map(np.flip(mask, axis), method=method)
        assert_array_equal(got, np.flip(edge_map(mask, method=method), axis))

    @given(masks())
    def test_sobel_is_the_same_for_the_complement(self, mask):
        assert_array_equal(edge_map(mask), edge_map(~mask))

    @pytest.mark.parametrize("method", ["sobel", "canny", "inner"])
    @pytest.mark.parametrize("shape", [(1, 1), (1, 8), (8, 1), (0, 4), (9, 70)])
    @pytest.mark.parametrize("value", [False, True])
    def test_frame_is_no_edge(self, method, shape, value):
        got = edge_map(np.full(shape, value), method=method)
        assert got.dtype == bool
        assert got.shape == shape
        assert not got.any()

    def test_read_only_strided(self):
        mask = smooth_mask((40, 70), 3)
        view = np.repeat(mask, 2, axis=1)[:, ::2]
        view.flags.writeable = False
        for method in ("sobel", "canny", "inner"):
            want = edge_map(mask, method=method)
            assert_array_equal(edge_map(view, method=method), want)

    @pytest.mark.parametrize("method", ["Sobel", "", None])
    def test_unknown_method(self, method):
        with pytest.raises(ValueError, match=r'method must be one of "sobel", "canny"'):
            edge_map([[0, 1]], method=method)

    def test_bad_mask(self):
        with pytest.raises(TypeError, match="mask must be a bool mask"):
            edge_map([[np.nan]])


@given(masks())
def test_compiled_equals_interpreted(mask):
    values = np.array([255, 128, 0], np.uint8)
    band = boundary_band(mask, width=3).view(np.uint8)
    pixels = mask.reshape(-1).view(np.uint8)
    pixels.flags.writeable = False
    results = []
    for run in (paint, getattr(paint, "py_func", paint)):
        out = band.reshape(-1).copy()
        run(pixels, out, values)
        results.append(out)
    assert_array_equal(*results)
