"""Loops behind `superpixels.connected`: exact dtypes in, nothing checked."""

from ..._core.jit import compiled
from ..._core.typing import Bools, Ints, Ints32, Labels


@compiled
def components(values: Ints, eight: bool, regions: Labels, stack: Ints32) -> int:
    """Find the connected areas of equal value >= 0, numbered in reading order.

    `regions` comes in as -1 everywhere and keeps it where `values` is negative.
    `stack` (H * W) is working space.
    """
    height, width = values.shape
    n = 0
    for y in range(height):
        for x in range(width):
            value = values[y, x]
            if value < 0 or regions[y, x] >= 0:
                continue
            regions[y, x] = n
            stack[0] = y * width + x
            top = 1
            while top > 0:
                top -= 1
                cy = stack[top] // width
                cx = stack[top] - cy * width
                for ny in range(max(cy - 1, 0), min(cy + 2, height)):
                    for nx in range(max(cx - 1, 0), min(cx + 2, width)):
                        if not eight and ny != cy and nx != cx:
                            continue
                        if values[ny, nx] == value and regions[ny, nx] < 0:
                            regions[ny, nx] = n
                            stack[top] = ny * width + nx
                            top += 1
            n += 1
    return n


@compiled
def absorb(labels: Labels, queue: Ints32) -> None:
    """Grow the labels >= 0 step by step over the 4-connected pixels at -2.

    Pixels at -1 are walls. `queue` (H * W) is working space.
    """
    height, width = labels.shape
    size = height * width
    end = 0
    for p in range(size):
        y = p // width
        x = p - y * width
        if labels[y, x] >= 0 and (
            (y > 0 and labels[y - 1, x] == -2)
            or (x > 0 and labels[y, x - 1] == -2)
            or (x + 1 < width and labels[y, x + 1] == -2)
            or (y + 1 < height and labels[y + 1, x] == -2)
        ):
            queue[end] = p
            end += 1
    at = 0
    while at < end:
        y = queue[at] // width
        x = queue[at] - y * width
        at += 1
        for side in range(4):
            ny = y + (side == 3) - (side == 0)
            nx = x + (side == 2) - (side == 1)
            if 0 <= ny < height and 0 <= nx < width and labels[ny, nx] == -2:
                labels[ny, nx] = labels[y, x]
                # Whoever starts in the queue is >= 0, so no pixel enters twice.
                queue[end] = ny * width + nx
                end += 1


@compiled
def renumber(labels: Labels, table: Ints32) -> int:
    """Rename labels >= 0 to 0..n-1 in reading order; `table` comes in as -1."""
    n = 0
    for y in range(labels.shape[0]):
        for x in range(labels.shape[1]):
            k = labels[y, x]
            if k < 0:
                continue
            if table[k] < 0:
                table[k] = n
                n += 1
            labels[y, x] = table[k]
    return n


@compiled
def tally(
    pieces: Labels, labels: Labels, parts: Labels, size: Ints, owner: Ints, part: Ints
) -> None:
    """Note the pixels, the label and the part of every piece."""
    for y in range(pieces.shape[0]):
        for x in range(pieces.shape[1]):
            piece = pieces[y, x]
            if piece >= 0:
                size[piece] += 1
                owner[piece] = labels[y, x]
                part[piece] = parts[y, x]


@compiled
def orphan(pieces: Labels, keep: Bools, labels: Labels) -> None:
    """Set `labels` to -2 wherever its piece is not kept."""
    for y in range(pieces.shape[0]):
        for x in range(pieces.shape[1]):
            if pieces[y, x] >= 0 and not keep[pieces[y, x]]:
                labels[y, x] = -2
