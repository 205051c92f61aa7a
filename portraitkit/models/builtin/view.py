"""Where a face says the person is: crops and canvases in face units."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from ..._core.resize import resize
from ..._core.typing import Floats, Floats32, ImageU8

LEFT, TOP, RIGHT, BOTTOM = -3.0, -2.0, 3.0, 6.0
"""What is looked at around a face, in face widths from its center."""
UNIT = 16
"""Canvas pixels to a face width."""
COARSE, FINE = 128, 256
"""Pixels of a view's longer side where evidence is weighed, and where borders are cut."""

CANVAS = int((BOTTOM - TOP) * UNIT), int((RIGHT - LEFT) * UNIT)


@dataclass(frozen=True, slots=True)
class View:
    """A crop of an image around one face, resized to a longer side of `COARSE` or `FINE`.

    Pixel centers: crop pixel x is view pixel (x - left + 0.5) * scale - 0.5.
    """

    left: int
    top: int
    right: int
    bottom: int
    width: int
    height: int
    face: tuple[float, float, float]
    """Center x, center y and width of the face, in view pixels (edges at integers)."""

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) of the reduced crop."""
        return self.height, self.width

    @property
    def steps(self) -> tuple[float, float]:
        """Image pixels to a view pixel, across and down."""
        across = (self.right - self.left) / self.width
        return across, (self.bottom - self.top) / self.height

    @property
    def window(self) -> tuple[slice, slice]:
        """Rows and columns of the image."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


def facing(view: View, other: View) -> View:
    """Return the same crop as `view`, around the face of `other`."""
    x, y, unit = other.face
    across, down = other.steps
    mine = view.steps
    x = (x * across + other.left - view.left) / mine[0]
    y = (y * down + other.top - view.top) / mine[1]
    return replace(view, face=(x, y, unit * across / mine[0]))


def view_of(box: Floats, shape: tuple[int, ...], *, side: int) -> View:
    """Lay the window of one face over an image, clipped to the frame."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    unit = np.sqrt((box[2] - box[0]) * (box[3] - box[1]))
    left, right = _span(x + LEFT * unit, x + RIGHT * unit, shape[1])
    top, bottom = _span(y + TOP * unit, y + BOTTOM * unit, shape[0])
    scale = side / max(right - left, bottom - top)
    width = max(round((right - left) * scale), 1)
    height = max(round((bottom - top) * scale), 1)
    across, down = width / (right - left), height / (bottom - top)
    face = float((x - left) * across), float((y - top) * down), float(unit * scale)
    return View(left, top, right, bottom, width, height, face)


def _span(low: float, high: float, length: int) -> tuple[int, int]:
    """Whole pixels from `low` to `high` that lie in the frame, one at least."""
    first = int(np.clip(np.floor(low), 0, length - 1))
    return first, int(np.clip(np.ceil(high), first + 1, length))


def crop(image: ImageU8, view: View) -> ImageU8:
    """Reduce the view's part of `image`; small images are enlarged."""
    return resize(image[view.window], view.shape, how="area")


def _canvas_to_view(view: View) -> Floats:
    x, y, unit = view.face
    step = unit / UNIT
    shift = 0.5 * step - 0.5
    return np.array(
        [[step, 0, x + LEFT * unit + shift], [0, step, y + TOP * unit + shift]]
    )


def from_canvas(canvas: Floats32, view: View) -> Floats32:
    """Draw a face-aligned map into a view; beyond its rim the rim goes on."""
    return cv2.warpAffine(
        canvas,
        _canvas_to_view(view),
        view.shape[::-1],
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    ).astype(np.float32, copy=False)


def to_canvas(values: Floats32, view: View) -> Floats32:
    """Draw a view's map into face-aligned coordinates; 0 where the view ends."""
    return cv2.warpAffine(
        values,
        _canvas_to_view(view),
        CANVAS[::-1],
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
    ).astype(np.float32, copy=False)


def carry(values: Floats32, source: View, target: View) -> Floats32:
    """Draw one view's map into another view; 0 where the first one ends."""
    across, down = (1 / step for step in source.steps)
    x_step, y_step = target.steps[0] * across, target.steps[1] * down
    x = (target.left - source.left) * across + 0.5 * x_step - 0.5
    y = (target.top - source.top) * down + 0.5 * y_step - 0.5
    return cv2.warpAffine(
        values,
        np.array([[x_step, 0, x], [0, y_step, y]]),
        target.shape[::-1],
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
    ).astype(np.float32, copy=False)
