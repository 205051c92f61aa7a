"""Persons where only a mask is known."""

import cv2
import numpy as np

from .._core.typing import Boxes, Ints, Labels, Mask, Probability
from ..instance.ownership import Frames
from ..models import Detections

SPECK = 0.02
"""Parts below this share of the largest are dust, not persons."""
APART = 0.1
"""Share of a part that boxes may hold by chance, without any being its person's."""


def component_persons(
    mask: Mask, probability: Probability, *, known: Boxes | None = None
) -> Detections:
    """Return one box for each sizeable 8-connected part of `mask`.

    Parameters
    ----------
    mask : (H, W) bool
        Person mask.
    probability : (H, W) float32
        The mean over a part is its score.
    known : (N, 4) array, optional
        Boxes of other persons: a part of which they hold more than `APART` is theirs.

    Returns
    -------
    Detections
        Tight boxes; empty for an empty mask.

    Notes
    -----
    O(H W) time and memory, O(N H W) with N boxes. `Detections` puts the surest first.
    """
    n, labels, stats, _ = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=8
    )
    area = stats[:, cv2.CC_STAT_AREA]
    keep = area >= SPECK * area[1:].max(initial=0)
    keep[0] = False
    if known is not None:
        keep &= _held(np.asarray(labels), n, known) <= APART * area
    sums = np.bincount(labels.ravel(), weights=probability.ravel(), minlength=n)
    left, top, width, height = stats[keep, :4].T
    boxes = np.stack([left, top, left + width, top + height], axis=1)
    return Detections(boxes, sums[keep] / area[keep])


def _held(labels: Labels, n: int, boxes: Boxes) -> Ints:
    """(n,) pixels of each part that some box holds."""
    held = np.zeros(labels.shape, bool)
    for x1, y1, x2, y2 in Frames.of(boxes, labels.shape).spans().tolist():
        held[y1:y2, x1:x2] = True
    return np.bincount(labels[held], minlength=n)


def with_unseen(
    persons: Detections, mask: Mask, probability: Probability
) -> Detections:
    """Add to `persons` the parts of a mask that they leave alone.

    Parameters
    ----------
    persons : Detections
        Who is known.
    mask, probability
        As for `component_persons`.

    Returns
    -------
    Detections
        `persons`, or those and tight boxes, none surer than the least sure of them, and
        without landmarks, which parts have none of.
    """
    parts = component_persons(mask, probability, known=persons.boxes)
    if not len(parts):
        return persons
    least = persons.scores.min(initial=1.0)
    scores = np.concatenate([persons.scores, least * parts.scores])
    return Detections(np.vstack([persons.boxes, parts.boxes]), scores)
