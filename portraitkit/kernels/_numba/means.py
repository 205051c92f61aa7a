"""Loops behind `kernels.means`: masks summed byte by byte.

A mask is 0/1 or 0/255, so its lowest bits are the pixels. Every intermediate is kept
a byte, or the loop would run eight times fewer pixels at once.
"""

import numpy as np

from ..._core.jit import compiled
from ..._core.typing import Bytes

_ZERO = np.uint8(0)
_ONE = np.uint8(1)
_REST = np.uint8(254)


@compiled
def low(value: np.uint8) -> np.uint8:
    """Pixel of a mask as 0 or 1."""
    return np.uint8(value & _ONE)


@compiled
def stray(value: np.uint8) -> np.uint8:
    """Bits that say that a pixel is neither 0 nor 255."""
    return np.uint8(value ^ np.uint8(_ZERO - low(value)))


@compiled
def add(mask: Bytes, total: Bytes) -> int:
    """Add a mask to `total`, modulo 256; 0 if it was all 0/1 or all 0/255."""
    beyond_one, beyond_all = _ZERO, _ZERO
    for p in range(mask.size):
        a = mask[p]
        total[p] = np.uint8(total[p] + low(a))
        beyond_one = np.uint8(beyond_one | np.uint8(a & _REST))
        beyond_all = np.uint8(beyond_all | stray(a))
    return int(min(beyond_one, beyond_all))


@compiled
def add_eight(
    a: Bytes,
    b: Bytes,
    c: Bytes,
    d: Bytes,
    e: Bytes,
    f: Bytes,
    g: Bytes,
    h: Bytes,
    total: Bytes,
) -> int:
    """Add eight masks to `total` as `add` does, touching it once; 0 if all alike."""
    beyond_one, beyond_all = _ZERO, _ZERO
    for p in range(total.size):
        ab, cd = np.uint8(low(a[p]) + low(b[p])), np.uint8(low(c[p]) + low(d[p]))
        ef, gh = np.uint8(low(e[p]) + low(f[p])), np.uint8(low(g[p]) + low(h[p]))
        total[p] = np.uint8(total[p] + np.uint8(np.uint8(ab + cd) + np.uint8(ef + gh)))
        one = np.uint8((a[p] | b[p] | c[p] | d[p]) & _REST)
        two = np.uint8((e[p] | f[p] | g[p] | h[p]) & _REST)
        beyond_one = np.uint8(beyond_one | np.uint8(one | two))
        one = np.uint8(stray(a[p]) | stray(b[p]) | stray(c[p]) | stray(d[p]))
        two = np.uint8(stray(e[p]) | stray(f[p]) | stray(g[p]) | stray(h[p]))
        beyond_all = np.uint8(beyond_all | np.uint8(one | two))
    return int(min(beyond_one, beyond_all))


@compiled
def add_rows(r: Bytes, total: Bytes) -> int:
    """Add every row of `r` to `total` as `add` does; 0 if all were alike."""
    beyond, n = 0, r.shape[0]
    for k in range(0, n - 7, 8):
        first, rest = r[k : k + 4], r[k + 4 : k + 8]
        beyond |= add_eight(
            first[0],
            first[1],
            first[2],
            first[3],
            rest[0],
            rest[1],
            rest[2],
            rest[3],
            total,
        )
    for k in range(n - n % 8, n):
        beyond |= add(r[k], total)
    return beyond


@compiled
def take_back(mask: Bytes, total: Bytes) -> None:
    """Undo `add`."""
    for p in range(mask.size):
        total[p] = np.uint8(total[p] - low(mask[p]))
