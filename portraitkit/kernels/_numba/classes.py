"""The loop behind `kernels.classes`."""

import numpy as np

from ..._core.jit import compiled
from ..._core.typing import Bytes


@compiled
def paint(mask: Bytes, out: Bytes, values: Bytes) -> None:
    """Turn the band in `out`, 0 or 1, into one of three `values` a pixel.

    `values` are those of foreground, boundary and background. Bytes all along, so
    that the loop is vectorised.
    """
    foreground, boundary, background = values[0], values[1], values[2]
    for p in range(out.size):
        own = foreground if mask[p] else background
        out[p] = np.uint8(boundary if out[p] else own)
