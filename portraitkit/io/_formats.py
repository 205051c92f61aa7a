"""Which decoder a file's first bytes ask for; its name is not looked at."""

from importlib import import_module
from typing import TYPE_CHECKING, cast

from .errors import ImageError

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

FORMATS = "JPEG, PNG, WebP, TIFF, BMP, AVIF or HEIC"
HEAD = 32
"""Bytes at the beginning of a file that tell its format."""

# Plug-in classes are named here, not found by Image.open: its registry holds dozens
# of formats (some start other programs), and it warns about sizes we judge ourselves.
_STARTS = {
    b"\xff\xd8\xff": "PIL.JpegImagePlugin:JpegImageFile",
    b"\x89PNG\r\n\x1a\n": "PIL.PngImagePlugin:PngImageFile",
    b"II*\0": "PIL.TiffImagePlugin:TiffImageFile",
    b"MM\0*": "PIL.TiffImagePlugin:TiffImageFile",
    b"II+\0": "PIL.TiffImagePlugin:TiffImageFile",
    b"MM\0+": "PIL.TiffImagePlugin:TiffImageFile",
    b"BM": "PIL.BmpImagePlugin:BmpImageFile",
}
_AVIF = {b"avif", b"avis"}
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def decoder_for(head: bytes, name: str) -> "type[ImageFile]":
    """Return the Pillow class that reads a file that begins with `head`."""
    if not head:
        msg = f"{name!r} is empty"
        raise ImageError(msg)
    for start, where in _STARTS.items():
        if head.startswith(start):
            return _load(where)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _load("PIL.WebPImagePlugin:WebPImageFile")
    if head[4:8] == b"ftyp" and head[8:12] in _AVIF | _HEIC:
        return _heif(head, name)
    msg = f"{name!r} is not a {FORMATS} picture; it begins with {head[:8]!r}"
    raise ImageError(msg)


def _heif(head: bytes, name: str) -> "type[ImageFile]":
    # "mif1" may hold either codec; the compatible brands that follow tell.
    brands = {head[i : i + 4] for i in (8, *range(16, len(head) - 3, 4))}
    if brands & _AVIF:
        return _load("PIL.AvifImagePlugin:AvifImageFile")
    try:
        return _load("pillow_heif:HeifImageFile")
    except ModuleNotFoundError as error:
        msg = (
            f"{name!r} is a HEIC picture, which needs pillow-heif: "
            'pip install "portraitkit[heif]"'
        )
        raise ImageError(msg) from error


def _load(where: str) -> "type[ImageFile]":
    module, kind = where.split(":")
    return cast("type[ImageFile]", getattr(import_module(module), kind))
