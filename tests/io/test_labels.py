"""Label images: read back what was written, in the palette everybody knows."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.palette import voc_colors
from oracles.pictures import deep_png, deep_tiff, encoded, png, raw_png, rgb, smooth
from PIL import Image
from strategies import label_images

from portraitkit.io import ImageError, encode_png, label_palette, read_labels


def test_palette_is_vocs():
    assert label_palette().tolist() == voc_colors()
    assert label_palette().dtype == np.uint8


@given(label_images(max_labels=256))
def test_round_trip_and_colors(labels):
    data = encode_png(labels, kind="labels")
    got = read_labels(data)
    np.testing.assert_array_equal(got, labels)
    assert got.dtype == np.int32
    with Image.open(BytesIO(data)) as image:
        assert image.mode == "P"
        np.testing.assert_array_equal(np.asarray(image), labels)
        shown = np.asarray(image.convert("RGB"))
    np.testing.assert_array_equal(shown, np.array(voc_colors())[labels])


@given(label_images(max_labels=65536), st.integers(256, 65535))
def test_many_labels_take_16_bits(labels, top):
    labels = labels.copy()
    labels[0, 0] = top
    data = encode_png(labels, kind="labels")
    np.testing.assert_array_equal(read_labels(data), labels)
    with Image.open(BytesIO(data)) as image:
        assert image.mode.startswith("I;16")


def test_other_peoples_files():
    labels = (rgb()[..., 0] % 9).astype(np.uint8)
    wide = labels.astype(np.uint16) * 300
    np.testing.assert_array_equal(read_labels(png(labels)), labels)
    np.testing.assert_array_equal(read_labels(deep_png(wide)), wide)
    np.testing.assert_array_equal(read_labels(deep_tiff(wide)), wide)
    whole = encoded(Image.fromarray(wide.astype(np.int32)), "TIFF")
    np.testing.assert_array_equal(read_labels(whole), wide)
    np.testing.assert_array_equal(read_labels(png(labels > 4)), labels > 4)


@pytest.mark.parametrize(
    ("depth", "row"), [(1, 0b01100000), (2, 0b00011011), (4, 0x1F)]
)
def test_narrow_grayscale_keeps_its_values(depth, row):
    data = raw_png(8 // depth, 1, depth=depth, color=0, rows=bytes([0, row]))
    want = {1: [0, 1, 1, 0, 0, 0, 0, 0], 2: [0, 1, 2, 3], 4: [1, 15]}[depth]
    assert read_labels(data).tolist() == [want]


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_narrow_indices_keep_their_values(depth):
    labels = np.array([[0, 1, 1, 0, 1]], np.uint8)
    image = Image.frombytes("P", (5, 1), labels.tobytes())
    image.putpalette([9, 9, 9, 7, 7, 7])
    assert read_labels(encoded(image, "PNG", bits=depth)).tolist() == labels.tolist()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (png(rgb()), "'<bytes>' must hold labels, .*got Pillow mode RGB"),
        (encoded(Image.new("F", (2, 2)), "TIFF"), "got Pillow mode F"),
        (encoded(Image.fromarray(smooth()[..., 0]), "JPEG"), "got JPEG"),
        (
            encoded(Image.fromarray(np.array([[-1, 0]], np.int32)), "TIFF"),
            r"'<bytes>' must lie in 0\.\.2\*\*31 - 1; got values -1",
        ),
    ],
)
def test_refusals(data, message):
    with pytest.raises(ImageError, match=message):
        read_labels(data)
