"""The three classes of a boundary-sensitive network."""

from enum import IntEnum

import numpy as np

from .._core.checks import check_count, check_mask
from .._core.typing import ArrayLike, Bytes, Mask
from ._bits import pack, unpack
from ._numba.classes import paint
from .contours import band_bits, trace_bits


class BoundaryClass(IntEnum):
    """Class of a pixel, and its place in a kernel's last axis and in the logits."""

    FOREGROUND = 0
    BOUNDARY = 1
    BACKGROUND = 2


def label_map(mask: ArrayLike, *, width: int = 10) -> Bytes:
    """Tell foreground, boundary and background apart, pixel by pixel.

    Parameters
    ----------
    mask : (..., H, W) array_like of bool
        True on the person; integers 0/1 or 0/255 are accepted. Every mask of a batch
        is treated on its own.
    width : int, default: 10
        Width P of the boundary band in pixels, >= 1; the paper's is 10.

    Returns
    -------
    (..., H, W) uint8
        `BoundaryClass` of every pixel: 0 foreground, 1 boundary, 2 background.

    Raises
    ------
    TypeError
        If `mask` is neither bool nor integer, or `width` is no integer.
    ValueError
        If `mask` has less than two axes or holds other values, or if `width` < 1.

    See Also
    --------
    individual_kernel : The same classes, softened by distance.
    boundary_band : Where the boundary is.
    portraitkit.losses.global_kernel_loss : The loss that takes these labels.

    Notes
    -----
    Section 3.1 and figure 2(c) of [1]_. O(H W) time; half a byte a pixel beside the
    result.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive network for portrait segmentation",
       FG 2019.

    Examples
    --------
    >>> label_map([[0, 0, 0, 1, 1, 1]], width=2)
    array([[2, 2, 1, 1, 0, 0]], dtype=uint8)
    """
    persons = check_mask("mask", mask, batch=True)
    width = check_count("width", width)
    if persons.size == 0:
        return np.zeros(persons.shape, dtype=np.uint8)
    values = tuple(BoundaryClass)
    if persons.ndim == 2:
        return paint_classes(persons, width=width, values=values)
    out = np.empty(persons.shape, dtype=np.uint8)
    for index in np.ndindex(persons.shape[:-2]):
        out[index] = paint_classes(persons[index], width=width, values=values)
    return out


def paint_classes(person: Mask, *, width: int, values: tuple[int, ...]) -> Bytes:
    """Paint foreground, boundary and background of a checked (H, W) mask.

    Parameters
    ----------
    person : (H, W) C-ordered bool
        The mask, H and W >= 1.
    width : int
        Width of the boundary band, >= 1.
    values : (int, int, int)
        What to paint foreground, boundary and background with, 0..255.

    Returns
    -------
    (H, W) uint8
        One of the three values a pixel.
    """
    n_columns = person.shape[1]
    contour = trace_bits(pack(person), n_columns)
    out = unpack(band_bits(contour, n_columns, width), n_columns).view(np.uint8)
    pixels = person.reshape(-1).view(np.uint8)
    pixels.flags.writeable = False
    paint(pixels, out.reshape(-1), np.array(values, dtype=np.uint8))
    return out
