"""One mask of several persons, split into one mask each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .._core.checks import (
    check_boxes,
    check_choice,
    check_count,
    check_image,
    check_mask,
    check_number,
    check_same_shape,
)
from ..superpixels.connected import connected_regions
from .affinity import split_by_color
from .auto import split_by_all
from .ownership import Frames, split_by_nearest
from .scene import Grid, Scene
from .walker import split_by_walk
from .watershed import split_by_flooding

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import SupportsIndex, TypeAlias

    from .._core.typing import (
        ArrayLike,
        Bools,
        Floats32,
        Labels,
        Mask,
    )

    Method: TypeAlias = Callable[[Scene, int], tuple[Labels, Floats32]]
    _Found: TypeAlias = tuple[Labels, Mask, Floats32]


@dataclass(frozen=True, slots=True, eq=False)
class InstanceSplit:
    """Who owns which pixel of a mask.

    Attributes
    ----------
    labels : (H, W) int32 array
        0 background, i the person of ``boxes[i - 1]``.
    unknown : (H, W) bool array
        Pixels whose owner the boxes alone did not decide.
    confidence : (H, W) float32 array
        1 where the boxes decide; elsewhere how far the second best person is behind
        the best, 0..1; 0 on the background.
    empty : (N,) bool array
        Boxes that own no pixel.
    """

    labels: Labels
    unknown: Mask
    confidence: Floats32
    empty: Bools


METHODS: dict[str, Method] = {
    "auto": split_by_all,
    "chi2-geodesic": split_by_color,
    "nearest-box": split_by_nearest,
    "random-walker": split_by_walk,
    "watershed": split_by_flooding,
}


def split_instances(
    image: ArrayLike,
    mask: ArrayLike,
    boxes: ArrayLike,
    *,
    method: str = "auto",
    n_segments: SupportsIndex = 500,
    faces: ArrayLike | None = None,
    max_megapixels: float = 1.0,
) -> InstanceSplit:
    """Give every pixel of a person mask to one of several persons.

    Parameters
    ----------
    image : (H, W, 3) uint8 array_like
        RGB.
    mask : (H, W) bool array_like
        Where persons are.
    boxes : (N, 4) array_like
        A box x1, y1, x2, y2 for each person, in pixels, right and bottom exclusive;
        clipped to the image. With N = 0 every 8-connected area of `mask` is a
        person, in reading order.
    method : {"auto", "chi2-geodesic", "nearest-box", "random-walker", "watershed"}
        "chi2-geodesic" is the paper to the letter; "nearest-box" and "watershed" are
        what it has to beat; "auto" is the best known here.
    n_segments : int, default 500
        The most superpixels to cut the mask into, >= 1; "auto" cuts up to five
        times as many, and larger ones beside.
    faces : (M, 4) array_like, optional
        Face boxes, a hint for "auto" where a box has next to nothing to itself.
    max_megapixels : float, default 1
        The part of the image around the mask is reduced to this size, > 0. The
        result is at full size all the same, and every pixel inside just one box has
        exactly that owner.

    Returns
    -------
    InstanceSplit
        `labels`, `unknown`, `confidence`, `empty`. Every pixel of the mask has one
        person, no other pixel has any.

    Raises
    ------
    TypeError, ValueError
        If an array is not what it must be, boxes have x2 <= x1 or NaN, `method` is
        unknown, or a number is out of range.

    See Also
    --------
    geodesic_distances, color_histograms : What "chi2-geodesic" is made of.

    Notes
    -----
    A pixel inside exactly one box is that person's seed; the rest is unknown. Mask
    pixels in no box, areas without seeds, boxes of the same place and boxes inside
    others are all shared out; a box that gets nothing is reported in `empty`. A box
    entirely off the image gets nothing, unless all are.

    "chi2-geodesic" [1]_: superpixels of the mask, cut at the seeds' borders; edges
    weighted by the chi-square distance of their Lab histograms; each unknown piece
    goes to the person at the least geodesic distance among those whose box holds its
    center. A box without a seed starts from its core.

    "random-walker": the same pieces, but a random walk [2]_ decides: it crosses long borders
    between like colors most easily, and a piece goes to the person whose seeds it
    most likely meets first; `confidence` is by how much.

    "auto": random walks on smaller pieces, one for each person, which end where its box
    does. A step across a border is dear by the difference of mean colors, lightness
    counting a third, and by how many larger superpixels, at three scales, end there too;
    level borders count three times, as people stand side by side. Where the boxes are
    tight, areas that end at a box's side are seeds as well, and where nobody reaches a
    side of its box, the likeliest piece there becomes its seed. A box with next to no
    exclusive pixel starts from what is hardest to reach from outside it, and from the
    middle of the one of `faces` that is at its top, if no other box can claim that.
    Margins that all boxes show, as they are often drawn with, are left out first.

    O(H W) at full size; at `max_megapixels`, O(H W n_iter) for the superpixels and, for
    "auto" and "random-walker", O(N E) for each round of solving for E borders.

    References
    ----------
    .. [1] Zhu et al., "Portrait instance segmentation for mobile devices", ICME
       2019, section 2.2.
    .. [2] Grady, "Random walks for image segmentation", PAMI 2006.

    Examples
    --------
    >>> import numpy as np
    >>> image = np.zeros((4, 6, 3), np.uint8)
    >>> image[:, 3:] = 200
    >>> boxes = [[0, 0, 4, 4], [2, 0, 6, 4]]
    >>> split = split_instances(image, np.ones((4, 6), bool), boxes)
    >>> split.labels[0]
    array([1, 1, 1, 2, 2, 2], dtype=int32)
    >>> split.unknown[0]
    array([False, False,  True,  True, False, False])
    """
    pixels = check_image("image", image)
    where = check_mask("mask", mask)
    check_same_shape("mask", where.shape, "image", pixels.shape[:2])
    frames = check_boxes("boxes", boxes)
    check_choice("method", method, METHODS)
    wanted = check_count("n_segments", n_segments)
    size = 1e6 * check_number("max_megapixels", max_megapixels, low=0, open_low=True)
    hints = check_boxes("faces", () if faces is None else faces)
    if len(frames) == 0:
        return _isolated(where)
    scene = Scene.of(pixels, where, Frames.of(frames, where.shape), hints)
    labels, unknown, confidence = _split(scene, method, wanted, size)
    owned = np.bincount(labels.ravel(), minlength=len(frames) + 1)[1:]
    return InstanceSplit(labels, unknown, confidence, owned == 0)


def _isolated(mask: Mask) -> InstanceSplit:
    regions, _ = connected_regions(mask.astype(np.int32) - 1, eight=True)
    confidence = mask.astype(np.float32)
    return InstanceSplit(regions + 1, mask.copy(), confidence, np.zeros(0, bool))


def _split(scene: Scene, method: str, n_segments: int, size: float) -> _Found:
    labels, unknown = scene.seeds, scene.seeds < 0
    confidence = scene.mask.astype(np.float32)
    if not unknown.any():
        return labels, unknown, confidence
    if method == "nearest-box" or np.count_nonzero(scene.frames.visible) == 1:
        found, sure = split_by_nearest(scene, n_segments)
        np.copyto(labels, found, where=unknown)
        np.copyto(confidence, sure, where=unknown)
        return labels, unknown, confidence
    grid = Grid.around(scene.mask, size)
    found, sure = METHODS[method](scene.seen_by(grid), n_segments)
    grid.paint(found, unknown, labels)
    grid.paint(sure, unknown, confidence)
    return labels, unknown, confidence
