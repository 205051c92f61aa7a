"""Histograms, geodesic distances and ownership by boxes, said slowly."""

import math

import numpy as np
from numpy.testing import assert_array_equal


def histograms(lab, labels, bins, k):
    """(k, bins**3) joint histograms of 8-bit Lab, each summing to 1 or 0."""
    out = np.zeros((k, bins**3))
    for y, x in np.ndindex(labels.shape):
        if labels[y, x] >= 0:
            one, two, three = (int(v) * bins // 256 for v in lab[y, x])
            out[labels[y, x], (one * bins + two) * bins + three] += 1
    for row in out:
        if row.sum():
            row /= row.sum()
    return out


def chi_square(p, q):
    """Half the sum of (p - q)^2 / (p + q), 0/0 = 0."""
    terms = [(a - b) ** 2 / (a + b) for a, b in zip(p, q, strict=True) if a + b > 0]
    return math.fsum(terms) / 2


def shortest(n, costs, sources):
    """Bellman-Ford from any of `sources`; costs is {(a, b): cost}."""
    distance = [0.0 if k in sources else math.inf for k in range(n)]
    for _ in range(n):
        for (a, b), cost in costs.items():
            distance[b] = min(distance[b], distance[a] + cost)
            distance[a] = min(distance[a], distance[b] + cost)
    return distance


def clipped(boxes, shape):
    """Return [(number, box)] of what of the boxes lies on the image; else of all."""
    height, width = shape
    seen = []
    for i, (x1, y1, x2, y2) in enumerate(boxes):
        x1, x2 = (min(max(v, 0), width) for v in (x1, x2))
        y1, y2 = (min(max(v, 0), height) for v in (y1, y2))
        if x1 < x2 and y1 < y2:
            seen.append((i, (x1, y1, x2, y2)))
    return seen or list(enumerate(map(tuple, boxes)))


def holds(box, x, y):
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def remoteness(box, x, y):
    """Squared distance to the box's center in half widths and half heights."""
    u = (x - (box[0] + box[2]) / 2) / ((box[2] - box[0]) / 2)
    v = (y - (box[1] + box[3]) / 2) / ((box[3] - box[1]) / 2)
    return u * u + v * v


def candidates(boxes, x, y):
    return [(i, box) for i, box in boxes if holds(box, x, y)] or boxes


def exclusive(mask, boxes):
    """0 outside the mask, i where only box i - 1 holds the pixel, else -1."""
    out = np.zeros(mask.shape, int)
    shown = clipped(boxes, mask.shape)
    for y, x in np.ndindex(mask.shape):
        if mask[y, x]:
            held = [i for i, box in shown if holds(box, x + 0.5, y + 0.5)]
            out[y, x] = held[0] + 1 if len(held) == 1 else -1
    return out


def with_cores(owner, boxes):
    """Seed boxes without an exclusive pixel from the mask in their core."""
    out = owner.copy()
    bare = [(i, b) for i, b in clipped(boxes, owner.shape) if i + 1 not in owner]
    for y, x in np.ndindex(owner.shape):
        near = [
            (remoteness(b, x + 0.5, y + 0.5), i)
            for i, b in bare
            if owner[y, x] != 0
            and abs(x + 0.5 - (b[0] + b[2]) / 2) <= 0.2 * (b[2] - b[0])
            and abs(y + 0.5 - (b[1] + b[3]) / 2) <= 0.3 * (b[3] - b[1])
        ]
        if near:
            out[y, x] = min(near)[1] + 1
    return out


def nearest(mask, boxes):
    """(labels, confidence) of the nearest box that holds a pixel, else of all."""
    labels, confidence = np.zeros(mask.shape, int), np.zeros(mask.shape)
    shown = clipped(boxes, mask.shape)
    for y, x in np.argwhere(mask):
        able = candidates(shown, x + 0.5, y + 0.5)
        ranked = sorted((remoteness(b, x + 0.5, y + 0.5), i) for i, b in able)
        labels[y, x] = ranked[0][1] + 1
        confidence[y, x] = margin([d for d, _ in ranked])
    return labels, confidence


def margin(distances):
    """(d2 - d1) / (d2 + d1) of the two least; 1 for one or an infinite second."""
    least, second = [*sorted(distances), math.inf][:2]
    if math.isinf(second):
        return 1.0
    return (second - least) / (second + least) if second > 0 else 0.0


def check_partition(split, mask, boxes):
    """Assert all that is promised of a split, whatever the method."""
    n = len(boxes)
    assert split.labels.dtype == np.int32
    assert split.confidence.dtype == np.float32
    assert split.unknown.dtype == split.empty.dtype == bool
    assert_array_equal(split.labels > 0, mask)
    assert split.labels.max() <= n
    assert_array_equal(split.empty, [i + 1 not in split.labels for i in range(n)])
    assert not split.unknown[~mask].any()
    assert (split.confidence[~mask] == 0).all()
    assert (split.confidence[mask & ~split.unknown] == 1).all()
    assert ((split.confidence >= 0) & (split.confidence <= 1)).all()
    owner = exclusive(mask, boxes)
    assert_array_equal(split.unknown, owner < 0)
    assert_array_equal(split.labels[owner > 0], owner[owner > 0])
