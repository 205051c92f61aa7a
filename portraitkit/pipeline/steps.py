"""What a pipeline does to a photograph, one step at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .._core.checks import check_image, check_number, check_unit
from ..instance import Shot
from ..models import (
    AttributeClassifier,
    Detections,
    FaceDetector,
    FaceGuidedPersons,
    FaceGuidedSegmenter,
    PersonDetector,
    Segmenter,
)
from .branches import check_detections, check_model, is_branched
from .router import DomainRouter

if TYPE_CHECKING:
    from .._core.typing import ArrayLike, Probability


class Steps:
    """The models of a pipeline and what each is asked.

    Parameters
    ----------
    segmenter, persons, faces : callable
        Models; a segmenter with branches is put behind a `DomainRouter`.
    attributes : callable, optional
        An `AttributeClassifier`.
    """

    def __init__(
        self,
        *,
        segmenter: Segmenter,
        persons: PersonDetector,
        faces: FaceDetector,
        attributes: AttributeClassifier | None = None,
    ) -> None:
        self.segmenter = check_model("segmenter", segmenter)
        self.persons = check_model("persons", persons)
        self.faces = check_model("faces", faces)
        self.attributes = attributes
        if is_branched(segmenter):
            self.segmenter = DomainRouter.of_model(segmenter, faces=faces)

    @property
    def uses_faces(self) -> bool:
        """Whether the segmenter works from faces, and so `segment` seeks them."""
        return isinstance(self.segmenter, FaceGuidedSegmenter)

    def branch_for(self, shot: Shot) -> Shot | None:
        """Return the segmenter's branch for a photograph of grade `shot`, if any."""
        if isinstance(self.segmenter, DomainRouter):
            return self.segmenter.branch_for(shot)
        return None

    def classify(self, image: ArrayLike, /) -> dict[str, float] | None:
        """Name what the photograph shows, where there is a classifier.

        Parameters
        ----------
        image : (H, W, 3) uint8
            RGB.

        Returns
        -------
        dict of str to float, or None
            A probability for each label, in the classifier's order.

        Raises
        ------
        TypeError, ValueError
            If the classifier answers anything but labels with a probability each.
        """
        if self.attributes is None:
            return None
        answer = self.attributes(check_image("image", image))
        if not isinstance(answer, Mapping):
            msg = f"the attributes must be a mapping of label to number; got {answer!r}"
            raise TypeError(msg)
        return {
            str(label): check_number(f"the attribute {label!r}", value, low=0, high=1)
            for label, value in answer.items()
        }

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
            found = self.find_faces(image) if faces is None else faces
            answer = self.segmenter.from_faces(image, found)
        else:
            answer = self.segmenter(image)
        shape = image.shape[0], image.shape[1]
        return check_unit("the segmenter's probability", answer, shape=shape)

    def detect(
        self, image: ArrayLike, /, *, faces: Detections | None = None
    ) -> Detections:
        """Ask the person detector, and no more.

        Parameters
        ----------
        image : (H, W, 3) uint8
            RGB.
        faces : Detections, optional
            Faces already found; by default they are sought if the detector uses
            faces.

        Returns
        -------
        Detections
            One box for each person.

        Raises
        ------
        TypeError, ValueError
            If `image`, or what the detector answers, is not what it must be.
        """
        image = check_image("image", image)
        if isinstance(self.persons, FaceGuidedPersons):
            found = self.find_faces(image) if faces is None else faces
            answer = self.persons.from_faces(image, found)
        else:
            answer = self.persons(image)
        return check_detections("persons", answer)

    def find_faces(self, image: ArrayLike, /) -> Detections:
        """Ask the face detector, and no more.

        Parameters
        ----------
        image : (H, W, 3) uint8
            RGB.

        Returns
        -------
        Detections
            One box for each face.

        Raises
        ------
        TypeError, ValueError
            If `image`, or what the detector answers, is not what it must be.
        """
        return check_detections("faces", self.faces(check_image("image", image)))
