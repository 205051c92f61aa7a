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
from ._numba.clustering import (
    BLOCK,
    LANES,
    assign,
    average,
    cut_into_cells,
    fill,
)
from .connected import connected_regions, one_region_each, renumbered

if TYPE_CHECKING:
    from typing import SupportsIndex

    from .._core.typing import ArrayLike, Floats32, ImageU8, Ints, Labels, Mask

LIGHT = 100 / 255
"""From 8-bit L to 0..100."""
STRIDE, ROUGH = 3, 6
"""Superpixels at least `ROUGH` wide are refined on one row in `STRIDE`."""
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
    image : (H, W, 3) or (H, W) array_like
        RGB or gray, at least one pixel: uint8, or float in 0..1, which is rounded to
        8 bits.
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
        If the image is no photograph, the mask no mask of its size, or a number
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
    the square root of the mean area, up to S away. All rounds but the last look at
    one row in three, each at others. Where connectivity is enforced, each
    superpixel keeps its largest area, and what is left over (with superpixels of
    less than an eighth of the mean area) goes to the regions around it.

    O(H W n_iter) time, about 50 bytes a pixel of working memory. Results depend
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
    pixels = _picture(image)
    wanted = check_count("n_segments", n_segments)
    rounds = check_count("n_iter", n_iter)
    weight = check_number("compactness", compactness, low=0, open_low=True)
    where = None if mask is None else check_mask("mask", mask)
    if where is not None:
        check_same_shape("mask", where.shape, "image", pixels.shape[:2])
        where = None if where.all() else where
    return _slic(pixels, where, wanted, weight, rounds, enforce_connectivity)


def _picture(image: ArrayLike) -> ImageU8:
    """Return the image as uint8 RGB."""
    array = np.asarray(image)
    if array.dtype.kind == "f" and array.size:
        if not (array.min() >= 0 and array.max() <= 1):
            msg = f"image must lie in 0..1; got values {array.min()}..{array.max()}"
            raise ValueError(msg)
        array = np.rint(array * np.float32(255)).astype(np.uint8)
    if array.ndim == 2 and array.dtype == np.uint8:
        array = np.repeat(array[..., None], 3, axis=2)
    return check_image("image", array)


def _slic(
    image: ImageU8,
    mask: Mask | None,
    wanted: int,
    compactness: float,
    n_iter: int,
    /,
    connect: bool,
) -> Labels:
    parts, area = _parts(mask, image.shape[:2])
    if not len(area):
        return parts
    share = allot(area, wanted)
    side = float(np.sqrt(area.sum() / share.sum()))
    labels = _start(parts, area, share, side)
    _refine(image, parts, share, side, compactness, n_iter, labels)
    if connect:
        least = LEAST * side * side
        labels = one_region_each(labels, parts, int(share.sum()), len(area), least)
    else:
        labels = labels[:, : parts.shape[1]].copy()
    renumbered(labels, int(share.sum()))
    return labels


def _parts(mask: Mask | None, shape: tuple[int, int]) -> tuple[Labels, Ints]:
    """Return the 4-connected parts of the mask, and their areas."""
    if mask is None:
        return np.zeros(shape, np.int32), np.array([shape[0] * shape[1]])
    parts, n = connected_regions(mask.astype(np.int32) - 1)
    return parts, np.bincount(parts.ravel() + 1, minlength=n + 1)[1:]


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
    lab = _lab(image).astype(np.float32)
    lab[..., 0] *= np.float32(LIGHT)
    return lab


def _lab(image: ImageU8) -> ImageU8:
    import cv2

    return cv2.cvtColor(image, cv2.COLOR_RGB2LAB)  # type: ignore[return-value]


def _start(parts: Labels, area: Ints, share: Ints, side: float) -> Labels:
    """Return cells of equal area, in rows of whole blocks."""
    height, width = parts.shape
    labels = np.full((height, -(-width // LANES) * LANES), -1, np.int32)
    n_strips = min(max(round(height / side), 1), height)
    if area.sum() == parts.size:
        labels[:, :width] = _grid(height, width, int(share[0]), n_strips)
    else:
        cut_into_cells(parts, area, share, n_strips, labels)
    return labels


def _grid(height: int, width: int, n: int, n_strips: int) -> Labels:
    """Cut a whole picture as `cut_into_cells` does, column by column of a strip."""
    edges = np.arange(n_strips + 1) * height // n_strips
    tall = np.diff(edges)
    seen = edges[:-1, None] * width + (np.arange(width) + 0.5) * tall[:, None]
    cells = (seen * n / (height * width)).astype(np.int32)
    cells[1::2] = cells[1::2, ::-1]
    return np.repeat(cells, tall, axis=0)


def _refine(
    image: ImageU8,
    parts: Labels,
    share: Ints,
    side: float,
    compactness: float,
    n_iter: int,
    labels: Labels,
) -> None:
    lab = _lab(image)
    field = np.empty((len(labels), labels.shape[1] // LANES * BLOCK), np.float32)
    fill(lab, parts, LIGHT, field)
    n = int(share.sum())
    centers, sums = np.zeros((n, 5), np.float32), np.zeros((n, 6), np.int64)
    part_of = np.repeat(np.arange(len(share), dtype=np.float32), share)
    scale = np.array([(compactness / side) ** 2], np.float32)
    reach, stride = int(np.ceil(side)), STRIDE if side >= ROUGH else 1
    average(lab, labels, LIGHT, 0, stride, sums, centers)
    for i in range(n_iter):
        last = i == n_iter - 1
        rows = (0, 1) if last else (i % stride, stride)
        assign(centers, part_of, reach, scale, *rows, field, labels)
        if not last:
            average(lab, labels, LIGHT, *rows, sums, centers)
