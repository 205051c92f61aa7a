"""Loops behind `instance.histogram`: exact dtypes in, nothing checked."""

import numpy as np

from ..._core.jit import compiled
from ..._core.lanes import LANES, bits, differ, first_bit, load, spread
from ..._core.typing import Bytes, Floats, Floats32, Ints, Ints32, Labels


@compiled
def count_colors(lab: Bytes, labels: Labels, place: Ints32, counts: Ints32) -> None:
    """Add every pixel with a label >= 0 to its region's joint Lab histogram.

    `place` (3, 256) is what each byte of L, a and b adds to the number of the bin.
    Two rows far apart take turns: neighbours, mostly of one bin, would wait for
    each other.
    """
    half = (labels.shape[0] + 1) // 2
    for y in range(half):
        z = y + half if y + half < labels.shape[0] else -1
        for x in range(labels.shape[1]):
            k = labels[y, x]
            if k >= 0:
                c = place[0, lab[y, x, 0]] + place[1, lab[y, x, 1]]
                counts[k, c + place[2, lab[y, x, 2]]] += 1
            if z >= 0 and labels[z, x] >= 0:
                c = place[0, lab[z, x, 0]] + place[1, lab[z, x, 1]]
                counts[labels[z, x], c + place[2, lab[z, x, 2]]] += 1


@compiled
def mark(flat: Ints32, columns: int, filled: Ints) -> None:
    """Set the bits of what is not 0 in each row of `columns` of a flat array.

    `filled` (rows, words) comes in as 0: a word has the bits of `LANES` columns.
    """
    zero = spread(flat, 0)
    for k in range(filled.shape[0]):
        for w in range(columns // LANES):
            at = k * columns + w * LANES
            filled[k, w] = bits(differ(load(flat, at), zero))
        for c in range(columns // LANES * LANES, columns):
            if flat[k * columns + c] != 0:
                filled[k, c // LANES] |= 1 << c % LANES


@compiled
def shares(counts: Ints32, filled: Ints, out: Floats32) -> None:
    """Divide each region's counts by their sum; what is 0 is not written.

    `filled` marks what is not 0, so `out` may be the same memory.
    """
    for k in range(counts.shape[0]):
        n = 0
        for w in range(filled.shape[1]):
            left = filled[k, w]
            while left != 0:
                n += counts[k, w * LANES + first_bit(left)]
                left &= left - 1
        total = np.float32(n)
        for w in range(filled.shape[1]):
            left = filled[k, w]
            while left != 0:
                c = w * LANES + first_bit(left)
                out[k, c] = np.float32(counts[k, c]) / total
                left &= left - 1


@compiled
def chi_square_edges(p: Floats32, filled: Ints, edges: Ints32, out: Floats) -> None:
    """Write the chi-square distance of the rows of `p` each edge joins.

    `filled` marks what is not 0: a few bins in a hundred.
    """
    for e in range(edges.shape[0]):
        a, b = edges[e, 0], edges[e, 1]
        total = 0.0
        for w in range(filled.shape[1]):
            left = filled[a, w] | filled[b, w]
            while left != 0:
                c = w * LANES + first_bit(left)
                left &= left - 1
                u, v = p[a, c], p[b, c]
                if u != v:
                    total += (u - v) * (u - v) / (u + v)
        out[e] = total / 2
