"""A mask's contour, and the band along it."""

from functools import lru_cache
from math import hypot, isqrt

import numpy as np

from .._core.checks import check_count, check_mask
from .._core.typing import ArrayLike, Bools, Ints, Words
from ._bits import MARGIN, pack, unpack
from ._canny import gradients
from ._numba.contours import thicken, trace


def contour(mask: ArrayLike) -> Bools:
    """Trace the edge of a mask as the Canny detector does.

    Parameters
    ----------
    mask : (H, W) array_like of bool
        True on the person; integers 0/1 or 0/255 are accepted.

    Returns
    -------
    (H, W) bool
        True on the contour C.

    Raises
    ------
    TypeError
        If `mask` is neither bool nor integer.
    ValueError
        If `mask` is not of shape (H, W) or holds other values.

    See Also
    --------
    boundary_band : The contour, dilated.
    edge_map : Other edges of a mask.

    Notes
    -----
    Section 3.1 of [1]_, with OpenCV's ``Canny(255 * mask, 100, 200)``: equal to it on
    every mask, and several times faster, for on a mask all gradients pass both
    thresholds and only pixels near an edge need a look. The contour is the pixel
    above or to the left of an edge, mostly. The frame is repeated outwards, so it is
    never a contour: a person cut off by it has no boundary there. O(H W / 64) plus
    O(1) for every pixel at an edge; H W / 4 bytes beside the result.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive network for portrait segmentation",
       FG 2019.

    Examples
    --------
    >>> contour([[0, 0, 1, 1], [0, 0, 1, 1]]).astype(int)
    array([[0, 1, 0, 0],
           [0, 1, 0, 0]])
    """
    person = check_mask("mask", mask)
    if person.size == 0:
        return person.copy()
    return unpack(trace_bits(pack(person), person.shape[1]), person.shape[1])


def boundary_band(mask: ArrayLike, *, width: int = 10) -> Bools:
    """Mark the band of pixels along a mask's contour.

    Parameters
    ----------
    mask : (H, W) array_like of bool
        True on the person; integers 0/1 or 0/255 are accepted.
    width : int, default: 10
        Width P of the band in pixels, >= 1; the paper's is 10.

    Returns
    -------
    (H, W) bool
        True in the band B.

    Raises
    ------
    TypeError
        If `mask` is neither bool nor integer, or `width` is no integer.
    ValueError
        If `mask` is not of shape (H, W) or holds other values, or if `width` < 1.

    See Also
    --------
    label_map : Band, foreground and background in one map.
    portraitkit.matting.trimap : The band as the unknown of a matting problem.

    Notes
    -----
    Section 3.1 of [1]_: the contour "dilated to be P-pixels in width". A pixel is in
    the band if it lies within P / 2 (Euclidean, centre to centre) of a contour pixel
    or, for even P, of the lower right corner of one. The contour runs just above or
    left of an edge, so with even P a straight edge gets P pixels, half of them on
    each side. Without a contour there is no band. O(H W / 64) plus O(P) for a contour
    pixel; H W / 2 bytes at most beside the result.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive network for portrait segmentation",
       FG 2019.

    Examples
    --------
    >>> boundary_band([[0, 0, 0, 1, 1, 1]], width=4).astype(int)
    array([[0, 1, 1, 1, 1, 0]])
    """
    person = check_mask("mask", mask)
    width = check_count("width", width)
    if person.size == 0:
        return person.copy()
    contour = trace_bits(pack(person), person.shape[1])
    return unpack(band_bits(contour, person.shape[1], width), person.shape[1])


def trace_bits(bits: Words, n_columns: int) -> Words:
    """Contour of a packed mask of `n_columns` columns, as bits."""
    contour = np.empty((len(bits) - 2 * MARGIN, bits.shape[1] - 2), dtype=np.uint64)
    trace(bits, n_columns, gradients(), contour)
    return contour


def band_bits(contour: Words, n_columns: int, width: int) -> Words:
    """Band of `width` pixels round a contour of `n_columns` columns, as bits."""
    band = np.zeros_like(contour)
    top, left, right = disk(min(width, covering(contour.shape[0], n_columns)))
    thicken(contour, n_columns, top, left, right, band)
    return band


def covering(height: int, width: int) -> int:
    """Least even band width that surely covers the whole image from any pixel."""
    return 2 * int(hypot(height, width)) + 4


@lru_cache(maxsize=16)
def disk(width: int) -> tuple[int, Ints, Ints]:
    """First row, and first and last column in every row, of the band of one pixel.

    Even bands are centred half a pixel down and to the right. In half pixels, so that
    all numbers are whole.
    """
    shift = 1 - width % 2
    rows = range(shift - width // 2, width // 2 + 1)
    reach = [(isqrt(width**2 - (2 * y - shift) ** 2) + shift) // 2 for y in rows]
    right = np.array(reach, dtype=np.int64)
    return rows[0], shift - right, right
