"""Loops behind `superpixels.guided`: exact dtypes in, nothing checked.

All sums run in float64: what enters a window leaves it again without a trace.
Four planes of `BLOCK` channels stand side by side, at distances that the compiler
knows; of separate arrays it could not tell that they do not overlap.
"""

from ..._core.jit import compiled
from ..._core.typing import Array, Floats

BLOCK = 32
"""Channels side by side: as many as compilers take in one stride (4 x 8 doubles);
half as many fell back to single numbers on some processors.
"""


@compiled
def invert(moments: Floats, eps: float, inverse: Floats) -> None:
    """Write the inverse (H, W, 6) of each window's covariance + eps.

    `moments` (H, W, 9) are the means of I0, I1, I2 and of their products 00, 01, 02,
    11, 12, 22, the order of `inverse` too.
    """
    for y in range(moments.shape[0]):
        for x in range(moments.shape[1]):
            m = moments[y, x]
            s00 = m[3] - m[0] * m[0] + eps
            s01 = m[4] - m[0] * m[1]
            s02 = m[5] - m[0] * m[2]
            s11 = m[6] - m[1] * m[1] + eps
            s12 = m[7] - m[1] * m[2]
            s22 = m[8] - m[2] * m[2] + eps
            out = inverse[y, x]
            out[0] = s11 * s22 - s12 * s12
            out[1] = s02 * s12 - s01 * s22
            out[2] = s01 * s12 - s02 * s11
            out[3] = s00 * s22 - s02 * s02
            out[4] = s01 * s02 - s00 * s12
            out[5] = s00 * s11 - s01 * s01
            determinant = s00 * out[0] + s01 * out[1] + s02 * out[2]
            for k in range(6):
                out[k] /= determinant


@compiled
def filter_block(
    values: Array,
    guide: Floats,
    mean: Floats,
    inverse: Floats,
    reach: tuple[int, int],
    first: int,
    moments: Floats,
    sums: Floats,
    window: Floats,
    ring: Array,
    out: Array,
) -> None:
    """Filter the channels of `values` from `first` on, as many as a block has.

    `guide`, `mean` (H, W, 3) and `inverse` (H, W, 6) describe the guide. Working
    space: `moments` and `sums` (W, 4 BLOCK), zero: column sums of (p, p I) and of
    the fitted (b, a); `window` (5 BLOCK); `ring` (2 reach + 1, W, 4 BLOCK) of the
    values' dtype: the rows of (b, a) that `sums` holds.
    """
    height = values.shape[0]
    rows = ring.shape[0]
    for step in range(height + 2 * reach[0]):
        if step < height:
            add_moments(values[step], guide[step], first, 1.0, window, moments)
        if step >= rows:
            gone = step - rows
            add_moments(values[gone], guide[gone], first, -1.0, window, moments)
        y = step - reach[0]
        if y < 0:
            continue
        slot = ring[y % rows]
        if y >= rows:
            add_row(slot, -1.0, sums)
        if y < height:
            tall = min(y + reach[0] + 1, height) - max(y - reach[0], 0)
            fit_row(moments, mean[y], inverse[y], reach[1], tall, window, slot)
            add_row(slot, 1.0, sums)
        y -= reach[0]
        if y >= 0:
            tall = min(y + reach[0] + 1, height) - max(y - reach[0], 0)
            apply_row(sums, guide[y], reach[1], tall, first, window, out[y])


@compiled
def add_moments(
    values: Array,
    guide: Floats,
    first: int,
    sign: float,
    window: Floats,
    moments: Floats,
) -> None:
    """Add `sign` times (p, p I0, p I1, p I2) of one row to `moments`."""
    window[:] = 0
    full = values.shape[1] - first >= BLOCK  # a loop of known length is much faster
    for x in range(values.shape[0]):
        if full:
            for c in range(BLOCK):
                window[c] = sign * values[x, first + c]
        else:
            for c in range(values.shape[1] - first):
                window[c] = sign * values[x, first + c]
        g0, g1, g2 = guide[x, 0], guide[x, 1], guide[x, 2]
        for c in range(BLOCK):
            moments[x, c] += window[c]
            moments[x, BLOCK + c] += window[c] * g0
            moments[x, 2 * BLOCK + c] += window[c] * g1
            moments[x, 3 * BLOCK + c] += window[c] * g2


@compiled
def add_row(row: Array, sign: float, sums: Floats) -> None:
    """Add `sign` times a row to `sums`."""
    flat, total = row.reshape(row.size), sums.reshape(sums.size)
    for i in range(total.size):
        total[i] += sign * flat[i]


@compiled
def slide(columns: Floats, x: int, reach: int, window: Floats) -> None:
    """Move the sums in `window` from the columns around x - 1 to those around x."""
    if x == 0:
        window[:] = 0
        for i in range(min(reach, columns.shape[0])):
            for c in range(4 * BLOCK):
                window[c] += columns[i, c]
    if x + reach < columns.shape[0]:
        for c in range(4 * BLOCK):
            window[c] += columns[x + reach, c]
    if x > reach:
        for c in range(4 * BLOCK):
            window[c] -= columns[x - reach - 1, c]


@compiled
def fit_row(
    moments: Floats,
    mean: Floats,
    inverse: Floats,
    reach: int,
    tall: int,
    window: Floats,
    fitted: Array,
) -> None:
    """Fit p = a I + b in every window of a row; write (b, a0, a1, a2)."""
    width = moments.shape[0]
    for x in range(width):
        slide(moments, x, reach, window)
        wide = min(x + reach + 1, width) - max(x - reach, 0)
        share = 1.0 / (tall * wide)
        i0, i1, i2 = mean[x, 0], mean[x, 1], mean[x, 2]
        s00, s01, s02 = inverse[x, 0], inverse[x, 1], inverse[x, 2]
        s11, s12, s22 = inverse[x, 3], inverse[x, 4], inverse[x, 5]
        for c in range(BLOCK):
            middle = window[c] * share
            c0 = window[BLOCK + c] * share - middle * i0
            c1 = window[2 * BLOCK + c] * share - middle * i1
            c2 = window[3 * BLOCK + c] * share - middle * i2
            f0 = s00 * c0 + s01 * c1 + s02 * c2
            f1 = s01 * c0 + s11 * c1 + s12 * c2
            f2 = s02 * c0 + s12 * c1 + s22 * c2
            fitted[x, c] = middle - f0 * i0 - f1 * i1 - f2 * i2
            fitted[x, BLOCK + c] = f0
            fitted[x, 2 * BLOCK + c] = f1
            fitted[x, 3 * BLOCK + c] = f2


@compiled
def apply_row(
    sums: Floats,
    guide: Floats,
    reach: int,
    tall: int,
    first: int,
    window: Floats,
    out: Array,
) -> None:
    """Write mean(a) I + mean(b) for every pixel of a row."""
    width = sums.shape[0]
    full = out.shape[1] - first >= BLOCK
    for x in range(width):
        slide(sums, x, reach, window)
        wide = min(x + reach + 1, width) - max(x - reach, 0)
        share = 1.0 / (tall * wide)
        g0, g1, g2 = guide[x, 0], guide[x, 1], guide[x, 2]
        for c in range(BLOCK):
            window[4 * BLOCK + c] = share * (
                window[c]
                + window[BLOCK + c] * g0
                + window[2 * BLOCK + c] * g1
                + window[3 * BLOCK + c] * g2
            )
        if full:
            for c in range(BLOCK):
                out[x, first + c] = window[4 * BLOCK + c]
        else:
            for c in range(out.shape[1] - first):
                out[x, first + c] = window[4 * BLOCK + c]
