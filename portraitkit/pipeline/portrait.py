"""One photograph to its persons: find, segment, split."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from .._core.checks import (
    check_boxes,
    check_choice,
    check_count,
    check_image,
    check_mask,
    check_number,
    check_same_shape,
    check_unit,
)
from ..instance import InstanceSplit, Shot, grade_shot, split_instances
from ..instance.split import METHODS
from ..matting import instance_trimaps
from ..models import (
    Detections,
    FaceDetector,
    FaceGuidedPersons,
    FaceGuidedSegmenter,
    PersonDetector,
    Segmenter,
    load_model,
)
from .components import component_persons

if TYPE_CHECKING:
    from os import PathLike
    from typing import Any

    from .._core.typing import ArrayLike, Bytes, ImageU8, Mask, Probability


@dataclass(frozen=True, slots=True, eq=False)
class PortraitResult:
    """What `PortraitPipeline` found in one photograph.

    Attributes
    ----------
    probability : (H, W) float32
        How surely each pixel belongs to a person, 0..1.
    mask : (H, W) bool
        ``probability >= threshold``.
    persons : Detections
        One box for each person; person i of `split` is ``persons.boxes[i - 1]``.
    faces : Detections
        Faces found, best first.
    shot : Shot
        Grade by the largest face's share of the photograph.
    split : InstanceSplit
        Whose pixel is whose.
    """

    probability: Probability
    mask: Mask
    persons: Detections
    faces: Detections
    shot: Shot
    split: InstanceSplit

    def trimaps(self, *, width: int = 10) -> Bytes:
        """Return one trimap for each person, (N, H, W) uint8 in {0, 128, 255}.

        Parameters
        ----------
        width : int, default 10
            Width of the unknown band in pixels.

        Returns
        -------
        (N, H, W) uint8
            See `portraitkit.matting.instance_trimaps`; a person who owns no
            pixel is all background.
        """
        return instance_trimaps(
            self.split.labels, width=width, n_persons=len(self.persons)
        )


class PortraitPipeline:
    """Photograph in, person mask, persons and shot grade out.

    Parameters
    ----------
    segmenter, persons, faces : str, path or callable, default "builtin"
        Models: "builtin", a path to an ONNX file, or any callable of the
        protocols in `portraitkit.models`. The embedded default needs no file.
    method : str, default "auto"
        How persons are told apart, see `portraitkit.instance.split_instances`.
    threshold : float, default 0.5
        Probability from which a pixel counts as person, 0 < threshold <= 1.
    n_segments : int, default 500
        Superpixels used by the split.
    max_megapixels : float, default 1.0
        Photographs above this are split at this size; labels are carried to
        full resolution.
    device : str, default "auto"
        For ONNX files: "auto", "cpu", "cuda" or "cuda:N".
    threads : int, optional
        For ONNX files: CPU threads of each; default: one for each core.

    Raises
    ------
    FileNotFoundError, ValueError, ImportError
        If a model cannot be loaded; see `portraitkit.models.load_model`.

    See Also
    --------
    portraitkit.instance.split_instances : Split a mask you already have.

    Notes
    -----
    Faces are sought once and given to the embedded segmenter and person
    detector, which derive their results from them. Where the person detector
    finds nobody but the segmenter does, every sizeable 8-connected part of the
    mask is one person. Time and memory are the models' plus
    O(H W) for the split, which works on at most `max_megapixels`.

    Examples
    --------
    >>> from skimage.data import astronaut
    >>> result = PortraitPipeline()(astronaut())
    >>> len(result.persons), result.shot.value
    (1, 'whole body')
    """

    def __init__(
        self,
        *,
        segmenter: str | PathLike[str] | Segmenter = "builtin",
        persons: str | PathLike[str] | PersonDetector = "builtin",
        faces: str | PathLike[str] | FaceDetector = "builtin",
        method: str = "auto",
        threshold: float = 0.5,
        n_segments: int = 500,
        max_megapixels: float = 1.0,
        device: str = "auto",
        threads: int | None = None,
    ) -> None:
        load = partial(_model, device=device, threads=threads)
        self.segmenter = load(segmenter, task="segment")
        self.persons = load(persons, task="persons")
        self.faces = load(faces, task="faces")
        self.method = check_choice("method", method, METHODS)
        self.threshold = check_number(
            "threshold", threshold, low=0, high=1, open_low=True
        )
        self.n_segments = check_count("n_segments", n_segments)
        self.max_megapixels = check_number(
            "max_megapixels", max_megapixels, low=0, open_low=True
        )

    def __call__(
        self,
        image: ArrayLike,
        /,
        *,
        boxes: ArrayLike | None = None,
        mask: ArrayLike | None = None,
    ) -> PortraitResult:
        """Find the persons of one photograph.

        Parameters
        ----------
        image : (H, W, 3) uint8
            RGB.
        boxes : (N, 4) array_like, optional
            Person boxes, xyxy pixels, used in place of the person detector.
        mask : (H, W) bool array_like, optional
            Person mask, used in place of the segmenter.

        Returns
        -------
        PortraitResult

        Raises
        ------
        TypeError, ValueError
            If an argument, or what a model answers, is not what it must be.
        """
        image = check_image("image", image)
        shape = image.shape[0], image.shape[1]
        faces = self.faces(image)
        if mask is None:
            probability = self.segment(image, faces=faces)
        else:
            probability = _certain(check_mask("mask", mask), shape)
        found = probability >= self.threshold
        persons = self._persons(image, faces, found, probability, boxes)
        split = split_instances(
            image,
            found,
            persons.boxes,
            method=self.method,
            n_segments=self.n_segments,
            faces=faces.boxes,
            max_megapixels=self.max_megapixels,
        )
        shot = grade_shot(faces.boxes, shape)
        return PortraitResult(probability, found, persons, faces, shot, split)

    def segment(
        self, image: ArrayLike, /, *, faces: Detections | None = None
    ) -> Probability:
        """Say how surely each pixel belongs to a person, and no more.

        Parameters
        ----------
        image : (H, W, 3) uint8
            RGB.
        faces : Detections, optional
            Faces already found; by default they are sought if the segmenter
            uses faces.

        Returns
        -------
        (H, W) float32
            0..1.

        Raises
        ------
        TypeError, ValueError
            If `image`, or what the segmenter answers, is not what it must be.
        """
        image = check_image("image", image)
        if isinstance(self.segmenter, FaceGuidedSegmenter):
            found = self.faces(image) if faces is None else faces
            answer = self.segmenter.from_faces(image, found)
        else:
            answer = self.segmenter(image)
        shape = image.shape[0], image.shape[1]
        return check_unit("the segmenter's probability", answer, shape=shape)

    def _persons(
        self,
        image: ImageU8,
        faces: Detections,
        mask: Mask,
        probability: Probability,
        boxes: ArrayLike | None,
    ) -> Detections:
        if boxes is not None:
            given = check_boxes("boxes", boxes)
            return Detections(given, np.ones(len(given)))
        if isinstance(self.persons, FaceGuidedPersons):
            persons = self.persons.from_faces(image, faces)
        else:
            persons = self.persons(image)
        return persons if len(persons) else component_persons(mask, probability)


def _certain(mask: Mask, shape: tuple[int, int]) -> Probability:
    check_same_shape("mask", mask.shape, "image", shape)
    return mask.astype(np.float32)


def _model(source: Any, *, task: str, **options: Any) -> Any:
    """Return `source` if it is a model already, else load it."""
    return source if callable(source) else load_model(source, task=task, **options)
