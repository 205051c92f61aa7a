"""Windows that may hold a face: scikit-image's LBP cascade, made lenient."""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import numpy as np

from ..._core.resize import resize
from ..._core.typing import Bytes, Floats, ImageU8

SIDE = 512
"""Pixels of the image's longer side at which faces are sought."""
SMALLEST = 36
"""Smallest window, in those pixels."""
LENIENCE = 0.15
"""How far a window may fall short of each stage's threshold; judged afterwards."""
GROWTH, STRIDE = 1.15, 1.3


def gray_of(image: ImageU8) -> Bytes:
    """Reduce or enlarge to `SIDE` pixels, then to gray."""
    scale = SIDE / max(image.shape[:2])
    height, width = (max(round(side * scale), 1) for side in image.shape[:2])
    small = resize(image, (height, width), how="area")
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def windows(gray: Bytes) -> Floats:
    """Return (N, 4) x, y, width, height of windows that pass, here or mirrored."""
    if min(gray.shape) <= SMALLEST:
        return np.zeros((0, 4))
    plain, mirrored = _passing(gray), _passing(gray[:, ::-1])
    mirrored[:, 0] = gray.shape[1] - mirrored[:, 0] - mirrored[:, 2]
    return np.concatenate([plain, mirrored])


def _passing(gray: Bytes) -> Floats:
    """Every passing window, ungrouped and sorted: the cascade's threads race.

    Without its mean, the gray image keeps its running sums exact enough in float32.
    """
    level = gray.astype(np.float64)
    level -= level.mean()
    found = _cascade().detect_multi_scale(
        level,
        scale_factor=GROWTH,
        step_ratio=STRIDE,
        min_size=(SMALLEST, SMALLEST),
        max_size=(min(gray.shape), min(gray.shape)),
        min_neighbor_number=1,
        intersection_score_threshold=1.0,
    )
    rows = sorted((w["c"], w["r"], w["width"], w["height"]) for w in found)
    return np.asarray(rows, dtype=np.float64).reshape(-1, 4)


@cache
def _cascade() -> Any:
    from skimage.data import lbp_frontal_face_cascade_filename
    from skimage.feature import Cascade

    return Cascade(lbp_frontal_face_cascade_filename(), eps=LENIENCE)
