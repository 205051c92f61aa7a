"""Loops behind `instance.pieces`: exact dtypes in, nothing checked."""

from ..._core.jit import compiled
from ..._core.typing import Ints, Labels


@compiled
def measure(labels: Labels, seeds: Labels, sums: Ints, seed: Ints) -> None:
    """Add pixels, x and y of each piece to `sums` (K, 3), and copy its seed.

    A piece has one seed everywhere. Pixels with labels < 0 take no part.
    """
    for y in range(labels.shape[0]):
        x = 0
        while x < labels.shape[1]:
            k = labels[y, x]
            first = x
            while x < labels.shape[1] and labels[y, x] == k:
                x += 1
            if k >= 0:
                n = x - first
                sums[k, 0] += n
                sums[k, 1] += n * (first + x - 1) // 2
                sums[k, 2] += n * y
                seed[k] = seeds[y, first]
