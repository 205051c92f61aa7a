"""Loops behind `superpixels.pooling`: exact dtypes in, nothing checked."""

from ..._core.jit import compiled
from ..._core.lanes import prefetch
from ..._core.typing import Array, Floats, Ints, Labels

AHEAD, LINE = 12_288, 64
"""Bytes: how far ahead memory is asked for, and how much of it comes at a time."""


@compiled
def average_by_label(
    values: Array, labels: Labels, part: Array, sums: Floats, sizes: Ints, out: Array
) -> None:
    """Write the mean of the rows of `values` (P, C) of each label to `out` (K, C).

    `part` (K, C), zeros of the values' dtype, `sums` (K, C) and `sizes` (K,), zeros,
    are working space. `part` takes 64 rows of a label before they go to float64: as
    exact as adding there, and half the memory to keep near.
    """
    channels, flat = values.shape[1], values.reshape(values.size)
    line = LINE // values.itemsize
    ahead = AHEAD // values.itemsize if channels >= line else 0
    for p in range(labels.size):
        k = labels[p]
        if k < 0:
            continue
        if ahead > 0:
            here = p * channels + ahead
            for c in range(here, here + channels, line):
                prefetch(flat, c)
        for c in range(channels):
            part[k, c] += values[p, c]
        sizes[k] += 1
        if sizes[k] % 64 == 0:
            for c in range(channels):
                sums[k, c] += part[k, c]
                part[k, c] = 0
    for k in range(sizes.size):
        n = float(max(sizes[k], 1))
        for c in range(channels):
            out[k, c] = (sums[k, c] + part[k, c]) / n
