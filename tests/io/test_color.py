"""Color profiles: sRGB out, whatever came in."""

import logging
import struct
from io import BytesIO

import numpy as np
import pytest
from oracles.pictures import deep_png, encoded, png, rgb, smooth
from PIL import Image, ImageCms

from portraitkit.io import read_image

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def tag_at(profile, name):
    """Offset and size of a tag's data in an ICC profile."""
    for i in range(struct.unpack(">I", profile[128:132])[0]):
        tag, offset, size = struct.unpack_from(">4sII", profile, 132 + 12 * i)
        if tag == name:
            return offset, size
    raise KeyError(name)


def swapped():
    """SRGB with red and blue changed places: a profile nobody can mistake."""
    profile = bytearray(SRGB)
    (red, size), (blue, _) = tag_at(SRGB, b"rXYZ"), tag_at(SRGB, b"bXYZ")
    profile[red : red + size] = SRGB[blue : blue + size]
    profile[blue : blue + size] = SRGB[red : red + size]
    return bytes(profile)


def gray_profile(gamma=1.0):
    """A minimal grayscale profile by the book."""
    curve = struct.pack(">4sIIH", b"curv", 0, 1, int(gamma * 256)) + b"\0\0"
    white = struct.pack(">4sIiii", b"XYZ ", 0, 63190, 65536, 54061)
    tags = [(b"wtpt", white), (b"kTRC", curve)]
    offset, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, data in tags:
        table += struct.pack(">4sII", name, offset + len(body), len(data))
        body += data
    size = offset + len(body)
    head = struct.pack(
        ">I4sI4s4s4s", size, b"\0" * 4, 0x02400000, b"mntr", b"GRAY", b"XYZ "
    )
    head = head.ljust(36, b"\0") + b"acsp"
    head = head.ljust(68, b"\0") + struct.pack(">iii", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def by_lcms(image, profile):
    return np.asarray(
        ImageCms.profileToProfile(
            image, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    )


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_srgb_changes_nothing(kind):
    options = {"lossless": True} if kind == "WEBP" else {}
    data = encoded(Image.fromarray(rgb()), kind, icc_profile=SRGB, **options)
    np.testing.assert_array_equal(read_image(data), rgb())


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_other_profiles_are_converted(kind):
    options = {"lossless": True} if kind == "WEBP" else {}
    data = encoded(Image.fromarray(rgb()), kind, icc_profile=swapped(), **options)
    got = read_image(data)
    np.testing.assert_array_equal(got, by_lcms(Image.fromarray(rgb()), swapped()))
    assert np.abs(got[..., ::-1].astype(int) - rgb()).mean() < 2


def test_almost_srgb_changes_nothing():
    """As the many profiles called sRGB, which round their tables differently."""
    red, _ = tag_at(SRGB, b"rXYZ")
    (x,) = struct.unpack_from(">i", SRGB, red + 8)
    profile = bytearray(SRGB)
    struct.pack_into(">i", profile, red + 8, x + 30)
    image = rgb(60, 60)
    moved = by_lcms(Image.fromarray(image), bytes(profile)).astype(int)
    assert np.abs(moved - image).max() == 1
    got = read_image(png(image, icc_profile=bytes(profile)))
    np.testing.assert_array_equal(got, image)


def test_jpeg_with_a_profile():
    data = encoded(Image.fromarray(smooth()), "JPEG", icc_profile=swapped(), quality=95)
    with Image.open(BytesIO(data)) as image:
        np.testing.assert_array_equal(read_image(data), by_lcms(image, swapped()))


def test_a_profile_and_transparency_and_orientation_together():
    image = np.dstack([rgb(), np.full(rgb().shape[:2], 255, np.uint8)])
    image[0, 0, 3] = 0
    exif = Image.Exif()
    exif[0x0112] = 3
    data = png(image, icc_profile=swapped(), exif=exif.tobytes())
    want = by_lcms(Image.fromarray(rgb()), swapped())[::-1, ::-1].copy()
    want[-1, -1] = 255
    np.testing.assert_array_equal(read_image(data), want)


def test_palette_with_a_profile():
    indexed = Image.frombytes("P", (2, 1), bytes([0, 1]))
    indexed.putpalette([200, 30, 10, 10, 30, 200])
    got = read_image(encoded(indexed, "PNG", icc_profile=swapped()))
    np.testing.assert_array_equal(got, by_lcms(indexed.convert("RGB"), swapped()))


@pytest.mark.parametrize("gamma", [1.8, 2.2])
def test_gray_profile(gamma):
    ramp = np.arange(256, dtype=np.uint8)[None]
    light = (ramp / 255) ** gamma
    root = 1.055 * light ** (1 / 2.4) - 0.055
    want = 255 * np.where(light <= 0.0031308, 12.92 * light, root)
    profile = gray_profile(gamma)
    got = read_image(png(ramp, icc_profile=profile))
    assert np.abs(got - want[..., None]).max() <= 1
    np.testing.assert_array_equal(
        got[0, ::-1], read_image(png(ramp[:, ::-1], icc_profile=profile))[0]
    )


def test_lab_tiff():
    lab = ImageCms.profileToProfile(
        Image.fromarray(smooth()),
        ImageCms.createProfile("sRGB"),
        ImageCms.createProfile("LAB"),
        outputMode="LAB",
    )
    got = read_image(encoded(lab, "TIFF"))
    assert np.abs(got.astype(int) - smooth()).mean() < 3


@pytest.mark.parametrize(
    "broken",
    [b"no profile", SRGB[:200], SRGB[:40] + b"\0" * 400, gray_profile()],
    ids=["junk", "cut", "zeros", "gray profile on color"],
)
def test_unusable_profiles_are_ignored_with_a_record(broken, caplog):
    data = encoded(Image.fromarray(rgb()), "TIFF", icc_profile=broken)
    with caplog.at_level(logging.INFO, "portraitkit"):
        np.testing.assert_array_equal(read_image(data), rgb())
    assert "color profile is unusable" in caplog.text


def test_color_profile_on_grayscale_is_ignored():
    gray = rgb()[..., 0]
    want = np.repeat(gray[..., None], 3, axis=2)
    np.testing.assert_array_equal(read_image(png(gray, icc_profile=SRGB)), want)
    assert read_image(deep_png(gray.astype(np.uint16) * 257)).tolist() == want.tolist()
