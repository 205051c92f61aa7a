"""How well superpixels keep to the borders of the true regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .._core.checks import check_count, check_labels, check_same_shape

if TYPE_CHECKING:
    from typing import SupportsIndex

    from .._core.typing import ArrayLike, Bools, Bytes, Labels


def boundary_recall(
    labels: ArrayLike, truth: ArrayLike, *, tolerance: SupportsIndex = 2
) -> float:
    """Measure how much of the true boundary the superpixels have.

    Parameters
    ----------
    labels : (H, W) int array_like
        Superpixels, >= -1.
    truth : (H, W) bool or int array_like
        Person mask, or label image with 0 for background.
    tolerance : int, default 2
        How far apart in pixels two borders may be, along each axis, >= 0.

    Returns
    -------
    float
        Share of the truth's inner boundary pixels (not background, with a
        4-neighbour of another label) that have a superpixel border (a pixel with
        a 4-neighbour of another label) in the square of 2 `tolerance` + 1 pixels
        around them; 1 if the truth has no boundary.

    Raises
    ------
    TypeError, ValueError
        If the arrays are no label images of one shape, or `tolerance` < 0.

    See Also
    --------
    undersegmentation_error : How much of the superpixels spills over.

    Notes
    -----
    O(H W) time and memory. The photograph's frame is no boundary.

    References
    ----------
    .. [1] Stutz, Hermans & Leibe, "Superpixels: an evaluation of the
       state-of-the-art", CVIU 2018, section 5.

    Examples
    --------
    >>> truth = [[0, 0, 0, 0, 0, 1, 1, 1]]
    >>> boundary_recall([[0, 0, 0, 1, 1, 1, 1, 1]], truth)
    1.0
    >>> boundary_recall([[0, 0, 0, 1, 1, 1, 1, 1]], truth, tolerance=0)
    0.0
    """
    import cv2

    regions, true = _pair(labels, truth)
    reach = check_count("tolerance", tolerance, low=0)
    wanted = _differs(true) & (true != 0)
    if not wanted.any():
        return 1.0
    reach = min(reach, max(regions.shape))
    near: Bytes = _differs(regions).view(np.uint8)
    # One axis at a time: a square of any size costs two thin bars.
    for shape in ((1, 2 * reach + 1), (2 * reach + 1, 1)):
        near = np.asarray(cv2.dilate(near, np.ones(shape, np.uint8)), np.uint8)
    return float(np.mean(near[wanted] > 0))


def undersegmentation_error(labels: ArrayLike, truth: ArrayLike) -> float:
    """Measure how much of the superpixels lies outside their main true region.

    Parameters
    ----------
    labels : (H, W) int array_like
        Superpixels; pixels at -1 take no part.
    truth : (H, W) bool or int array_like
        Person mask or label image, >= 0; background counts as a region.

    Returns
    -------
    float
        Sum over superpixels S of (size of S - the most that S shares with one true
        region), divided by the pixels that have a superpixel; 0 if there is none.

    Raises
    ------
    TypeError, ValueError
        If the arrays are no label images of one shape.

    See Also
    --------
    boundary_recall : How much of the true boundary is there at all.

    Notes
    -----
    1 - achievable segmentation accuracy [1]_. O(H W log(H W)) time, O(H W) memory.

    References
    ----------
    .. [1] Stutz, Hermans & Leibe, "Superpixels: an evaluation of the
       state-of-the-art", CVIU 2018, section 5.

    Examples
    --------
    >>> undersegmentation_error([[0, 0, 0, 1]], [[0, 0, 1, 1]])
    0.25
    """
    regions, true = _pair(labels, truth)
    inside = regions >= 0
    if not inside.any():
        return 0.0
    span = int(true.max()) + 1
    pairs = regions[inside].astype(np.int64) * span + true[inside]
    pair, count = np.unique(pairs, return_counts=True)
    first = np.flatnonzero(np.diff(pair // span, prepend=-1))
    kept = np.maximum.reduceat(count, first).sum()
    return float(1 - kept / count.sum())


def _pair(labels: ArrayLike, truth: ArrayLike) -> tuple[Labels, Labels]:
    regions = check_labels("labels", labels, low=-1)
    array = np.asarray(truth)
    true = check_labels("truth", array.view(np.uint8) if array.dtype == bool else array)
    check_same_shape("truth", true.shape, "labels", regions.shape)
    return regions, true


def _differs(labels: Labels) -> Bools:
    """Mark pixels with a 4-neighbour of another label."""
    out = np.zeros(labels.shape, bool)
    across = labels[:, 1:] != labels[:, :-1]
    down = labels[1:] != labels[:-1]
    out[:, 1:] |= across
    out[:, :-1] |= across
    out[1:] |= down
    out[:-1] |= down
    return out
