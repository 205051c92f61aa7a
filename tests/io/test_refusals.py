"""Files that are not usable pictures: one line each, with the file's name."""

import io
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.pictures import encoded, png, raw_png, rgb, smooth
from PIL import Image, features

from portraitkit.io import ImageError, read_image, read_labels, read_mask

READERS = [read_image, read_mask, read_labels]
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + bytes(200)
FLOAT = encoded(Image.fromarray(np.ones((2, 2), np.float32)), "TIFF")
WHOLE = encoded(Image.fromarray(np.ones((2, 2), np.int32)), "TIFF")
HUGE_BMP = (
    b"BM"
    + (1 << 20).to_bytes(4, "little")
    + bytes(4)
    + (54).to_bytes(4, "little")
    + (40).to_bytes(4, "little")
    + (30000).to_bytes(4, "little") * 2
    + (1).to_bytes(2, "little")
    + (24).to_bytes(2, "little")
    + bytes(24)
)

BAD = {
    "empty": (b"", "is empty"),
    "zeros": (bytes(100), "is not a JPEG, PNG"),
    "text": (b"hello, I am no picture", "begins with b'hello, I'"),
    "gif": (b"GIF89a" + bytes(50), "is not a JPEG, PNG"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n", "is not a JPEG, PNG"),
    "jpeg start only": (b"\xff\xd8\xff", "damaged, cut short"),
    "png start only": (b"\x89PNG\r\n\x1a\n", "damaged, cut short or not a picture"),
    "tiff start only": (b"II*\0", "damaged, cut short"),
    "webp start only": (b"RIFF\0\0\0\0WEBP", "damaged, cut short"),
    "bmp start only": (b"BM", "damaged, cut short"),
    "avif start only": (b"\0\0\0\x20ftypavif\0\0\0\0", "damaged, cut short"),
    "png bomb": (raw_png(30000, 30000), "30000 x 30000 pixels, more than max_pixels"),
    "bmp bomb": (HUGE_BMP, "30000 x 30000 pixels, more than max_pixels"),
    "no pixel": (raw_png(0, 5), "damaged, cut short"),
}


def one_line(error, name):
    text = str(error)
    assert "\n" not in text
    assert repr(name) in text
    return text


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("case", BAD)
def test_bad_content(case, read, tmp_path):
    content, message = BAD[case]
    path = tmp_path / "a ü\nb.jpg"
    path.write_bytes(content)
    for source, name in ((path, str(path)), (content, "<bytes>")):
        with pytest.raises(ImageError) as caught:
            read(source)
        assert message in one_line(caught.value, name)


@pytest.mark.parametrize("end", [8, 9, 10, 11, 12, 20, 30])
def test_errors_of_the_decoders_own_code_are_not_shown(end):
    with pytest.raises(ImageError, match="'<bytes>' is damaged, cut short") as caught:
        read_mask(png(rgb())[:end])
    assert "unpack" not in str(caught.value)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "BMP", "AVIF"])
def test_header_sizes_are_refused_before_decoding(kind, monkeypatch):
    if kind == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow reads no AVIF")
    data = encoded(Image.fromarray(smooth(20, 30)), kind)
    with monkeypatch.context() as patch:
        patch.setattr(Image.Image, "load", lambda _: pytest.fail("decoded"))
        with pytest.raises(
            ImageError, match="30 x 20 pixels, more than max_pixels=599"
        ):
            read_image(data, max_pixels=599)
    assert read_image(data, max_pixels=600).shape == (20, 30, 3)


@pytest.mark.parametrize("kind", ["TIFF", "WEBP"])
def test_pillows_own_limit(kind, monkeypatch):
    data = encoded(Image.fromarray(smooth()), kind)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    with pytest.raises(ImageError, match="'<bytes>' has too many pixels"):
        read_image(data)


def test_a_jpeg_header_of_30000_a_side():
    data = bytearray(encoded(Image.fromarray(smooth()), "JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = (30000).to_bytes(2, "big") * 2
    with pytest.raises(ImageError, match="30000 x 30000 pixels"):
        read_image(bytes(data))


@pytest.mark.parametrize(
    ("data", "kind"), [(FLOAT, "floating-point"), (WHOLE, "32-bit integer")]
)
def test_samples_without_a_white(data, kind):
    with pytest.raises(ImageError, match=f"'<bytes>' holds {kind} samples.*8 or 16"):
        read_image(data)


def test_heic_without_its_plug_in(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(ImageError, match=r"needs pillow-heif: pip install .*\[heif\]"):
        read_image(HEIC)


def test_damaged_heic():
    pytest.importorskip("pillow_heif")
    with pytest.raises(ImageError, match="damaged, cut short"):
        read_image(HEIC)


@pytest.mark.parametrize("read", READERS)
def test_the_file_system_speaks_for_itself(read, tmp_path):
    folder = tmp_path / "a.jpg"
    folder.mkdir()
    with pytest.raises(IsADirectoryError, match=r"a\.jpg"):
        read(folder)
    with pytest.raises(FileNotFoundError, match=r"none\.jpg"):
        read(tmp_path / "none.jpg")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_no_permission(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(png(rgb()))
    path.chmod(0)
    with pytest.raises(PermissionError, match=r"a\.png"):
        read_image(path)


@pytest.mark.parametrize("source", [3, None, io.StringIO("text"), rgb()])
def test_sources_of_no_kind(source):
    with pytest.raises(TypeError, match="source must be a path, bytes or a binary"):
        read_image(source)


@pytest.mark.parametrize("limit", [0, -1, 1.5, True])
def test_max_pixels(limit):
    with pytest.raises((ValueError, TypeError), match="max_pixels must be an integer"):
        read_image(png(rgb()), max_pixels=limit)


KINDS = {
    "PNG": {}, "JPEG": {}, "progressive": {"progressive": True}, "TIFF": {},
    "lzw": {"compression": "tiff_lzw"}, "WEBP": {}, "lossless": {"lossless": True},
    "BMP": {},
}  # fmt: skip
FORMAT = {"progressive": "JPEG", "lzw": "TIFF", "lossless": "WEBP"}


def sample(kind):
    return encoded(Image.fromarray(smooth()), FORMAT.get(kind, kind), **KINDS[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_cut_short_anywhere(kind):
    """Refused, or (where only a trailer is missing) read whole."""
    data = sample(kind)
    whole, refused = read_image(data), 0
    for end in np.linspace(0, len(data) - 1, 60).astype(int):
        try:
            got = read_image(data[:end])
        except ImageError:
            refused += 1
            continue
        np.testing.assert_array_equal(got, whole)
    assert refused > 30


@pytest.mark.parametrize("kind", KINDS)
@given(
    noise=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8)
)
@settings(max_examples=40)
def test_damage_is_refused_or_survived(kind, noise):
    """No other error, no warning, whatever bytes are hit."""
    data = bytearray(sample(kind))
    for place, value in noise:
        data[place % len(data)] = value
    try:
        assert read_image(bytes(data), max_pixels=10**6).shape[2] == 3
    except ImageError as error:
        one_line(error, "<bytes>")


def test_codecs_say_nothing_on_stderr():
    lzw = bytearray(sample("lzw"))
    lzw[len(lzw) // 2 :] = bytes(len(lzw) - len(lzw) // 2)
    jpeg = bytearray(sample("JPEG"))
    jpeg[-200:-100] = bytes(100)
    code = (
        "import sys\n"
        "from portraitkit.io import read_image\n"
        f"for data in ({bytes(lzw)!r}, {bytes(jpeg)!r}):\n"
        "    try: read_image(data)\n"
        "    except ValueError: pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stderr == done.stdout == ""
