"""What boxes alone say about whose a pixel is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ._numba.ownership import mark_cores, mark_exclusive, mark_nearest

if TYPE_CHECKING:
    from .._core.typing import Bools, Boxes, Floats, Floats32, Ints, Labels, Mask
    from .scene import Scene

CORE = np.array([0.2, 0.3])
"""A box's core: within these shares of its width and height of its center."""
THINNEST = 1e-6
"""Least half side of a box, in pixels."""

SPILL = 0.01
"""Share of the mask that tight boxes may leave out."""
FEW = 0.03
"""Share of a box's mask below which exclusive pixels are too few to go by."""


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """Boxes as an image of `shape` sees them.

    Attributes
    ----------
    boxes : (N, 4) float64 array
        Clipped to the image, unless that leaves nothing of any.
    visible : (N,) bool array
        Boxes that can own pixels: those of which clipping leaves something, or
        all if it leaves nothing of any.
    cut : (N, 4) bool array
        Sides that lie on or beyond the photograph's frame: nobody ends there.
    shape : (int, int)
        Height and width.
    """

    boxes: Boxes
    visible: Bools
    cut: Bools
    shape: tuple[int, int]

    @classmethod
    def of(cls, boxes: Boxes, shape: tuple[int, int]) -> Frames:
        """Clip `boxes` to an image of `shape`."""
        far = np.array([shape[1], shape[0]])
        cut = np.hstack([boxes[:, :2] < 1, boxes[:, 2:] > far - 1])
        clipped = boxes.copy()
        clipped[:, 0::2] = clipped[:, 0::2].clip(0, shape[1])
        clipped[:, 1::2] = clipped[:, 1::2].clip(0, shape[0])
        seen = (clipped[:, 2] > clipped[:, 0]) & (clipped[:, 3] > clipped[:, 1])
        if not seen.any():
            return cls(boxes, ~seen, cut, shape)
        # Half sides of 1 keep the invisible ones' arithmetic finite.
        clipped[~seen] = (0, 0, 2, 2)
        return cls(clipped, seen, cut, shape)

    @property
    def centered(self) -> Floats:
        """(N, 4) center x, center y, half width, half height.

        Halves are no less than `THINNEST` or what floats resolve at the center, so that
        places can be measured in them, whatever the box.
        """
        low, high = self.boxes[:, :2] / 2, self.boxes[:, 2:] / 2
        center = low + high
        least = np.maximum(np.spacing(np.abs(center)), THINNEST)
        return np.hstack([center, np.maximum(high - low, least)])

    def spans(self) -> Ints:
        """(N, 4) first column, first row, and one past the last of each."""
        return self._pixels(self.boxes)

    def sides(self, mask: Mask) -> list[tuple[int, int]]:
        """List the (box, side) at which somebody must end, if boxes are tight.

        Not where the photograph's frame cuts, nor of boxes that hold none of the mask.
        Boxes that leave out more than `SPILL` of it are not tight: no side says a thing.
        """
        spans = self.spans().tolist()
        outside = mask.copy()
        for x1, y1, x2, y2 in spans:
            outside[y1:y2, x1:x2] = False
        if np.count_nonzero(outside) > SPILL * np.count_nonzero(mask):
            return []
        some = [bool(mask[y1:y2, x1:x2].any()) for x1, y1, x2, y2 in spans]
        rows = np.argwhere((self.visible & some)[:, None] & ~self.cut)
        return [(i, side) for i, side in rows.tolist()]

    def cores(self) -> Ints:
        """Like `spans`, for the boxes' cores, whose borders belong to them."""
        frame = self.centered
        reach = frame[:, 2:] * (2 * CORE)
        low = np.ceil(frame[:, :2] - reach - 0.5)
        high = np.floor(frame[:, :2] + reach - 0.5) + 1
        return self._pixels(np.hstack([low, high]) + 0.5)

    def distances(self, points: Floats) -> Floats:
        """(K, N) squared distance of (K, 2) x, y to each center, in half sides."""
        frame = self.centered
        offset = (points[:, None] - frame[None, :, :2]) / frame[None, :, 2:]
        squared: Floats = (offset**2).sum(-1)
        return squared

    def candidates(self, points: Floats) -> Bools:
        """(K, N) whether a box may own what lies at (K, 2) x, y.

        The boxes that hold the point, else all.
        """
        return self.able(self.holding(points))

    def holding(self, points: Floats) -> Bools:
        """(K, N) whether a box holds what lies at (K, 2) x, y."""
        low, high = self.boxes[:, :2], self.boxes[:, 2:]
        point = points[:, None]
        held: Bools = ((low <= point) & (point < high)).all(-1) & self.visible
        return held

    def able(self, held: Bools) -> Bools:
        """(K, N) whether a box may own what is `held` by some: those, else all."""
        return np.where(held.any(1, keepdims=True), held, self.visible)

    def _pixels(self, boxes: Boxes) -> Ints:
        height, width = self.shape
        top = np.array([width, height, width, height])
        spans = np.ceil(boxes - 0.5).clip(0, top).astype(np.int64)
        spans[~self.visible] = 0
        return spans


def exclusive_owners(mask: Mask, frames: Frames) -> Labels:
    """(H, W) int32: i where only box i - 1 holds the mask, -1 elsewhere in it."""
    owner = np.zeros(mask.shape, np.int32)
    mark_exclusive(mask, frames.spans(), owner)
    return owner


def with_cores(
    seeds: Labels, owner: Labels, frames: Frames, *, least: float = 0.0
) -> Labels:
    """Add the cores of boxes with hardly any exclusive pixels in `owner` to `seeds`.

    Hardly any: at most `least` of the mask's pixels in the box. Only what is
    undecided in `seeds` is given away.
    """
    chosen = np.flatnonzero(bare_boxes(owner, frames, least))
    if not len(chosen):
        return seeds
    cores = np.minimum(owner, 0)
    mark_cores(
        frames.cores(), frames.centered, chosen, np.full(owner.shape, np.inf), cores
    )
    return np.where((seeds < 0) & (cores > 0), cores, seeds)


def bare_boxes(owner: Labels, frames: Frames, least: float) -> Bools:
    """(N,) whether at most the share `least` of a box's mask is its person's in `owner`."""
    alone = np.bincount(owner[owner > 0].ravel(), minlength=len(frames.boxes) + 1)[1:]
    held = [np.count_nonzero(owner[y1:y2, x1:x2]) for x1, y1, x2, y2 in frames.spans()]
    bare: Bools = (alone <= least * np.array(held)) & frames.visible
    return bare


def split_by_nearest(
    scene: Scene,
    n_segments: int,  # noqa: ARG001
) -> tuple[Labels, Floats32]:
    """Give every pixel of the mask to the nearest box."""
    return nearest_owners(scene.mask, scene.frames)


def nearest_owners(wanted: Mask, frames: Frames) -> tuple[Labels, Floats32]:
    """Return the nearest box of every `wanted` pixel, and how clear the choice was."""
    labels = np.zeros(wanted.shape, np.int32)
    confidence = np.zeros(wanted.shape, np.float32)
    mark_nearest(
        wanted, frames.spans(), frames.centered, frames.visible, labels, confidence
    )
    return labels, confidence
