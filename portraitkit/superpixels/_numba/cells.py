"""Loops behind `superpixels.cells`: exact dtypes in, nothing checked."""

from ..._core.jit import compiled
from ..._core.typing import Array, Ints, Labels


@compiled
def cut_into_cells(
    parts: Labels, area: Ints, share: Ints, n_strips: int, labels: Array
) -> None:
    """Cut every part into `share` cells of equal area, numbered in turn.

    Pixels are counted strip by strip, column by column within a strip, there and
    back again, so that a cell that turns at a strip's end stays in one piece.
    `labels` (H + 2, pitch) has a row more above.
    """
    height, width = parts.shape
    name = share.copy()
    n = 0
    for p in range(share.size):
        name[p] = n
        n += share[p]
    seen = area * 0
    for strip in range(n_strips):
        top = strip * height // n_strips
        bottom = (strip + 1) * height // n_strips
        left, right = width, 0
        for y in range(top, bottom):
            x = 0
            while x < left and parts[y, x] < 0:
                x += 1
            left = x
            x = width
            while x > right and parts[y, x - 1] < 0:
                x -= 1
            right = x
        for step in range(right - left):
            x = left + step if strip % 2 == 0 else right - 1 - step
            for y in range(top, bottom):
                p = parts[y, x]
                if p >= 0:
                    labels[y + 1, x] = name[p]
                    seen[p] += share[p]
                    if seen[p] >= area[p]:
                        seen[p] -= area[p]
                        name[p] += 1
