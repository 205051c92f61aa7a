"""What boxes alone say about whose a pixel is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ._numba.ownership import mark_cores, mark_exclusive, mark_nearest

if TYPE_CHECKING:
    from .._core.typing import Bools, Boxes, Floats, Floats32, Ints, Labels, Mask

CORE = np.array([0.2, 0.3])
"""A box's core: within these shares of its width and height of its center."""


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
    shape : (int, int)
        Height and width.
    """

    boxes: Boxes
    visible: Bools
    shape: tuple[int, int]

    @classmethod
    def of(cls, boxes: Boxes, shape: tuple[int, int]) -> Frames:
        """Clip `boxes` to an image of `shape`."""
        clipped = boxes.copy()
        clipped[:, 0::2] = clipped[:, 0::2].clip(0, shape[1])
        clipped[:, 1::2] = clipped[:, 1::2].clip(0, shape[0])
        seen = (clipped[:, 2] > clipped[:, 0]) & (clipped[:, 3] > clipped[:, 1])
        if not seen.any():
            return cls(boxes, ~seen, shape)
        # Half sides of 1 keep the invisible ones' arithmetic finite.
        clipped[~seen] = (0, 0, 2, 2)
        return cls(clipped, seen, shape)

    @property
    def centered(self) -> Floats:
        """(N, 4) center x, center y, half width, half height."""
        low, high = self.boxes[:, :2], self.boxes[:, 2:]
        return np.hstack([(low + high) / 2, (high - low) / 2])

    def spans(self) -> Ints:
        """(N, 4) first column, first row, and one past the last of each."""
        return self._pixels(self.boxes)

    def cores(self) -> Ints:
        """Like `spans`, for the boxes' cores, whose borders belong to them."""
        frame = self.centered
        reach = 2 * frame[:, 2:] * CORE
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
        low, high = self.boxes[:, :2], self.boxes[:, 2:]
        point = points[:, None]
        held = ((low <= point) & (point < high)).all(-1) & self.visible
        held[~held.any(1)] = self.visible
        return held

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


def with_cores(owner: Labels, frames: Frames) -> Labels:
    """Add the cores of boxes without exclusive pixels to the seeds in `owner`."""
    present = np.bincount(owner[owner > 0].ravel(), minlength=len(frames.boxes) + 1)
    chosen = np.flatnonzero((present[1:] == 0) & frames.visible)
    if not len(chosen):
        return owner
    seeds = owner.copy()
    best = np.full(owner.shape, np.inf)
    mark_cores(frames.cores(), frames.centered, chosen, best, seeds)
    return seeds


def nearest_owners(wanted: Mask, frames: Frames) -> tuple[Labels, Floats32]:
    """Return the nearest box of every `wanted` pixel, and how clear the choice was."""
    labels = np.zeros(wanted.shape, np.int32)
    confidence = np.zeros(wanted.shape, np.float32)
    mark_nearest(
        wanted, frames.spans(), frames.centered, frames.visible, labels, confidence
    )
    return labels, confidence
