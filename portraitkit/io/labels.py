"""Label images in."""

import numpy as np

from .._core.checks import check_labels
from .._core.typing import Array, Labels
from ._decode import MAX_PIXELS, Picture, decode
from ._source import Source
from .errors import ImageError

_ONE_CHANNEL = {"1", "L", "P", "I", "I;16", "I;16B", "I;16L", "I;16N"}
# Pillow stretches 2- and 4-bit grayscale to 0..255; the values are wanted here.
_STRETCHED = {"L;2": 85, "L;4": 17}


def read_labels(source: Source, *, max_pixels: int = MAX_PIXELS) -> Labels:
    """Read a label image: an indexed picture's indices, a grayscale one's values.

    Parameters
    ----------
    source : path, bytes or binary stream
        An indexed or grayscale picture file (1 to 16 bits; TIFF also 32), or its
        content. The palette's colors do not matter.
    max_pixels : int, default 178956970
        Most pixels the header may announce.

    Returns
    -------
    (H, W) int32
        Labels >= 0, by custom 0 = background.

    Raises
    ------
    ImageError
        If it is not a usable picture, holds colors instead of labels, or was
        compressed with loss (JPEG), which changes labels.
    OSError
        If the file system refuses.

    See Also
    --------
    write_labels : The way back, exact.

    Notes
    -----
    The EXIF orientation is applied. O(H W) time and memory.

    Examples
    --------
    >>> from portraitkit.io import encode_png
    >>> read_labels(encode_png([[0, 1], [2, 300]], kind="labels"))
    array([[  0,   1],
           [  2, 300]], dtype=int32)
    """
    picture = decode(source, max_pixels=max_pixels)
    try:
        return check_labels(repr(picture.name), _values(picture))
    except ImageError:
        raise
    except ValueError as error:
        raise ImageError(str(error)) from error


def _values(picture: Picture) -> Array:
    mode = picture.image.mode
    if mode not in _ONE_CHANNEL or picture.format == "JPEG":
        got = "JPEG" if picture.format == "JPEG" else f"Pillow mode {mode}"
        msg = (
            f"{picture.name!r} must hold labels, as an indexed or grayscale PNG or "
            f"TIFF; got {got}"
        )
        raise ImageError(msg)
    values = np.asarray(picture.image)
    if picture.rawmode in _STRETCHED:
        return values // _STRETCHED[picture.rawmode]
    return values.astype(np.uint8) if mode == "1" else values
