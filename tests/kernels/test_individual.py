"""Soft labels: the definition, laws, batches, `out`, refusals."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from oracles import kernels as oracle
from oracles import kernels_labels as labels
from strategies import masks

from portraitkit.kernels import _nearness as nearness
from portraitkit.kernels import boundary_band, contour, individual_kernel
from portraitkit.kernels._bits import pack
from portraitkit.kernels._numba import distances as loops
from portraitkit.kernels.contours import band_bits, trace_bits

WIDTHS = st.integers(1, 40)
WAYS = ["sum", "max", "proximity"]


def canny(mask):
    return cv2.Canny(mask.astype(np.uint8) * 255, 100, 200, L2gradient=False) > 0


def smooth_mask(shape, seed):
    noise = np.random.default_rng(seed).random(shape).astype(np.float32)
    return cv2.GaussianBlur(noise, (0, 0), 4) > 0.5


def expected(mask, width, normalize):
    line = canny(mask)
    band, squares = oracle.band(line, width), labels.nearest(line)
    return labels.individual_kernel(mask, band, squares, normalize)


class TestAgainstDefinition:
    @given(masks(max_side=30), WIDTHS, st.sampled_from(WAYS))
    def test_equals_definition(self, mask, width, normalize):
        got = individual_kernel(mask, width=width, normalize=normalize)
        assert (got.dtype, got.shape) == (np.float32, (*mask.shape, 3))
        assert_allclose(got, expected(mask, width, normalize), rtol=1e-6, atol=1e-7)

    @pytest.mark.parametrize("width", [*range(1, 41), 127, 128, 129, 500])
    def test_equals_definition_on_blobs(self, width):
        mask = smooth_mask((60, 131), width)
        for normalize in WAYS:
            got = individual_kernel(mask, width=width, normalize=normalize)
            assert_allclose(got, expected(mask, width, normalize), rtol=1e-6, atol=1e-7)

    def test_equals_definition_on_portraits(self, data):
        paths = sorted((data / "portraits/eval/masks").iterdir())[:60]
        assert len(paths) == 60
        for i, path in enumerate(paths):
            mask = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) > 127
            width = (10, 1 + i % 40)[i % 2]
            line = canny(mask)
            band = oracle.windowed_band(line, width)
            squares = labels.windowed_nearest(line, width // 2 + 1)
            normalize = WAYS[i % 3]
            want = labels.individual_kernel(mask, band, squares, normalize)
            got = individual_kernel(mask, width=width, normalize=normalize)
            assert_allclose(got, want, rtol=1e-6, atol=1e-7, err_msg=path.stem)

    @pytest.mark.parametrize("width", [10, 40])
    def test_tall_images_are_worked_on_in_strips(self, width):
        mask = smooth_mask((1500, 40), 5)
        band, squares = oracle.windowed_band(canny(mask), width), canny(mask)
        squares = labels.windowed_nearest(squares, width // 2 + 1)
        want = labels.individual_kernel(mask, band, squares, "max")
        got = individual_kernel(mask, width=width, normalize="max")
        assert_allclose(got, want, rtol=1e-6, atol=1e-7)

    @given(masks(max_side=20), st.integers(1, 30))
    def test_oracles_agree(self, mask, width):
        line = canny(mask)
        near = oracle.band(line, width)
        fast = labels.windowed_nearest(line, width // 2 + 1)[near]
        assert_array_equal(labels.nearest(line)[near], fast)

    @given(masks(max_side=40), st.integers(1, nearness.WIDEST))
    def test_both_ways_to_measure_agree(self, mask, width):
        columns = mask.shape[1]
        line = trace_bits(pack(mask), columns)
        band = band_bits(line, columns, width)
        got = nearness.band_squares(line, band, width, columns)
        assert_array_equal(got, nearness._by_features(line, band, columns))


class TestLaws:
    @given(masks(max_side=40), WIDTHS, st.sampled_from(WAYS))
    def test_three_values_make_one(self, mask, width, normalize):
        kernel = individual_kernel(mask, width=width, normalize=normalize)
        assert_allclose(kernel.sum(-1), 1, atol=1e-6)
        assert kernel.min(initial=0) >= 0
        assert kernel.max(initial=0) <= 1

    @given(masks(max_side=40), WIDTHS, st.sampled_from(WAYS))
    def test_the_other_class_gets_nothing(self, mask, width, normalize):
        kernel = individual_kernel(mask, width=width, normalize=normalize)
        assert not kernel[mask][:, 2].any()
        assert not kernel[~mask][:, 0].any()
        outside = ~boundary_band(mask, width=width)
        assert not kernel[outside][:, 1].any()

    @given(masks(max_side=40), WIDTHS)
    def test_max_and_proximity_are_each_others_rest(self, mask, width):
        largest, nearest = (
            individual_kernel(mask, width=width, normalize=way)[..., 1]
            for way in ("max", "proximity")
        )
        band = boundary_band(mask, width=width)
        assert_allclose(largest[band] + nearest[band], 1, atol=1e-6)

    @given(masks(max_side=40), WIDTHS)
    def test_sum_adds_up_to_one_over_the_band(self, mask, width):
        boundary = individual_kernel(mask, width=width)[..., 1]
        some = (boundary_band(mask, width=width) & ~contour(mask)).any()
        assert_allclose(boundary.sum(dtype=float), float(some), atol=1e-5)

    @given(masks(max_side=40), WIDTHS)
    def test_proximity_is_one_on_the_contour(self, mask, width):
        kernel = individual_kernel(mask, width=width, normalize="proximity")
        line = contour(mask) & boundary_band(mask, width=width)
        assert (kernel[line][:, 1] == 1).all()

    @given(masks(max_side=20), st.integers(0, 19).map(lambda k: 2 * k + 1))
    def test_complement_swaps_classes_where_the_contour_is_its_own(self, mask, width):
        if not np.array_equal(contour(mask), contour(~mask)):
            return
        kernel, other = (individual_kernel(m, width=width) for m in (mask, ~mask))
        assert_array_equal(kernel, other[..., ::-1])

    @given(masks(max_side=20), st.integers(1, 20), st.sampled_from([0, 1]))
    def test_odd_band_is_mirrored_with_its_contour(self, mask, half, axis):
        """Even bands lie half a pixel down and right: no mirror keeps them."""
        mirrored = np.flip(mask, axis)
        if not np.array_equal(contour(mirrored), np.flip(contour(mask), axis)):
            return
        kernel = individual_kernel(mask, width=2 * half - 1, normalize="max")
        got = individual_kernel(mirrored, width=2 * half - 1, normalize="max")
        assert_array_equal(got, np.flip(kernel, axis))

    @given(masks(max_side=30), WIDTHS, st.sampled_from(WAYS))
    def test_transposes(self, mask, width, normalize):
        if not np.array_equal(contour(mask.T), contour(mask).T):
            return
        kernel = individual_kernel(mask, width=width, normalize=normalize)
        got = individual_kernel(mask.T, width=width, normalize=normalize)
        assert_array_equal(got, kernel.transpose(1, 0, 2))

    @pytest.mark.parametrize("normalize", WAYS)
    @pytest.mark.parametrize("value", [False, True])
    @pytest.mark.parametrize("shape", [(1, 1), (1, 70), (70, 1), (65, 64)])
    def test_without_contour_labels_are_hard(self, shape, value, normalize):
        kernel = individual_kernel(np.full(shape, value), normalize=normalize)
        assert (kernel == ((1, 0, 0) if value else (0, 0, 1))).all()

    @pytest.mark.parametrize(
        ("normalize", "value"), [("sum", 0), ("max", 0), ("proximity", 1)]
    )
    def test_width_one_has_no_distance(self, normalize, value):
        mask = smooth_mask((40, 50), 1)
        kernel = individual_kernel(mask, width=1, normalize=normalize)
        assert (kernel[contour(mask)][:, 1] == value).all()


class TestBatches:
    @pytest.mark.parametrize("lead", [(1,), (3,), (2, 2), (0,), (2, 0)])
    def test_batch_equals_each_alone(self, lead):
        masks = np.zeros((*lead, 30, 67), bool)
        for i, index in enumerate(np.ndindex(lead)):
            masks[index] = smooth_mask((30, 67), i)
        got = individual_kernel(masks, width=7, normalize="max")
        assert got.shape == (*masks.shape, 3)
        for index in np.ndindex(lead):
            alone = individual_kernel(masks[index], width=7, normalize="max")
            assert_array_equal(got[index], alone)

    @pytest.mark.parametrize("shape", [(0, 5), (5, 0), (2, 0, 0)])
    def test_nothing_gives_nothing(self, shape):
        assert individual_kernel(np.zeros(shape, bool)).shape == (*shape, 3)

    @pytest.mark.parametrize("shape", [(33, 70), (2, 33, 70)])
    def test_out_is_filled_and_returned(self, shape):
        mask = np.stack([smooth_mask((33, 70), i) for i in range(2)])
        mask = mask if len(shape) == 3 else mask[0]
        out = np.full((*shape, 3), np.nan, np.float32)
        got = individual_kernel(mask, width=6, out=out)
        assert got is out
        assert_array_equal(out, individual_kernel(mask, width=6))

    def test_out_may_be_part_of_a_larger_array(self):
        whole = np.full((5, 8, 9, 3), 7, np.float32)
        mask = smooth_mask((8, 9), 2)
        individual_kernel(mask, out=whole[2])
        assert_array_equal(whole[2], individual_kernel(mask))
        assert (whole[[0, 1, 3, 4]] == 7).all()

    def test_any_layout_and_dtype(self):
        mask = smooth_mask((40, 70), 3)
        want = individual_kernel(mask)
        read_only = mask * np.uint8(255)
        read_only.flags.writeable = False
        strided = np.repeat(mask, 2, axis=1)[:, ::2]
        for array in (read_only, np.asfortranarray(mask), strided, mask.tolist()):
            assert_array_equal(individual_kernel(array), want)


class TestRefusals:
    @pytest.mark.parametrize(
        ("mask", "error", "match"),
        [
            ([[0.5]], TypeError, r"mask must be a bool mask.*float64"),
            ([[np.nan]], TypeError, r"mask must be a bool mask"),
            ([0, 1], ValueError, r"\(\.\.\., H, W\); got int64 of shape \(2,\)"),
            ([[0, 2]], ValueError, r"mask must hold only 0 and 1.*values 0, 2"),
            ([[[1, 255]]], ValueError, r"mask must hold only 0 and 1.*1, 255"),
            ([[[0, 1]], [[0, 255]]], ValueError, r"mask must hold only.*0, 1, 255"),
            ([[0, 1], [1]], ValueError, r"mask must be .*different lengths"),
        ],
    )
    def test_mask(self, mask, error, match):
        with pytest.raises(error, match=match):
            individual_kernel(mask)

    @pytest.mark.parametrize(
        ("width", "error"),
        [(0, ValueError), (-3, ValueError), (2.5, TypeError), (True, TypeError)],
    )
    def test_width(self, width, error):
        with pytest.raises(error, match=r"width must be an integer >= 1; got"):
            individual_kernel([[0, 1]], width=width)

    @pytest.mark.parametrize("normalize", ["mean", "SUM", "", None, 1])
    def test_normalize(self, normalize):
        match = r'normalize must be one of "sum", "max", "proximity"; got'
        with pytest.raises(ValueError, match=match):
            individual_kernel([[0, 1]], normalize=normalize)

    @pytest.mark.parametrize(
        ("change", "error", "match"),
        [
            (lambda a: a[:-1], ValueError, r"shape \(4, 6, 3\); got .*\(3, 6, 3\)"),
            (lambda a: a[None], ValueError, r"shape \(4, 6, 3\); got .*\(1, 4, 6, 3\)"),
            (lambda a: a.astype(float), TypeError, r"float32 array.*got float64"),
            (lambda a: a.astype(">f4"), TypeError, r"float32 array.*got >f4"),
            (lambda a: a.tolist(), TypeError, r"float32 array.*got list"),
            (np.asfortranarray, ValueError, r"C-ordered.*not C-ordered"),
            (lambda a: np.repeat(a, 2, 1)[:, ::2], ValueError, r"not C-ordered"),
            (lambda a: np.broadcast_to(a, a.shape), ValueError, r"read-only"),
        ],
    )
    def test_out(self, change, error, match):
        out = change(np.full((4, 6, 3), 7, np.float32))
        with pytest.raises(error, match=rf"out must be .*{match}"):
            individual_kernel(np.eye(4, 6, dtype=bool), out=out)
        assert (np.asarray(out) == 7).all()

    def test_nothing_is_written_when_another_argument_is_bad(self):
        out = np.full((2, 1, 2, 3), 7, np.float32)
        for call in (
            lambda: individual_kernel([[[0, 1]], [[0, 3]]], out=out),
            lambda: individual_kernel([[[0, 1]], [[0, 1]]], out=out, width=0),
            lambda: individual_kernel([[[0, 1]], [[0, 1]]], out=out, normalize="l2"),
        ):
            with pytest.raises(ValueError, match="must"):
                call()
        assert (out == 7).all()


def interpreted(function):
    return getattr(function, "py_func", function)


@given(masks(max_side=30), WIDTHS)
def test_compiled_equals_interpreted(mask, width):
    columns = mask.shape[1]
    bits = pack(mask)
    line = trace_bits(bits, columns)
    band = band_bits(line, columns, width)
    squares = nearness.disk_squares(width)
    strip = np.empty(7 * (64 * line.shape[1] + squares.shape[1]), np.int32)
    share = np.linspace(0, 1, 2000, dtype=np.float32)
    hard = np.repeat(np.float32([[0, 0, 1], [1, 0, 0]]), 64, axis=0).reshape(-1)
    results = []
    for run in (lambda f: f, interpreted):
        found = np.empty(loops.count(band), np.int32)
        out = np.empty(mask.size * 3, np.float32)
        with np.errstate(over="ignore"):
            n = run(loops.count)(band)
            run(loops.collect)(line, band, squares, strip, found)
            run(loops.soften)(bits, band, found, share, hard, out)
        results.append((n, found, out))
    assert results[0][0] == results[1][0]
    assert_array_equal(results[0][1], results[1][1])
    assert_array_equal(results[0][2], results[1][2])
