"""Boxes drawn with a margin around their persons, drawn in again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .ownership import exclusive_owners

if TYPE_CHECKING:
    from .._core.typing import Bools, Floats, Mask
    from .ownership import Frames
    from .scene import Scene

ENOUGH, AGREED = 4, 0.75
"""Sides that must show their margin, and the share of them that must have the same."""
ROUNDED = 0.6
"""Pixels by which margins differ that are the same."""
WIDEST = 0.25
"""Share of a box that a margin can be."""
INWARD = np.array([1, 1, -1, -1])


def without_margins(scene: Scene) -> Scene:
    """Move the sides of boxes in by the margin that most of them show.

    Where the mask ends before a side, its margin shows; where a neighbor stands in the
    box, it does not. If the same margin, so many pixels or such a share of the box,
    shows at most sides, all are taken to have it, and what just one of the smaller boxes
    holds is a seed as well. A side at the photograph's frame moves up to the mask at
    most. Boxes that are tight, or wrong by chance, stay.
    """
    gaps, shown = _gaps(scene.mask, scene.frames)
    frames = _moved_in(scene.frames, gaps, _margins(scene.frames, gaps, shown))
    if frames is scene.frames:
        return scene
    seeds = np.where(scene.seeds < 0, exclusive_owners(scene.mask, frames), scene.seeds)
    return replace(scene, frames=frames, seeds=seeds)


def _gaps(mask: Mask, frames: Frames) -> tuple[Floats, Bools]:
    """(N, 4) how far it is from each side to the mask in its box; whether that shows.

    Not where the mask goes on beyond the side, nor where the photograph's frame cuts
    it. 0 for boxes without any.
    """
    gaps = np.zeros(frames.boxes.shape)
    shown = ~frames.cut & frames.visible[:, None]
    for i, (x1, y1, x2, y2) in enumerate(frames.spans().tolist()):
        part = mask[y1:y2, x1:x2]
        rows, columns = np.flatnonzero(part.any(1)), np.flatnonzero(part.any(0))
        if not len(rows):
            shown[i] = False
            continue
        ends = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1])
        ends += [x1, y1, x1, y1]
        gaps[i] = (ends - frames.boxes[i]) * INWARD
        beyond = (
            mask[y1:y2, max(x1 - 1, 0) : x1],
            mask[max(y1 - 1, 0) : y1, x1:x2],
            mask[y1:y2, x2 : x2 + 1],
            mask[y2 : y2 + 1, x1:x2],
        )
        touched = ends == (x1, y1, x2, y2)
        shown[i] &= ~(touched & [bool(line.any()) for line in beyond])
    return gaps, shown


def _margins(frames: Frames, gaps: Floats, shown: Bools) -> Floats:
    """(N, 4) the margin of each side in pixels, 0 if sides do not agree on any.

    Nor has a box any that the mask touches at more sides than show the margin.
    """
    halves = np.tile(frames.centered[:, 2:], 2)
    best, found = AGREED, np.zeros(gaps.shape)
    if np.count_nonzero(shown) < ENOUGH:
        return found
    for unit in (np.ones(gaps.shape), halves):
        margins = np.median(gaps[shown] / unit[shown]) * unit
        same = np.abs(gaps - margins) <= ROUNDED
        agreed = float(np.mean(same[shown]))
        if agreed >= best and np.median(margins[shown]) > ROUNDED:
            touched, moved = shown & (gaps <= ROUNDED), shown & same
            tight = touched.sum(1, keepdims=True) > moved.sum(1, keepdims=True)
            best, found = agreed, np.where(tight, 0, margins)
    return found.clip(0, 2 * WIDEST * halves)


def _moved_in(frames: Frames, gaps: Floats, margins: Floats) -> Frames:
    """Return the frames with sides moved in; the same ones if nothing moves."""
    moves = np.where(frames.cut, np.minimum(margins, gaps.clip(0)), margins)
    moves[~frames.visible] = 0
    if not moves.any():
        return frames
    boxes = frames.boxes + moves * INWARD
    return replace(frames, boxes=boxes, cut=frames.cut & (moves == 0))
