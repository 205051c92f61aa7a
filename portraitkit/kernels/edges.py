"""Edges of a mask, as the several papers draw them."""

from typing import Literal, TypeAlias, get_args

import numpy as np

from .._core.checks import check_choice, check_mask
from .._core.typing import ArrayLike, Bools, Mask
from .contours import contour

EdgeMethod: TypeAlias = Literal["sobel", "canny", "inner"]


def edge_map(mask: ArrayLike, *, method: EdgeMethod = "sobel") -> Bools:
    """Draw the edge of a mask, to train a boundary branch with.

    Parameters
    ----------
    mask : (H, W) array_like of bool
        True on the person; integers 0/1 or 0/255 are accepted.
    method : {"sobel", "canny", "inner"}, default: "sobel"
        "sobel": pixels where the 3x3 Sobel gradient is not zero, about one on each
        side of the edge. "canny": `contour`, one pixel thin. "inner": person pixels
        with a background pixel above, below, left or right of them.

    Returns
    -------
    (H, W) bool
        True on the edge. Nothing beyond the frame counts: a person cut off by it has
        no edge there.

    Raises
    ------
    TypeError
        If `mask` is neither bool nor integer.
    ValueError
        If `mask` is not of shape (H, W) or holds other values, or if `method` is
        unknown.

    See Also
    --------
    contour : The contour of boundary-sensitive kernels.
    portraitkit.losses.balanced_edge_loss : The loss that takes these labels.

    Notes
    -----
    "sobel" is the boundary branch's label of [1]_. O(H W) time, 4 H W bytes at most
    beside the result.

    References
    ----------
    .. [1] Zhu et al., "Portrait instance segmentation for mobile devices",
       ICME 2019.

    Examples
    --------
    >>> mask = [[0, 0, 1, 1, 1]]
    >>> edge_map(mask).astype(int)
    array([[0, 1, 1, 0, 0]])
    >>> edge_map(mask, method="inner").astype(int)
    array([[0, 0, 1, 0, 0]])
    """
    check_choice("method", method, get_args(EdgeMethod))
    person = check_mask("mask", mask)
    if method == "canny" or person.size == 0:
        return contour(person)
    return _sobel(person) if method == "sobel" else _inner(person)


def _sobel(person: Mask) -> Bools:
    import cv2

    pixels, frame = person.view(np.uint8), cv2.BORDER_REPLICATE
    across = cv2.Sobel(pixels, cv2.CV_16S, 1, 0, ksize=3, borderType=frame)
    down = cv2.Sobel(pixels, cv2.CV_16S, 0, 1, ksize=3, borderType=frame)
    edge: Bools = (across != 0) | (down != 0)
    return edge


def _inner(person: Mask) -> Bools:
    edge = np.zeros_like(person)
    edge[1:] |= ~person[:-1]
    edge[:-1] |= ~person[1:]
    edge[:, 1:] |= ~person[:, :-1]
    edge[:, :-1] |= ~person[:, 1:]
    return edge & person
