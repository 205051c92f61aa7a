"""Persons reach all four sides of their boxes, where boxes are tight."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .hints import DEPTH, TIGHT

if TYPE_CHECKING:
    from .._core.typing import Bools, Floats, Ints
    from .ownership import Frames
    from .pieces import Pieces

THIN = 2
"""Least depth of a side, in pixels."""


class Side(NamedTuple):
    """What lies along one side of a person's box: the pieces, and whose box it is."""

    person: int
    pieces: Ints


def box_sides(pieces: Pieces, frames: Frames) -> list[Side]:
    """List the sides that someone must reach, with the pieces along them."""
    sides, spans = [], frames.spans()
    for i, side in frames.sides(pieces.labels >= 0):
        x1, y1, x2, y2 = spans[i].tolist()
        deep = max(round(DEPTH * ((x2 - x1) if side % 2 == 0 else (y2 - y1))), THIN)
        if side == 0:
            x2 = min(x1 + deep, x2)
        elif side == 1:
            y2 = min(y1 + deep, y2)
        elif side == 2:
            x1 = max(x2 - deep, x1)
        else:
            y1 = max(y2 - deep, y1)
        found = np.unique(pieces.labels[y1:y2, x1:x2]).astype(np.int64)
        sides.append(Side(i, found[found >= 0]))
    return sides


def unreached(sides: list[Side], persons: Ints) -> list[Side]:
    """Return the sides at which their person, of 1..N for each piece, has none."""
    return [s for s in sides if not (persons[s.pieces] == s.person + 1).any()]


def are_tight(sides: list[Side], missed: list[Side]) -> bool:
    """Whether persons reach enough of the sides for the boxes to be believed."""
    return len(sides) - len(missed) >= TIGHT * len(sides)


def likeliest(
    missed: list[Side], chances: Floats, free: Bools
) -> tuple[int, int] | None:
    """Return the (piece, person) likeliest to reach a missed side, if any can.

    Of the `free` pieces at the sides, the one with the greatest of its person's
    `chances` (K, N).
    """
    best, found = 0.0, None
    for person, at in missed:
        able = at[free[at]]
        if len(able):
            piece = able[chances[able, person].argmax()]
            if chances[piece, person] > best:
                best, found = chances[piece, person], (int(piece), person)
    return found
