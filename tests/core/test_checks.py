"""Every refusal names the argument, what it must be, what it was, the cure."""

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_array_equal
from strategies import masks

from portraitkit._core import checks


@given(masks())
def test_every_kind_of_mask_is_the_same_mask(mask):
    for kind in (mask, mask.astype(np.uint8), mask * np.uint8(255), mask.astype(int)):
        got = checks.check_mask("mask", kind)
        assert got.dtype == bool
        assert got.flags.c_contiguous
        assert_array_equal(got, mask)


@given(masks())
def test_views_are_accepted(mask):
    view = np.asfortranarray(mask)[::-1, ::-1]
    view.flags.writeable = False
    assert_array_equal(checks.check_mask("mask", view), mask[::-1, ::-1])


def test_batches_only_where_asked_for():
    stack = np.zeros((2, 3, 4, 5), bool)
    assert checks.check_mask("mask", stack, batch=True).shape == stack.shape
    with pytest.raises(ValueError, match=r"mask must be a bool mask of shape \(H, W\)"):
        checks.check_mask("mask", stack)


@pytest.mark.parametrize(
    ("mask", "error", "match"),
    [
        ([[0.0, 1.0]], TypeError, r"mask must be a bool mask.*Threshold"),
        ([[0, 2]], ValueError, r"mask must hold only 0 and 1.*got values 0, 2"),
        ([[1, 255]], ValueError, r"mask must hold only.*got values 1, 255"),
        ([[-1, 1]], ValueError, r"mask must hold only.*got values -1, 1"),
        ([[-1, 0]], ValueError, r"mask must hold only.*got values -1, 0"),
        ([[0, 1, 255]], ValueError, r"mask must hold only.*got values 0, 1, 255"),
        ([True], ValueError, r"mask must be .* \(H, W\); got bool of shape \(1,\)"),
        ([["a"]], TypeError, r"mask must be a bool mask"),
    ],
)
def test_masks_refused(mask, error, match):
    with pytest.raises(error, match=match):
        checks.check_mask("mask", mask)


@pytest.mark.parametrize(
    ("image", "error", "match"),
    [
        (np.zeros((2, 2, 3)), TypeError, r"image must be uint8 RGB.*255 first"),
        (np.zeros((2, 2), np.uint8), ValueError, r"image must be .*\(H, W, 3\)"),
        (np.zeros((2, 2, 4), np.uint8), ValueError, r"got uint8 of shape \(2, 2, 4\)"),
        (np.zeros((0, 2, 3), np.uint8), ValueError, r"at least one pixel"),
    ],
)
def test_images_refused(image, error, match):
    with pytest.raises(error, match=match):
        checks.check_image("image", image)


@pytest.mark.parametrize(
    ("labels", "error", "match"),
    [
        ([[0.5]], TypeError, r"labels must be an integer array"),
        ([0, 1], ValueError, r"labels must be .*\(H, W\)"),
        (
            [[-1]],
            ValueError,
            r"labels must lie in 0\.\.2\*\*31 - 1; got values -1\.\.-1",
        ),
        ([[2**40]], ValueError, r"labels must lie in"),
    ],
)
def test_labels_refused(labels, error, match):
    with pytest.raises(error, match=match):
        checks.check_labels("labels", labels)


def test_labels_of_another_shape():
    with pytest.raises(ValueError, match=r"labels must be .* of shape \(2, 2\)"):
        checks.check_labels("labels", [[0]], shape=(2, 2))


@pytest.mark.parametrize(
    ("values", "error", "match"),
    [
        ([[1]], TypeError, r"alpha must be a float array"),
        ([[1.5]], ValueError, r"alpha must lie in 0\.\.1; got values 1\.5\.\.1\.5"),
        ([[np.nan]], ValueError, r"alpha must lie in 0\.\.1; got values nan"),
        ([1.0], ValueError, r"alpha must be a float array of shape \(H, W\)"),
    ],
)
def test_unit_values_refused(values, error, match):
    with pytest.raises(error, match=match):
        checks.check_unit("alpha", values)


@pytest.mark.parametrize("empty", [[], np.zeros((0, 4)), ()])
def test_no_boxes_is_fine(empty):
    assert checks.check_boxes("boxes", empty).shape == (0, 4)


@pytest.mark.parametrize(
    ("boxes", "error", "match"),
    [
        ([1, 2, 3, 4], ValueError, r"boxes must be of shape \(N, 4\)"),
        ([[1, 2, 3]], ValueError, r"boxes must be of shape \(N, 4\)"),
        (
            [[3, 0, 1, 9]],
            ValueError,
            r"boxes must have x1 < x2.*3\.0, 0\.0, 1\.0, 9\.0",
        ),
        ([[1, 0, 1, 5]], ValueError, r"boxes must have x1 < x2 and y1 < y2"),
        ([[0, 0, 1, 0]], ValueError, r"boxes must have x1 < x2 and y1 < y2"),
        ([[0, 0, np.nan, 1]], ValueError, r"boxes must be finite.*row 0"),
        ([[0, 0, 1, 1], [0, 0, np.inf, 1]], ValueError, r"boxes must be finite.*row 1"),
        ([["a", "b", "c", "d"]], TypeError, r"boxes must be a float array"),
        (np.zeros((0, 3)), ValueError, r"boxes must be of shape \(N, 4\)"),
    ],
)
def test_boxes_refused(boxes, error, match):
    with pytest.raises(error, match=match):
        checks.check_boxes("boxes", boxes)


@pytest.mark.parametrize(
    ("value", "error", "match"),
    [
        (0, ValueError, "width must be an integer >= 1; got 0"),
        (-3, ValueError, "width must be an integer >= 1; got -3"),
        (1.5, TypeError, r"width must be an integer >= 1; got 1\.5"),
        (True, TypeError, "width must be an integer >= 1; got True"),
        ("4", TypeError, "width must be an integer >= 1; got '4'"),
    ],
)
def test_counts_refused(value, error, match):
    with pytest.raises(error, match=match):
        checks.check_count("width", value)


def test_counts_above_a_limit():
    with pytest.raises(ValueError, match="bins must be an integer >= 1 and <= 256"):
        checks.check_count("bins", 300, high=256)


@pytest.mark.parametrize("value", [np.nan, -0.1, 1.1, "x", None, np.inf])
def test_numbers_refused(value):
    with pytest.raises(ValueError, match="low must be a number >= 0 and <= 1; got"):
        checks.check_number("low", value, low=0, high=1)


def test_choices_are_listed():
    with pytest.raises(ValueError, match='form must be one of "a", "b"; got \'c\''):
        checks.check_choice("form", "c", ["a", "b"])


@pytest.mark.parametrize(
    ("shape", "error"),
    [((0, 3), ValueError), ((3,), TypeError), ((1.5, 2), TypeError), (3, TypeError)],
)
def test_shapes_refused(shape, error):
    with pytest.raises(error, match=r"shape must be \(height, width\)"):
        checks.check_shape("shape", shape)


@pytest.mark.parametrize(
    ("check", "name", "want"),
    [
        (checks.check_image, "image", r"uint8 RGB of shape \(H, W, 3\)"),
        (checks.check_mask, "mask", r"a bool mask of shape \(H, W\)"),
        (checks.check_labels, "labels", r"an integer array of shape \(H, W\)"),
        (checks.check_unit, "alpha", r"a float array of shape \(H, W\) in 0\.\.1"),
        (checks.check_boxes, "boxes", r"a float array of shape \(N, 4\)"),
    ],
)
def test_ragged_lists_are_named(check, name, want):
    ragged = rf"{name} must be {want}; got rows of different lengths"
    with pytest.raises(ValueError, match=ragged):
        check(name, [[0, 1], [1]])


def test_other_errors_of_an_array_speak_for_themselves():
    class Odd:
        def __array__(self, dtype=None, copy=None):
            msg = "closed file"
            raise ValueError(msg)

    with pytest.raises(ValueError, match="closed file"):
        checks.check_mask("mask", Odd())
