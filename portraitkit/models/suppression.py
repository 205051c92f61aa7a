"""Greedy non-maximum suppression."""

import numpy as np

from .._core.typing import Boxes, Floats, Ints


def suppress(boxes: Boxes, scores: Floats, *, iou: float) -> Ints:
    """Return the rows to keep, best first; ties go to the earlier row.

    A box goes if a better one that stays has more than `iou` of their union.
    O(N K) time for K kept boxes.
    """
    order = np.argsort(-scores, kind="stable")
    kept: list[int] = []
    while order.size:
        best, rest = order[0], order[1:]
        kept.append(int(best))
        order = rest[_overlap(boxes[best], boxes[rest]) <= iou]
    return np.array(kept, dtype=np.int64)


def _overlap(box: Floats, others: Boxes) -> Floats:
    low = np.maximum(box[:2], others[:, :2])
    high = np.minimum(box[2:], others[:, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=1)
    union = (box[2:] - box[:2]).prod() + (others[:, 2:] - others[:, :2]).prod(axis=1)
    overlap: Floats = shared / (union - shared)
    return overlap
