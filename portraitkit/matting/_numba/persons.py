"""Loops behind `matting.persons`: exact dtypes in, nothing checked."""

from ..._core.jit import compiled
from ..._core.typing import Ints, Labels


@compiled
def bound(labels: Labels, boxes: Ints) -> None:
    """Grow row k - 1 of `boxes`, (top, left, bottom, right), round label k's pixels.

    Bottom and right are exclusive. Only the ends of a run of equal labels are looked
    at; the rest of a row is read and passed by.
    """
    height, width = labels.shape
    for y in range(height):
        row = labels[y]
        start = 0
        for x in range(width):
            if x + 1 < width and row[x + 1] == row[x]:
                continue
            if row[start] > 0:
                box = boxes[row[start] - 1]
                box[0], box[1] = min(box[0], y), min(box[1], start)
                box[2], box[3] = max(box[2], y + 1), max(box[3], x + 1)
            start = x + 1
