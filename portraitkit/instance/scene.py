"""The part of a photograph that a split has to look at, at a bearable size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from .ownership import Frames, exclusive_owners

if TYPE_CHECKING:
    from .._core.typing import Array, Boxes, ImageU8, Ints, Labels, Mask


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Where the pixels of a smaller picture lie in the full one.

    Attributes
    ----------
    top, left : int
        First row and column looked at.
    rows, cols : (h,), (w,) int array
        First full row and column, from there, of every small one.
    shape : (int, int)
        Height and width looked at, in full pixels.
    """

    top: int
    left: int
    rows: Ints
    cols: Ints
    shape: tuple[int, int]

    @classmethod
    def around(cls, mask: Mask, max_pixels: float) -> Grid:
        """Frame the True pixels of `mask` with at most `max_pixels` pixels."""
        ys, xs = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        height, width = int(ys[-1] - ys[0] + 1), int(xs[-1] - xs[0] + 1)
        max_pixels = min(max_pixels, height * width)
        shrink = np.sqrt(max_pixels / (height * width))
        tall = max(int(height * shrink), 1)
        wide = max(min(int(width * shrink), int(max_pixels / tall)), 1)
        small = max(min(tall, int(max_pixels / wide)), 1), wide
        return cls(
            int(ys[0]),
            int(xs[0]),
            np.arange(small[0]) * height // small[0],
            np.arange(small[1]) * width // small[1],
            (height, width),
        )

    @property
    def whole(self) -> bool:
        """Whether small pixels are full pixels."""
        return (len(self.rows), len(self.cols)) == self.shape

    def crop(self, array: Array) -> Array:
        """Cut out what is looked at."""
        bottom, right = self.top + self.shape[0], self.left + self.shape[1]
        return array[self.top : bottom, self.left : right]

    def shrink_image(self, image: ImageU8) -> ImageU8:
        """Average the image over each small pixel."""
        import cv2

        part = np.ascontiguousarray(self.crop(image))
        if self.whole:
            return part
        size = len(self.cols), len(self.rows)
        return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA))

    def shrink_mask(self, mask: Mask) -> Mask:
        """Set each small pixel that holds any of the mask, so that none is lost."""
        part = self.crop(mask)
        if self.whole:
            return np.ascontiguousarray(part)
        tall = np.logical_or.reduceat(part, self.rows, axis=0)
        return np.ascontiguousarray(np.logical_or.reduceat(tall, self.cols, axis=1))

    def shrink_boxes(self, boxes: Boxes) -> Boxes:
        """Move boxes into the small picture, without clipping them to it."""
        y, x = len(self.rows) / self.shape[0], len(self.cols) / self.shape[1]
        moved = boxes - (self.left, self.top, self.left, self.top)
        return np.asarray(moved * (x, y, x, y))

    def shrink_frames(self, frames: Frames) -> Frames:
        """Move persons' boxes into the small picture, likewise."""
        small = len(self.rows), len(self.cols)
        return replace(frames, boxes=self.shrink_boxes(frames.boxes), shape=small)

    def paint(self, small: Array, wanted: Mask, full: Array) -> None:
        """Copy `small` onto the `wanted` pixels of `full`."""
        if not self.whole:
            y = np.repeat(np.arange(len(self.rows)), _steps(self.rows, self.shape[0]))
            x = np.repeat(np.arange(len(self.cols)), _steps(self.cols, self.shape[1]))
            small = small[y][:, x]
        np.copyto(self.crop(full), small, where=self.crop(wanted))


def _steps(starts: Ints, end: int) -> Ints:
    return np.diff(starts, append=end)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """All that a method of splitting is given.

    Attributes
    ----------
    image : (H, W, 3) uint8 array
    mask : (H, W) bool array
    frames : Frames
        The persons' boxes.
    faces : (M, 4) float64 array
        Boxes of faces, a hint.
    seeds : (H, W) int32 array
        Person i = 1..N where the owner is given, -1 elsewhere in the mask, 0 outside
        it. To begin with, where just one box holds the pixel.
    """

    image: ImageU8
    mask: Mask
    frames: Frames
    faces: Boxes
    seeds: Labels

    @classmethod
    def of(cls, image: ImageU8, mask: Mask, frames: Frames, faces: Boxes) -> Scene:
        """Find the seeds."""
        return cls(image, mask, frames, faces, exclusive_owners(mask, frames))

    def seen_by(self, grid: Grid) -> Scene:
        """Return what a smaller picture shows of the scene."""
        return Scene.of(
            grid.shrink_image(self.image),
            grid.shrink_mask(self.mask),
            grid.shrink_frames(self.frames),
            grid.shrink_boxes(self.faces),
        )

    @property
    def n_persons(self) -> int:
        """N, boxes that own nothing included."""
        return len(self.frames.boxes)
