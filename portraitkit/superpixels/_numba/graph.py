"""Loops behind `superpixels.graph`: exact dtypes in, nothing checked."""

from ..._core.jit import compiled
from ..._core.typing import Ints, Ints32, Labels


@compiled
def count_borders(labels: Labels, count: Ints) -> None:
    """Add to `count` (K + 1,), at a + 1, the border pixel pairs of a with b > a."""
    height, width = labels.shape
    for y in range(height):
        for x in range(width):
            a = labels[y, x]
            if a < 0:
                continue
            if x + 1 < width:
                b = labels[y, x + 1]
                if b >= 0 and b != a:
                    count[min(a, b) + 1] += 1
            if y + 1 < height:
                b = labels[y + 1, x]
                if b >= 0 and b != a:
                    count[min(a, b) + 1] += 1


@compiled
def list_borders(labels: Labels, at: Ints, larger: Ints32) -> None:
    """Write the b of every border pixel pair a < b into row a of `larger`.

    `at` (K,) is where each row begins, and afterwards where it ends.
    """
    height, width = labels.shape
    for y in range(height):
        for x in range(width):
            a = labels[y, x]
            if a < 0:
                continue
            if x + 1 < width:
                b = labels[y, x + 1]
                if b >= 0 and b != a:
                    larger[at[min(a, b)]] = max(a, b)
                    at[min(a, b)] += 1
            if y + 1 < height:
                b = labels[y + 1, x]
                if b >= 0 and b != a:
                    larger[at[min(a, b)]] = max(a, b)
                    at[min(a, b)] += 1


@compiled
def merge_borders(
    start: Ints, larger: Ints32, slot: Ints, edges: Ints32, border: Ints
) -> int:
    """Turn rows of repeated b into sorted edges and their counts; return how many.

    `slot` (K,) comes in as -1: where in `edges` the current row's b stands.
    """
    n = 0
    for a in range(start.size - 1):
        first = n
        for i in range(start[a], start[a + 1]):
            b = larger[i]
            if slot[b] < first:
                slot[b] = n
                edges[n, 0] = a
                edges[n, 1] = b
                border[n] = 0
                n += 1
            border[slot[b]] += 1
        for i in range(first + 1, n):
            b, length = edges[i, 1], border[i]
            j = i
            while j > first and edges[j - 1, 1] > b:
                edges[j, 1], border[j] = edges[j - 1, 1], border[j - 1]
                j -= 1
            edges[j, 1], border[j] = b, length
    return n


@compiled
def fill_rows(edges: Ints32, at: Ints, indices: Ints32, edge_of: Ints32) -> None:
    """Write every edge into the rows of both its ends, neighbours ascending.

    `at` (K,) is where each row begins.
    """
    for side in range(2):
        for e in range(edges.shape[0]):
            here = edges[e, 1 - side]
            indices[at[here]] = edges[e, side]
            edge_of[at[here]] = e
            at[here] += 1
