"""Alpha mattes in."""

import numpy as np

from .._core.typing import Array, Floats32
from ._decode import MAX_PIXELS, decode
from ._source import Source
from .errors import ImageError
from .mask import gray


def read_alpha(source: Source, *, max_pixels: int = MAX_PIXELS) -> Floats32:
    """Read a gray picture as an alpha matte.

    Parameters
    ----------
    source : path, bytes or binary stream
        A grayscale picture file (8 or 16 bits, or float TIFF in 0..1), or one in RGB
        with equal channels, or its content.
    max_pixels : int, default 178956970
        Most pixels the header may announce.

    Returns
    -------
    (H, W) float32
        0..1; the white of the file's depth is 1.

    Raises
    ------
    ImageError
        If it is not a usable picture, holds colors or transparency, or if a float
        picture leaves 0..1 or has NaN.
    OSError
        If the file system refuses.

    See Also
    --------
    write_alpha : The way back, exact to 1/255.

    Notes
    -----
    The EXIF orientation is applied. O(H W) time and memory.

    Examples
    --------
    >>> import numpy as np
    >>> from portraitkit.io import encode_png
    >>> read_alpha(encode_png(np.array([[0.0, 0.2, 1.0]]), kind="alpha"))
    array([[0. , 0.2, 1. ]], dtype=float32)
    """
    picture = decode(source, max_pixels=max_pixels)
    if picture.image.mode == "F":
        return _checked(picture.name, np.asarray(picture.image))
    values = gray(picture)
    white = np.float32(65535 if values.dtype == np.uint16 else 255)
    return values.astype(np.float32) / white


def _checked(name: str, values: Array) -> Floats32:
    if np.isnan(values).any():
        count = int(np.isnan(values).sum())
        msg = f"{name!r} must be an alpha matte in 0..1; {count} pixels are NaN"
        raise ImageError(msg)
    if values.min() < 0 or values.max() > 1:
        span = f"{values.min():g}..{values.max():g}"
        msg = f"{name!r} must be an alpha matte in 0..1; got values {span}"
        raise ImageError(msg)
    return values.astype(np.float32)
