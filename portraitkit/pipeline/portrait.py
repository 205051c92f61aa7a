"""One photograph to its persons: find, segment, split."""

from __future__ import annotations

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
)
from ..instance import grade_shot, split_instances
from ..instance.split import METHODS
from ..models import (
    AttributeClassifier,
    Detections,
    FaceDetector,
    FaceGuidedPersons,
    PersonDetector,
    Segmenter,
)
from .components import with_unseen
from .load import load_models
from .result import PortraitResult
from .steps import Steps

if TYPE_CHECKING:
    from os import PathLike

    from .._core.typing import ArrayLike, ImageU8, Mask, Probability


class PortraitPipeline(Steps):
    """Photograph in, person mask, persons and shot grade out.

    Parameters
    ----------
    segmenter, persons, faces : str, path or callable, default "builtin"
        Models: "builtin", a path to an ONNX file, a catalogue name, or any callable
        of the protocols in `portraitkit.models`. The embedded default needs no file.
        A segmenter with branches is routed by the shot of these faces: see
        `DomainRouter`.
    attributes : str, path or callable, optional
        What names the attributes of a photograph; none is embedded.
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
        For ONNX files: "auto", "cpu", "cuda" or "cuda:N". The embedded default
        knows only the CPU.
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
    mask is one person; so are parts that no body hung on a face holds, of people
    whose faces are turned away. Time and memory are the models' plus
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
        attributes: str | PathLike[str] | AttributeClassifier | None = None,
        method: str = "auto",
        threshold: float = 0.5,
        n_segments: int = 500,
        max_megapixels: float = 1.0,
        device: str = "auto",
        threads: int | None = None,
    ) -> None:
        models = load_models(
            {
                "segmenter": segmenter,
                "persons": persons,
                "faces": faces,
                "attributes": attributes,
            },
            device=device,
            threads=threads,
        )
        super().__init__(**models)
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
        faces = self.find_faces(image)
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
        return PortraitResult(
            probability,
            found,
            persons,
            faces,
            shot,
            split,
            branch=self.branch_for(shot) if mask is None else None,
            attributes=self.classify(image),
        )

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
        persons = self.detect(image, faces=faces)
        if len(persons) and not isinstance(self.persons, FaceGuidedPersons):
            return persons
        return with_unseen(persons, mask, probability)


def _certain(mask: Mask, shape: tuple[int, int]) -> Probability:
    check_same_shape("mask", mask.shape, "image", shape)
    return mask.astype(np.float32)
