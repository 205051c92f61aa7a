"""Masks, labels, trimaps, mattes and photographs out."""

import os
from pathlib import Path
from typing import TypeAlias

from .._core.typing import ArrayLike
from .atomic import atomic_write
from .png import encode_jpeg, encode_png

AnyPath: TypeAlias = str | os.PathLike[str]


def write_mask(path: AnyPath, mask: ArrayLike) -> None:
    """Write a mask as an 8-bit grayscale PNG of 0 and 255.

    Parameters
    ----------
    path : path
        The file; written whole or not at all, see `atomic_write`.
    mask : (H, W) bool, or 0/1, or 0/255
        True = person.

    Raises
    ------
    OSError
        If it cannot be written.
    ValueError, TypeError
        If `mask` is no mask.

    Notes
    -----
    The file is a PNG whatever the name says. O(H W) time and memory.

    Examples
    --------
    >>> import numpy as np, tempfile
    >>> from portraitkit.io import read_mask
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_mask(f"{folder}/a.mask.png", np.eye(2, dtype=bool))
    ...     int(read_mask(f"{folder}/a.mask.png").sum())
    2
    """
    atomic_write(path, encode_png(mask, kind="mask"))


def write_labels(path: AnyPath, labels: ArrayLike) -> None:
    """Write a label image as an indexed PNG in the VOC/DAVIS palette.

    Parameters
    ----------
    path : path
        The file; written whole or not at all, see `atomic_write`.
    labels : (H, W) int
        0 = background, up to 65535. Above 255 an indexed PNG has no room: the file
        is then a 16-bit grayscale PNG, which `read_labels` reads the same.

    Raises
    ------
    OSError
        If it cannot be written.
    ValueError, TypeError
        If `labels` is no label image or a label is negative or above 65535.

    Notes
    -----
    The file is a PNG whatever the name says. O(H W) time and memory.

    Examples
    --------
    >>> import tempfile
    >>> from portraitkit.io import read_labels
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_labels(f"{folder}/a.instances.png", [[0, 1, 2]])
    ...     read_labels(f"{folder}/a.instances.png").tolist()
    [[0, 1, 2]]
    """
    atomic_write(path, encode_png(labels, kind="labels"))


def write_trimap(path: AnyPath, trimap: ArrayLike) -> None:
    """Write a trimap as an 8-bit grayscale PNG of 0, 128 and 255.

    Parameters
    ----------
    path : path
        The file; written whole or not at all, see `atomic_write`.
    trimap : (H, W) uint8
        0 background, 128 unknown, 255 foreground.

    Raises
    ------
    OSError
        If it cannot be written.
    ValueError
        If `trimap` holds anything else.

    Notes
    -----
    The file is a PNG whatever the name says. O(H W) time and memory.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_trimap(f"{folder}/a.trimap.png", [[0, 128, 255]])
    """
    atomic_write(path, encode_png(trimap, kind="trimap"))


def write_alpha(path: AnyPath, alpha: ArrayLike) -> None:
    """Write an alpha matte as an 8-bit grayscale PNG.

    Parameters
    ----------
    path : path
        The file; written whole or not at all, see `atomic_write`.
    alpha : (H, W) float
        0..1, rounded to 1/255.

    Raises
    ------
    OSError
        If it cannot be written.
    ValueError, TypeError
        If `alpha` is not float, leaves 0..1 or has NaN.

    Notes
    -----
    The file is a PNG whatever the name says. O(H W) time and memory.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_alpha(f"{folder}/a.alpha.png", [[0.0, 0.25, 1.0]])
    """
    atomic_write(path, encode_png(alpha, kind="alpha"))


def write_image(path: AnyPath, image: ArrayLike, *, quality: int = 95) -> None:
    """Write a photograph as PNG or JPEG, as the name says.

    Parameters
    ----------
    path : path
        Ends in .png, .jpg or .jpeg; written whole or not at all, see `atomic_write`.
    image : (H, W, 3) uint8
        RGB.
    quality : int, default 95
        For JPEG, 1..100.

    Raises
    ------
    OSError
        If it cannot be written.
    ValueError, TypeError
        If `image` is no image or the name has another ending.

    Notes
    -----
    O(H W) time and memory.

    Examples
    --------
    >>> import numpy as np, tempfile
    >>> from portraitkit.io import read_image
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_image(f"{folder}/a.png", np.zeros((2, 3, 3), np.uint8))
    ...     read_image(f"{folder}/a.png").shape
    (2, 3, 3)
    """
    ending = Path(path).suffix.lower()
    if ending not in (".png", ".jpg", ".jpeg"):
        msg = f"path must end in .png, .jpg or .jpeg; got {os.fspath(path)!r}"
        raise ValueError(msg)
    data = (
        encode_png(image, kind="image")
        if ending == ".png"
        else encode_jpeg(image, quality=quality)
    )
    atomic_write(path, data)
