"""What Canny sees in a 3x3 window of a mask, for all 512 windows."""

from functools import cache

import numpy as np

from .._core.typing import Array, Bytes

TANGENT = 13573
"""tan(22.5 degrees) * 2**15, rounded as in OpenCV."""


@cache
def gradients() -> Bytes:
    """List strength * 4 + direction of the Sobel gradient of every window.

    Bit 3 i + j of a window is its pixel in row i, column j. Strength is |gx| + |gy|
    in units of one grey step. Directions: 0 across, 1 down, 2 down to the right,
    3 down to the left. On a 0/255 mask every gradient exceeds both of Canny's
    thresholds, so strength and direction are all it decides by.
    """
    pixels = (np.arange(512)[:, None] >> np.arange(9)) & 1
    window = pixels.reshape(512, 3, 3)
    gx = _smooth(window[:, :, 2] - window[:, :, 0])
    gy = _smooth(window[:, 2, :] - window[:, 0, :])
    across, down = np.abs(gx), np.abs(gy) << 15
    flat = down < across * TANGENT
    steep = down > across * (TANGENT + (2 << 15))
    slanted = np.where((gx < 0) == (gy < 0), 2, 3)
    way = np.where(flat, 0, np.where(steep, 1, slanted))
    table = ((np.abs(gx) + np.abs(gy)) * 4 + way).astype(np.uint8)
    table.flags.writeable = False
    return table


def _smooth(difference: Array) -> Array:
    total: Array = difference @ np.array([1, 2, 1])
    return total
