"""Loops behind `superpixels.adoption`: exact dtypes in, nothing checked.

Runs are those of `connected`. The `owner` of a run is the label that keeps it, -1
outside the picture, or -2 - m where it belongs to orphan m, whose first run m is.
"""

import numpy as np

from ..._core.jit import compiled
from ..._core.typing import Array, Floats32, Ints, Ints32


@compiled
def choose(
    start: Ints32,
    name: Ints32,
    piece: Ints32,
    part_of: Ints32,
    size: Ints32,
    largest: Ints32,
    part_largest: Ints32,
) -> None:
    """Find the largest piece of each label (K,) and of each part, of equals the first.

    `size` (runs) comes in as 0, the rest as -1.
    """
    for i in range(piece.size):
        size[piece[i]] += start[i + 1] - start[i]
    for i in range(piece.size):
        k = name[i]
        if piece[i] == i and k >= 0:
            if largest[k] < 0 or size[i] > size[largest[k]]:
                largest[k] = i
            part = part_of[k]
            if part_largest[part] < 0 or size[i] > size[part_largest[part]]:
                part_largest[part] = i


@compiled
def find_orphans(
    start: Ints32,
    name: Ints32,
    piece: Ints32,
    kept: Ints32,
    planes: Array,
    owner: Ints32,
    colors: Floats32,
) -> None:
    """Fill in `owner`, and `colors` (runs, 4), 0, for the orphans: the pieces not kept.

    Those are L, a and b in the middle of each run, weighed by its length, and the
    pixels, summed up at the orphan's number.
    """
    flat, plane = planes.reshape(planes.size), planes.shape[1] * planes.shape[2]
    for i in range(piece.size):
        k, p = name[i], piece[i]
        if k < 0 or kept[k] == p:
            owner[i] = k
            continue
        owner[i] = -2 - p
        n = start[i + 1] - start[i]
        # Labels have a row more above than planes.
        at = start[i] + n // 2 - planes.shape[2]
        colors[p, 0] += n * flat[at]
        colors[p, 1] += n * flat[at + plane]
        colors[p, 2] += n * flat[at + 2 * plane]
        colors[p, 3] += n


@compiled
def pair(start: Ints32, owner: Ints32, first: Ints, pitch: int, pairs: Ints32) -> int:
    """List the owners of runs side by side if one is an orphan; return how many.

    There is room (3 runs + 1, 2) for more than there can be: all are written, and the
    next ones over those that do not count.
    """
    n = 0
    for y in range(first.size - 1):
        for i in range(first[y], first[y + 1] - 1):
            a, b = owner[i], owner[i + 1]
            pairs[n, 0], pairs[n, 1] = a, b
            n += (min(a, b) < -1) & (max(a, b) != -1)
        if y == 0:
            continue
        i, j = first[y - 1], first[y]
        while j < first[y + 1]:
            a, b = owner[i], owner[j]
            pairs[n, 0], pairs[n, 1] = a, b
            n += (min(a, b) < -1) & (max(a, b) != -1) & (a != b)
            above, here = start[i + 1] + pitch, start[j + 1]
            i += above <= here
            j += here <= above
    return n


@compiled
def find_heirs(
    pairs: Ints32,
    colors: Floats32,
    centers: Ints32,
    best: Floats32,
    done: Ints32,
    heir: Ints32,
) -> None:
    """Give every orphan the neighbouring label of the nearest color, in rounds.

    A round knows the heirs found in those before it, `done` (runs,). `heir` (runs,)
    comes in as -1, `best` (runs,) as inf.
    """
    n = pairs.shape[0]
    left = n + 1
    while 0 < n < left:
        done[:] = heir
        left, n = n, 0
        for i in range(left):
            a, b = pairs[i, 0], pairs[i, 1]
            k = a if a >= 0 else done[-2 - a]
            other = b if b >= 0 else done[-2 - b]
            if k >= 0 and other >= 0:
                continue
            if k < 0 and other < 0:
                pairs[n, 0], pairs[n, 1] = a, b
                n += 1
                continue
            m = -2 - (a if k < 0 else b)
            k = max(k, other)
            share = np.float32(1) / colors[m, 3]
            d0 = colors[m, 0] * share - np.float32(centers[k, 0])
            d1 = colors[m, 1] * share - np.float32(centers[k, 1])
            d2 = colors[m, 2] * share - np.float32(centers[k, 2])
            d = d0 * d0 + d1 * d1 + d2 * d2
            if d < best[m]:
                best[m] = d
                heir[m] = k


@compiled
def hand_over(start: Ints32, owner: Ints32, heir: Ints32, labels: Array) -> None:
    """Give the orphans' pixels to their heirs."""
    flat = labels.reshape(labels.size)
    for i in range(owner.size):
        if owner[i] < -1:
            k = heir[-2 - owner[i]]
            for place in range(start[i], start[i + 1]):
                flat[place] = k
