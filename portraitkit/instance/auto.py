"""Share out unknown pieces by all that is known to help: the best known here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .affinity import decide, paint
from .cells import box_cells, held_by
from .enclosed import with_enclosed
from .hints import with_faces, with_tips
from .likeness import crossing_costs, upright_borders
from .margins import without_margins
from .pieces import cut_pieces
from .sides import are_tight, box_sides, likeliest, unreached
from .walker import costs_of, meeting_chances

if TYPE_CHECKING:
    from .._core.typing import Bools, Floats, Floats32, Ints, Labels
    from .ownership import Frames
    from .pieces import Pieces
    from .scene import Scene

FINER = 6
"""Times as many superpixels as other methods cut: walks like short steps."""
MOST = 8
"""Sides that are looked after, one by one."""


def split_by_all(scene: Scene, n_segments: int) -> tuple[Labels, Floats32]:
    """Walk at random within each person's box to what must be its own.

    Margins that all boxes have are left out. Seeds are what one box alone holds, ends
    at tight boxes, and of a box that has nothing else its face and what is hard to reach
    from outside it: more or less of it, and the mean of what the walks then say. Steps
    across strong borders are dear, by color at every scale, and cheap from head to foot.
    A side that nobody reaches, though boxes are tight, is reached by the likeliest
    piece.
    """
    scene = without_margins(scene)
    hinted = with_tips(scene.seeds, scene.frames)
    hinted = with_faces(hinted, scene.frames, scene.faces)
    cells = box_cells(scene.frames)
    pieces = cut_pieces(replace(scene, seeds=hinted), FINER * n_segments, cells=cells)
    held = held_by(pieces.labels, pieces.graph.n_regions, scene.frames)
    costs = crossing_costs(scene, pieces, n_segments)
    seeds = with_enclosed(pieces, held, costs, scene.frames)
    pull, able = upright_borders(pieces) / costs, scene.frames.able(held)
    return paint(pieces, *_reach(pieces, seeds, pull, able, scene.frames))


def _reach(
    pieces: Pieces, seeds: list[Ints], pull: Floats, able: Bools, frames: Frames
) -> tuple[Ints, Floats]:
    """Walk, and walk again from pieces at sides that nobody reached."""
    pieces = replace(pieces, seed=seeds[0])
    sides, tried = box_sides(pieces, frames), None
    for _ in range(MOST + 1):
        tried = _all_chances(pieces, seeds, pull, able, tried)
        chances: Floats = np.mean(tried, axis=0)
        costs = costs_of(chances, pieces, frames)
        chosen = decide(costs, pieces, frames, able=able)
        missed = unreached(sides, chosen[0])
        if not missed or not are_tight(sides, missed):
            break
        found = likeliest(missed, chances, pieces.seed < 0)
        if found is None:
            break
        seed = pieces.seed.copy()
        seed[found[0]] = found[1] + 1
        pieces = replace(pieces, seed=seed)
    return chosen


def _all_chances(
    pieces: Pieces,
    seeds: list[Ints],
    pull: Floats,
    able: Bools,
    guesses: list[Floats] | None,
) -> list[Floats]:
    """(K, N) chances of meeting each person, for each of what may be `seeds`.

    Each has a guess of its own: what other seeds say may be far off, and stays where
    walks end nowhere.
    """
    return [
        meeting_chances(
            replace(pieces, seed=np.where(pieces.seed > 0, pieces.seed, seed)),
            pull,
            able.shape[1],
            able=able,
            guess=None if guesses is None else guesses[i],
        )
        for i, seed in enumerate(seeds)
    ]
