"""Loops behind `superpixels.connected`: exact dtypes in, nothing checked.

A run is a row's stretch of one label: (x0, x1, label), x1 exclusive. There are some
twenty times fewer runs than pixels.
"""

from ..._core.jit import compiled
from ..._core.typing import Ints, Ints32, Labels


@compiled
def find_runs(labels: Labels, width: int, runs: Ints32, first: Ints) -> None:
    """List the runs of labels >= 0; row y's are `first[y]`..`first[y + 1]`."""
    n = 0
    for y in range(labels.shape[0]):
        first[y] = n
        x = 0
        while x < width:
            k = labels[y, x]
            start = x
            x += 1
            while x < width and labels[y, x] == k:
                x += 1
            if k >= 0:
                runs[n, 0] = start
                runs[n, 1] = x
                runs[n, 2] = k
                n += 1
    first[labels.shape[0]] = n


@compiled
def link(runs: Ints32, i: int, j: int, slack: int, parent: Ints32) -> None:
    """Join two runs of neighbouring rows if they touch and share a label."""
    touch = runs[i, 0] < runs[j, 1] + slack and runs[j, 0] < runs[i, 1] + slack
    if not touch or runs[i, 2] != runs[j, 2]:
        return
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    while parent[j] != j:
        parent[j] = parent[parent[j]]
        j = parent[j]
    parent[max(i, j)] = min(i, j)


@compiled
def find_pieces(runs: Ints32, first: Ints, slack: int, parent: Ints32) -> int:
    """Put each run's connected piece, in reading order, into `parent`; count them.

    `slack` is 1 where corners connect, else 0.
    """
    for i in range(parent.size):
        parent[i] = i
    for y in range(1, first.size - 1):
        i, j = first[y - 1], first[y]
        while i < first[y] and j < first[y + 1]:
            link(runs, i, j, slack, parent)
            if runs[i, 1] < runs[j, 1]:
                i += 1
            else:
                if slack > 0 and i + 1 < first[y] and runs[i, 1] == runs[j, 1]:
                    link(runs, i + 1, j, slack, parent)
                j += 1
    n = 0
    for i in range(parent.size):
        # A parent comes first, so it has its number already.
        if parent[i] == i:
            parent[i] = n
            n += 1
        else:
            parent[i] = parent[parent[i]]
    return n


@compiled
def paint(runs: Ints32, first: Ints, value: Ints32, out: Labels) -> None:
    """Write each run's value over its pixels."""
    for y in range(out.shape[0]):
        for i in range(first[y], first[y + 1]):
            for x in range(runs[i, 0], runs[i, 1]):
                out[y, x] = value[i]


@compiled
def choose(
    runs: Ints32,
    first: Ints,
    piece: Ints32,
    parts: Labels,
    least: float,
    size: Ints,
    part_best: Ints,
    label_best: Ints,
    value: Ints32,
) -> None:
    """Give each run's label to `value`, or -2 where its piece is not kept.

    Kept are every label's largest piece of at least `least` pixels, and every
    part's largest piece. `size` (pieces) comes in as 0, the best as -1.
    """
    for i in range(piece.size):
        size[piece[i]] += runs[i, 1] - runs[i, 0]
    for y in range(first.size - 1):
        for i in range(first[y], first[y + 1]):
            p = piece[i]
            part, k = parts[y, runs[i, 0]], runs[i, 2]
            if part_best[part] < 0 or size[p] > size[part_best[part]]:
                part_best[part] = p
            if label_best[k] < 0 or size[p] > size[label_best[k]]:
                label_best[k] = p
    for y in range(first.size - 1):
        for i in range(first[y], first[y + 1]):
            p, k = piece[i], runs[i, 2]
            large = label_best[k] == p and size[p] >= least
            keep = large or part_best[parts[y, runs[i, 0]]] == p
            value[i] = k if keep else -2


@compiled
def list_orphans(
    runs: Ints32, first: Ints, value: Ints32, width: int, orphans: Ints32
) -> int:
    """List the pixels of runs of value -2; return how many."""
    n = 0
    for y in range(first.size - 1):
        for i in range(first[y], first[y + 1]):
            if value[i] == -2:
                for x in range(runs[i, 0], runs[i, 1]):
                    orphans[n] = y * width + x
                    n += 1
    return n


@compiled
def absorb(orphans: Ints32, labels: Labels, queue: Ints32, heirs: Ints32) -> None:
    """Grow the labels >= 0 step by step over the 4-connected `orphans`, at -2.

    Pixels at -1 are walls. `queue` and `heirs` (as long as `orphans`) are working
    space.
    """
    height, width = labels.shape
    end = 0
    for o in range(orphans.size):
        y = orphans[o] // width
        x = orphans[o] - y * width
        heir = -1
        if y > 0:
            heir = max(heir, labels[y - 1, x])
        if heir < 0 and x > 0:
            heir = labels[y, x - 1]
        if heir < 0 and x + 1 < width:
            heir = labels[y, x + 1]
        if heir < 0 and y + 1 < height:
            heir = labels[y + 1, x]
        if heir >= 0:
            queue[end] = orphans[o]
            heirs[end] = heir
            end += 1
    for i in range(end):
        y = queue[i] // width
        labels[y, queue[i] - y * width] = heirs[i]
    at = 0
    while at < end:
        y = queue[at] // width
        x = queue[at] - y * width
        at += 1
        for side in range(4):
            ny = y + (side == 3) - (side == 0)
            nx = x + (side == 2) - (side == 1)
            if 0 <= ny < height and 0 <= nx < width and labels[ny, nx] == -2:
                labels[ny, nx] = labels[y, x]
                # Who is in the queue is >= 0, so no pixel enters twice.
                queue[end] = ny * width + nx
                end += 1


@compiled
def renumber(labels: Labels, table: Ints32) -> int:
    """Rename labels >= 0 to 0..n-1 in reading order; `table` comes in as -1."""
    n = 0
    for y in range(labels.shape[0]):
        for x in range(labels.shape[1]):
            k = labels[y, x]
            if k >= 0:
                if table[k] < 0:
                    table[k] = n
                    n += 1
                labels[y, x] = table[k]
    return n
