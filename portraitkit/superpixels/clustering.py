"""Superpixels by local k-means in color and position (SLIC)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .._core.checks import (
    check_count,
    check_image,
    check_mask,
    check_number,
    check_same_shape,
)
from ._numba.clustering import assign, average, cut_into_cells
from .connected import connected_regions, join_fragments, renumbered

if TYPE_CHECKING:
    from typing import SupportsIndex

    from .._core.typing import ArrayLike, Floats32, ImageU8, Ints, Labels

LEAST = 0.125
"""Superpixels below this share of the mean area are joined to a neighbour."""


def slic(
    image: ArrayLike,
    *,
    n_segments: SupportsIndex = 500,
    compactness: float = 10.0,
    n_iter: SupportsIndex = 10,
    mask: ArrayLike | None = None,
    enforce_connectivity: bool = True,
) -> Labels:
    """Cut a photograph into superpixels of one color each.

    Parameters
    ----------
    image : (H, W, 3) uint8 array_like
        RGB, at least one pixel.
    n_segments : int, default 500
        The most superpixels to make, >= 1.
    compactness : float, default 10
        How many Lab units a distance of one superpixel's width is worth, > 0.
        Larger gives squarer superpixels.
    n_iter : int, default 10
        Rounds of assigning pixels to centers, >= 1.
    mask : (H, W) bool array_like, optional
        Where to make superpixels. Default: everywhere.
    enforce_connectivity : bool, default True
        Make every superpixel one 4-connected region.

    Returns
    -------
    (H, W) int32 array
        Labels 0..n-1 in reading order, each of them present; -1 outside `mask`.
        n is at most `n_segments`, or the number of 4-connected parts of `mask`
        if that is larger, and seldom less than nine tenths of it.

    Raises
    ------
    TypeError, ValueError
        If the image is not uint8 RGB, the mask no mask of its size, or a number
        out of range.

    See Also
    --------
    region_graph : Who borders whom, and along how many pixels.

    Notes
    -----
    Color is 8-bit OpenCV Lab, with L scaled to 0..100. The start is not a grid of
    points: every 4-connected part is cut into cells of equal area, so a mask of any
    shape gets its full number of superpixels, and no superpixel ever spans two
    parts. Distance is ``d_lab**2 + (compactness / S)**2 * d_xy**2`` [1]_, with S
    the square root of the mean area. Where connectivity is enforced, each
    superpixel keeps its largest area, and what is left over (with superpixels of
    less than an eighth of the mean area) goes to the regions around it.

    O(H W n_iter) time, about 28 bytes a pixel of working memory. Results depend
    on nothing but the arguments.

    References
    ----------
    .. [1] Achanta et al., "SLIC superpixels compared to state-of-the-art superpixel
       methods", PAMI 2012.
    .. [2] Verma, Nagar & Raman, "Fast semantic feature extraction using superpixels
       for soft segmentation", section 3.

    Examples
    --------
    >>> import numpy as np
    >>> image = np.zeros((4, 6, 3), np.uint8)
    >>> image[:, 3:] = 255
    >>> slic(image, n_segments=2)
    array([[0, 0, 0, 1, 1, 1],
           [0, 0, 0, 1, 1, 1],
           [0, 0, 0, 1, 1, 1],
           [0, 0, 0, 1, 1, 1]], dtype=int32)
    """
    pixels = check_image("image", image)
    wanted = check_count("n_segments", n_segments)
    rounds = check_count("n_iter", n_iter)
    weight = check_number("compactness", compactness, low=0, open_low=True)
    values = np.zeros(pixels.shape[:2], np.int32)
    if mask is not None:
        where = check_mask("mask", mask)
        check_same_shape("mask", where.shape, "image", values.shape)
        values[~where] = -1
    return _slic(pixels, values, wanted, weight, rounds, enforce_connectivity)


def _slic(
    image: ImageU8,
    values: Labels,
    wanted: int,
    compactness: float,
    n_iter: int,
    /,
    connect: bool,
) -> Labels:
    parts, n_parts = connected_regions(values)
    if n_parts == 0:
        return parts
    area = np.bincount(parts.ravel() + 1, minlength=n_parts + 1)[1:]
    share = allot(area, wanted)
    side = float(np.sqrt(area.sum() / share.sum()))
    labels = _start(parts, area, share, side)
    _refine(lab_of(image), parts, share, side, compactness, n_iter, labels)
    if connect:
        join_fragments(labels, parts, LEAST * side * side)
    renumbered(labels, int(share.sum()))
    return labels


def allot(area: Ints, wanted: int) -> Ints:
    """Share out `wanted` superpixels by area, at least one to each part.

    Largest remainders; no part gets more than it has pixels.
    """
    n = min(max(wanted, len(area)), int(area.sum()))
    rest, room = n - len(area), int(area.sum()) - len(area)
    quota = (area - 1) * rest
    share = 1 + quota // max(room, 1)
    left = n - int(share.sum())
    share[np.argsort(-(quota % max(room, 1)), kind="stable")[:left]] += 1
    return share


def lab_of(image: ImageU8) -> Floats32:
    """Return (H, W, 3) float32 Lab, L in 0..100, from 8-bit OpenCV Lab."""
    import cv2

    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB).astype(np.float32)
    lab[..., 0] *= np.float32(100 / 255)
    return lab


def _start(parts: Labels, area: Ints, share: Ints, side: float) -> Labels:
    labels = np.full(parts.shape, -1, np.int32)
    n_strips = min(max(round(parts.shape[0] / side), 1), parts.shape[0])
    cut_into_cells(parts, area, share, n_strips, labels)
    return labels


def _refine(
    lab: Floats32,
    parts: Labels,
    share: Ints,
    side: float,
    compactness: float,
    n_iter: int,
    labels: Labels,
) -> None:
    n = int(share.sum())
    centers, sums = np.zeros((n, 5), np.float32), np.zeros((n, 6))
    part_of = np.repeat(np.arange(len(share)), share)
    scale = np.array([(compactness / side) ** 2], np.float32)
    best = np.empty(parts.shape, np.float32)
    for _ in range(n_iter):
        average(lab, parts, labels, sums, centers)
        assign(lab, parts, centers, part_of, int(np.ceil(side)), scale, best, labels)
