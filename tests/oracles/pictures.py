"""Small pictures, encoded by Pillow's own writers or by hand."""

import struct
import zlib
from io import BytesIO

import numpy as np
from PIL import Image


def rgb(height=9, width=13, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def smooth(height=64, width=48):
    """A picture that survives lossy compression."""
    y, x = np.mgrid[:height, :width]
    return np.stack([4 * x, 3 * y, 255 - 2 * y - x], axis=-1).astype(np.uint8)


def encoded(image, kind, **options):
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png(array, **options):
    return encoded(Image.fromarray(array), "PNG", **options)


def raw_png(width, height, *, depth=8, color=2, rows=b"", extra=()):
    """A PNG by the book, for headers and depths Pillow does not write."""
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    chunks = [(b"IHDR", header), *extra, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data))
        + name
        + data
        + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def deep_png(array):
    """A PNG of 16 bits a sample, (H, W), (H, W, 3) or (H, W, 4)."""
    height, width = array.shape[:2]
    channels = array.shape[2] if array.ndim == 3 else 1
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in array)
    color = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    return raw_png(width, height, depth=16, color=color, rows=rows)


def deep_tiff(array, *, byteorder="<", bits=16, white_is_zero=False):
    """An uncompressed TIFF of unsigned samples wider than 8 bits."""
    height, width = array.shape[:2]
    channels = array.shape[2] if array.ndim == 3 else 1
    data = array.astype(f"{byteorder}u2").tobytes()
    photometric = 2 if channels == 3 else int(not white_is_zero)
    entries = [
        (256, 4, width),
        (257, 4, height),
        (258, 3, bits),
        (259, 3, 1),
        (262, 3, photometric),
        (273, 4, 8),
        (277, 3, channels),
        (278, 4, height),
        (279, 4, len(data)),
    ]
    order = b"II" if byteorder == "<" else b"MM"
    out = order + struct.pack(f"{byteorder}HI", 42, 8 + len(data)) + data
    out += struct.pack(f"{byteorder}H", len(entries))
    for tag, kind, value in entries:
        small = struct.pack(f"{byteorder}HH", value, 0) if kind == 3 else None
        out += struct.pack(f"{byteorder}HHI", tag, kind, 1)
        out += small or struct.pack(f"{byteorder}I", value)
    return out + struct.pack(f"{byteorder}I", 0)
