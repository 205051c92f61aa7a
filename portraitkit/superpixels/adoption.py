"""One connected region for each superpixel; what is left over goes to neighbours."""

import numpy as np

from .._core.typing import Array, Ints, Ints32
from ._numba.adoption import (
    choose,
    find_heirs,
    find_orphans,
    hand_over,
    pair,
)
from ._numba.connected import find_pieces
from .connected import Runs, rooms


def one_region_each(
    runs: Runs,
    planes: Array,
    centers: Ints32,
    part_of: Ints32,
    *,
    least: float,
    spared: float,
) -> None:
    """Make every label one 4-connected region, by other names of runs, in place.

    A label keeps its largest area. Its other areas, and the areas of labels of fewer
    than `least` pixels, are orphans; but at most the share 1 - `spared` of all labels
    goes. An orphan as a whole goes to the region beside it whose center has the
    nearest color, or, where there are but orphans, to one of theirs.

    Parameters
    ----------
    runs : tuple
        Runs of -1, and of labels 0..K - 1.
    planes : (3, H, pitch) int16 array
        L, a and b.
    centers : (K, 5) int32 array
        L, a and b of the labels' centers, and more.
    part_of : (K,) int32 array
        A number below K for the 4-connected part of each label; the largest area of
        every part stays.
    least, spared : float
        Pixels, and a share in 0..1, not 0.
    """
    start, name, first = runs
    pitch = planes.shape[2]
    piece = np.empty(len(name), np.int32)
    find_pieces(*runs, pitch, False, piece)
    kept, n_pieces = _kept(start, name, piece, part_of, least, spared)
    owner = np.empty(len(name), np.int32)
    colors = np.zeros((n_pieces, 4), np.float32)
    n = find_orphans(start, name, piece, kept, planes, owner, colors)
    heir, best = np.full(n, -1, np.int32), np.full(n, np.inf, np.float32)
    for room in rooms(3 * len(name), 3):
        mixed, pairs = np.empty((2, room, 2), np.int32)
        n_mixed, n_pairs = pair(start, owner, first, pitch, mixed, pairs)
        if n_mixed >= 0:
            break
    mixed, pairs = mixed[:n_mixed], pairs[:n_pairs]
    find_heirs(mixed, pairs, colors, centers, best, np.empty_like(heir), heir)
    hand_over(owner, heir, name)


def _kept(
    start: Ints32,
    name: Ints32,
    piece: Ints32,
    part_of: Ints32,
    least: float,
    spared: float,
) -> tuple[Ints32, int]:
    """Return the piece that each label keeps, or -1, and how many pieces there are."""
    kept = np.full(len(part_of), -1, np.int32)
    champions = np.full(len(part_of), -1, np.int32)
    size: Ints32 = np.zeros(len(name), np.int32)
    n_pieces = choose(start, name, piece, part_of, size, kept, champions)
    area: Ints = np.where(kept < 0, 0, size[kept])
    least = min(least, np.sort(area)[int((1 - spared) * len(area))])
    kept[(area < least) & (champions[part_of] != kept)] = -1
    return kept, n_pieces
