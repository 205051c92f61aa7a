"""One pair to its marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from ..._core.typing import Array
from ...instance import Shot, grade_shot
from ...io import read_image, read_labels, read_mask
from ...models import load_model
from ..engine import Work
from ..inputs import Input
from ..manifest import Record
from .dataset import Persons
from .errormap import map_errors
from .marks import Marks, mark_alpha, mark_labels, mark_mask, mark_persons
from .pairing import Pair, Source
from .read import MisSizedError, check_size, read_classes, read_matte, read_trimap

Side = tuple[Array | list[Array], Any]
"""What was read, and what goes with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateJob:
    """What ``portraitkit evaluate`` does to each pair; writes no files.

    Attributes
    ----------
    kind : str
        "mask", "labels", "alpha" or "coco".
    persons, classes : bool
        What label images mean.
    width : int
        Of the band of the band IoU, in pixels.
    tolerance : float
        Of the contour accuracy.
    threshold : float, optional
        From which value of 0..255 a pixel of a soft mask is person.
    atlas : bool
        Whether to map the errors.
    faces : str
        Model that finds faces where a pair has a photograph but no known face.
    device : str
        For an ONNX model.
    scores, rival_scores : mapping of name to scores
        Of persons in label images.
    """

    kind: str
    persons: bool = True
    classes: bool = True
    width: int = 10
    tolerance: float = 0.008
    threshold: float | None = None
    atlas: bool = False
    faces: str = ""
    device: str = "auto"
    scores: Mapping[str, Sequence[float]] = field(default_factory=dict)
    rival_scores: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def prepare(self) -> Work:
        """Load the face detector, if one is wanted."""
        detector = None
        if self.faces:
            detector = load_model(self.faces, task="faces", device=self.device)
        return partial(self._evaluate, detector)

    def _evaluate(self, detector: Any, item: Input) -> Record:
        if not isinstance(item, Pair):
            msg = f"item must be a Pair; got {type(item).__name__}"
            raise TypeError(msg)
        record: Record = {"status": "ok", "shot": item.shot, "marks": None}
        try:
            truth = self.read(item.truth)
            shot, face = _face(detector, item, truth)
            record["shot"] = shot
            record["marks"] = self._mark(
                item.prediction, truth, item, face, self.scores
            )
        except MisSizedError as error:
            return {**record, "status": "mis-sized", "error": str(error)}
        if item.rival is not None:
            record |= self._rival(item, item.rival, truth, face)
        return record

    def _rival(
        self, item: Pair, rival: Source, truth: Any, face: Sequence[float] | None
    ) -> Record:
        try:
            marks = self._mark(rival, truth, item, face, self.rival_scores)
        except (OSError, ValueError, TypeError) as error:
            return {"rival_error": str(error)}
        return {"rival": marks}

    def read(self, source: Source) -> Any:
        """Read one side of a pair: an array, or the masks of persons."""
        if isinstance(source, Persons):
            return source.masks()
        if self.kind == "alpha":
            return read_matte(source)
        if self.kind == "labels":
            return read_classes(source) if self.classes else read_labels(source)
        return read_mask(source, threshold=self.threshold)

    def _mark(
        self,
        source: Source,
        truth: Any,
        item: Pair,
        face: Sequence[float] | None,
        scores: Mapping[str, Sequence[float]],
    ) -> Marks:
        if isinstance(source, Persons):
            return self._mark_persons(source, truth, item, face)
        ours = self.read(source)
        check_size(source, ours.shape, truth.shape)
        marks = self._compare(ours, truth, item, scores)
        if not self.atlas:
            return marks
        if self.kind == "labels":
            ours, truth = ours > 0, truth > 0
        return marks.and_errors(map_errors(ours, truth, face))

    def _compare(
        self, ours: Any, truth: Any, item: Pair, scores: Mapping[str, Sequence[float]]
    ) -> Marks:
        if self.kind == "alpha":
            at = item.trimap
            trimap = None if at is None else read_trimap(at, truth.shape)
            return mark_alpha(ours, truth, trimap)
        if self.kind == "mask":
            return mark_mask(ours, truth, width=self.width, tolerance=self.tolerance)
        return mark_labels(
            ours,
            truth,
            scores=scores.get(item.name, ()),
            persons=self.persons,
            classes=self.classes,
        )

    def _mark_persons(
        self,
        source: Persons,
        truths: list[Array],
        item: Pair,
        face: Sequence[float] | None,
    ) -> Marks:
        shape = _shape(item, truths)
        masks = source.masks(shape)
        for mask in masks:
            check_size(
                f"{source.file}: {source.image}", mask.shape, shape or mask.shape
            )
        crowd = item.truth.crowd if isinstance(item.truth, Persons) else None
        marks = mark_persons(masks, list(source.scores), truths, crowd)
        if not (self.atlas and shape):
            return marks
        ours, theirs = _union(masks, shape), _union(truths, shape)
        return marks.and_errors(map_errors(ours, theirs, face))


def _shape(item: Pair, truths: list[Array]) -> tuple[int, int] | None:
    if not isinstance(item.truth, Persons):
        return None
    known = item.truth.shape or (truths[0].shape if truths else None)
    for mask in truths:
        if mask.shape != known:
            where = f"{item.truth.file}: {item.truth.image}"
            msg = f"{where}: has masks of {known} and of {mask.shape}"
            raise ValueError(msg)
    return known


def _union(masks: list[Array], shape: tuple[int, int]) -> Array:
    return np.asarray(np.any([np.zeros(shape, bool), *masks], axis=0))


def _face(detector: Any, item: Pair, truth: Any) -> tuple[str, Sequence[float] | None]:
    """Return the shot grade and the largest face in pixels of the truth.

    What is given goes before what is found; nothing is looked for where "no face" is.
    """
    shape = _shape(item, truth) if isinstance(truth, list) else truth.shape
    if item.faces:
        graded = grade_shot(item.faces, shape).value if shape else ""
        return item.shot or graded, _largest(item.faces)
    if detector is None or item.photo is None or item.shot == Shot.NO_FACE:
        return item.shot, None
    image = read_image(item.photo)
    boxes = detector(image).boxes
    height, width = shape or image.shape[:2]
    scale = width / image.shape[1], height / image.shape[0]
    faces = (boxes * (*scale, *scale)).tolist()
    return item.shot or grade_shot(boxes, image.shape[:2]).value, _largest(faces)


def _largest(boxes: Sequence[Sequence[float]]) -> Sequence[float] | None:
    def area(box: Sequence[float]) -> float:
        return (box[2] - box[0]) * (box[3] - box[1])

    return max(boxes, key=area, default=None)
