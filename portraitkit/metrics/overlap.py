"""Intersection over union."""

from collections.abc import Iterable

import numpy as np

from .._core.checks import check_mask, check_same_shape
from .._core.typing import ArrayLike


def iou(prediction: ArrayLike, truth: ArrayLike) -> float:
    """Intersection over union of two masks.

    Parameters
    ----------
    prediction, truth : (H, W) array_like of bool
        Masks of one size; integers 0/1 or 0/255 are accepted.

    Returns
    -------
    float
        0..1; 1 for two empty masks.

    Raises
    ------
    TypeError
        If a mask is neither bool nor integer.
    ValueError
        If a mask is not of shape (H, W) or holds other values, or if shapes differ.

    See Also
    --------
    mean_iou : Its mean over images.

    Notes
    -----
    O(H W) time, H W bytes.

    Examples
    --------
    >>> iou([[1, 1, 0]], [[0, 1, 1]])
    0.3333333333333333
    """
    mask = check_mask("prediction", prediction)
    target = check_mask("truth", truth)
    check_same_shape("prediction", mask.shape, "truth", target.shape)
    both = int(np.count_nonzero(mask & target))
    either = int(np.count_nonzero(mask)) + int(np.count_nonzero(target)) - both
    return both / either if either else 1.0


def mean_iou(predictions: Iterable[ArrayLike], truths: Iterable[ArrayLike]) -> float:
    """Intersection over union of the person, averaged over images.

    Parameters
    ----------
    predictions, truths : iterable of (H, W) array_like of bool
        One mask per image, in the same order: lists, (N, H, W) arrays or generators.
        Images may differ in size; a prediction has the size of its truth.

    Returns
    -------
    float
        0..1; an image where both masks are empty counts 1.

    Raises
    ------
    TypeError
        If a mask is neither bool nor integer.
    ValueError
        If there is no mask at all, if there are more masks on one side than on the
        other, or if `iou` refuses a pair.

    Notes
    -----
    Equation 9 of [1]_. O(H W) time per image, one image in memory at a time.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive network for portrait segmentation",
       FG 2019.

    Examples
    --------
    >>> mean_iou([[[1, 1]], [[1, 0]]], [[[1, 1]], [[1, 1]]])
    0.75
    """
    total, count = 0.0, 0
    missing = object()
    left, right = iter(predictions), iter(truths)
    while True:
        prediction, truth = next(left, missing), next(right, missing)
        if prediction is missing or truth is missing:
            break
        total += iou(prediction, truth)  # type: ignore[arg-type]
        count += 1
    if prediction is not truth or count == 0:
        msg = (
            "predictions must hold one mask for each of truths, at least one; "
            f"they part after {count}"
        )
        raise ValueError(msg)
    return total / count
