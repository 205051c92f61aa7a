"""Masks in."""

import numpy as np
from PIL import Image

from .._core.checks import check_number
from .._core.typing import Array, Mask
from ._decode import MAX_PIXELS, Picture, decode
from ._source import Source
from .errors import ImageError


def read_mask(
    source: Source, *, threshold: float | None = None, max_pixels: int = MAX_PIXELS
) -> Mask:
    """Read a black-and-white picture as a mask.

    Parameters
    ----------
    source : path, bytes or binary stream
        A picture file, or its content, that holds only 0 and 1 or only 0 and the
        white of its depth: 1-bit, grayscale (8 or 16 bits), RGB with equal channels,
        or indexed.
    threshold : float, optional
        Take values >= `threshold` (0..255) as person instead, for masks with soft
        edges or from JPEG. Default: refuse such masks.
    max_pixels : int, default 178956970
        Most pixels the header may announce.

    Returns
    -------
    (H, W) bool
        True = person.

    Raises
    ------
    ImageError
        If it is not a usable picture, holds other values, colors or transparency.
    OSError
        If the file system refuses.

    Notes
    -----
    An indexed picture whose palette is black and white is read by color, any other
    by index (0 = background). Other values are refused, so that a
    photograph or a soft matte in place of a mask is noticed. The EXIF orientation is
    applied. O(H W) time and memory.

    Examples
    --------
    >>> import numpy as np
    >>> from portraitkit.io import encode_png
    >>> read_mask(encode_png(np.eye(2, dtype=bool), kind="mask"))
    array([[ True, False],
           [False,  True]])
    """
    picture = decode(source, max_pixels=max_pixels)
    values = gray(picture)
    if threshold is not None:
        level = check_number("threshold", threshold, low=0, high=255)
        soft: Mask = values >= level * (257 if values.dtype == np.uint16 else 1)
        return soft
    mask: Mask = values != 0
    top = int(values.max())
    if top not in (0, 1, 255, 65535) or not np.array_equal(mask, values >= max(top, 1)):
        msg = (
            f"{picture.name!r} must hold only 0 and 255, or only 0 and 1; got values "
            f"{_shown(values)}. Save the mask as PNG without soft edges, or read "
            "it with threshold=128."
        )
        raise ImageError(msg)
    return mask


def gray(picture: Picture) -> Array:
    """Return the one channel of a mask file, (H, W) uint8 or uint16."""
    image = picture.image
    if image.has_transparency_data:
        if image.convert("RGBA").getchannel("A").getextrema() != (255, 255):
            msg = (
                f"{picture.name!r} must be a black-and-white mask; got a picture with "
                "transparent pixels"
            )
            raise ImageError(msg)
        image = image.convert("RGB")
    if image.mode == "P":
        return _by_palette(image)
    if image.mode == "RGB":
        return _equal_channels(picture.name, np.asarray(image))
    if image.mode in ("1", "L"):
        return np.asarray(image.convert("L"))
    if image.mode.startswith("I;16"):
        return np.asarray(image).astype(np.uint16)
    msg = (
        f"{picture.name!r} must be a black-and-white mask; got Pillow mode {image.mode}"
    )
    raise ImageError(msg)


def _by_palette(image: Image.Image) -> Array:
    indices = np.asarray(image)
    used = np.unique(indices)
    colors = np.zeros((256, 3), np.uint8)
    listed = np.array(image.getpalette("RGB"), np.uint8).reshape(-1, 3)
    colors[: len(listed)] = listed
    black_or_white = (colors[used] == 0).all(1) | (colors[used] == 255).all(1)
    return colors[indices, 0] if black_or_white.all() else indices


def _equal_channels(name: str, rgb: Array) -> Array:
    gray: Array = rgb[..., 0]
    if not (np.array_equal(gray, rgb[..., 1]) and np.array_equal(gray, rgb[..., 2])):
        msg = f"{name!r} must be a black-and-white mask; got a picture in colors"
        raise ImageError(msg)
    return gray


def _shown(values: Array) -> str:
    found = np.unique(values)
    more = f" and {found.size - 6} more" if found.size > 6 else ""
    return ", ".join(str(value) for value in found[:6]) + more
