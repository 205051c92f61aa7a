"""Where an image lies in a network's input: exact there and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from oracles import networks as oracle
from strategies import rgb_images

from portraitkit.models import ImageInput
from portraitkit.models.placement import place, prepare

SHAPES = st.tuples(st.integers(1, 70), st.integers(1, 70))


@st.composite
def inputs(draw):
    fields = {
        "resize": draw(st.sampled_from(["stretch", "letterbox", "pad"])),
        "anchor": draw(st.sampled_from(["center", "top-left"])),
        "pad_value": draw(st.sampled_from([0, 114, 255])),
    }
    if draw(st.booleans()):
        return {**fields, "size": draw(st.tuples(*[st.integers(1, 40)] * 2))}
    k = draw(st.sampled_from([1, 4, 8]))
    longest = draw(st.integers(k, 40))
    if draw(st.booleans()):
        fields["shortest"] = draw(st.integers(1, longest))
    return {**fields, "multiple": k, "longest": longest}


def test_the_shorter_side_counts_as_far_as_the_longer_permits():
    spec = ImageInput(shortest=32, longest=64)
    assert place((100, 150), spec).canvas == (32, 48)
    assert place((150, 100), spec).canvas == (48, 32)
    assert place((100, 400), spec).canvas == (16, 64)


@given(SHAPES, inputs())
def test_equals_slow_definition(shape, fields):
    got = place(shape, ImageInput(**fields))
    expected = oracle.placement(shape, fields)
    assert [list(got.content), list(got.canvas), list(got.offset)] == list(expected)


@given(SHAPES, inputs())
def test_the_image_lies_inside(shape, fields):
    got = place(shape, ImageInput(**fields))
    for part, whole, start in zip(got.content, got.canvas, got.offset, strict=True):
        assert part >= 1
        assert start >= 0
        assert start + part <= whole
        assert whole % fields.get("multiple", 1) == 0


@given(SHAPES, inputs())
def test_the_whole_image_comes_back_as_a_box(shape, fields):
    where = place(shape, ImageInput(**fields))
    (top, left), (height, width) = where.offset, where.content
    whole = np.array([[left, top, left + width, top + height]], float)
    assert_allclose(where.boxes_back(whole), [[0, 0, shape[1], shape[0]]], atol=1e-9)


@given(SHAPES, inputs())
def test_boxes_are_clipped(shape, fields):
    where = place(shape, ImageInput(**fields))
    got = where.boxes_back(np.array([[-1e6, -1e6, 1e6, 1e6]]))
    assert_array_equal(got, [[0, 0, shape[1], shape[0]]])


@given(SHAPES, inputs())
def test_a_flat_map_comes_back_flat(shape, fields):
    """Padding never leaks into the picture."""
    where = place(shape, ImageInput(**fields))
    canvas = np.zeros(where.canvas, np.float32)
    (top, left), (height, width) = where.offset, where.content
    canvas[top : top + height, left : left + width] = 0.75
    got = where.map_back(canvas)
    assert got.shape == shape
    assert_allclose(got, 0.75, atol=1e-6)


@given(st.integers(2, 9), st.integers(2, 9), st.sampled_from(["stretch", "letterbox"]))
def test_a_ramp_comes_back_where_it_was(half_h, half_w, how):
    """Pixel centres map to pixel centres: a shift of half a pixel would show."""
    h, w = 2 * half_h, 2 * half_w
    where = place((h, w), ImageInput(size=(6 * h, 6 * w), resize=how))
    (top, left), (height, width) = where.offset, where.content
    rows = (np.arange(height) + 0.5) * h / height - 0.5
    canvas = np.zeros(where.canvas, np.float32)
    canvas[top : top + height, left : left + width] = rows[:, None]
    expected = np.broadcast_to(np.arange(h)[:, None], (h, w))
    assert_allclose(where.map_back(canvas), expected, atol=1e-3)


@given(rgb_images(), st.sampled_from(["stretch", "letterbox", "pad"]))
def test_mirroring_commutes(image, how):
    """For a centred picture with an even number of spare pixels."""
    height, width = image.shape[:2]
    size = (height * 2, width * 2) if how != "pad" else (height + 4, width + 2)
    spec = ImageInput(size=size, resize=how, pad_value=9)
    there, where = prepare(image, spec)
    mirrored, _ = prepare(image[::-1, ::-1], spec)
    assert_allclose(mirrored[..., ::-1, ::-1], there, atol=1.01)
    probability = there[0, 0].astype(np.float32)
    back = where.map_back(np.ascontiguousarray(probability[::-1, ::-1]))
    assert_allclose(back[::-1, ::-1], where.map_back(probability), atol=1e-3)


@given(rgb_images(max_side=20), inputs())
def test_tensor_equals_slow_definition(image, fields):
    got, where = prepare(image, ImageInput(**fields, channels="BGR"))
    assert got.shape == (1, 3, *where.canvas)
    assert_allclose(
        got[0], oracle.tensor(image, {**fields, "channels": "BGR"}), atol=1.6
    )


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (3000, 2)])
@pytest.mark.parametrize("how", ["stretch", "letterbox", "pad"])
def test_thin_images(shape, how):
    image = np.full((*shape, 3), 7, np.uint8)
    tensor, where = prepare(image, ImageInput(size=(32, 48), resize=how))
    assert tensor.shape == (1, 3, 32, 48)
    assert where.map_back(np.ones((32, 48), np.float32)).shape == shape


@pytest.mark.parametrize("view", [np.asfortranarray, lambda a: a[::2, ::-1]])
def test_any_memory_layout_and_nothing_is_modified(view):
    image = view(np.random.default_rng(0).integers(0, 256, (20, 12, 3), np.uint8))
    kept = image.copy()
    image.flags.writeable = False
    spec = ImageInput(size=(8, 8), resize="letterbox")
    got, _ = prepare(image, spec)
    expected, _ = prepare(np.ascontiguousarray(image), spec)
    assert_array_equal(got, expected)
    assert_array_equal(image, kept)
