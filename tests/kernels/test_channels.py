"""The global kernel and what a portrait network sees beside colors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from oracles import kernels_labels as oracle

from portraitkit.kernels import (
    global_kernel,
    portrait_channels,
    position_channels,
    shape_channel,
)

SIDES = st.integers(1, 12)
SPANS = st.tuples(st.floats(-8, 12), st.floats(0.5, 12))


@st.composite
def faces(draw):
    (x, w), (y, h) = draw(SPANS), draw(SPANS)
    return [x, y, x + w, y + h]


def mean_of(shape, seed=0):
    return np.random.default_rng(seed).random(shape, np.float32)


class TestGlobalKernel:
    @given(SIDES, SIDES, st.floats(0, 2), st.floats(0, 2), st.booleans())
    def test_equals_definition(self, h, w, one, two, as_printed):
        mean, a, b = mean_of((h, w)), min(one, two), max(one, two)
        got = global_kernel(mean, low=a, high=b, as_printed=as_printed)
        away = np.abs(mean.astype(float) - 0.5) / 0.5
        want = b - (1 - away) * (b - a) if as_printed else b - away * (b - a)
        assert got.dtype == np.float32
        assert_allclose(got, want, atol=1e-6)
        assert got.min() >= np.float32(a)
        assert got.max() <= np.float32(b)

    def test_boundary_weighs_most_unless_printed(self):
        mean = np.array([[0, 0.5, 1]])
        assert_array_equal(global_kernel(mean), np.float32([[0.9, 1, 0.9]]))
        printed = global_kernel(mean, as_printed=True)
        assert_array_equal(printed, np.float32([[1, 0.9, 1]]))

    @given(SIDES, SIDES)
    def test_foreground_and_background_are_alike(self, h, w):
        mean = mean_of((h, w))
        assert_allclose(global_kernel(mean), global_kernel(1 - mean), atol=1e-6)

    def test_input_stays(self):
        mean = mean_of((3, 4))
        before = mean.copy()
        mean.flags.writeable = False
        global_kernel(mean)
        assert_array_equal(mean, before)

    @pytest.mark.parametrize(
        ("mean", "knobs", "error", "match"),
        [
            ([[0, 1]], {}, TypeError, r"mean_mask must be a float array.*int64"),
            ([[1.5]], {}, ValueError, r"mean_mask must lie in 0\.\.1; got .*1\.5"),
            ([[-0.1]], {}, ValueError, r"mean_mask must lie in 0\.\.1"),
            ([[np.nan]], {}, ValueError, r"mean_mask must lie in 0\.\.1; got .*nan"),
            ([0.5], {}, ValueError, r"mean_mask must be .* \(H, W\).*\(1,\)"),
            ([[0.5]], {"low": 2}, ValueError, r"low must be at most high, 1; got 2"),
            ([[0.5]], {"low": -1}, ValueError, r"low must be a number >= 0"),
            ([[0.5]], {"high": np.nan}, ValueError, r"high must be a number >= 0"),
            ([[0.5]], {"high": np.inf}, ValueError, r"high must be a number >= 0"),
        ],
    )
    def test_refusals(self, mean, knobs, error, match):
        with pytest.raises(error, match=match):
            global_kernel(mean, **knobs)


class TestPosition:
    @given(SIDES, SIDES, faces())
    def test_equals_definition(self, h, w, face):
        x1, y1, x2, y2 = face
        got = position_channels((h, w), face=face)
        assert (got.dtype, got.shape) == (np.float32, (h, w, 2))
        for i in range(h):
            for j in range(w):
                x = (j + 0.5 - (x1 + x2) / 2) / (x2 - x1)
                y = (i + 0.5 - (y1 + y2) / 2) / (y2 - y1)
                assert_allclose(got[i, j], [x, y], rtol=1e-5, atol=1e-5)

    @given(SIDES, SIDES)
    def test_without_face_borders_are_one(self, h, w):
        got = position_channels((h, w))
        assert_allclose(got[0, 0], [1 / w - 1, 1 / h - 1], atol=1e-6)
        assert_allclose(got[-1, -1], [1 - 1 / w, 1 - 1 / h], atol=1e-6)
        assert_array_equal(got, -got[::-1, ::-1])

    @given(SIDES, SIDES)
    def test_a_face_as_large_as_the_image_halves(self, h, w):
        got = position_channels((h, w), face=[0, 0, w, h])
        assert_allclose(got * 2, position_channels((h, w)), atol=1e-6)


class TestShape:
    @given(SIDES, SIDES, SIDES, SIDES, faces(), faces())
    def test_equals_definition(self, h, w, height, width, face, reference):
        mean = mean_of((h, w))
        got = shape_channel(mean, (height, width), face=face, reference_face=reference)
        want = oracle.warped(mean.astype(float), (height, width), face, reference)
        rows, columns = edges(mean, (height, width), face, reference)
        sure = ~(rows[:, None] | columns)
        assert got.dtype == np.float32
        assert_allclose(got[sure], want[sure], atol=1e-5)

    @given(SIDES, SIDES, faces())
    def test_same_face_gives_the_mean_itself(self, h, w, face):
        mean = mean_of((h, w))
        got = shape_channel(mean, (h, w), face=face, reference_face=face)
        assert_allclose(got, mean, atol=1e-5)

    @given(SIDES, SIDES, SIDES, SIDES)
    def test_whole_frames_as_faces_give_the_plain_resize(self, h, w, up, across):
        mean, shape = mean_of((h, w)), (h * up, w * across)
        frames = [0, 0, *shape[::-1]], [0, 0, w, h]
        got = shape_channel(mean, shape, face=frames[0], reference_face=frames[1])
        assert_allclose(got, shape_channel(mean, shape), atol=1e-5)

    def test_moves_with_the_face(self):
        mean = mean_of((9, 9))
        face = np.array([2.0, 2, 5, 6])
        got = shape_channel(
            mean, (9, 9), face=face + np.array([3, 1, 3, 1]), reference_face=face
        )
        assert_allclose(got[1:, 3:], mean[:-1, :-3], atol=1e-6)
        assert not got[0].any()
        assert not got[:, :3].any()

    def test_far_away_is_nothing(self):
        got = shape_channel(
            np.ones((4, 4)), (5, 5), face=[50, 50, 51, 51], reference_face=[0, 0, 4, 4]
        )
        assert not got.any()

    @given(SIDES, SIDES, SIDES, SIDES)
    def test_constant_stays_constant(self, h, w, height, width):
        got = shape_channel(np.full((h, w), 0.25), (height, width))
        assert_allclose(got, np.full((height, width), 0.25), atol=1e-6)

    @given(SIDES, SIDES, faces(), faces())
    def test_mirrors(self, h, w, face, reference):
        def mirrored(box, width):
            return [width - box[2], box[1], width - box[0], box[3]]

        mean = mean_of((h, w))
        got = shape_channel(mean, (11, 7), face=face, reference_face=reference)
        back = shape_channel(
            mean[:, ::-1],
            (11, 7),
            face=mirrored(face, 7),
            reference_face=mirrored(reference, w),
        )[:, ::-1]
        rows, columns = edges(mean, (11, 7), face, reference)
        sure = ~(rows[:, None] | columns)
        assert_allclose(back[sure], got[sure], atol=1e-4)


def edges(mean, shape, face, reference):
    """Rows and columns whose centre lies on the mean mask's rim, to rounding."""
    out = []
    for axis in (1, 0):
        n, side = shape[1 - axis], mean.shape[1 - axis]
        share = (np.arange(n) + 0.5 - face[axis]) / (face[axis + 2] - face[axis])
        at = reference[axis] + share * (reference[axis + 2] - reference[axis])
        out.append((np.abs(at) < 1e-9) | (np.abs(at - side) < 1e-9))
    return out


class TestSixChannels:
    @pytest.mark.parametrize("face", [None, [1.0, 1, 4, 5]])
    def test_is_the_parts(self, rng, face):
        image = rng.integers(0, 256, (7, 6, 3), np.uint8)
        image.flags.writeable = False
        mean = mean_of((5, 5))
        reference = None if face is None else [1, 1, 3, 3]
        got = portrait_channels(image, mean, face=face, reference_face=reference)
        assert (got.dtype, got.shape) == (np.float32, (7, 6, 6))
        assert_allclose(got[..., :3], image / 255, atol=1e-7)
        assert_array_equal(got[..., 3:5], position_channels((7, 6), face=face))
        shape = shape_channel(mean, (7, 6), face=face, reference_face=reference)
        assert_array_equal(got[..., 5], shape)

    @pytest.mark.parametrize(
        ("image", "knobs", "error", "match"),
        [
            (np.zeros((2, 2, 3)), {}, TypeError, r"image must be uint8 RGB"),
            (np.zeros((2, 2), np.uint8), {}, ValueError, r"image must be uint8 RGB"),
            (None, {"face": [0, 0, 1, 1]}, ValueError, r"given together; got no refer"),
            (None, {"reference_face": [0, 0, 1, 1]}, ValueError, r"got no face"),
        ],
    )
    def test_refusals(self, image, knobs, error, match):
        image = np.zeros((2, 2, 3), np.uint8) if image is None else image
        with pytest.raises(error, match=match):
            portrait_channels(image, [[0.5]], **knobs)


class TestRefusals:
    @pytest.mark.parametrize(
        ("face", "error", "match"),
        [
            ([0, 0, 1], ValueError, r"face must be one box.*\(3,\)"),
            ([[0, 0, 1, 1]], ValueError, r"face must be one box.*\(1, 4\)"),
            ([1, 0, 1, 1], ValueError, r"face must have x1 < x2"),
            ([0, 3, 1, 1], ValueError, r"face must have x1 < x2"),
            ([0, 0, np.nan, 1], ValueError, r"face must be finite"),
            (["a", "b", "c", "d"], TypeError, r"face must be a float array"),
            ([[0, 1], [2]], ValueError, r"face must be one box.*different lengths"),
            ([-1e308, 0, 1e308, 1], ValueError, r"face must lie within 1e\+09 pixels"),
            ([0, 0, 1, 1e300], ValueError, r"face must lie within 1e\+09 pixels"),
            ([0, 0, 1e-300, 1], ValueError, r"face must .* at least 1e-06 wide"),
        ],
    )
    def test_face(self, face, error, match):
        good = [0, 0, 1, 1]
        with pytest.raises(error, match=match):
            position_channels((3, 3), face=face)
        with pytest.raises(error, match=match):
            shape_channel([[0.5]], (3, 3), face=face, reference_face=good)
        with pytest.raises(error, match="reference_" + match):
            shape_channel([[0.5]], (3, 3), face=good, reference_face=face)

    def test_the_largest_face_beside_the_smallest(self):
        large, small = [-1e9, -1e9, 1e9, 1e9], [0, 0, 2e-6, 2e-6]
        for one, other in ((large, small), (small, large)):
            got = shape_channel([[0.5]], (3, 3), face=one, reference_face=other)
            assert np.isfinite(got).all()
            assert np.isfinite(position_channels((3, 3), face=one)).all()

    @pytest.mark.parametrize("shape", [(0, 3), (3,), (3, 3, 3), 3, (2.5, 3)])
    def test_shape(self, shape):
        with pytest.raises((TypeError, ValueError), match=r"shape must be \(height"):
            position_channels(shape)
        with pytest.raises((TypeError, ValueError), match=r"shape must be \(height"):
            shape_channel([[0.5]], shape)

    @pytest.mark.parametrize("mean", [[[1.5]], [[np.nan]], [0.5], np.zeros((0, 3))])
    def test_mean(self, mean):
        with pytest.raises(ValueError, match="mean_mask must"):
            shape_channel(mean, (3, 3))
