"""The embedded face detector."""

from __future__ import annotations

import numpy as np

from ..._core.checks import check_image
from ..._core.typing import ArrayLike, Bytes, Floats
from ..protocol import Detections
from .cascade import gray_of, windows
from .judge import describe
from .prior import PortraitPrior, shipped

ENOUGH = 2.7
"""Votes that make a score of 0.5, below which a face is not reported."""
SHARE = 0.3
"""Share of the smaller face that two faces may have in common."""


class CascadeFaces:
    """Find frontal faces with scikit-image's LBP cascade, and judge what it finds.

    The cascade runs leniently on the image and its mirror, at 512 pixels whatever the
    image's size. Each passing window gets a vote between 0 and 1 by a linear judge
    fitted on portraits; windows on the same place add up, and a face needs several.

    Notes
    -----
    Faces below 1/14 of the image's longer side and profiles are not found.
    The cost is fixed by the 512 pixels, plus one O(H W) reduction.

    References
    ----------
    .. [1] S. Liao et al., "Learning multi-scale block local binary patterns for face
       recognition", ICB 2007.

    Examples
    --------
    >>> from skimage.data import astronaut
    >>> len(CascadeFaces()(astronaut())) > 0
    True
    """

    def __init__(self, prior: PortraitPrior | None = None) -> None:
        self._prior = prior

    def __call__(self, image: ArrayLike, /) -> Detections:
        """Map (H, W, 3) uint8 RGB to one box for each face, best first."""
        checked = check_image("image", image)
        gray = gray_of(checked)
        boxes, scores = find(gray, self._prior or shipped())
        height, width = checked.shape[:2]
        boxes[:, 0::2] *= width / gray.shape[1]
        boxes[:, 1::2] *= height / gray.shape[0]
        return Detections(boxes, scores)


def find(gray: Bytes, prior: PortraitPrior) -> tuple[Floats, Floats]:
    """Return xyxy boxes and scores of the faces in a 512-pixel gray image."""
    candidates = windows(gray)
    if len(candidates) == 0:
        return np.zeros((0, 4)), np.zeros(0)
    votes = prior.votes(describe(gray, candidates))
    boxes = np.concatenate(
        [candidates[:, :2], candidates[:, :2] + candidates[:, 2:]], axis=1
    )
    return gather(boxes, votes)


def gather(boxes: Floats, votes: Floats) -> tuple[Floats, Floats]:
    """Merge windows on the same place; drop weak places and overlapping ones."""
    overlap, common = _overlaps(boxes)
    support = np.where(overlap > 0.5, overlap, 0) * votes
    totals = support.sum(axis=1)
    scores = totals / (totals + ENOUGH)
    kept: list[int] = []
    for i in np.argsort(-scores, kind="stable"):
        if scores[i] >= 0.5 and (common[i, kept] <= SHARE).all():
            kept.append(int(i))
    near = np.where(overlap[kept] > 0.5, votes, 0)
    merged = near @ boxes / np.maximum(near.sum(axis=1, keepdims=True), 1e-9)
    return merged.reshape(-1, 4), scores[kept]


def _overlaps(boxes: Floats) -> tuple[Floats, Floats]:
    """Intersection over union, and over the smaller area, of all pairs."""
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    both = np.clip(high - low, 0, None).prod(axis=2)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    smaller = np.minimum(area[:, None], area)
    return both / (area[:, None] + area - both), both / smaller
