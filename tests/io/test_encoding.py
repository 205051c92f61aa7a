"""Arrays to PNG and JPEG: exact, always the same bytes, strict about input."""

from io import BytesIO

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.pictures import rgb, smooth
from PIL import Image
from strategies import rgb_images, sides

from portraitkit.io import (
    cutout,
    encode_jpeg,
    encode_png,
    read_image,
    read_labels,
    read_mask,
    write_alpha,
    write_cutout,
    write_image,
    write_labels,
    write_mask,
    write_trimap,
)


def stored(data):
    with Image.open(BytesIO(data)) as image:
        return np.asarray(image)


@st.composite
def trimaps(draw):
    shape = draw(sides()), draw(sides())
    values = st.sampled_from([0, 128, 255])
    return draw(hnp.arrays(np.uint8, shape, elements=values))


@given(trimaps())
def test_trimaps(trimap):
    got = stored(encode_png(trimap, kind="trimap"))
    np.testing.assert_array_equal(got, trimap)
    assert got.dtype == np.uint8


@given(rgb_images())
def test_images(image):
    np.testing.assert_array_equal(read_image(encode_png(image, kind="image")), image)


@given(
    hnp.arrays(
        np.float32, (3, 4), elements=st.floats(0, 1, width=32, allow_subnormal=False)
    )
)
def test_alpha_is_rounded(alpha):
    got = stored(encode_png(alpha, kind="alpha"))
    assert np.abs(got - alpha.astype(float) * 255).max() <= 0.5 + 1e-4


def test_every_8_bit_alpha_comes_back():
    alpha = (np.arange(256, dtype=np.float32) / 255)[None]
    assert stored(encode_png(alpha, kind="alpha")).tolist() == [list(range(256))]


def test_jpeg_is_close_and_its_quality_counts():
    image = smooth()
    small, large = encode_jpeg(image, quality=30), encode_jpeg(image)
    assert len(small) < len(large)
    assert np.abs(read_image(large).astype(int) - image).mean() < 1


@pytest.mark.parametrize("opacity", [0, 0.5, 1])
def test_cutouts_hide_what_is_behind(opacity):
    image = rgb()
    alpha = np.zeros(image.shape[:2], np.float32)
    alpha[2:5] = opacity
    got = cutout(image, alpha)
    np.testing.assert_array_equal(got[..., 3], np.rint(alpha * 255))
    np.testing.assert_array_equal(got[..., :3], image * (alpha > 0)[..., None])
    np.testing.assert_array_equal(stored(encode_png(got, kind="cutout")), got)


def test_cutouts_of_masks():
    image, mask = rgb(), rgb()[..., 1] > 127
    want = cutout(image, mask.astype(np.float32))
    for same in (mask, mask.astype(np.uint8), mask * 255):
        np.testing.assert_array_equal(cutout(image, same), want)


ARRAYS = {
    "mask": rgb()[..., 0] > 99,
    "labels": (rgb()[..., 0] % 9).astype(np.int32),
    "trimap": np.choose(rgb()[..., 0] % 3, [0, 128, 255]).astype(np.uint8),
    "alpha": (rgb()[..., 0] / 255).astype(np.float32),
    "image": rgb(),
    "cutout": np.dstack([rgb(), rgb()[..., 0]]),
}


@pytest.mark.parametrize("kind", ARRAYS)
def test_layout_does_not_matter_and_input_stays(kind):
    array = ARRAYS[kind].copy()
    array.flags.writeable = False
    want = encode_png(array, kind=kind)
    wide = np.zeros((array.shape[0] * 2, *array.shape[1:]), array.dtype)
    wide[::2] = array
    for same in (np.asfortranarray(array), wide[::2], array.copy()):
        assert encode_png(same, kind=kind) == want


@pytest.mark.parametrize("kind", ARRAYS)
def test_no_pixel(kind):
    for shape in ((0, 3), (3, 0)):
        empty = np.zeros((*shape, *ARRAYS[kind].shape[2:]), ARRAYS[kind].dtype)
        with pytest.raises(ValueError, match=f"{kind} must have at least one pixel"):
            encode_png(empty, kind=kind)


@pytest.mark.parametrize(
    ("array", "kind", "message"),
    [
        (np.zeros((2, 2)), "mask", "mask must be a bool mask"),
        (np.full((2, 2), 7), "mask", "mask must hold only 0 and 1"),
        (np.zeros((2, 2, 3), bool), "mask", "mask must be a bool mask"),
        (np.zeros((2, 2)), "labels", "labels must be an integer array"),
        (np.array([[-1, 0]]), "labels", "labels must lie in 0"),
        (np.array([[65536, 0]]), "labels", "labels must be <= 65535"),
        (
            np.array([[0, 127]]),
            "trimap",
            "hold only 0, 128 and 255; got values .0, 127",
        ),
        (np.array([[np.nan]]), "trimap", "hold only 0, 128 and 255; got values .nan"),
        (np.zeros(3), "trimap", r"trimap must be \(H, W\) .* got float64 of shape"),
        (np.array([[np.nan]]), "alpha", "alpha must lie in 0..1"),
        (np.array([[1.1]]), "alpha", "alpha must lie in 0..1"),
        (np.array([[1]]), "alpha", "alpha must be a float array"),
        (np.zeros((2, 2, 4), np.uint8), "image", "image must be uint8 RGB"),
        (np.zeros((2, 2, 3)), "image", "image must be uint8 RGB"),
        (np.zeros((2, 2, 3), np.uint8), "cutout", "cutout must be uint8 RGBA"),
        (np.zeros((2, 2)), "matte", 'kind must be one of "mask", "labels"'),
    ],
)
def test_refusals(array, kind, message):
    with pytest.raises((ValueError, TypeError), match=message):
        encode_png(array, kind=kind)


@pytest.mark.parametrize("quality", [0, 101, 2.5])
def test_quality(quality):
    with pytest.raises((ValueError, TypeError), match="quality must be an integer"):
        encode_jpeg(rgb(), quality=quality)


def test_jpegs_largest_side():
    with pytest.raises(ValueError, match="at most 65535 pixels a side"):
        encode_jpeg(np.zeros((1, 65536, 3), np.uint8))


def test_cutout_shapes():
    with pytest.raises(ValueError, match="alpha must have the shape of image"):
        cutout(rgb(), np.zeros((2, 2), bool))


def test_writers(tmp_path):
    image, mask = ARRAYS["image"], ARRAYS["mask"]
    write_mask(tmp_path / "m.png", mask)
    write_labels(tmp_path / "l.png", ARRAYS["labels"])
    write_trimap(tmp_path / "t.png", ARRAYS["trimap"])
    write_alpha(tmp_path / "a.png", ARRAYS["alpha"])
    write_cutout(tmp_path / "c.png", image, mask)
    np.testing.assert_array_equal(read_mask(tmp_path / "m.png"), mask)
    np.testing.assert_array_equal(read_labels(tmp_path / "l.png"), ARRAYS["labels"])
    for name, kind in (("t", "trimap"), ("a", "alpha")):
        data = (tmp_path / f"{name}.png").read_bytes()
        assert data == encode_png(ARRAYS[kind], kind=kind)
    np.testing.assert_array_equal(
        read_image(tmp_path / "c.png"), np.where(mask[..., None], image, 255)
    )


def test_write_image_goes_by_the_name(tmp_path):
    image = smooth()
    write_image(tmp_path / "a.PNG", image)
    write_image(str(tmp_path / "b.jpg"), image, quality=80)
    np.testing.assert_array_equal(read_image(tmp_path / "a.PNG"), image)
    assert (tmp_path / "b.jpg").read_bytes() == encode_jpeg(image, quality=80)
    with pytest.raises(ValueError, match=r"path must end in \.png, \.jpg or \.jpeg"):
        write_image(tmp_path / "c.gif", image)
    assert len(list(tmp_path.iterdir())) == 2
