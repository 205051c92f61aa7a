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
from ..._core.lanes import LANES, bits, differ, first_bit, load, spread, store
from ..._core.typing import Array, Ints, Ints32


@compiled
def find_runs(
    labels: Array,
    begin: Ints32,
    outside: Ints32,
    row: Ints,
    start: Ints32,
    name: Ints32,
    first: Ints,
) -> bool:
    """List the runs of every row, and their labels; say if there was room for them.

    `begin`, `outside` and `row` are runs too, found before: those < 0 are single runs
    of `labels` as well, so only the others are looked at.
    """
    flat = labels.reshape(labels.size)
    n = 0
    for y in range(row.size - 1):
        first[y] = n
        for i in range(row[y], row[y + 1]):
            at, end = int(begin[i]), int(begin[i + 1])
            if n + LANES >= name.size:
                return False
            if outside[i] < 0:
                start[n], name[n] = at, outside[i]
                n += 1
                continue
            new = 1
            while at < end:
                if n + LANES >= name.size:
                    return False
                new |= bits(differ(load(flat, at), load(flat, at - 1)))
                if end - at < LANES:
                    new &= (1 << (end - at)) - 1
                while new != 0:
                    place = at + first_bit(new)
                    start[n] = place
                    name[n] = flat[place]
                    n += 1
                    new &= new - 1
                at += LANES
    first[first.size - 1] = n
    start[n] = begin[begin.size - 1]
    return True


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
def number(start: Ints32, name: Ints32, piece: Ints32, size: Ints) -> int:
    """Turn `piece` into numbers in reading order, -1 for names < 0; return how many.

    Their pixels are added to `size` (runs,), 0.
    """
    n = 0
    for i in range(piece.size):
        if name[i] < 0:
            piece[i] = -1
            continue
        if piece[i] == i:
            piece[i] = n
            n += 1
        else:
            piece[i] = piece[piece[i]]
        size[piece[i]] += start[i + 1] - start[i]
    return n


@compiled
def renumber(name: Ints32, table: Ints32) -> None:
    """Rename those >= 0 to 0..n-1 in reading order; `table` comes in as -1."""
    n = 0
    for i in range(name.size):
        k = name[i]
        if k < 0:
            continue
        if table[k] < 0:
            table[k] = n
            n += 1
        name[i] = table[k]


@compiled
def lay(value: int, at: int, end: int, flat: Array) -> None:
    """Write `value` from `at` to `end`, and maybe to some places beyond."""
    lanes = spread(flat, value)
    while at < end and at <= flat.size - LANES:
        store(flat, at, lanes)
        at += LANES
    for here in range(at, end):
        flat[here] = value


@compiled
def paint(
    start: Ints32,
    name: Ints32,
    first: Ints,
    pitch: int,
    top: int,
    left: int,
    right: int,
    out: Array,
) -> None:
    """Write the names of a picture's runs to `out` (H, W), and -1 around it.

    The picture lies in rows `top`.. and columns `left`..`right`.
    """
    flat, width = out.reshape(out.size), out.shape[1]
    done = 0
    for y in range(first.size - 1):
        # Every place is written after those before it: what is laid beyond is undone.
        here = (top + y) * width + left
        lay(-1, done, here, flat)
        done = here - left + right
        here -= (y + 1) * pitch
        for i in range(first[y], first[y + 1]):
            lay(name[i], here + start[i], min(here + start[i + 1], done), flat)
    lay(-1, done, out.size, flat)
