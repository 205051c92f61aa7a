"""Intersection over union near the contour, where portraits are won or lost."""

import math

import numpy as np

from .._core.checks import check_count, check_mask, check_number, check_same_shape
from .._core.typing import ArrayLike, Bools, Mask
from ..kernels import boundary_band
from .overlap import iou


def boundary_iou(
    prediction: ArrayLike, truth: ArrayLike, *, width: float = 0.02
) -> float:
    """Intersection over union of two masks' inner rims.

    Parameters
    ----------
    prediction, truth : (H, W) array_like of bool
        Masks of one size; integers 0/1 or 0/255 are accepted.
    width : float, default: 0.02
        Width of the rims. Below 1: share of the image diagonal, rounded to whole
        pixels, at least one. From 1 on: pixels, rounded.

    Returns
    -------
    float
        0..1; 1 for two empty masks.

    Raises
    ------
    TypeError
        If a mask is neither bool nor integer.
    ValueError
        If a mask is not of shape (H, W) or holds other values, if shapes differ, or
        if `width` is not above 0.

    See Also
    --------
    band_iou : Within a band round the truth's contour, on both sides of it.
    contour_accuracy : Of the contours themselves, with a tolerance.

    Notes
    -----
    A rim is what `width` erosions by a 3 x 3 square take away. Outside the frame there
    is background, so a mask has a rim where the frame cuts it. Equal to the authors'
    code of [1]_; O(H W width / 32) time, 4 H W bytes.

    References
    ----------
    .. [1] Cheng et al., "Boundary IoU: Improving object-centric image segmentation
       evaluation", CVPR 2021.

    Examples
    --------
    >>> import numpy as np
    >>> truth = np.zeros((40, 40), bool)
    >>> truth[5:35, 5:35] = True
    >>> larger = np.zeros((40, 40), bool)
    >>> larger[4:36, 4:36] = True
    >>> round(iou(larger, truth), 2), round(boundary_iou(larger, truth, width=2), 2)
    (0.88, 0.33)
    """
    mask = check_mask("prediction", prediction)
    target = check_mask("truth", truth)
    check_same_shape("prediction", mask.shape, "truth", target.shape)
    share = check_number("width", width, low=0, open_low=True)
    pixels = share if share >= 1 else max(share * math.hypot(*mask.shape), 1)
    steps = min(round(pixels), max(mask.shape))
    return iou(_rim(mask, steps), _rim(target, steps))


def _rim(mask: Mask, steps: int) -> Bools:
    """Pixels of `mask` within `steps` king's moves of its outside."""
    import cv2

    if mask.size == 0:
        return mask
    square = np.ones((2 * steps + 1, 1), np.uint8)
    inner = cv2.erode(
        mask.view(np.uint8), square, borderType=cv2.BORDER_CONSTANT, borderValue=(0,)
    )
    inner = cv2.erode(inner, square.T, borderType=cv2.BORDER_CONSTANT, borderValue=(0,))
    rim: Bools = mask & (inner == 0)
    return rim


def band_iou(prediction: ArrayLike, truth: ArrayLike, *, width: int = 10) -> float:
    """Intersection over union within a band along the truth's contour.

    Parameters
    ----------
    prediction, truth : (H, W) array_like of bool
        Masks of one size; integers 0/1 or 0/255 are accepted.
    width : int, default: 10
        Width of the band in pixels, half of it on each side of the contour.

    Returns
    -------
    float
        0..1, or NaN where the truth has no contour and so no band.

    Raises
    ------
    TypeError
        If a mask is neither bool nor integer, or `width` is no integer.
    ValueError
        If a mask is not of shape (H, W) or holds other values, if shapes differ, or
        if `width` < 1.

    See Also
    --------
    portraitkit.kernels.boundary_band : The band, which a trimap calls unknown.
    boundary_iou : Blind to nothing: looks at the prediction's rim as well.

    Notes
    -----
    Errors outside the band don't count: read it beside `iou`. O(H W) time, 4 H W
    bytes. Pixel labelling within a band of the truth goes back to [1]_.

    References
    ----------
    .. [1] Kohli, Ladicky & Torr, "Robust higher order potentials for enforcing label
       consistency", IJCV 82, 2009.

    Examples
    --------
    >>> import numpy as np
    >>> truth = np.repeat([[True] * 10 + [False] * 10], 4, axis=0)
    >>> longer = np.repeat([[True] * 11 + [False] * 9], 4, axis=0)
    >>> round(iou(longer, truth), 2), round(band_iou(longer, truth, width=4), 2)
    (0.91, 0.67)
    """
    mask = check_mask("prediction", prediction)
    target = check_mask("truth", truth)
    check_same_shape("prediction", mask.shape, "truth", target.shape)
    band = boundary_band(target, width=check_count("width", width))
    return iou(mask & band, target & band) if band.any() else np.nan
