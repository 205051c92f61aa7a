"""Loops behind `superpixels.graph`: exact dtypes in, nothing checked.

Runs are those of `connected`: run i of label ``name[i]`` lies from ``start[i]`` to
``start[i + 1]``, row y's are ``first[y]``..``first[y + 1]``, rows are `pitch` apart. A
stretch (a, b, length), a < b, is where a run of one borders a run of the other.
"""

from ..._core.jit import compiled
from ..._core.typing import Ints, Ints32


@compiled
def find_stretches(
    start: Ints32, name: Ints32, first: Ints, pitch: int, stretches: Ints32
) -> int:
    """List the stretches of all borders; return how many.

    There is room (3 runs + 1, 3) for more than there can be: each is written, and the
    next one over it if it is none.
    """
    n = 0
    for y in range(first.size - 1):
        for i in range(first[y], first[y + 1] - 1):
            a, b = name[i], name[i + 1]
            stretches[n, 0], stretches[n, 1] = min(a, b), max(a, b)
            stretches[n, 2] = 1
            n += min(a, b) >= 0
        if y == 0:
            continue
        i, j = first[y - 1], first[y]
        left = start[j]
        while j < first[y + 1]:
            above, here = start[i + 1] + pitch, start[j + 1]
            right = min(above, here)
            a, b = name[i], name[j]
            stretches[n, 0], stretches[n, 1] = min(a, b), max(a, b)
            stretches[n, 2] = right - left
            n += (a != b) & (min(a, b) >= 0)
            left = right
            i += above <= here
            j += here <= above
    return n


@compiled
def sort_stretches(
    stretches: Ints32, begin: Ints, larger: Ints32, lengths: Ints32
) -> None:
    """Sort b and length by a: row a is from ``begin[a]`` to ``begin[a + 1]``.

    `begin` (K + 2,) comes in as 0; its last is spare.
    """
    for e in range(stretches.shape[0]):
        begin[stretches[e, 0] + 2] += 1
    for a in range(2, begin.size):
        begin[a] += begin[a - 1]
    for e in range(stretches.shape[0]):
        at = begin[stretches[e, 0] + 1]
        larger[at], lengths[at] = stretches[e, 1], stretches[e, 2]
        begin[stretches[e, 0] + 1] = at + 1


@compiled
def merge_borders(
    begin: Ints,
    larger: Ints32,
    lengths: Ints32,
    slot: Ints,
    edges: Ints32,
    border: Ints,
) -> int:
    """Turn rows of repeated b into sorted edges and their lengths; return how many.

    `slot` (K,) comes in as -1: where in `edges` the current row's b stands.
    """
    n = 0
    for a in range(begin.size - 1):
        first = n
        for i in range(begin[a], begin[a + 1]):
            b = larger[i]
            if slot[b] < first:
                slot[b] = n
                edges[n, 0] = a
                edges[n, 1] = b
                border[n] = 0
                n += 1
            border[slot[b]] += lengths[i]
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
