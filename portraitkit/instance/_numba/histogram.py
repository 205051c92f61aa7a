"""Loops behind `instance.histogram`: exact dtypes in, nothing checked."""

from ..._core.jit import compiled
from ..._core.typing import Bytes, Floats, Floats32, Ints, Ints32, Labels


@compiled
def count_colors(
    lab: Bytes, labels: Labels, bins: int, counts: Floats32, sizes: Ints
) -> None:
    """Add every pixel with a label >= 0 to its region's joint Lab histogram.

    Counts are exact: float32 holds whole numbers up to 2**24 a bin.
    """
    for y in range(labels.shape[0]):
        for x in range(labels.shape[1]):
            k = labels[y, x]
            if k < 0:
                continue
            light = lab[y, x, 0] * bins // 256
            a = lab[y, x, 1] * bins // 256
            b = lab[y, x, 2] * bins // 256
            counts[k, (light * bins + a) * bins + b] += 1
            sizes[k] += 1


@compiled
def chi_square_edges(p: Floats32, edges: Ints32, out: Floats) -> None:
    """Write the chi-square distance of the rows of `p` each edge joins."""
    for e in range(edges.shape[0]):
        a, b = edges[e, 0], edges[e, 1]
        total = 0.0
        for c in range(p.shape[1]):
            u, v = p[a, c], p[b, c]
            if u != v:
                total += (u - v) * (u - v) / (u + v)
        out[e] = total / 2
