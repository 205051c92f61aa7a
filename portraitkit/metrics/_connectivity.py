"""Degree of connectedness of two mattes to their common source region."""

from itertools import pairwise

import numpy as np

from .._core.typing import Bools, Floats, Probability

LEVELS = np.arange(11) / 10
LEAST = 0.15
"""Differences below it are not seen."""


def connectedness(alpha: Probability, truth: Probability) -> tuple[Floats, Floats]:
    """1 where a matte is connected up to its own value, less where it sticks out."""
    both = np.minimum(alpha, truth)
    level = np.ones(both.shape)
    undecided = np.ones(both.shape, dtype=bool)
    for below, here in pairwise(LEVELS):
        lost = undecided & ~_largest(both >= np.float32(here))
        level[lost] = below
        undecided &= ~lost
    return _degree(alpha - level), _degree(truth - level)


def _degree(excess: Floats) -> Floats:
    return 1 - excess * (excess >= LEAST)


def _largest(mask: Bools) -> Bools:
    """Keep the largest 4-connected component; of equal ones the first in raster order."""
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        mask.view(np.uint8), connectivity=4, ltype=cv2.CV_32S
    )
    if count == 1:
        return np.zeros(mask.shape, dtype=bool)
    found: Bools = labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    return found
