"""Loops behind `superpixels.adoption`: exact dtypes in, nothing checked.

Runs are those of `connected`. The `owner` of a run is the label that keeps it, -1
outside the picture, or -2 - m where it belongs to orphan m, in reading order.
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
) -> int:
    """Find the largest piece of each label (K,) and of each part, of equals the first.

    `size` (runs) comes in as 0, the rest as -1. Return how many pieces there are.
    """
    n = 0
    for i in range(piece.size):
        size[piece[i]] += start[i + 1] - start[i]
    for i in range(piece.size):
        k = name[i]
        if piece[i] == i and k >= 0:
            n += 1
            if largest[k] < 0 or size[i] > size[largest[k]]:
                largest[k] = i
            part = part_of[k]
            if part_largest[part] < 0 or size[i] > size[part_largest[part]]:
                part_largest[part] = i
    return n


@compiled
def find_orphans(
    start: Ints32,
    name: Ints32,
    piece: Ints32,
    kept: Ints32,
    planes: Array,
    owner: Ints32,
    colors: Floats32,
) -> int:
    """Fill in `owner`, and `colors` (pieces, 4), 0, for the orphans: what is not kept.

    Those are L, a and b in the middle of each run, weighed by its length, and the
    pixels. Return how many orphans there are.
    """
    flat, plane = planes.reshape(planes.size), planes.shape[1] * planes.shape[2]
    n = 0
    for i in range(piece.size):
        k, p = name[i], piece[i]
        if k < 0 or kept[k] == p:
            owner[i] = k
            continue
        # Of a piece, the first run is p.
        owner[i] = -2 - n if p == i else owner[p]
        n += p == i
        m, length = -2 - owner[i], start[i + 1] - start[i]
        # Labels have a row more above than planes.
        at = start[i] + length // 2 - planes.shape[2]
        colors[m, 0] += length * flat[at]
        colors[m, 1] += length * flat[at + plane]
        colors[m, 2] += length * flat[at + 2 * plane]
        colors[m, 3] += length
    for m in range(n):
        share = np.float32(1) / colors[m, 3]
        for c in range(3):
            colors[m, c] *= share
    return n


@compiled
def pair(
    start: Ints32,
    owner: Ints32,
    first: Ints,
    pitch: int,
    mixed: Ints32,
    orphans: Ints32,
) -> tuple[int, int]:
    """List who is beside an orphan; return the number of pairs of each kind.

    `mixed` are (orphan, label), `orphans` two orphans. All pairs are written to both,
    and the next ones over those that do not count. Return -1 and -1 if there is no room
    for all; for 3 runs there is.
    """
    n = both = 0
    for y in range(first.size - 1):
        most = 2 * (first[y + 1] - first[y]) + first[y] - first[max(y - 1, 0)]
        if max(n, both) + most > mixed.shape[0]:
            return -1, -1
        for i in range(first[y], first[y + 1] - 1):
            low, high = min(owner[i], owner[i + 1]), max(owner[i], owner[i + 1])
            mixed[n, 0], mixed[n, 1] = -2 - low, high
            orphans[both, 0], orphans[both, 1] = -2 - low, -2 - high
            n += (low < -1) & (high >= 0)
            both += high < -1
        if y == 0:
            continue
        i, j = first[y - 1], first[y]
        while j < first[y + 1]:
            low, high = min(owner[i], owner[j]), max(owner[i], owner[j])
            mixed[n, 0], mixed[n, 1] = -2 - low, high
            orphans[both, 0], orphans[both, 1] = -2 - low, -2 - high
            n += (low < -1) & (high >= 0)
            both += (high < -1) & (low != high)
            above, here = start[i + 1] + pitch, start[j + 1]
            i += above <= here
            j += here <= above
    return n, both


@compiled
def compare(
    m: int, k: int, colors: Floats32, centers: Ints32, best: Floats32, heir: Ints32
) -> None:
    """Make label k the heir of orphan m if its color is the nearest so far."""
    d0 = colors[m, 0] - np.float32(centers[k, 0])
    d1 = colors[m, 1] - np.float32(centers[k, 1])
    d2 = colors[m, 2] - np.float32(centers[k, 2])
    d = d0 * d0 + d1 * d1 + d2 * d2
    nearer = d < best[m]
    best[m] = d if nearer else best[m]
    heir[m] = k if nearer else heir[m]


@compiled
def find_heirs(
    mixed: Ints32,
    orphans: Ints32,
    colors: Floats32,
    centers: Ints32,
    best: Floats32,
    done: Ints32,
    heir: Ints32,
) -> None:
    """Give every orphan the neighbouring label of the nearest color, in rounds.

    A round knows the heirs found in those before it, `done`. `heir` comes in as -1,
    `best` as inf, for each of the orphans.
    """
    for i in range(mixed.shape[0]):
        compare(mixed[i, 0], mixed[i, 1], colors, centers, best, heir)
    n = orphans.shape[0]
    left = n + 1
    while 0 < n < left:
        done[:] = heir
        left, n = n, 0
        for i in range(left):
            m, other = orphans[i, 0], orphans[i, 1]
            if done[m] < 0 and done[other] < 0:
                orphans[n, 0], orphans[n, 1] = m, other
                n += 1
            elif done[m] < 0:
                compare(m, done[other], colors, centers, best, heir)
            elif done[other] < 0:
                compare(other, done[m], colors, centers, best, heir)


@compiled
def hand_over(owner: Ints32, heir: Ints32, name: Ints32) -> None:
    """Name every run after its owner, and the orphans' after their heirs."""
    for i in range(owner.size):
        name[i] = owner[i] if owner[i] >= -1 else heir[-2 - owner[i]]
