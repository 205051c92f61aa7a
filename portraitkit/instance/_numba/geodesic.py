"""Loops behind `instance.geodesic`: exact dtypes in, nothing checked."""

from ..._core.jit import compiled
from ..._core.typing import Floats, Ints, Ints32


@compiled
def _sift_up(heap: Ints, place: Ints, at: int, key: Floats) -> None:
    """Move the node at `at` towards the top while it is nearer than its parent."""
    node = heap[at]
    while at > 0:
        parent = (at - 1) // 2
        if key[heap[parent]] <= key[node]:
            break
        heap[at] = heap[parent]
        place[heap[at]] = at
        at = parent
    heap[at] = node
    place[node] = at


@compiled
def _sift_down(heap: Ints, place: Ints, size: int, key: Floats) -> None:
    """Move the node at the top down while a child is nearer."""
    node = heap[0]
    at = 0
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and key[heap[child + 1]] < key[heap[child]]:
            child += 1
        if key[node] <= key[heap[child]]:
            break
        heap[at] = heap[child]
        place[heap[at]] = at
        at = child
    heap[at] = node
    place[node] = at


@compiled
def shortest_paths(
    indptr: Ints,
    indices: Ints32,
    edge_of: Ints32,
    weights: Floats,
    distance: Floats,
    heap: Ints,
    place: Ints,
) -> None:
    """Dijkstra from every region whose `distance` (K,) comes in as 0; the rest inf.

    `heap` and `place` (K,) are working space; `place` comes in as -1: not queued.
    """
    size = 0
    for k in range(distance.size):
        if distance[k] == 0:
            heap[size] = k
            place[k] = size
            size += 1
    while size > 0:
        node = heap[0]
        size -= 1
        if size > 0:
            heap[0] = heap[size]
            _sift_down(heap, place, size, distance)
        for i in range(indptr[node], indptr[node + 1]):
            other = indices[i]
            reached = distance[node] + weights[edge_of[i]]
            if reached < distance[other]:
                distance[other] = reached
                if place[other] < 0:
                    place[other] = size
                    heap[size] = other
                    size += 1
                _sift_up(heap, place, place[other], distance)
