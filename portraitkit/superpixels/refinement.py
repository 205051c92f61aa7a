"""The rounds of SLIC, from first cells to labels."""

import numpy as np

from .._core.lanes import LANES
from .._core.typing import Array, ImageU8, Ints, Ints32
from ._numba.clustering import list_rivals, refine
from ._numba.lab import fill
from .connected import Frame, Runs
from .lab import lab_tables

UNIT = 2.0
"""Steps in a Lab unit, at most."""
ROOM = 89
"""Steps that a superpixel's width may be worth, so that squares fit into 16 bits."""
LOWEST = 1.0
"""The least compactness: of equal colors, the nearer center has to win."""
STRIDE, ROUGH = 3, 6
"""Superpixels at least `ROUGH` wide are refined on one row in `STRIDE`."""
BAND = 2**14
"""Pixels of a band of rows: centers that begin in one compete in turn."""
NEARBY = 2**15
"""Pixels inside of bands that are worked on at once, and stay in the cache."""
TALLEST = 64
"""Rows of which 16 bits hold the sum of a color."""


def refine_cells(
    image: ImageU8,
    frame: Frame,
    runs: Runs,
    rivals: Ints32,
    side: float,
    compactness: float,
    n_iter: int,
    labels: Array,
) -> tuple[Array, Ints32]:
    """Move the borders of `equal_cells` to those of the image's colors, in place.

    The cells are those of a `frame` of the image, and so is what is returned.
    `rivals` (2, K) are the first center in each center's part, and how many there are.

    Returns
    -------
    planes : (3, H, pitch) int16 array
        L, a and b in steps of 1 / `UNIT` or more.
    centers : (K, 5) int32 array
        L, a, b, y and x.
    """
    height, pitch = labels.shape[0] - 2, labels.shape[1]
    compactness = max(compactness, LOWEST)
    unit = min(UNIT, ROOM / compactness)
    planes = np.empty((3, height, pitch), np.int16)
    origin = image.shape[1], frame[0].start, frame[1].start
    fill(image.reshape(-1), *origin, *runs, *lab_tables(unit), planes)
    reach, span = _window(side, pitch)
    near = _squares(unit * compactness / side, max(reach, span) + LANES)
    n, stride = rivals.shape[1], STRIDE if side >= ROUGH else 1
    centers: Ints32 = np.zeros((n, 5), np.int32)
    band, group = _bands(height, pitch, side * side * n, 2 * reach // stride + 1)
    refine(
        planes,
        rivals,
        near,
        reach,
        span,
        stride,
        n_iter,
        band,
        centers,
        np.empty(n, np.int32),
        np.empty(height // band + 3, np.int32),
        np.empty(group * band * pitch, np.uint16),
        np.zeros((n, 6), np.int64),
        labels,
    )
    return planes, centers


def rivals_of(share: Ints, n: int) -> Ints32:
    """(2, K) the first of the centers in each center's part, and how many there are.

    `share` (P,) is how many each part has, `n` in all.
    """
    rivals: Ints32 = np.empty((2, n), np.int32)
    list_rivals(share, rivals)
    return rivals


def _window(side: float, pitch: int) -> tuple[int, int]:
    """Return how many rows to each side, and columns in all, a center looks at."""
    reach = int(np.ceil(side))
    # Lanes of which the window has but a little are left out.
    wide = 2 * reach + 1 - reach // 2
    return reach, LANES * min(-(-wide // LANES), pitch // LANES)


def _bands(height: int, pitch: int, area: float, window: int) -> tuple[int, int]:
    """Return how many rows a band has, and how many bands are worked on at once.

    `area` pixels take part; a window has `window` of the rows that a round looks at.
    """
    band = min(max(BAND // pitch, 8), TALLEST)
    rows = min(NEARBY * height / area, height) if window <= TALLEST else 0
    return band, max(int(rows / band), 1)


def _squares(weight: float, most: int) -> Array:
    """Return (weight d)**2 for d = -most..most, rounded, stopped at 16 bits."""
    squares = np.rint((weight * np.arange(-most, most + 1)) ** 2)
    capped: Array = np.minimum(squares, 2**16 - 1).astype(np.uint16)
    return capped
