"""How well a mask's contour follows the truth's: DAVIS's boundary measure."""

import math

import numpy as np

from .._core.checks import check_mask, check_number, check_same_shape
from .._core.typing import ArrayLike, Ints, Mask, Words
from ._bits import pack
from ._numba.contours import count_near, trace


def contour_accuracy(
    prediction: ArrayLike, truth: ArrayLike, *, tolerance: float = 0.008
) -> float:
    """F-measure of contour precision and recall, as the DAVIS benchmark has it.

    Parameters
    ----------
    prediction, truth : (H, W) array_like of bool
        Masks of one size; integers 0/1 or 0/255 are accepted.
    tolerance : float, default: 0.008
        Below 1: share of the image diagonal, rounded up to whole pixels. From 1 on:
        pixels. Contour pixels closer than that (a Euclidean disk, its rim included)
        agree.

    Returns
    -------
    float
        0..1, 1 for contours that agree everywhere. Two masks without any contour
        agree; a contour on one side only gives 0.

    Raises
    ------
    TypeError
        If a mask is neither bool nor integer.
    ValueError
        If a mask is not of shape (H, W) or holds other values, if the shapes differ,
        or if `tolerance` is negative or not finite.

    See Also
    --------
    iou : Overlap of the whole masks.

    Notes
    -----
    The contour is the benchmark's one-sided map: a pixel is on it when it differs
    from its right, lower or lower-right neighbour; in the last row only the right one
    counts, in the last column only the lower one, the corner never. Precision is the
    share of the prediction's contour pixels near one of the truth's, recall the
    reverse. Without any contour precision and recall are 1; with one in the truth
    alone they are 1 and 0, in the prediction alone 0 and 1.

    O(H W / 64) to find contours of bit-packed masks plus O(r) for a contour pixel
    without partner within the radius r, less for others; H W / 2 bytes. Equation 10
    of [1]_; the benchmark's code [2]_ decides what its text leaves open.

    References
    ----------
    .. [1] Liang et al., "Person foreground segmentation by learning multi-domain
       networks".
    .. [2] Perazzi et al., "A benchmark dataset and evaluation methodology for video
       object segmentation", CVPR 2016, measure F; code of ``davis2017-evaluation``.

    Examples
    --------
    >>> import numpy as np
    >>> truth = np.zeros((40, 40), bool)
    >>> truth[10:30, 10:30] = True
    >>> contour_accuracy(truth, truth)
    1.0
    >>> contour_accuracy(np.roll(truth, 3, axis=1), truth, tolerance=2)
    0.55
    """
    mask = check_mask("prediction", prediction)
    target = check_mask("truth", truth)
    check_same_shape("prediction", mask.shape, "truth", target.shape)
    share = check_number("tolerance", tolerance, low=0)
    if mask.size == 0:
        return 1.0
    height, width = mask.shape
    ours, n_ours = _contour(mask)
    theirs, n_theirs = _contour(target)
    if n_ours == 0 or n_theirs == 0:
        return float(n_ours == n_theirs)
    reach = _half_widths(share, height, width)
    precision = count_near(ours, theirs, height, width, reach) / n_ours
    recall = count_near(theirs, ours, height, width, reach) / n_theirs
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0


def _contour(mask: Mask) -> tuple[Words, int]:
    """Contour as bits, readable one word past the end, and its pixel count."""
    height, width = mask.shape
    contour = np.zeros((mask.size + 63) // 64 + 1, dtype=np.uint64)
    bits = pack(mask, spare=width // 64 + 4)
    return contour, trace(bits, height, width, contour[:-1])


def _half_widths(tolerance: float, height: int, width: int) -> Ints:
    """Half width of the disk 0, 1, 2, ... rows from its centre."""
    diagonal = math.hypot(height, width)
    radius = tolerance if tolerance >= 1 else math.ceil(tolerance * diagonal)
    radius = min(radius, diagonal)
    rows = np.arange(math.floor(radius) + 1)
    return np.floor(np.sqrt(radius**2 - rows.astype(float) ** 2)).astype(np.int64)
