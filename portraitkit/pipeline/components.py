"""Persons where only a mask is known."""

import cv2
import numpy as np

from .._core.typing import Mask, Probability
from ..models import Detections

SPECK = 0.02
"""Parts below this share of the largest are dust, not persons."""


def component_persons(mask: Mask, probability: Probability) -> Detections:
    """Return one box for each sizeable 8-connected part of `mask`.

    Parameters
    ----------
    mask : (H, W) bool
        Person mask.
    probability : (H, W) float32
        The mean over a part is its score.

    Returns
    -------
    Detections
        Tight boxes; empty for an empty mask.

    Notes
    -----
    O(H W) time and memory. `Detections` puts the surest first.
    """
    n, labels, stats, _ = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=8
    )
    area = stats[1:, cv2.CC_STAT_AREA]
    keep = np.flatnonzero(area >= SPECK * area.max(initial=0)) + 1
    sums = np.bincount(labels.ravel(), weights=probability.ravel(), minlength=n)
    left, top, width, height = stats[keep, :4].T
    boxes = np.stack([left, top, left + width, top + height], axis=1)
    return Detections(boxes, sums[keep] / stats[keep, cv2.CC_STAT_AREA])
