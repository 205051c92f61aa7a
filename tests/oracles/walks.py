"""Random walks and what "auto" feeds them, said slowly."""

import math

import numpy as np

from . import regions


def holders(boxes, x, y):
    """Numbers of the (number, box) that hold a point."""
    return {
        i
        for i, (x1, y1, x2, y2) in boxes
        if x1 <= x < x2 and y1 <= y < y2
    }  # fmt: skip


def chances(n, pulls, seed, n_persons, able):
    """(n, n_persons): solve for each person, walls wherever it may not be.

    `pulls` is {(a, b): conductance}; nodes that reach no seed and no wall have 0.
    """
    weights = np.zeros((n, n))
    for (a, b), pull in pulls.items():
        weights[a, b] = weights[b, a] = pull
    out = np.zeros((n, n_persons))
    for i in range(n_persons):
        ends = (seed > 0) | ~able[:, i]
        tied = ends
        for _ in range(n):
            tied = tied | (weights[:, tied] > 0).any(1)
        free = tied & ~ends
        own = seed == i + 1
        out[own, i] = 1
        laplacian = np.diag(weights.sum(1)) - weights
        side = weights[np.ix_(free, own)].sum(1)
        out[free, i] = np.linalg.solve(laplacian[np.ix_(free, free)], side)
    return out


def color_step(lab, pieces, a, b, light, noise):
    """Squared difference of two pieces' mean Lab, lightness scaled by `light`."""
    one, other = lab[pieces == a].mean(0), lab[pieces == b].mean(0)
    return (
        sum(
            (w * (p - q)) ** 2
            for w, p, q in zip((light, 1, 1), one, other, strict=True)
        )
        + noise
    )


def apart(pieces, coarse, a, b):
    """Chance that a pixel of each of two pieces lie in different coarse ones."""
    pairs = [
        coarse[p] != coarse[q]
        for p in zip(*np.nonzero(pieces == a), strict=True)
        for q in zip(*np.nonzero(pieces == b), strict=True)
    ]
    return sum(pairs) / len(pairs)


def level_border(pieces, a, b):
    """Pixel pairs of two pieces, one above the other."""
    return sum(
        {int(pieces[y, x]), int(pieces[y + 1, x])} == {a, b}
        for y in range(pieces.shape[0] - 1)
        for x in range(pieces.shape[1])
    )


def hardest(sizes, far, remote, share):
    """Of pieces (in a dict each), those far and central, until `share` is reached."""
    reached = [v for v in far.values() if not math.isinf(v)]
    best = max([1.0, *reached])
    worth = {
        k: remote[k] - math.log(best if math.isinf(far[k]) else far[k]) for k in sizes
    }
    chosen, total = set(), 0
    for k in sorted(sizes, key=lambda k: (worth[k], k)):
        if chosen and total >= share * sum(sizes.values()):
            break
        chosen.add(k)
        total += sizes[k]
    return chosen


def face_seeds(owner, boxes, faces):
    """`owner` with the middle half of each face given to the person it is matched to.

    Of all pairs of a face and a box that holds its middle (if these differ, not too far
    below its top and to its side), the one highest and most central in the box is first;
    every face and every box is in one pair at most. Only boxes with hardly a pixel are given any,
    and those about as large as others there.
    """
    pairs = []
    for f, face in enumerate(faces):
        x, y = (face[0] + face[2]) / 2, (face[1] + face[3]) / 2
        own = []
        for i in holders(boxes, x, y):
            left, top, right, bottom = dict(boxes)[i]
            low = (y - top) / (bottom - top)
            off = abs((x - left) / (right - left) - 0.5)
            near = off <= 0.4 and face[1] - top <= 1.5 * (face[3] - face[1])
            own.append((low + off, f, i, near))
        for some in (own, [pair for pair in own if pair[3]]):
            if some and _share_in_common([dict(boxes)[p[2]] for p in some]) >= 0.7:
                pairs += [(cost, f, i, len(some) > 1) for cost, f, i, _ in some]
                break
    out, used = owner.copy(), set()
    for _, f, i, doubted in sorted(pairs):
        if {("face", f), ("box", i)} & used:
            continue
        used |= {("face", f), ("box", i)}
        left, top, right, bottom = dict(boxes)[i]
        mine = held = 0
        for y, x in np.argwhere(owner):
            if left <= x + 0.5 < right and top <= y + 0.5 < bottom:
                held += 1
                mine += owner[y, x] == i + 1
        if mine > 0.03 * held and not doubted:
            continue
        x1, y1, x2, y2 = faces[f]
        for y, x in np.argwhere(out < 0):
            inside = abs(x + 0.5 - (x1 + x2) / 2), abs(y + 0.5 - (y1 + y2) / 2)
            if inside[0] < (x2 - x1) / 4 and inside[1] < (y2 - y1) / 4:
                out[y, x] = i + 1
    return out


def _share_in_common(boxes):
    """Area that all boxes have in common, of that of the box around them."""
    if not boxes:
        return 0
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    common = max(min(rights) - max(lefts), 0) * max(min(bottoms) - max(tops), 0)
    return common / ((max(rights) - min(lefts)) * (max(bottoms) - min(tops)))


def tips(owner, spans, lines, sides, depth=0.02, tight=0.6):
    """`owner` with the areas given away that end at a side (0 left, 1 top, 2, 3) of a box.

    `spans` are the boxes in whole pixels, `lines` as they are; `sides` lists the
    (box, side) at which somebody must end.
    """
    claims, ended = {}, 0
    for i, side in sides:
        size = lines[i][2 + side % 2] - lines[i][side % 2]
        deep = max(round(depth * size), 1)
        claimed = _ends(owner, spans[i], lines[i][side], side, deep, i + 1)
        own = any(owner[p] == i + 1 for p in claimed)
        ended += bool(claimed)
        for p in () if own else claimed:
            claims.setdefault(p, set()).add(i + 1)
    out = owner.copy()
    if ended >= tight * len(sides):
        for p, who in claims.items():
            if len(who) == 1 and owner[p] < 0:
                out[p] = min(who)
    return out


def _ends(owner, span, line, side, deep, person):
    """Pixels in the box of the areas that end within `deep` of one of its sides."""
    height, width = owner.shape
    far = (width, height)[side % 2]
    line = round(line if side < 2 else far - line)
    band, inner, beyond = np.full(owner.shape, -1), set(), set()
    for y, x in np.ndindex(owner.shape):
        into = x if side % 2 == 0 else y
        into = into if side < 2 else far - 1 - into
        along, low, high = (
            (y, span[1], span[3]) if side % 2 == 0 else (x, span[0], span[2])
        )
        if owner[y, x] and max(line - deep, 0) <= into < line + deep:
            band[y, x] = 0
        if low <= along < high:
            (inner if into >= line else beyond).add((y, x))
            if into < line and owner[y, x] in (0, -1, person):
                beyond.discard((y, x))
    areas, n = regions.connected(band)
    found = set()
    for k in range(n):
        area = set(zip(*np.nonzero(areas == k), strict=True))
        outermost = line - deep
        first = any(
            (x, y, width - 1 - x, height - 1 - y)[side] == outermost for y, x in area
        )
        if area & inner and not first and not area & beyond:
            found |= area & inner
    return found
