"""Photographs in."""

from .._core.typing import ImageU8
from ._color import srgb_pixels
from ._decode import MAX_PIXELS, decode
from ._source import Source


def read_image(source: Source, *, max_pixels: int = MAX_PIXELS) -> ImageU8:
    """Read a photograph as upright 8-bit sRGB.

    Parameters
    ----------
    source : path, bytes or binary stream
        A JPEG, PNG, WebP, TIFF, BMP, AVIF or (with pillow-heif) HEIC file, known by
        its content, not its name; bytes are a file's content. Of several frames or
        pages the first is read.
    max_pixels : int, default 178956970
        Most pixels the header may announce; more is refused before decoding.
        Pillow's own ``MAX_IMAGE_PIXELS`` also stays in force for WebP and TIFF.

    Returns
    -------
    (H, W, 3) uint8
        RGB, writable and C-ordered.

    Raises
    ------
    ImageError
        If the content is empty, cut short, damaged, larger than `max_pixels`, no
        picture, or of a kind that has no 8-bit meaning (floating-point or 32-bit
        integer samples). One line that names the file.
    OSError
        If the file system refuses: no such file, a folder, no permission.
    TypeError
        If `source` is none of the above.

    Notes
    -----
    The EXIF orientation is applied. An embedded color profile is converted to sRGB
    (perceptual intent); a profile that is damaged or not made for the picture's
    mode is ignored, as viewers do, with an INFO record in the log "portraitkit".
    Grayscale, palette, 1-bit and CMYK pictures become RGB. Transparent pixels are
    laid over white: the colors under them are arbitrary. 16-bit grayscale is scaled
    by 257 and rounded; 16-bit color keeps the high byte, which is exact for
    multiples of 257 and within one level otherwise.

    O(H W) time; about 8 bytes a pixel at the peak, 13 with a profile or
    transparency.
    Safe to call from several threads; Pillow's global settings are left alone.

    Examples
    --------
    >>> import numpy as np
    >>> from portraitkit.io import encode_png
    >>> png = encode_png(np.full((2, 3, 3), 7, np.uint8), kind="image")
    >>> read_image(png).shape
    (2, 3, 3)
    """
    return srgb_pixels(decode(source, max_pixels=max_pixels))
