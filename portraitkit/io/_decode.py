"""Decode one file to an upright Pillow image, or say why it cannot be."""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from PIL import Image
from PIL.ImageFile import ImageFile

from .._core.checks import check_count
from ._formats import HEAD, decoder_for
from ._source import Source, opened
from .errors import ImageError

MAX_PIXELS = 178_956_970
"""Where Pillow itself stops reading: twice its ``MAX_IMAGE_PIXELS``."""

_ORIENTATION = 0x0112
_BITS, _PHOTOMETRIC, _WHITE_IS_ZERO = 258, 262, 0
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_quiet = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A decoded, upright image and what its header said.

    Attributes
    ----------
    name : str
        For error messages.
    image : PIL.Image.Image
        Loaded, first frame, turned upright, in the file's own mode.
    format : str
        Pillow's name of the file format.
    rawmode : str
        How samples lie in the file, e.g. "L;4".
    bits : int
        Bits of a grayscale sample of more than 8.
    white_is_zero : bool
        Whether such a sample counts from white.
    """

    name: str
    image: Image.Image
    format: str
    rawmode: str
    bits: int
    white_is_zero: bool


def decode(source: Source, *, max_pixels: int = MAX_PIXELS) -> Picture:
    """Decode the first frame of `source` and turn it upright."""
    limit = check_count("max_pixels", max_pixels)
    with opened(source) as (file, name), _refusing(name):
        kind = decoder_for(file.read(HEAD), name)
        image = _open(kind, file)
        if image.width * image.height > limit:
            msg = (
                f"{name!r} is {image.width} x {image.height} pixels, more than "
                f"max_pixels={limit}; scale it down first"
            )
            raise ImageError(msg)
        rawmode, tags = _rawmode(image), dict(getattr(image, "tag_v2", {}))
        _load(image)
        return Picture(
            name=name,
            image=_upright(image),
            format=image.format or "",
            rawmode=rawmode,
            bits=int(tags.get(_BITS, (16,))[0]),
            white_is_zero=tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO,
        )


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    """Turn whatever a decoder raises on a bad file into one `ImageError`."""
    try:
        yield
    except (ImageError, MemoryError):
        raise
    except Image.DecompressionBombError as error:  # WebP and TIFF, by Pillow's limit
        msg = f"{name!r} has too many pixels: {error}"
        raise ImageError(msg) from error
    except Exception as error:  # decoders raise every kind, and change which
        msg = f"{name!r} is damaged, cut short or {_reason(error)}"
        raise ImageError(msg) from error


def _reason(error: Exception) -> str:
    """Quote what a decoder said of the file, not where its own code broke down."""
    said = isinstance(error, OSError | SyntaxError | ValueError)
    passed_on = any(isinstance(part, Exception) for part in error.args)
    text = " ".join(str(error).split())
    return f"of a kind not read: {text}" if said and not passed_on else "not a picture"


@contextmanager
def _silence() -> Iterator[None]:
    """Keep Pillow's remarks about odd metadata from the user.

    Warning filters belong to the process, so only one thread at a time may swap them.
    """
    with _quiet, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.|pillow_heif")
        yield


def _open(kind: type[ImageFile], file: IO[bytes]) -> ImageFile:
    file.seek(0)
    with _silence():
        return kind(file)


def _load(image: ImageFile) -> None:
    if image.format != "TIFF":
        image.load()
        return
    with _silence():  # only this decoder reads metadata while it decodes
        image.load()


def _rawmode(image: ImageFile) -> str:
    args = image.tile[0][3] if image.tile else ""
    return str(args[0] if isinstance(args, tuple) else args)


def _upright(image: ImageFile) -> Image.Image:
    turn = _UPRIGHT.get(_orientation(image))
    return image if turn is None else image.transpose(turn)


def _orientation(image: ImageFile) -> int:
    try:
        with _silence():
            return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - unreadable metadata turns nothing, as in viewers
        return 1
