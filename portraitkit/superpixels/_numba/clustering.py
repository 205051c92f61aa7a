"""Loops behind `superpixels.clustering`: exact dtypes in, nothing checked."""

import numpy as np

from ..._core.jit import compiled
from ..._core.typing import Floats, Floats32, Ints, Labels


@compiled
def cut_into_cells(
    parts: Labels, area: Ints, share: Ints, n_strips: int, labels: Labels
) -> None:
    """Cut every part into `share` cells of equal area, numbered in turn.

    Pixels are counted strip by strip, column by column within a strip, there and
    back again, so that a cell that turns at a strip's end stays in one piece.
    """
    height, width = parts.shape
    first = share.copy()
    total = 0
    for p in range(share.size):
        first[p] = total
        total += share[p]
    seen = area.copy()
    seen[:] = 0
    for strip in range(n_strips):
        top = strip * height // n_strips
        bottom = (strip + 1) * height // n_strips
        for step in range(width):
            x = step if strip % 2 == 0 else width - 1 - step
            for y in range(top, bottom):
                p = parts[y, x]
                if p >= 0:
                    labels[y, x] = first[p] + seen[p] * share[p] // area[p]
                    seen[p] += 1


@compiled
def average(
    lab: Floats32, parts: Labels, labels: Labels, sums: Floats, centers: Floats32
) -> None:
    """Put each label's mean L, a, b, y, x into `centers` (K, 5).

    A label without pixels keeps its center. `sums` (K, 6) is working space.
    """
    sums[:] = 0
    for y in range(labels.shape[0]):
        for x in range(labels.shape[1]):
            if parts[y, x] < 0:
                continue
            k = labels[y, x]
            sums[k, 0] += lab[y, x, 0]
            sums[k, 1] += lab[y, x, 1]
            sums[k, 2] += lab[y, x, 2]
            sums[k, 3] += y
            sums[k, 4] += x
            sums[k, 5] += 1
    for k in range(centers.shape[0]):
        if sums[k, 5] > 0:
            for c in range(5):
                centers[k, c] = sums[k, c] / sums[k, 5]


@compiled
def assign(
    lab: Floats32,
    parts: Labels,
    centers: Floats32,
    part_of: Ints,
    reach: int,
    scale: Floats32,
    best: Floats32,
    labels: Labels,
) -> None:
    """Give every pixel the nearest center of its part within `reach` of it.

    `scale` (1,) weighs squared pixels against squared Lab. A pixel that no center
    reaches keeps its label. `best` (H, W) is working space. All in float32: an int
    that met a float32 would make it float64.
    """
    height, width = labels.shape
    weight = scale[0]
    best[:] = 3.4e38
    for k in range(centers.shape[0]):
        light, a, b = centers[k, 0], centers[k, 1], centers[k, 2]
        cy, cx = centers[k, 3], centers[k, 4]
        p = part_of[k]
        left = max(int(cx) - reach, 0)
        right = min(int(cx) + reach + 2, width)
        for y in range(max(int(cy) - reach, 0), min(int(cy) + reach + 2, height)):
            dy = np.float32(y) - cy
            row = weight * dy * dy
            for x in range(left, right):
                d0 = lab[y, x, 0] - light
                d1 = lab[y, x, 1] - a
                d2 = lab[y, x, 2] - b
                dx = np.float32(x) - cx
                d = d0 * d0 + d1 * d1 + d2 * d2 + weight * dx * dx + row
                if d < best[y, x] and parts[y, x] == p:
                    best[y, x] = d
                    labels[y, x] = k
