"""One region for each label, piece by piece; orphans go to the nearest color."""

import numpy as np

from . import regions


def neighbours(height, width):
    """Pairs of 4-neighbours."""
    for y, x in np.ndindex(height, width):
        if x + 1 < width:
            yield (y, x), (y, x + 1)
        if y + 1 < height:
            yield (y, x), (y + 1, x)


def color(planes, inside):
    """Mean color of a piece: of its runs' middles, weighed by their lengths."""
    total, n = np.zeros(3), 0
    for y in range(inside.shape[0]):
        row = [0, *inside[y].astype(int), 0]
        edges = np.flatnonzero(np.diff(row))
        for start, end in edges.reshape(-1, 2):
            total += (end - start) * planes[:, y, start + (end - start) // 2]
            n += end - start
    return total / n


def one_region_each(labels, planes, centers, part_of, least, spared):
    """Return what `adoption.one_region_each` makes of (H, W) labels."""
    piece, n = regions.connected(labels)
    size = [int((piece == p).sum()) for p in range(n)]
    label_of = [int(labels[piece == p][0]) for p in range(n)]

    def largest(pieces):
        return max(pieces, key=lambda p: (size[p], -p), default=None)

    k = len(part_of)
    best = [largest([p for p in range(n) if label_of[p] == i]) for i in range(k)]
    area = sorted(0 if p is None else size[p] for p in best)
    least = min(least, area[int((1 - spared) * k)])
    of_part = {part_of[label_of[p]] for p in range(n)}
    champions = {
        largest([p for p in range(n) if part_of[label_of[p]] == part])
        for part in of_part
    }
    kept = {p for p in best if p is not None and (size[p] >= least or p in champions)}
    owner = {p: label_of[p] for p in kept}
    sides = {
        (int(piece[a]), int(piece[b]))
        for a, b in neighbours(*labels.shape)
        if piece[a] != piece[b] and piece[a] >= 0 and piece[b] >= 0
    }
    sides |= {(b, a) for a, b in sides}
    while True:
        found = {}
        for orphan in set(range(n)) - set(owner):
            mean = color(planes, piece == orphan)
            heirs = {owner[q] for p, q in sides if p == orphan and q in owner}
            if heirs:
                found[orphan] = min(
                    heirs, key=lambda i: ((mean - centers[i, :3]) ** 2).sum()
                )
        if not found:
            break
        owner |= found
    out = labels.copy()
    for p, i in owner.items():
        out[piece == p] = i
    return out
