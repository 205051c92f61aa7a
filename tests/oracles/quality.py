"""Superpixel scores, pixel by pixel."""

from collections import Counter

import numpy as np


def border(labels):
    """Pixels that differ from a 4-neighbour."""
    out = np.zeros(labels.shape, bool)
    for y, x in np.ndindex(labels.shape):
        for ny, nx in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
            if 0 <= ny < labels.shape[0] and 0 <= nx < labels.shape[1]:
                out[y, x] |= labels[ny, nx] != labels[y, x]
    return out


def boundary_recall(labels, truth, tolerance):
    wanted = np.argwhere(border(truth) & (truth != 0))
    there = np.argwhere(border(labels))
    hits = [
        any(np.abs(other - pixel).max() <= tolerance for other in there)
        for pixel in wanted
    ]
    return sum(hits) / len(hits) if hits else 1.0


def undersegmentation_error(labels, truth):
    spilled = pixels = 0
    for label in set(labels[labels >= 0].tolist()):
        shares = Counter(truth[labels == label].tolist())
        spilled += sum(shares.values()) - max(shares.values())
        pixels += sum(shares.values())
    return spilled / pixels if pixels else 0.0
