"""From probability to a clean mask: GrabCut seeded by it, then tidied."""

from __future__ import annotations

import cv2
import numpy as np
from scipy import ndimage

from ..._core.typing import Bytes, Floats32, ImageU8, Mask

SURE = 0.9
"""Probability above which a pixel is a seed; below 1 - SURE it is background."""
ROUNDS = 1


def grab_cut(small: ImageU8, probability: Floats32) -> Mask:
    """Cut the person out where color borders agree with `probability`.

    OpenCV draws random numbers to start its color models; the seed is set before
    each cut, and its generator belongs to the thread, so equal input gives equal masks.
    """
    seeds = np.where(probability >= 0.5, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    seeds[probability > SURE] = cv2.GC_FGD
    seeds[probability < 1 - SURE] = cv2.GC_BGD
    if not _two_sided(seeds):
        return probability >= 0.5
    cv2.setRNGSeed(0)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    everything = (0, 0, 0, 0)
    cv2.grabCut(small, seeds, everything, *models, ROUNDS, cv2.GC_INIT_WITH_MASK)
    return np.asarray((seeds == cv2.GC_FGD) | (seeds == cv2.GC_PR_FGD))


def _two_sided(seeds: Bytes) -> bool:
    ours = np.count_nonzero((seeds == cv2.GC_FGD) | (seeds == cv2.GC_PR_FGD))
    return bool(10 <= ours <= seeds.size - 10)


def tidy(mask: Mask, core: Mask) -> Mask:
    """Keep what touches `core`, fill what is enclosed."""
    parts, count = ndimage.label(mask, structure=np.ones((3, 3)))
    kept = np.zeros(count + 1, dtype=bool)
    kept[parts[core & mask]] = True
    return np.asarray(ndimage.binary_fill_holes(kept[parts] & mask), dtype=bool)
