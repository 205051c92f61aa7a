"""Loops behind `superpixels.cells`: exact dtypes in, nothing checked.

Runs are those of `connected`, of a mask: names >= 0 are inside.
"""

import numpy as np

from ..._core.jit import compiled
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
    `labels` (H + 2, pitch) comes in as the parts, with a row more above.
    """
    height = labels.shape[0] - 2
    cell, seen = np.cumsum(share) - share, area * 0
    found, column = np.empty((3, labels.shape[1]), np.int64), labels[0].copy()
    p = 0
    for strip in range(n_strips):
        top = strip * height // n_strips
        bottom = (strip + 1) * height // n_strips
        left, right = survey(start, name, first, top, bottom, labels, found)
        for step in range(right - left):
            x = left + step if strip % 2 == 0 else right - 1 - step
            n = found[0, x]
            column[x] = -1
            if n > 0 and found[1, x] != n * p:
                p = found[1, x] // n
            alone = found[1, x] == n * p and found[2, x] == n * p * p
            if n > 0 and alone and seen[p] + (n - 1) * share[p] < area[p]:
                column[x] = cell[p]
                seen[p] += n * share[p]
                if seen[p] >= area[p]:
                    seen[p] -= area[p]
                    cell[p] += 1
            elif n > 0:
                walk(x, top, bottom, area, share, seen, cell, labels)
        paint_columns(start, name, first, top, bottom, column, labels)


@compiled
def survey(
    start: Ints32,
    name: Ints32,
    first: Ints,
    top: int,
    bottom: int,
    labels: Array,
    found: Ints,
) -> tuple[int, int]:
    """Count each column's pixels in rows `top`..`bottom`, into `found` (3, pitch).

    There too go the sums of their parts and of these squared: n p and n p**2 where all
    are p, and only there. Return the first column that has any and the one past the
    last.
    """
    pitch = labels.shape[1]
    found[:] = 0
    left, right = pitch, 0
    for y in range(top, bottom):
        for i in range(first[y], first[y + 1]):
            if name[i] < 0:
                continue
            begin = start[i] - (y + 1) * pitch
            end = begin + start[i + 1] - start[i]
            p = int(labels[y + 1, begin])
            found[0, begin] += 1
            found[1, begin] += p
            found[2, begin] += p * p
            found[0, end] -= 1
            found[1, end] -= p
            found[2, end] -= p * p
            left, right = min(left, begin), max(right, end)
    for x in range(left + 1, right):
        for c in range(3):
            found[c, x] += found[c, x - 1]
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
    """Write `column`, where it is not -1, to the runs of some rows."""
    for y in range(top, bottom):
        for i in range(first[y], first[y + 1]):
            if name[i] < 0:
                continue
            begin = start[i] - (y + 1) * labels.shape[1]
            end = begin + start[i + 1] - start[i]
            cells, row = column[begin:end], labels[y + 1, begin:end]
            for x in range(row.size):
                row[x] = cells[x] if cells[x] >= 0 else row[x]
