"""How far the pixels of a band are from the contour, exactly."""

from functools import lru_cache

import numpy as np

from .._core.typing import Ints32, Words
from ._bits import unpack
from ._numba.distances import collect, count

WIDEST = 128
"""Band width up to which a disk is scattered from every contour pixel."""

STRIP = 2**15
"""Least number of pixels that are worked on at a time: what a core's cache holds."""


def band_squares(contour: Words, band: Words, width: int, n_columns: int) -> Ints32:
    """List the squared contour distance of every band pixel, in reading order."""
    if width > WIDEST:
        return _by_features(contour, band, n_columns)
    squares = disk_squares(width)
    stride = 64 * contour.shape[1] + squares.shape[1]
    strip = np.empty(stride * -(-STRIP // stride), dtype=np.int32)
    found = np.empty(count(band), dtype=np.int32)
    collect(contour, band, squares, strip, found)
    return found


@lru_cache(maxsize=16)
def disk_squares(width: int) -> Ints32:
    """Squared distances from the centre of a square that holds the band of one pixel.

    Rows are filled up with infinity to a multiple of 16.
    """
    radius = width // 2
    reach = np.arange(-radius, radius + 1, dtype=np.int32) ** 2
    across = np.full(-(-reach.size // 16) * 16, 2**30, dtype=np.int32)
    across[: reach.size] = reach
    return reach[:, None] + across


def _by_features(contour: Words, band: Words, n_columns: int) -> Ints32:
    """Do the same through every pixel's nearest contour pixel, whatever the width."""
    from scipy import ndimage

    line = unpack(contour, n_columns)
    if not line.any():
        return np.zeros(0, dtype=np.int32)
    rows, columns = ndimage.distance_transform_edt(
        ~line, return_distances=False, return_indices=True
    )
    y, x = np.nonzero(unpack(band, n_columns))
    squares: Ints32 = (rows[y, x] - y) ** 2 + (columns[y, x] - x) ** 2
    return squares.astype(np.int32)
