"""Pictures come upright, whatever way the camera was held."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.orientation import UPRIGHT
from oracles.pictures import encoded, rgb, smooth
from PIL import Image, features

from portraitkit.io import read_image, read_labels, read_mask

EXACT = {"PNG": {}, "TIFF": {}, "WEBP": {"lossless": True}}


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags.tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", [*EXACT, "TIFF lzw"])
def test_lossless(kind, orientation):
    options = {"compression": "tiff_lzw"} if " " in kind else EXACT[kind]
    image = Image.fromarray(rgb())
    data = encoded(image, kind.split()[0], exif=exif(orientation), **options)
    np.testing.assert_array_equal(read_image(data), UPRIGHT[orientation](rgb()))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "AVIF"])
def test_lossy(kind, orientation):
    if kind == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow reads no AVIF")
    image = smooth()
    data = encoded(Image.fromarray(image), kind, exif=exif(orientation), quality=95)
    want = UPRIGHT[orientation](image).astype(int)
    got = read_image(data)
    assert got.shape == want.shape
    assert np.abs(got - want).mean() < 4


@pytest.mark.parametrize("orientation", [3, 6])
def test_heic(orientation):
    heif = pytest.importorskip("pillow_heif")
    from io import BytesIO

    file, image = BytesIO(), smooth()
    heif.from_pillow(Image.fromarray(image)).save(
        file, quality=95, exif=exif(orientation)
    )
    want = UPRIGHT[orientation](image).astype(int)
    assert np.abs(read_image(file.getvalue()) - want).mean() < 4


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_unknown_orientations_turn_nothing(orientation):
    data = encoded(Image.fromarray(rgb()), "PNG", exif=exif(orientation))
    np.testing.assert_array_equal(read_image(data), rgb())


@given(junk=st.binary(max_size=40))
def test_damaged_metadata_turns_nothing_and_is_silent(junk):
    image = np.zeros((2, 3, 3), np.uint8)
    data = encoded(Image.fromarray(image), "PNG", exif=b"Exif\0\0" + junk)
    assert read_image(data).size == image.size


@pytest.mark.parametrize("orientation", [3, 6])
def test_masks_and_labels_turn_with_their_photographs(orientation):
    labels = rgb()[..., 0]
    data = encoded(Image.fromarray(labels), "PNG", exif=exif(orientation))
    np.testing.assert_array_equal(read_labels(data), UPRIGHT[orientation](labels))
    mask = labels > 127
    data = encoded(Image.fromarray(mask), "PNG", exif=exif(orientation))
    np.testing.assert_array_equal(read_mask(data), UPRIGHT[orientation](mask))
