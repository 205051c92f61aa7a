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
    describe,
)
from .adoption import one_region_each
from .cells import allot, equal_cells
from .connected import find_all_runs, renumbered, whole
from .refinement import refine_cells, rivals_of
from .stretches import Stretches, frame_of, parts_of, stretches_of

if TYPE_CHECKING:
    from typing import SupportsIndex

    from .._core.typing import ArrayLike, Floats32, ImageU8, Labels

LIGHT = 100 / 255
"""From 8-bit L to 0..100."""
LEAST, SPARED = 0.125, 0.9
"""Superpixels below this share of the mean area are joined to a neighbour, unless
more than the rest of this share of them would be lost."""


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
        Larger gives squarer superpixels; less than 1 counts as 1.
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
        if that is larger, and on photographs at least nine tenths of it.

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
    The start is not a grid of points: every 4-connected part is cut into cells of
    equal area, so a mask of any shape gets its full number of superpixels, and no
    superpixel ever spans two parts. Distance is ``d_lab**2 + (compactness / S)**2 *
    d_xy**2`` [1]_, with S the square root of the mean area, about S away. All rounds
    but the last look at one row in three, each at others. Where connectivity is
    enforced, each superpixel keeps its largest area, and what is left over goes to
    the regions around it; so do the smallest superpixels (at most a tenth of all, of
    less than an eighth of the mean area).

    Everything is counted in whole numbers of 16 bits, Lab in half units (in coarser
    ones if `compactness` is above 44), so results are the same on every machine. A
    pixel whose color is more than 127 Lab units from all centers in reach stays
    where it was. O(H W n_iter) time, about 20 bytes a pixel of working memory.

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
    where = None
    if mask is not None:
        inside = check_mask("mask", mask)
        check_same_shape("mask", inside.shape, "image", pixels.shape[:2])
        where = stretches_of(inside)
        if len(where.begin) == 0:
            return np.full(inside.shape, -1, np.int32)
    return _slic(pixels, where, wanted, weight, rounds, enforce_connectivity)


def _picture(image: ArrayLike) -> ImageU8:
    """Return the image as uint8 RGB."""
    array = np.asarray(image)
    known = array.dtype == np.uint8 or array.dtype.kind == "f"
    if not known or array.ndim not in (2, 3) or array.shape[2:] not in ((), (3,)):
        kind = ValueError if known else TypeError
        msg = (
            "image must be (H, W, 3) or (H, W), uint8 or float in 0..1; "
            f"got {describe(array)}"
        )
        raise kind(msg)
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
    inside: Stretches | None,
    wanted: int,
    compactness: float,
    n_iter: int,
    connect: object,
    /,
) -> Labels:
    shape = image.shape[:2]
    frame = slice(0, shape[0]), slice(0, shape[1])
    if inside is not None:
        frame = frame_of(inside)
    parts, area, runs = whole(shape) if inside is None else parts_of(inside, frame)
    share = allot(area, wanted)
    n, pitch, width = int(share.sum()), parts.shape[1], frame[1].stop - frame[1].start
    side = float(np.sqrt(area.sum() / n))
    labels = equal_cells(width, parts, runs, area, share, side)
    rivals = rivals_of(share, n)
    found = refine_cells(image, frame, runs, rivals, side, compactness, n_iter, labels)
    runs = find_all_runs(labels, runs)
    # Memory is used again: more of it would be new from the system in every call.
    del parts, labels
    if connect:
        least = LEAST * side * side
        one_region_each(runs, *found, rivals[0], least=least, spared=SPARED)
    del found
    out: Labels = np.empty(shape, np.int32)
    renumbered(runs, pitch, n, frame, out)
    return out


def lab_of(image: ImageU8) -> Floats32:
    """Return (H, W, 3) float32 Lab, L in 0..100, from 8-bit OpenCV Lab."""
    import cv2

    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB).astype(np.float32)
    lab[..., 0] *= np.float32(LIGHT)
    return lab
