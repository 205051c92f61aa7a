"""Loops behind `superpixels.cells`: exact dtypes in, nothing checked.

Runs are those of `connected`, of a mask: names >= 0 are inside.
"""

import numpy as np

from ..._core.jit import compiled
from ..._core.lanes import LANES, choose, differ, load, spread, store
from ..._core.typing import Array, Ints, Ints32


@compiled
def cut_into_cells(
    start: Ints32,
    name: Ints32,
    first: Ints,
    area: Ints,
    share: Ints,
    n_strips: int,
    labels: Array,
) -> None:
    """Cut every part into `share` cells of equal area, numbered in turn.

    Pixels are counted strip by strip, column by column within a strip, there and
    back again, so that a cell that turns at a strip's end stays in one piece.
    `labels` (H + 2, pitch) comes in as the parts, with a row more above and below.
    """
    height, pitch = labels.shape[0] - 2, labels.shape[1]
    cell, seen = np.cumsum(share) - share, area * 0
    turns = np.zeros((pitch + 1, 3), np.int64)
    column = np.full(pitch + LANES, -1, labels.dtype)
    p = 0
    for strip in range(n_strips):
        top = strip * height // n_strips
        bottom = (strip + 1) * height // n_strips
        left, right = survey(start, name, first, top, bottom, labels, turns)
        back = strip % 2
        n = total = squares = 0
        for step in range(right - left):
            x = right - 1 - step if back else left + step
            # Going back, what begins right of x is left out again.
            at, sign = (x + 1, -1) if back else (x, 1)
            if n == 0 and turns[at, 0] == 0:
                continue  # Nothing here, nor anything to paint.
            n += sign * turns[at, 0]
            total += sign * turns[at, 1]
            squares += sign * turns[at, 2]
            turns[at, 0] = turns[at, 1] = turns[at, 2] = 0
            column[x] = -1
            if n == 0:
                continue
            if total != n * p:
                p = total // n
            # All of one part: their mean is p, and they do not vary.
            alone = total == n * p and squares == n * p * p
            if alone and seen[p] + (n - 1) * share[p] < area[p]:
                column[x] = cell[p]
                seen[p] += n * share[p]
                if seen[p] >= area[p]:
                    seen[p] -= area[p]
                    cell[p] += 1
            else:
                walk(x, top, bottom, area, share, seen, cell, labels)
        turns[left] = turns[right] = 0
        paint_columns(start, name, first, top, bottom, column, labels)


@compiled
def survey(
    start: Ints32,
    name: Ints32,
    first: Ints,
    top: int,
    bottom: int,
    labels: Array,
    turns: Ints,
) -> tuple[int, int]:
    """Count where the columns of rows `top`..`bottom` get or lose pixels of parts.

    `turns` (pitch + 1, 3), 0, becomes by how much each column has more pixels than the
    one before it, by how much the sum of their parts is larger, and that of these
    squared. Return the first column that has any and the one past the last.
    """
    pitch = labels.shape[1]
    left, right = pitch, 0
    for y in range(top, bottom):
        for i in range(first[y], first[y + 1]):
            if name[i] < 0:
                continue
            begin = start[i] - (y + 1) * pitch
            end = begin + start[i + 1] - start[i]
            p = int(labels[y + 1, begin])
            turns[begin, 0] += 1
            turns[begin, 1] += p
            turns[begin, 2] += p * p
            turns[end, 0] -= 1
            turns[end, 1] -= p
            turns[end, 2] -= p * p
            left, right = min(left, begin), max(right, end)
    return left, right


@compiled
def walk(
    x: int,
    top: int,
    bottom: int,
    area: Ints,
    share: Ints,
    seen: Ints,
    cell: Ints,
    labels: Array,
) -> None:
    """Give a column its cells pixel by pixel: they or its parts change within."""
    y = top + 1
    while y <= bottom:
        p = labels[y, x]
        if p < 0:
            y += 1
            continue
        now, k = seen[p], cell[p]
        while y <= bottom and labels[y, x] == p:
            labels[y, x] = k
            y += 1
            now += share[p]
            if now >= area[p]:
                now -= area[p]
                k += 1
        seen[p], cell[p] = now, k


@compiled
def paint_columns(
    start: Ints32,
    name: Ints32,
    first: Ints,
    top: int,
    bottom: int,
    column: Array,
    labels: Array,
) -> None:
    """Write `column`, where it is not -1, to the runs of some rows.

    It has `LANES` more than labels have columns.
    """
    flat, pitch = labels.reshape(labels.size), labels.shape[1]
    none = spread(flat, -1)
    for y in range(top, bottom):
        for i in range(first[y], first[y + 1]):
            if name[i] < 0:
                continue
            for at in range(start[i], start[i + 1], LANES):
                # Beyond the run too: a cell is that of all its column, or -1.
                cells, now = load(column, at - (y + 1) * pitch), load(flat, at)
                kept = choose(differ(cells, none), cells, now)
                store(flat, at, choose(differ(now, none), kept, now))
