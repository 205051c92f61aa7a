"""What a split goes by, to be looked at: seeds, superpixels, distances by color."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .affinity import color_distances
from .ownership import Frames
from .scene import Grid, Scene

if TYPE_CHECKING:
    from .._core.typing import Array, Boxes, Floats, ImageU8, Mask
    from .pieces import Pieces


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What boxes and colors say of a mask, whatever the method makes of it.

    Attributes
    ----------
    mask : (H, W) bool array
    grid : Grid
        Where the pieces' pixels lie in it.
    pieces : Pieces
        K superpixels of the mask, cut at the borders of the seeds.
    distances : (N, K) float64 array
        Geodesic distance by color from each person's seeds to each piece, inf out of
        reach: what "chi2-geodesic" decides by.
    """

    mask: Mask
    grid: Grid
    pieces: Pieces
    distances: Floats

    def spread(self, values: Array, *, outside: float) -> Array:
        """Return (H, W) the pieces' (K,) `values` on their pixels of the mask."""
        # Label -1 picks the entry appended last.
        small = np.append(values, outside).astype(values.dtype)[self.pieces.labels]
        full = np.full(self.mask.shape, outside, values.dtype)
        self.grid.paint(small, self.mask, full)
        return full


def explain_split(
    image: ImageU8,
    mask: Mask,
    boxes: Boxes,
    *,
    n_segments: int,
    max_megapixels: float,
) -> Evidence | None:
    """Gather what `split_instances` sees; None where it has nothing to go by.

    That is without boxes and without any pixel in `mask`. Arguments are as they have
    been checked for `split_instances`.
    """
    if not len(boxes) or not mask.any():
        return None
    grid = Grid.around(mask, 1e6 * max_megapixels)
    scene = Scene.of(image, mask, Frames.of(boxes, mask.shape), np.zeros((0, 4)))
    return Evidence(mask, grid, *color_distances(scene.seen_by(grid), n_segments))
