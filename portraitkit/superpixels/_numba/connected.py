"""Loops behind `superpixels.connected`: exact dtypes in, nothing checked.

`labels` (H + 2, pitch) has a row of -1 above and below the picture and at least a
column of it to the right, so that every pixel has four neighbours: row y of the picture
is row y + 1. Its columns are a whole number of `LANES`. A place is an index into the
flat array.

A run is a row's stretch of one label, negative ones too. Run i lies from ``start[i]`` to
``start[i + 1]``; those of row y are ``first[y]``..``first[y + 1]``. There are some ten
times fewer runs than pixels.
"""

from ..._core.jit import compiled
from ..._core.lanes import LANES, bits, differ, first_bit, load
from ..._core.typing import Array, Ints, Ints32, Labels, Mask


@compiled
def wall(mask: Mask, labels: Array) -> None:
    """Write 0 into `labels` where `mask` (H, W) is True, -1 elsewhere."""
    height, width = mask.shape
    labels[0] = -1
    labels[height + 1] = -1
    for y in range(height):
        row, to = mask[y], labels[y + 1]
        for x in range(width):
            to[x] = 0 if row[x] else -1
        to[width:] = -1


@compiled
def bounds(mask: Mask, columns: Mask) -> tuple[int, int]:
    """Return the first row of a mask that has any, and the one past the last.

    `columns` (W,), all False, becomes which columns have any.
    """
    top, bottom = mask.shape[0], 0
    for y in range(mask.shape[0]):
        row = mask[y]
        some = False
        for x in range(row.size):
            some |= row[x]
        if some:
            top, bottom = min(top, y), y + 1
            for x in range(row.size):
                columns[x] |= row[x]
    return top, bottom


@compiled
def find_runs(labels: Array, start: Ints32, name: Ints32, first: Ints) -> None:
    """List the runs of every row, and their labels in `name`."""
    flat, pitch = labels.reshape(labels.size), labels.shape[1]
    n = 0
    for y in range(labels.shape[0] - 2):
        first[y] = n
        new = 1
        for at in range((y + 1) * pitch, (y + 2) * pitch, LANES):
            new |= bits(differ(load(flat, at), load(flat, at - 1)))
            while new != 0:
                place = at + first_bit(new)
                start[n] = place
                name[n] = flat[place]
                n += 1
                new &= new - 1
    first[first.size - 1] = n
    start[n] = (labels.shape[0] - 1) * pitch


@compiled
def link(i: int, j: int, parent: Ints32) -> None:
    """Join the pieces of two runs."""
    a, b = parent[i], parent[j]
    while parent[a] != a:
        a = parent[a]
    while parent[b] != b:
        b = parent[b]
    root = min(a, b)
    parent[a] = parent[b] = parent[i] = parent[j] = root


@compiled
def find_pieces(
    start: Ints32, name: Ints32, first: Ints, pitch: int, eight: bool, parent: Ints32
) -> None:
    """Put the first run of each run's connected piece into `parent`.

    `eight` says that corners connect.
    """
    for i in range(parent.size):
        parent[i] = i
    for y in range(1, first.size - 1):
        i, j = first[y - 1], first[y]
        while j < first[y + 1]:
            above, here = start[i + 1] + pitch, start[j + 1]
            if name[i] == name[j]:
                link(i, j, parent)
            if eight and above == here and j + 1 < first[y + 1]:
                if name[i + 1] == name[j]:
                    link(i + 1, j, parent)
                if name[i] == name[j + 1]:
                    link(i, j + 1, parent)
            i += above <= here
            j += here <= above
    for i in range(parent.size):
        # A parent comes first, so it has its piece already.
        parent[i] = parent[parent[i]]


@compiled
def paint(
    start: Ints32,
    name: Ints32,
    first: Ints,
    piece: Ints32,
    pitch: int,
    size: Ints,
    out: Labels,
) -> int:
    """Paint pieces of names >= 0, numbered in reading order; return how many.

    `piece` becomes their numbers, `size` (runs, 0) their pixels; `out` (H, W) comes in
    as -1, or another number for all of a run.
    """
    n = 0
    for y in range(out.shape[0]):
        left = (y + 1) * pitch
        for i in range(first[y], first[y + 1]):
            if name[i] < 0:
                continue
            if piece[i] == i:
                piece[i] = n
                n += 1
            else:
                piece[i] = piece[piece[i]]
            size[piece[i]] += start[i + 1] - start[i]
            begin, end = start[i] - left, start[i + 1] - left
            if out[y, begin] != piece[i]:
                out[y, begin:end] = piece[i]
    return n


@compiled
def renumber(
    labels: Array,
    start: Ints32,
    name: Ints32,
    first: Ints,
    table: Ints32,
    out: Labels,
) -> None:
    """Copy labels >= 0 to `out` (H, W), renamed to 0..n-1 in reading order.

    They lie in runs of names >= 0. `table` comes in as -1.
    """
    n = 0
    for y in range(out.shape[0]):
        left = (y + 1) * labels.shape[1]
        for i in range(first[y], first[y + 1]):
            if name[i] < 0:
                continue
            begin, end = start[i] - left, start[i + 1] - left
            row, to = labels[y + 1, begin:end], out[y, begin:end]
            for x in range(row.size):
                k = row[x]
                if k < 0:
                    continue
                if table[k] < 0:
                    table[k] = n
                    n += 1
                to[x] = table[k]
