"""Every format and mode comes out as the RGB a viewer shows."""

import sys
import threading
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from oracles.pictures import deep_png, deep_tiff, encoded, png, raw_png, rgb, smooth
from PIL import Image, features

from portraitkit.io import read_image

LOSSLESS = [
    ("PNG", {}),
    ("BMP", {}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("TIFF", {"compression": "tiff_adobe_deflate"}),
    ("WEBP", {"lossless": True}),
]


@pytest.mark.parametrize(("kind", "options"), LOSSLESS)
@pytest.mark.parametrize("shape", [(9, 13), (1, 1), (1, 7), (7, 1)])
def test_lossless_formats_are_exact(kind, options, shape):
    image = rgb(*shape)
    got = read_image(encoded(Image.fromarray(image), kind, **options))
    np.testing.assert_array_equal(got, image)
    assert got.dtype == np.uint8
    assert got.flags.c_contiguous
    assert got.flags.writeable


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
def test_jpeg_is_decoded_as_pillow_does(options):
    data = encoded(Image.fromarray(smooth()), "JPEG", **options)
    with Image.open(BytesIO(data)) as image:
        np.testing.assert_array_equal(read_image(data), np.asarray(image))


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF", "TIFF"])
def test_lossy_formats_are_close(kind):
    if kind == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow reads no AVIF")
    options = {"compression": "jpeg"} if kind == "TIFF" else {}
    image = smooth()
    got = read_image(encoded(Image.fromarray(image), kind, quality=95, **options))
    assert got.shape == image.shape
    assert np.abs(got.astype(int) - image).mean() < 4


def test_heic():
    heif = pytest.importorskip("pillow_heif")
    image = smooth()
    file = BytesIO()
    heif.from_pillow(Image.fromarray(image)).save(file, quality=95)
    got = read_image(file.getvalue())
    assert np.abs(got.astype(int) - image).mean() < 4


def test_sources_agree(tmp_path):
    data = png(rgb())
    path = tmp_path / "ein Bild\nmit Zeilen ü.jpg"  # and the wrong ending
    path.write_bytes(data)
    with path.open("rb") as file:
        for source in (path, str(path), memoryview(data), BytesIO(data), file):
            np.testing.assert_array_equal(read_image(source), rgb())


@pytest.mark.skipif(sys.platform == "win32", reason="no FIFO")
def test_a_pipe_by_name(tmp_path):
    import os

    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_bytes(png(rgb())))
    writer.start()
    np.testing.assert_array_equal(read_image(path), rgb())
    writer.join()


def test_grayscale_and_bilevel():
    gray = rgb()[..., 0]
    want = np.repeat(gray[..., None], 3, axis=2)
    np.testing.assert_array_equal(read_image(png(gray)), want)
    bits = gray > 127
    got = read_image(png(bits))
    np.testing.assert_array_equal(got, np.repeat(bits[..., None] * 255, 3, axis=2))


def test_palette():
    indexed = Image.frombytes("P", (3, 1), bytes([0, 1, 2]))
    indexed.putpalette([10, 20, 30, 40, 50, 60, 70, 80, 90])
    want = [[[10, 20, 30], [40, 50, 60], [70, 80, 90]]]
    for kind in ("PNG", "BMP", "TIFF"):
        assert read_image(encoded(indexed, kind)).tolist() == want
    clear = encoded(indexed, "PNG", transparency=bytes([255, 0, 255]))
    assert read_image(clear).tolist() == [[want[0][0], [255] * 3, want[0][2]]]


def test_tall_pictures():
    image = rgb(300, 5)
    np.testing.assert_array_equal(read_image(png(image)), image)
    opacity = np.where(rgb(300, 5, seed=1)[..., :1] > 99, 255, 0).astype(np.uint8)
    got = read_image(png(np.dstack([image, opacity])))
    np.testing.assert_array_equal(got, np.where(opacity > 0, image, 255))


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_transparency_lies_over_white(kind):
    image, alpha = rgb(), rgb(seed=1)[..., 0]
    alpha[0], alpha[1] = 0, 255
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    data = encoded(Image.fromarray(np.dstack([image, alpha])), kind, **options)
    a = alpha[..., None] / 255
    want = np.rint(image * a + 255 * (1 - a))
    got = read_image(data)
    np.testing.assert_array_equal(got, want)
    assert (got[0] == 255).all()
    np.testing.assert_array_equal(got[1], image[1])


def test_gray_with_alpha_lies_over_white():
    data = encoded(Image.fromarray(np.array([[[9, 255], [9, 0]]], np.uint8)), "PNG")
    assert read_image(data).tolist() == [[[9, 9, 9], [255, 255, 255]]]


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_transparent_color_is_white(mode):
    color = 9 if mode == "L" else (9, 9, 9)
    data = encoded(Image.new(mode, (2, 1), color), "PNG", transparency=color)
    assert (read_image(data) == 255).all()


@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("channels", [1, 3])
def test_16_bits_are_scaled_not_clipped(kind, channels, byteorder):
    ramp = np.arange(0, 65536, 7, dtype=np.uint16)[: 96 * 96].reshape(96, 96)
    deep = ramp if channels == 1 else np.dstack([ramp, ramp[::-1], ramp.T])
    write = deep_png if kind == "PNG" else deep_tiff
    data = write(deep) if kind == "PNG" else write(deep, byteorder=byteorder)
    got = read_image(data).astype(float)
    want = deep / 257 if channels == 3 else np.repeat(deep[..., None] / 257, 3, axis=2)
    assert np.abs(got - want).max() <= (1 if channels == 3 else 0.5)


@pytest.mark.parametrize("write", [deep_png, deep_tiff])
@pytest.mark.parametrize("channels", [1, 3])
def test_8_bits_stored_as_16_are_exact(write, channels):
    image = rgb() if channels == 3 else rgb()[..., 0]
    got = read_image(write(image.astype(np.uint16) * 257))
    want = image if channels == 3 else np.repeat(image[..., None], 3, axis=2)
    np.testing.assert_array_equal(got, want)


def test_16_bit_tiff_that_counts_from_white():
    deep = np.array([[0, 65535, 257]], np.uint16)
    got = read_image(deep_tiff(deep, white_is_zero=True))
    assert got[..., 0].tolist() == [[255, 0, 254]]


def test_16_bit_alpha_lies_over_white():
    deep = np.array([[[257, 514, 771, 65535], [257, 514, 771, 0]]], np.uint16)
    assert read_image(deep_png(deep)).tolist() == [[[1, 2, 3], [255] * 3]]


def test_cmyk():
    white_red = Image.frombytes("CMYK", (2, 1), bytes([0, 0, 0, 0, 0, 255, 255, 0]))
    for kind in ("TIFF", "JPEG"):
        options = {"quality": 100} if kind == "JPEG" else {}
        got = read_image(encoded(white_red.resize((16, 16), 0), kind, **options))
        assert np.abs(got[8, 2].astype(int) - 255).max() < 8
        assert np.abs(got[8, 13].astype(int) - [255, 0, 0]).max() < 8


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP", "AVIF"])
def test_the_first_of_several_frames(kind):
    if kind == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow reads no AVIF")
    frames = [Image.new("RGB", (16, 16), color) for color in ("red", "blue")]
    options = {"save_all": True, "append_images": frames[1:]}
    got = read_image(encoded(frames[0], kind, **options))
    assert np.abs(got.astype(int) - [255, 0, 0]).max() < 8


def test_pillows_settings_and_filters_stay(tmp_path, recwarn):
    import warnings

    from PIL import ImageFile

    before = (
        Image.MAX_IMAGE_PIXELS,
        ImageFile.LOAD_TRUNCATED_IMAGES,
        list(warnings.filters),
    )
    path = tmp_path / "a.tif"
    path.write_bytes(deep_tiff(rgb()[..., 0]))
    read_image(path)
    after = (
        Image.MAX_IMAGE_PIXELS,
        ImageFile.LOAD_TRUNCATED_IMAGES,
        list(warnings.filters),
    )
    assert before == after
    assert not recwarn


def test_a_picture_above_pillows_warning_is_read_in_silence(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 20)
    for kind in ("PNG", "TIFF", "WEBP"):
        image = Image.new("RGB", (6, 5), "red")
        got = read_image(encoded(image, kind, lossless=True))
        assert got.shape == (5, 6, 3)


def test_odd_metadata_is_read_in_silence():
    exif = b"Exif\0\0II*\0\x08\0\0\0\x05\0" + b"\x12\x01\x03\0\xff\xff\0\0\xff\xff\0\0"
    image = rgb()
    for kind in ("PNG", "WEBP"):
        options = {"lossless": True} if kind == "WEBP" else {}
        data = encoded(Image.fromarray(image), kind, exif=exif, **options)
        np.testing.assert_array_equal(read_image(data), image)
    read_image(encoded(Image.fromarray(image), "JPEG", exif=exif))
    twice = [(b"acTL", bytes(8)), (b"acTL", bytes(8))]
    broken = raw_png(1, 1, rows=b"\0abc", extra=twice)
    assert read_image(broken).tolist() == [[list(b"abc")]]


def test_threads_agree():
    files = [png(rgb(seed=i)) for i in range(4)]
    files += [encoded(Image.fromarray(rgb(seed=i)), "TIFF") for i in range(4)]
    wrong = []

    def work():
        for i, data in enumerate(files * 5):
            if not np.array_equal(read_image(data), rgb(seed=i % 4)):
                wrong.append(i)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_real_photographs(data):
    for path in sorted((data / "portraits" / "eval" / "images").iterdir())[:5]:
        with Image.open(path) as image:
            want = np.asarray(image.convert("RGB"))
        np.testing.assert_array_equal(read_image(Path(path)), want)
