"""The embedded face detector."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from ..._core.checks import check_image
from ..._core.typing import ArrayLike, Bytes, Floats, ImageU8
from ..protocol import Detections
from .cascade import QUICK, SIDE, THOROUGH, gray_of, windows
from .confirm import WIDTH, closer
from .judge import describe
from .merge import merge
from .prior import PortraitPrior, shipped

ENOUGH = 1.6
"""Votes of one wholly agreeing window each that make a score of 0.5."""
ENOUGH_LATER, ENOUGH_TILTED = 2.0, 6.0
"""The same for the thorough second look, and for looks with the head held tilted."""
PATTERN = 0.6
"""Share of a face's width below which a face on its body is a pattern."""
TILTS = (-20, 20)
"""Degrees."""


class CascadeFaces:
    """Find frontal faces with scikit-image's LBP cascade, and judge what it finds.

    The cascade runs leniently on the image and its mirror, at 512 pixels whatever the
    image's size. Each passing window gets a vote between 0 and 1 by a linear judge
    fitted on portraits; windows on the same place add up, and a face needs several.
    Small faces are looked at again, enlarged. Where nothing is found, a thorough look for large faces follows, then one with the
    image turned by 20 degrees either way.

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
    >>> len(CascadeFaces()(astronaut()))
    1
    """

    def __init__(self, prior: PortraitPrior | None = None) -> None:
        self._prior = prior

    def __call__(self, image: ArrayLike, /) -> Detections:
        """Map (H, W, 3) uint8 RGB to one box for each face, best first."""
        checked = check_image("image", image)
        boxes, scores = find(checked, self._prior or shipped())
        return Detections(boxes, scores)


def find(
    image: ImageU8, prior: PortraitPrior, *, quick: Floats | None = None
) -> tuple[Floats, Floats]:
    """Return xyxy boxes and scores of the faces in an image, in its own pixels.

    `quick` are the windows of the first sweep, where they are known already.
    """
    gray = gray_of(image)
    scale = np.tile(np.divide(image.shape[1::-1], gray.shape[::-1]), 2)
    for sweep, enough in ((QUICK, ENOUGH), (THOROUGH, ENOUGH_LATER)):
        known = quick if sweep is QUICK else None
        places = windows(gray, sweep) if known is None else known
        boxes, scores = look(gray, places, prior, enough=enough)
        boxes, scores = _closer(image, boxes * scale, scores, prior)
        kept = _apart(boxes, scores)
        if kept:
            return boxes[kept], scores[kept]
    boxes, scores = _tilted(gray, prior)
    return boxes * scale, scores


def look(
    gray: Bytes, candidates: Floats, prior: PortraitPrior, *, enough: float
) -> tuple[Floats, Floats]:
    """Judge candidate windows and merge them to faces, best first."""
    if len(candidates) == 0:
        return np.zeros((0, 4)), np.zeros(0)
    votes = prior.votes(describe(gray, candidates))
    corners = candidates[:, :2], candidates[:, :2] + candidates[:, 2:]
    return merge(np.concatenate(corners, axis=1), votes, enough=enough)


def _closer(
    image: ImageU8, boxes: Floats, scores: Floats, prior: PortraitPrior
) -> tuple[Floats, Floats]:
    """Settle each box by a closer look; small faces also get their score from it."""
    boxes, scores = boxes.copy(), scores.copy()
    for i, box in enumerate(boxes):
        wide = (box[2] - box[0]) * SIDE / max(image.shape[:2])
        boxes[i], again = closer(image, box, wide, prior)
        scores[i] = again if wide < WIDTH else max(scores[i], again)
    return boxes, scores


def _apart(boxes: Floats, scores: Floats) -> list[int]:
    """Keep what scores 0.5, but no small face just below a larger one: on its body."""
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    unit = boxes[:, 2] - boxes[:, 0]
    kept = []
    for i in np.flatnonzero(scores >= 0.5):
        larger = (unit[i] < PATTERN * unit) & (scores >= 0.5)
        beside = np.abs(x[i] - x) < 2.5 * unit
        if not (larger & beside & (y[i] - y > 0.5 * unit)).any():
            kept.append(int(i))
    return sorted(kept, key=lambda i: -scores[i])


def _tilted(gray: Bytes, prior: PortraitPrior) -> tuple[Floats, Floats]:
    """Look again with the image turned, and keep the better turn's best face."""
    best = np.zeros((0, 4)), np.zeros(0)
    for angle in TILTS:
        turn = cv2.getRotationMatrix2D(_center(gray), angle, 1)
        turned = np.asarray(
            cv2.warpAffine(
                gray, turn, gray.shape[::-1], borderMode=cv2.BORDER_REPLICATE
            ),
            dtype=np.uint8,
        )
        places = windows(turned, THOROUGH)
        boxes, scores = look(turned, places, prior, enough=ENOUGH_TILTED)
        if len(scores) and (len(best[1]) == 0 or scores[0] > best[1][0]):
            best = _turned_back(boxes[:1], cv2.invertAffineTransform(turn)), scores[:1]
    return best


def _center(gray: Bytes) -> tuple[float, float]:
    return (gray.shape[1] - 1) / 2, (gray.shape[0] - 1) / 2


def _turned_back(boxes: Floats, turn: Any) -> Floats:
    center = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = (boxes[:, 2:] - boxes[:, :2]) / 2
    center = center @ turn[:, :2].T + turn[:, 2]
    return np.concatenate([center - half, center + half], axis=1)
