"""What the library asks of a model. Any callable of the right shape will do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from .._core.checks import as_array, check_boxes, describe
from .._core.typing import ArrayLike, Boxes, Floats, Floats32, ImageU8, Probability


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """Boxes and how sure a detector is of each, best first.

    Parameters
    ----------
    boxes : (N, 4) array_like
        x1, y1, x2, y2 in pixels, right and bottom exclusive; N may be 0.
    scores : (N,) array_like
        Confidence in 0..1.
    landmarks : (N, K, 2) array_like, optional
        x and y in pixels of each box's K points, such as eyes; may lie off the image.

    Raises
    ------
    TypeError, ValueError
        If boxes are not finite xyxy rows, scores are not one number each, or
        landmarks are not finite or not K points each.

    Examples
    --------
    >>> found = Detections([[0, 0, 4, 8], [2, 1, 6, 9]], [0.4, 0.9])
    >>> found.boxes[0], float(found.scores[0])
    (array([2., 1., 6., 9.]), 0.9)
    """

    boxes: Boxes
    scores: Floats
    landmarks: Floats | None

    def __init__(
        self,
        boxes: ArrayLike = (),
        scores: ArrayLike = (),
        landmarks: ArrayLike | None = None,
    ) -> None:
        checked = check_boxes("boxes", boxes)
        marks = np.asarray(scores, dtype=np.float64)
        if marks.shape != (len(checked),) or np.isnan(marks).any():
            msg = (
                f"scores must be one number for each of the {len(checked)} boxes; "
                f"got {scores!r}"
            )
            raise ValueError(msg)
        order = np.argsort(-marks, kind="stable")
        object.__setattr__(self, "boxes", checked[order])
        object.__setattr__(self, "scores", marks[order])
        spots = None if landmarks is None else _points(landmarks, len(checked))[order]
        object.__setattr__(self, "landmarks", spots)

    def __len__(self) -> int:
        return len(self.scores)


def _points(landmarks: ArrayLike, n: int) -> Floats:
    spots = as_array("landmarks", landmarks, "a float array of shape (N, K, 2)")
    good = spots.ndim == 3 and spots.shape[0] == n and spots.shape[2] == 2
    if not good or spots.dtype.kind not in "iuf":
        msg = (
            f"landmarks must be (N, K, 2), x and y of K points of each of {n} boxes; "
            f"got {describe(spots)}"
        )
        raise ValueError(msg)
    if not np.isfinite(spots).all():
        msg = "landmarks must be finite; got NaN or infinity"
        raise ValueError(msg)
    return spots.astype(np.float64)


@runtime_checkable
class Segmenter(Protocol):
    """Says, for each pixel, how surely it belongs to a person."""

    def __call__(self, image: ImageU8, /) -> Probability:
        """Map (H, W, 3) uint8 RGB to (H, W) float32 in 0..1, same H and W."""
        ...


@runtime_checkable
class PersonDetector(Protocol):
    """Finds persons."""

    def __call__(self, image: ImageU8, /) -> Detections:
        """Map (H, W, 3) uint8 RGB to one box for each person."""
        ...


@runtime_checkable
class FaceDetector(Protocol):
    """Finds faces."""

    def __call__(self, image: ImageU8, /) -> Detections:
        """Map (H, W, 3) uint8 RGB to one box for each face."""
        ...


@runtime_checkable
class AttributeClassifier(Protocol):
    """Names what a portrait shows, such as long hair."""

    def __call__(self, image: ImageU8, /) -> Mapping[str, float]:
        """Map (H, W, 3) uint8 RGB to a probability for each label."""
        ...


@runtime_checkable
class FeatureExtractor(Protocol):
    """Describes each pixel by D numbers."""

    def __call__(self, image: ImageU8, /) -> npt.NDArray[np.float32]:
        """Map (H, W, 3) uint8 RGB to (H, W, D) float32."""
        ...


@runtime_checkable
class FaceGuidedSegmenter(Protocol):
    """A `Segmenter` that can use faces already found, so none is sought twice."""

    def from_faces(self, image: ImageU8, faces: Detections, /) -> Floats32:
        """Map an image and its faces to (H, W) float32 in 0..1."""
        ...


@runtime_checkable
class FaceGuidedPersons(Protocol):
    """A `PersonDetector` that derives persons from faces already found."""

    def from_faces(self, image: ImageU8, faces: Detections, /) -> Detections:
        """Map an image and its faces to one box for each person."""
        ...
