"""Windows with votes become faces: merged where they agree, dropped where weak."""

from __future__ import annotations

import numpy as np

from ..._core.typing import Floats

SHARE = 0.3
"""Share of the smaller face that two faces may have in common."""


def merge(boxes: Floats, votes: Floats, *, enough: float) -> tuple[Floats, Floats]:
    """Return xyxy boxes and scores of places with votes; `enough` of them score 0.5.

    The stronger of two overlapping places stays; scores below 0.5 are left out.
    """
    overlap, common = overlaps(boxes)
    support = np.where(overlap > 0.5, overlap, 0) * votes
    totals = support.sum(axis=1)
    scores = totals / (totals + enough)
    kept: list[int] = []
    for i in np.argsort(-scores, kind="stable"):
        if scores[i] >= 0.5 and (common[i, kept] <= SHARE).all():
            kept.append(int(i))
    near = np.where(overlap[kept] > 0.5, votes, 0)
    merged = near @ boxes / np.maximum(near.sum(axis=1, keepdims=True), 1e-9)
    return merged.reshape(-1, 4), scores[kept]


def settle(boxes: Floats, votes: Floats) -> tuple[Floats, float]:
    """Return the one box that most votes gather around, and how many do."""
    overlap, _ = overlaps(boxes)
    totals = (np.where(overlap > 0.5, overlap, 0) * votes).sum(axis=1)
    best = int(totals.argmax())
    near = np.where(overlap[best] > 0.5, votes, 0)
    merged = near @ boxes / max(float(near.sum()), 1e-9)
    return np.asarray(merged), float(totals[best])


def overlaps(boxes: Floats) -> tuple[Floats, Floats]:
    """Intersection over union, and over the smaller area, of all pairs."""
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    both = np.clip(high - low, 0, None).prod(axis=2)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    smaller = np.minimum(area[:, None], area)
    return both / (area[:, None] + area - both), both / smaller
