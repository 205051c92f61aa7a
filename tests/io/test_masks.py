"""Masks: read back what was written, refuse what is no mask."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from oracles.pictures import deep_png, encoded, png, rgb
from PIL import Image
from strategies import masks

from portraitkit.io import ImageError, encode_png, read_mask

MASK = np.array([[True, False, True], [False, False, True]])


@given(masks())
def test_round_trip(mask):
    got = read_mask(encode_png(mask, kind="mask"))
    np.testing.assert_array_equal(got, mask)
    assert got.dtype == np.bool_


@given(masks())
def test_file_is_8_bit_black_and_white(mask):
    with Image.open(BytesIO(encode_png(mask, kind="mask"))) as image:
        assert image.mode == "L"
        np.testing.assert_array_equal(np.asarray(image), mask * 255)


def indexed(colors, mask=MASK):
    image = Image.frombytes("P", mask.shape[::-1], mask.astype(np.uint8).tobytes())
    image.putpalette(colors)
    return image


@pytest.mark.parametrize("top", [1, 255])
@pytest.mark.parametrize("mask", [MASK, MASK & False, MASK | True])
def test_every_way_to_store_a_mask(mask, top):
    gray = mask.astype(np.uint8) * np.uint8(top)
    color = np.repeat(gray[..., None], 3, axis=2)
    opaque = np.dstack([color, np.full(mask.shape, 255, np.uint8)])
    for data in (
        png(gray),
        png(color),
        png(opaque),
        png(opaque[..., 2:]),
        png(mask),
        png(mask, bits=1),
        deep_png(gray.astype(np.uint16)),
        deep_png(mask.astype(np.uint16) * 65535),
        encoded(Image.fromarray(gray), "TIFF"),
        encoded(Image.fromarray(gray), "BMP"),
        encoded(Image.fromarray(gray), "WEBP", lossless=True),
    ):
        np.testing.assert_array_equal(read_mask(data), mask)


def test_palettes():
    by_index = encoded(indexed([0, 0, 0, 128, 0, 0]), "PNG")
    by_color = encoded(indexed([255, 255, 255, 0, 0, 0]), "PNG")
    np.testing.assert_array_equal(read_mask(by_index), MASK)
    np.testing.assert_array_equal(read_mask(by_color), ~MASK)


def test_soft_masks_need_a_threshold():
    soft = np.array([[0, 100, 127, 128, 200, 255, 3]], np.uint8)
    with pytest.raises(
        ImageError, match=r"'<bytes>' must hold only 0 and 255.*3, 100.*threshold=128"
    ):
        read_mask(png(soft))
    np.testing.assert_array_equal(read_mask(png(soft), threshold=128), soft >= 128)
    deep = deep_png(soft.astype(np.uint16) * 257)
    np.testing.assert_array_equal(read_mask(deep, threshold=128), soft >= 128)


def test_jpeg_noise_is_named():
    mask = np.zeros((40, 40), np.uint8)
    mask[7:31, 5:22] = 255
    data = encoded(Image.fromarray(mask), "JPEG", quality=80)
    with pytest.raises(ImageError, match=r"got values 0, 1, 2.*Save the mask as PNG"):
        read_mask(data)
    np.testing.assert_array_equal(read_mask(data, threshold=128), mask > 0)


CUTOUT = np.dstack([rgb(), np.where(rgb()[..., 0] > 99, 255, 0).astype(np.uint8)])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (png(rgb()), "must be a black-and-white mask; got a picture in colors"),
        (png(CUTOUT), "got a picture with transparent pixels"),
        (encoded(Image.new("CMYK", (2, 2)), "TIFF"), "got Pillow mode CMYK"),
        (encoded(Image.new("F", (2, 2)), "TIFF"), "got Pillow mode F"),
        (png(np.array([[0, 2]], np.uint8)), "got values 0, 2. Save"),
        (png(np.array([[0, 1, 255]], np.uint8)), "got values 0, 1, 255. Save"),
        (png(np.array([[255, 254]], np.uint8)), "got values 254, 255. Save"),
        (png(np.arange(9, dtype=np.uint8)[None]), "0, 1, 2, 3, 4, 5 and 3 more. Save"),
        (png(np.array([[7]], np.uint8)), "got values 7. Save"),
    ],
)
def test_refusals(data, message):
    with pytest.raises(ImageError) as caught:
        read_mask(data)
    assert message in str(caught.value)


@pytest.mark.parametrize("threshold", [-1, 256, float("nan"), "x"])
def test_threshold(threshold):
    with pytest.raises(ValueError, match="threshold must be a number >= 0 and <= 255"):
        read_mask(png(MASK), threshold=threshold)


def test_real_masks(data):
    for path in sorted((data / "portraits" / "eval" / "masks").iterdir())[:10]:
        with Image.open(path) as image:
            np.testing.assert_array_equal(read_mask(path), np.asarray(image) > 0)
