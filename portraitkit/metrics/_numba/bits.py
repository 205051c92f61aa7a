"""Loops behind `metrics._bits`: eight pixels a step."""

import numpy as np

from ..._core.jit import compiled
from ..._core.typing import Bytes, Words

_LOW_BITS = np.uint64(0x0101010101010101)
_GATHER = np.uint64(0x0102040810204080)
_TOP = np.uint64(56)


@compiled
def gather(pixels: Words, packed: Bytes) -> None:
    """Put the low bits of the eight bytes of each word into one byte, first lowest.

    The product adds each byte, shifted to its place, into the top one; no two meet.
    """
    for i in range(pixels.size):
        packed[i] = np.uint8(((pixels[i] & _LOW_BITS) * _GATHER) >> _TOP)
