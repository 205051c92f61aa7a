"""A second, closer look at a face: it tells where it is, and textures rarely pass it."""

from __future__ import annotations

import cv2
import numpy as np

from ..._core.resize import resize
from ..._core.typing import Bytes, Floats, ImageU8
from .cascade import Sweep, windows
from .judge import describe
from .merge import settle
from .prior import PortraitPrior

WIDTH = 90
"""Width, in pixels, at which a face is looked at again."""
AROUND = 1.6
"""How far the closer look reaches from the face's center, in face widths."""
CLOSE = Sweep(smallest=60, growth=1.12, stride=1.1, lenience=0.15)
ENOUGH = 9.0
"""Votes that make a score of 0.5 for faces up to `TINY`; wider ones need fewer."""
TINY = 50


def closer(
    image: ImageU8, box: Floats, wide: float, prior: PortraitPrior
) -> tuple[Floats, float]:
    """Look again at the face at `box` (image pixels), enlarged to `WIDTH`.

    Return where it really is and its score; `wide` is its width in the first look.
    """
    gray, corner, scale = _close_up(image, box)
    found = windows(gray, CLOSE)
    there = (box[:2] + box[2:]) / 2 * scale - corner
    away = np.hypot(*(found[:, :2] + found[:, 2:] / 2 - there).T)
    size = found[:, 2] / WIDTH
    found = found[(away < 0.3 * WIDTH) & (size > 0.6) & (size < 1.5)]
    if len(found) == 0:
        return box, 0.0
    votes = prior.votes(describe(gray, found))
    needed = ENOUGH * min(1.0, TINY / wide)
    boxes = np.concatenate([found[:, :2], found[:, :2] + found[:, 2:]], axis=1)
    merged, totals = settle(boxes, votes)
    return (merged + np.tile(corner, 2)) / scale, totals / (totals + needed)


def _close_up(image: ImageU8, box: Floats) -> tuple[Bytes, Floats, float]:
    """Return the gray surroundings of a face, their corner after scaling, the scale."""
    middle, reach = (box[:2] + box[2:]) / 2, AROUND * (box[2] - box[0])
    frame = image.shape[1::-1]
    left, top = np.clip(np.floor(middle - reach), 0, np.subtract(frame, 1)).astype(int)
    right, bottom = np.maximum(
        np.clip(np.ceil(middle + reach), 0, frame).astype(int), (left + 1, top + 1)
    )
    scale = WIDTH / (box[2] - box[0])
    shape = max(round((bottom - top) * scale), 1), max(round((right - left) * scale), 1)
    part = resize(image[top:bottom, left:right], shape, how="area")
    gray = np.asarray(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    return gray, np.array([left, top]) * scale, float(scale)
