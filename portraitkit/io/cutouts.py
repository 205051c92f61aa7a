"""Persons without their background."""

import os

import numpy as np

from .._core.checks import check_image, check_mask, check_same_shape, check_unit
from .._core.typing import ArrayLike, Bytes
from .atomic import atomic_write
from .png import encode_png, to_bytes


def cutout(image: ArrayLike, alpha: ArrayLike) -> Bytes:
    """Join an image and its alpha to RGBA.

    Parameters
    ----------
    image : (H, W, 3) uint8
        RGB.
    alpha : (H, W) float in 0..1, or mask
        How much of each pixel is person.

    Returns
    -------
    (H, W, 4) uint8
        Colors are not premultiplied, and 0 where alpha is 0, so that the file does
        not carry the background along unseen.

    Raises
    ------
    ValueError, TypeError
        If the two are not an image and its alpha.

    Notes
    -----
    O(H W) time and memory.

    Examples
    --------
    >>> import numpy as np
    >>> cutout(np.full((1, 2, 3), 9, np.uint8), [[True, False]]).tolist()
    [[[9, 9, 9, 255], [0, 0, 0, 0]]]
    """
    pixels = check_image("image", image)
    values = np.asarray(alpha)
    if np.issubdtype(values.dtype, np.floating):
        opacity = to_bytes(check_unit("alpha", values))
    else:
        opacity = check_mask("alpha", values).view(np.uint8) * np.uint8(255)
    check_same_shape("alpha", opacity.shape, "image", pixels.shape[:2])
    return np.dstack([pixels * (opacity > 0)[..., None], opacity])


def write_cutout(
    path: str | os.PathLike[str], image: ArrayLike, alpha: ArrayLike
) -> None:
    """Write a person without the background as an RGBA PNG.

    Parameters
    ----------
    path : path
        The file; written whole or not at all, see `atomic_write`.
    image : (H, W, 3) uint8
        RGB.
    alpha : (H, W) float in 0..1, or mask
        How much of each pixel is person.

    Raises
    ------
    OSError
        If it cannot be written.
    ValueError, TypeError
        If the two are not an image and its alpha.

    See Also
    --------
    cutout : The array this writes.

    Notes
    -----
    The file is a PNG whatever the name says. O(H W) time and memory.

    Examples
    --------
    >>> import numpy as np, tempfile
    >>> image = np.zeros((1, 2, 3), np.uint8)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_cutout(f"{folder}/a.cutout.png", image, [[True, False]])
    """
    atomic_write(path, encode_png(cutout(image, alpha), kind="cutout"))
