"""Windows that may hold a face: scikit-image's LBP cascade, made lenient."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np

from ..._core.resize import resize
from ..._core.typing import Bytes, Floats, ImageU8

SIDE = 512
"""Pixels of the image's longer side at which faces are sought."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """How densely and how strictly windows are tried, in pixels at `SIDE`."""

    smallest: int
    growth: float
    stride: float
    lenience: float
    """How far a window may fall short of each stage's threshold; judged afterwards."""


QUICK = Sweep(smallest=36, growth=1.15, stride=1.3, lenience=0.15)
THOROUGH = Sweep(smallest=90, growth=1.15, stride=1.1, lenience=0.3)


def gray_of(image: ImageU8) -> Bytes:
    """Reduce or enlarge to `SIDE` pixels, then to gray."""
    scale = SIDE / max(image.shape[:2])
    height, width = (max(round(side * scale), 1) for side in image.shape[:2])
    small = resize(image, (height, width), how="area")
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def windows(gray: Bytes, sweep: Sweep) -> Floats:
    """Return (N, 4) x, y, width, height of windows that pass, here or mirrored."""
    if min(gray.shape) <= sweep.smallest:
        return np.zeros((0, 4))
    plain, mirrored = _passing(gray, sweep), _passing(gray[:, ::-1], sweep)
    mirrored[:, 0] = gray.shape[1] - mirrored[:, 0] - mirrored[:, 2]
    return np.concatenate([plain, mirrored])


def _passing(gray: Bytes, sweep: Sweep) -> Floats:
    """Every passing window, ungrouped and sorted: the cascade's threads race.

    Without its mean, the gray image keeps its running sums exact enough in float32.
    """
    level = gray.astype(np.float64)
    level -= level.mean()
    found = _cascade(sweep.lenience).detect_multi_scale(
        level,
        scale_factor=sweep.growth,
        step_ratio=sweep.stride,
        min_size=(sweep.smallest, sweep.smallest),
        max_size=(min(gray.shape), min(gray.shape)),
        min_neighbor_number=1,
        intersection_score_threshold=1.0,
    )
    rows = sorted((w["c"], w["r"], w["width"], w["height"]) for w in found)
    return np.asarray(rows, dtype=np.float64).reshape(-1, 4)


@cache
def _cascade(lenience: float) -> Any:
    from skimage.data import lbp_frontal_face_cascade_filename
    from skimage.feature import Cascade

    return Cascade(lbp_frontal_face_cascade_filename(), eps=lenience)
