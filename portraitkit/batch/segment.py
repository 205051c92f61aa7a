"""A photograph to its person mask."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .._core.typing import ImageU8
from ..instance import grade_shot
from ..io import read_image
from ..models import Detections
from ..pipeline import PortraitPipeline
from .describe import (
    attributes_record,
    branch_record,
    describe_models,
    persons_record,
)
from .engine import Work
from .inputs import Input
from .manifest import Record
from .photo import shrink
from .results import Results


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentJob:
    """What ``portraitkit segment`` does to each input; see `SplitJob`.

    Attributes
    ----------
    persons, attributes : str, optional
        Models whose findings go into the record and nowhere else; by default none.
    """

    output: Path
    segmenter: str = "builtin"
    persons: str | None = None
    faces: str = "builtin"
    attributes: str | None = None
    threshold: float = 0.5
    device: str = "auto"
    cutouts: bool = False
    max_size: int | None = None

    def prepare(self) -> Work:
        """Load the models."""
        pipeline = PortraitPipeline(
            segmenter=self.segmenter,
            persons=_nobody if self.persons is None else self.persons,
            faces=self.faces,
            attributes=self.attributes,
            threshold=self.threshold,
            device=self.device,
            threads=1,
        )
        unused = set()
        if self.persons is None:
            unused.add("persons")
        if not self._seeks_faces(pipeline):
            unused.add("faces")
        return partial(
            self._segment, pipeline, describe_models(pipeline, unused=unused)
        )

    def _segment(
        self, pipeline: PortraitPipeline, models: Record, item: Input
    ) -> Record:
        image, _ = shrink(read_image(item.path), self.max_size)
        faces = pipeline.find_faces(image) if self._seeks_faces(pipeline) else None
        probability = pipeline.segment(image, faces=faces)
        mask = probability >= self.threshold
        with Results(self.output, item.target) as results:
            results.mask(mask)
            if self.cutouts:
                results.cutout(image, probability)
            found = self._found(pipeline, image, faces)
        return {
            "status": "ok" if mask.any() else "no-person",
            **found,
            "size": [image.shape[1], image.shape[0]],
            "files": results.files,
            "models": models,
        }

    def _seeks_faces(self, pipeline: PortraitPipeline) -> bool:
        """Faces are sought where a model needs them, or a detector was named."""
        named = self.faces != "builtin" or self.persons == "builtin"
        return named or pipeline.uses_faces

    def _found(
        self, pipeline: PortraitPipeline, image: ImageU8, faces: Detections | None
    ) -> Record:
        """Return what the record says beside the mask: only what was sought."""
        record: Record = {}
        if faces is not None:
            shot = grade_shot(faces.boxes, image.shape[:2])
            record |= {"shot": shot.value, **branch_record(pipeline.branch_for(shot))}
        if self.persons is not None:
            record |= persons_record(pipeline.detect(image, faces=faces), image)
        return record | attributes_record(pipeline.classify(image))


def _nobody(_image: ImageU8, /) -> Detections:
    return Detections()
