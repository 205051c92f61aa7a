"""CIE Lab by two lookups, in whole numbers."""

from functools import lru_cache

import numpy as np

from .._core.typing import Floats, Ints

XYZ = np.array(
    [
        [0.412453, 0.357580, 0.180423],
        [0.212671, 0.715160, 0.072169],
        [0.019334, 0.119193, 0.950227],
    ]
)
"""X, Y and Z of linear sRGB, white being D65."""
GRAY = 256
"""What a and b of gray are, so that none is negative."""


@lru_cache(maxsize=4)
def lab_tables(unit: float) -> tuple[Ints, Ints]:
    """Return the tables of `fill` for Lab in steps of 1 / `unit`.

    L, a and b are ``116 f(Y) - 16``, ``500 (f(X) - f(Y))`` and ``200 (f(Y) - f(Z))``,
    X, Y and Z being 1 for white.
    """
    return _light(), _shades(unit)


def _light() -> Ints:
    byte = np.arange(256) / 255
    linear = np.where(byte <= 0.04045, byte / 12.92, ((byte + 0.055) / 1.055) ** 2.4)
    share = (XYZ / XYZ.sum(1, keepdims=True)).T[:, :, None]
    parts = _whole(share * linear, 20)
    # Of grays, X, Y and Z are equal to the last bit.
    parts[1] = _whole(linear, 20) - parts[0] - parts[2]
    return _packed(*np.moveaxis(parts, 1, 0))


def _shades(unit: float) -> Ints:
    t = np.minimum((np.arange(2**12 + 1) + 0.5) / 2**12, 1)
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t * (29 / 6) ** 2 / 3 + 4 / 29)
    light = _whole((116 * f - 16) * unit + 0.5, 11)
    a, b = _whole(500 * f * unit, 11), _whole(200 * f * unit, 11)
    zero, nothing = round((GRAY + 0.5) * 2**11), np.zeros_like(a)
    return np.stack(
        [
            _packed(nothing, a, nothing),
            _packed(light, zero - a, zero + b),
            _packed(nothing, nothing, -b),
        ]
    )


def _whole(values: Floats, n_bits: int) -> Ints:
    whole: Ints = np.rint(values * 2**n_bits).astype(np.int64)
    return whole


def _packed(low: Ints, middle: Ints, high: Ints) -> Ints:
    """Put three numbers into fields of 21 bits; they may be added up."""
    packed: Ints = low + (middle << 21) + (high << 42)
    return packed
