"""Loops behind `superpixels.pooling`: exact dtypes in, nothing checked."""

from ..._core.jit import compiled
from ..._core.typing import Array, Floats, Ints, Labels


@compiled
def add_by_label(
    values: Array, labels: Labels, part: Array, sums: Floats, sizes: Ints
) -> None:
    """Add each row of `values` (P, C) to the row of `sums` (K, C) its label names.

    `part` (K, C), zeros of the values' dtype, is working space. It takes 64 rows of
    a label before they go to float64: as exact as adding there, and half the memory
    to keep near.
    """
    channels = values.shape[1]
    for p in range(labels.size):
        k = labels[p]
        if k < 0:
            continue
        for c in range(channels):
            part[k, c] += values[p, c]
        sizes[k] += 1
        if sizes[k] % 64 == 0:
            for c in range(channels):
                sums[k, c] += part[k, c]
                part[k, c] = 0
    for k in range(sizes.size):
        for c in range(channels):
            sums[k, c] += part[k, c]
