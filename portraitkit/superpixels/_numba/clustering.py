"""Loops behind `superpixels.clustering`: exact dtypes in, nothing checked.

A row of `field` (H, blocks * 80), in float32, holds blocks of 16 pixels, and of each
block L, a, b, the part, and the squared distance to the nearest center so far. The
compiler knows how far apart these are, so it works on 16 pixels at once without asking
whether arrays overlap. All in float32: an int that met one would make it float64.
Labels have columns for whole blocks; those beyond the picture are never read.
"""

import numpy as np

from ..._core.jit import compiled
from ..._core.typing import Bytes, Floats32, Ints, Labels

LANES = 16
BLOCK = 5 * LANES
PART, BEST = 3 * LANES, 4 * LANES
BAND = 8


@compiled
def fill(lab: Bytes, parts: Labels, light: float, field: Floats32) -> None:
    """Write Lab bytes (H, W, 3), L times `light`, and parts to `field`.

    Pixels beyond the picture are of no part, as those outside the mask.
    """
    gain = np.float32(light)
    width = parts.shape[1]
    for y in range(parts.shape[0]):
        for x in range(width):
            at = (x >> 4) * BLOCK + (x & 15)
            field[y, at] = np.float32(lab[y, x, 0]) * gain
            field[y, at + LANES] = lab[y, x, 1]
            field[y, at + 2 * LANES] = lab[y, x, 2]
            field[y, at + PART] = parts[y, x]
        for x in range(width, field.shape[1] // BLOCK * LANES):
            at = (x >> 4) * BLOCK + (x & 15)
            for plane in range(5):
                field[y, at + plane * LANES] = -1


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
    lab: Bytes,
    labels: Labels,
    light: float,
    start: int,
    stride: int,
    sums: Ints,
    centers: Floats32,
) -> None:
    """Put each label's mean L, a, b, y, x into `centers` (K, 5), L times `light`.

    Only rows `start`, `start` + `stride`, ... count; a label without pixels there
    keeps its center. `sums` (K, 6) is working space.
    """
    width = lab.shape[1]
    sums[:] = 0
    for y in range(start, lab.shape[0], stride):
        x = 0
        while x < width:
            k = labels[y, x]
            first = x
            s0 = s1 = s2 = 0
            while x < width and labels[y, x] == k:
                s0 += int(lab[y, x, 0])
                s1 += int(lab[y, x, 1])
                s2 += int(lab[y, x, 2])
                x += 1
            if k >= 0:
                n = x - first
                sums[k, 0] += s0
                sums[k, 1] += s1
                sums[k, 2] += s2
                sums[k, 3] += n * y
                sums[k, 4] += n * (first + x - 1) // 2
                sums[k, 5] += n
    for k in range(centers.shape[0]):
        n = sums[k, 5]
        if n > 0:
            centers[k, 0] = light * sums[k, 0] / n
            for c in range(1, 5):
                centers[k, c] = sums[k, c] / n


@compiled
def assign(
    centers: Floats32,
    part_of: Floats32,
    reach: int,
    scale: Floats32,
    start: int,
    stride: int,
    field: Floats32,
    labels: Labels,
) -> None:
    """Give every pixel the nearest center of its part within `reach` of it.

    Only in rows `start`, `start` + `stride`, ... `scale` (1,) weighs squared pixels
    against squared Lab. A pixel that no center reaches keeps its label.
    """
    height = field.shape[0]
    for begin in range(start, height, BAND * stride):
        end = min(begin + BAND * stride, height)
        for y in range(begin, end, stride):
            for block in range(0, field.shape[1], BLOCK):
                for i in range(BEST, BLOCK):
                    field[y, block + i] = np.float32(3.4e38)
        for k in range(centers.shape[0]):
            top = max(int(centers[k, 3]) - reach, begin)
            bottom = min(int(centers[k, 3]) + reach + 2, end)
            top += (start - top) % stride
            if top < bottom:
                part = part_of[k]
                offer(
                    centers,
                    k,
                    part,
                    reach,
                    scale[0],
                    top,
                    bottom,
                    stride,
                    field,
                    labels,
                )


@compiled
def offer(
    centers: Floats32,
    k: int,
    part: float,
    reach: int,
    weight: float,
    top: int,
    bottom: int,
    stride: int,
    field: Floats32,
    labels: Labels,
) -> None:
    """Give center k the pixels of its window to which it is nearest so far."""
    light, a, b = centers[k, 0], centers[k, 1], centers[k, 2]
    cy, cx = centers[k, 3], centers[k, 4]
    # Blocks of which the window has but a little are left out.
    near = reach - min(reach // 4, LANES // 2)
    left = max(int(cx) - near, 0) // LANES
    right = min((int(cx) + near + 1) // LANES + 1, field.shape[1] // BLOCK)
    name = np.int32(k)
    for y in range(top, bottom, stride):
        dy = np.float32(y) - cy
        far = weight * dy * dy
        for block in range(left, right):
            at = block * BLOCK
            begin = np.float32(block * LANES) - cx
            for i in range(LANES):
                dx = begin + np.float32(i)
                d0 = field[y, at + i] - light
                d1 = field[y, at + LANES + i] - a
                d2 = field[y, at + 2 * LANES + i] - b
                d = d0 * d0 + d1 * d1 + d2 * d2 + (weight * dx * dx + far)
                best, x = field[y, at + BEST + i], block * LANES + i
                won = (d < best) & (field[y, at + PART + i] == part)
                labels[y, x] = name if won else labels[y, x]
                field[y, at + BEST + i] = d if won else best
