"""Seeds for boxes that have next to no pixels of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .geodesic import geodesic_distances

if TYPE_CHECKING:
    from .._core.typing import Bools, Floats, Ints
    from .ownership import Frames
    from .pieces import Pieces

FEW = 0.03
"""Share of a box's mask below which exclusive pixels are too few to walk to."""
SHARE = 0.4
"""Share of what such a box holds undecided that becomes its seeds."""


def with_enclosed(pieces: Pieces, held: Bools, costs: Floats, frames: Frames) -> Ints:
    """(K,) the pieces' seeds, with some for the boxes that have hardly any.

    A box inside others owns what is hard to reach from outside it: its undecided
    pieces that are far, by `costs`, from all that can't be its person's, and near its
    center. Of pieces that two such boxes claim, each goes to the nearer one.
    `held` (K, N) says which boxes hold a piece.
    """
    seed, remote = pieces.seed, frames.distances(pieces.center)
    own = held & (held.sum(1) == 1)[:, None]
    few = pieces.size @ own <= FEW * (pieces.size @ held)
    bare = np.flatnonzero(few & frames.visible)
    claims = np.full(held.shape, np.inf)
    for i in bare:
        inside = np.flatnonzero(held[:, i] & (seed < 0))
        alien = np.flatnonzero(~held[:, i] | ((seed > 0) & (seed != i + 1)))
        chosen = _hardest(pieces, costs, inside, alien, remote[:, i])
        claims[chosen, i] = remote[chosen, i]
    claimed = np.isfinite(claims).any(1)
    found: Ints = np.where(claimed, claims.argmin(1) + 1, seed)
    return found


def _hardest(
    pieces: Pieces, costs: Floats, inside: Ints, alien: Ints, remote: Floats
) -> Ints:
    """Return those `inside` that are hardest to reach from the `alien` pieces."""
    if not len(inside):
        return inside
    (far,) = geodesic_distances(pieces.graph, costs, [alien])
    far = far[inside]
    # What can't be reached at all is as good as the best that can.
    far[np.isinf(far)] = far.max(initial=1.0, where=np.isfinite(far))
    rank = np.argsort(remote[inside] - np.log(far), kind="stable")
    size = pieces.size[inside][rank]
    n = np.searchsorted(size.cumsum(), SHARE * size.sum()) + 1
    return inside[rank[:n]]
