"""Loops behind `instance.ownership`: exact dtypes in, nothing checked."""

from ..._core.jit import compiled
from ..._core.typing import Bools, Floats, Floats32, Ints, Labels, Mask


@compiled
def mark_exclusive(mask: Mask, spans: Ints, owner: Labels) -> None:
    """Give each mask pixel the one box that holds it, or -1 for none or several.

    `spans` (N, 4) are the first and one past the last column and row of each box,
    inside the image. `owner` comes in as 0.
    """
    for i in range(spans.shape[0]):
        for y in range(spans[i, 1], spans[i, 3]):
            for x in range(spans[i, 0], spans[i, 2]):
                if mask[y, x]:
                    owner[y, x] = i + 1 if owner[y, x] == 0 else -1
    for y in range(mask.shape[0]):
        for x in range(mask.shape[1]):
            if mask[y, x] and owner[y, x] == 0:
                owner[y, x] = -1


@compiled
def mark_cores(
    spans: Ints, frames: Floats, chosen: Ints, best: Floats, owner: Labels
) -> None:
    """Give undecided pixels in the cores of the `chosen` boxes to the nearest.

    `spans` are the cores' columns and rows; `frames` (N, 4) center and half sides
    of the boxes. `best` (H, W) comes in as inf.
    """
    for i in chosen:
        for y in range(spans[i, 1], spans[i, 3]):
            v = (y + 0.5 - frames[i, 1]) / frames[i, 3]
            for x in range(spans[i, 0], spans[i, 2]):
                u = (x + 0.5 - frames[i, 0]) / frames[i, 2]
                d = u * u + v * v
                if owner[y, x] != 0 and d < best[y, x]:
                    best[y, x] = d
                    owner[y, x] = i + 1


@compiled
def mark_nearest(
    wanted: Mask,
    spans: Ints,
    frames: Floats,
    visible: Bools,
    labels: Labels,
    confidence: Floats32,
) -> None:
    """Give each `wanted` pixel the nearest box that holds it, else the nearest."""
    for y in range(wanted.shape[0]):
        for x in range(wanted.shape[1]):
            if not wanted[y, x]:
                continue
            held = False
            least = 0.0
            second = -1.0
            label = 0
            for i in range(frames.shape[0]):
                if not visible[i]:
                    continue
                holds = (
                    spans[i, 0] <= x < spans[i, 2] and spans[i, 1] <= y < spans[i, 3]
                )
                if held and not holds:
                    continue
                u = (x + 0.5 - frames[i, 0]) / frames[i, 2]
                v = (y + 0.5 - frames[i, 1]) / frames[i, 3]
                d = u * u + v * v
                if label == 0 or (holds and not held):
                    held = holds
                    label, least, second = i + 1, d, -1.0
                elif d < least:
                    label, least, second = i + 1, d, least
                elif second < 0 or d < second:
                    second = d
            labels[y, x] = label
            if second < 0:
                confidence[y, x] = 1
            elif second == 0:
                confidence[y, x] = 0
            else:
                confidence[y, x] = (second - least) / (second + least)
