"""The embedded person detector: a body hung on each face."""

from __future__ import annotations

import numpy as np

from ..._core.checks import check_image
from ..._core.typing import ArrayLike, Floats
from ..protocol import Detections
from .faces import CascadeFaces

HALF_WIDTH, LEAST = 2.0, 0.9
"""Half a person's width, in face widths, and what it is at least."""
OVER = 1.8
"""How far a box reaches at most towards the next face, in shares of its part of the way.

Larger faces, of people nearer to the camera, have the larger part. Of persons side by
side, wider boxes claim too much of each other; narrower ones leave shoulders to the
neighbor alone."""
ROW, ALIKE = 1.5, 0.3
"""How far above or below, in the larger one's widths, and how large beside its own, a
face is that is next to another."""
ABOVE = 1.1
"""From the face's center to the top of the head, in face widths.

Hair of nine portraits in ten ends below it. What a box leaves out may be another's
alone, what it has too much is only undecided."""
BELOW = 10.0
"""From the face's center to the feet of a standing adult, in face widths."""


class BodyPersons:
    """Hang a body on each face: from the head's top down, a few face widths wide.

    Notes
    -----
    The box ends at the frame, or where a standing adult's feet would be; and short of
    the next face, if that is near.

    Examples
    --------
    >>> from skimage.data import astronaut
    >>> len(BodyPersons()(astronaut()))
    1
    """

    def __init__(self) -> None:
        self._faces = CascadeFaces()

    def __call__(self, image: ArrayLike, /) -> Detections:
        """Map (H, W, 3) uint8 RGB to one box for each person."""
        checked = check_image("image", image)
        return self.from_faces(checked, self._faces(checked))

    def from_faces(self, image: ArrayLike, faces: Detections, /) -> Detections:
        """Map an image and its faces to one box for each person."""
        height, width = check_image("image", image).shape[:2]
        x1, y1, x2, y2 = faces.boxes.T
        x, y, unit = (x1 + x2) / 2, (y1 + y2) / 2, np.sqrt(x2 - x1) * np.sqrt(y2 - y1)
        reach_left, reach_right = _reach(-x, y, unit), _reach(x, y, unit)
        left = np.clip(x - reach_left, 0, width - 1)
        right = np.clip(x + reach_right, left + 1, width)
        top = np.clip(y - ABOVE * unit, 0, height - 1)
        bottom = np.clip(y + BELOW * unit, top + 1, height)
        return Detections(np.stack([left, top, right, bottom], axis=1), faces.scores)


def _reach(x: Floats, y: Floats, unit: Floats) -> Floats:
    """(N,) how far each body reaches towards larger x, for faces there and so wide."""
    away = x[None, :] - x[:, None]
    larger = np.maximum(unit[:, None], unit[None, :])
    beside = (away > 0) & (np.abs(y[None, :] - y[:, None]) < ROW * larger)
    beside &= unit[None, :] > ALIKE * unit[:, None]
    part = unit[:, None] / (unit[:, None] + unit[None, :])
    nearest = np.where(beside, away * part, np.inf).min(1, initial=np.inf)
    reach: Floats = np.clip(OVER * nearest, LEAST * unit, HALF_WIDTH * unit)
    return reach
