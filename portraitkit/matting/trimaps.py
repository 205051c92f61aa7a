"""Where a matte is known and where it has to be found."""

import numpy as np

from .._core.checks import check_count, check_mask, check_number, check_unit
from .._core.typing import ArrayLike, Bytes
from ..kernels import boundary_band
from ._levels import BACKGROUND, FOREGROUND, UNKNOWN


def trimap(mask: ArrayLike, *, width: int = 10) -> Bytes:
    """Mark the band along a mask's contour as unknown.

    Parameters
    ----------
    mask : (H, W) array_like of bool
        True on the person; integers 0/1 or 0/255 are accepted.
    width : int, default: 10
        Width of the unknown band in pixels, half of it on each side of the edge.
        Hair needs more: take about a tenth of the face's height.

    Returns
    -------
    (H, W) uint8
        255 definite foreground, 0 definite background, 128 unknown.

    Raises
    ------
    TypeError
        If `mask` is neither bool nor integer, or `width` is no integer.
    ValueError
        If `mask` is not of shape (H, W) or holds other values, or if `width` < 1.

    See Also
    --------
    portraitkit.kernels.boundary_band : The band itself.
    instance_trimaps : One trimap per person.
    check_trimap : Tell whether a trimap can be solved.

    Notes
    -----
    Section 4.4.3 of [1]_: the contour, dilated to `width` pixels, is unknown. The
    frame is no contour: a person cut off by it stays definite there. A mask that is
    all person or all background has no band. O(H W) time, 2 H W bytes.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive network for portrait segmentation",
       FG 2019.

    Examples
    --------
    >>> trimap([[1, 1, 1, 0, 0, 0]], width=2)
    array([[255, 255, 128, 128,   0,   0]], dtype=uint8)
    """
    person = check_mask("mask", mask)
    out = person * np.uint8(FOREGROUND)
    np.copyto(out, UNKNOWN, where=boundary_band(person, width=width))
    return out


def trimap_from_probability(
    probability: ArrayLike, *, low: float = 0.05, high: float = 0.95, width: int = 0
) -> Bytes:
    """Mark the pixels that a segmenter is not sure of as unknown.

    Parameters
    ----------
    probability : (H, W) array_like of float
        Probability of the person, 0..1, without NaN.
    low, high : float, default: 0.05, 0.95
        Up to `low` is definite background, from `high` on definite foreground.
        0 <= low <= high <= 1.
    width : int, default: 0
        Width in pixels of a band along the edge of ``probability >= 0.5`` that is
        unknown as well, for segmenters that are surer than they should be. 0: none.

    Returns
    -------
    (H, W) uint8
        255 definite foreground, 0 definite background, 128 unknown.

    Raises
    ------
    TypeError
        If `probability` is not float, or `width` is no integer.
    ValueError
        If `probability` is not of shape (H, W) or leaves 0..1, if `low` and `high`
        are out of order or leave 0..1, or if `width` < 0.

    See Also
    --------
    trimap : From a hard mask.

    Notes
    -----
    Compared in float32. O(H W) time, 6 H W bytes at most.

    Examples
    --------
    >>> trimap_from_probability([[1.0, 0.95, 0.6, 0.05]])
    array([[255, 255, 128,   0]], dtype=uint8)
    """
    person = check_unit("probability", probability)
    least = check_number("low", low, low=0, high=1)
    most = check_number("high", high, low=0, high=1)
    if most < least:
        msg = f"low must be at most high, {most:g}; got {least:g}"
        raise ValueError(msg)
    width = check_count("width", width, low=0)
    out = np.full(person.shape, UNKNOWN, dtype=np.uint8)
    out[person <= least] = BACKGROUND
    out[person >= most] = FOREGROUND
    if width:
        out[boundary_band(person >= 0.5, width=width)] = UNKNOWN
    return out
