"""Seeds for boxes that have next to no pixels of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .geodesic import geodesic_distances
from .ownership import FEW

if TYPE_CHECKING:
    from .._core.typing import Bools, Floats, Ints
    from .ownership import Frames
    from .pieces import Pieces

SHARES = (0.1, 0.3, 0.5)
"""Shares of what such a box holds undecided that may be its seeds: nobody knows which."""


def with_enclosed(
    pieces: Pieces, held: Bools, costs: Floats, frames: Frames
) -> list[Ints]:
    """Return the pieces' seeds (K,), with some for the boxes that have hardly any.

    A box inside others owns what is hard to reach from outside it: its undecided
    pieces that are far, by `costs`, from all that can't be its person's, and near its
    center. Of pieces that two such boxes claim, each goes to the nearer one.
    `held` (K, N) says which boxes hold a piece.

    One array for each of `SHARES`, the surest seeds first, all of which the others
    have too; one in all where no box needs any.
    """
    seed, remote = pieces.seed, frames.distances(pieces.center)
    own = held & (held.sum(1) == 1)[:, None]
    few = pieces.size @ own <= FEW * (pieces.size @ held)
    bare = np.flatnonzero(few & frames.visible)
    ranks = [
        (i, _hardest(pieces, costs, seed, held[:, i], i, remote[:, i]))
        for i in bare.tolist()
        if (held[:, i] & (seed < 0)).any()
    ]
    found: list[Ints] = []
    for share in SHARES if ranks else ():
        claims = np.full(held.shape, np.inf)
        for i, rank in ranks:
            chosen = _first(rank, pieces.size, share)
            claims[chosen, i] = remote[chosen, i]
        owner, before = _nearest(claims, seed), found[-1] if found else seed
        found.append(np.where((before < 0) & (owner > 0), owner, before))
    return found or [seed]


def _nearest(claims: Floats, seed: Ints) -> Ints:
    """(K,) the person 1..N with the least of each row of (K, N) claims, 0 if nobody.

    Of equals the first without any `seed`; if all have some, nobody.
    """
    least = (claims == claims.min(1, keepdims=True)) & np.isfinite(claims)
    alone = least.sum(1, keepdims=True) == 1
    least &= alone | ~np.isin(np.arange(claims.shape[1]) + 1, seed)
    owner: Ints = np.where(least.any(1), least.argmax(1) + 1, 0)
    return owner


def _hardest(
    pieces: Pieces, costs: Floats, seed: Ints, held: Bools, i: int, remote: Floats
) -> Ints:
    """Return the undecided pieces that box i holds, those hardest to reach first."""
    inside = np.flatnonzero(held & (seed < 0))
    alien = np.flatnonzero(~held | ((seed > 0) & (seed != i + 1)))
    (far,) = geodesic_distances(pieces.graph, costs, [alien])
    far = far[inside]
    # What can't be reached at all is as good as the best that can.
    far[np.isinf(far)] = far.max(initial=1.0, where=np.isfinite(far))
    return inside[np.argsort(remote[inside] - np.log(far), kind="stable")]


def _first(rank: Ints, size: Ints, share: float) -> Ints:
    """Return the first of the ranked pieces that together have a share of the pixels."""
    pixels = size[rank].cumsum()
    return rank[: np.searchsorted(pixels, share * pixels[-1]) + 1]
