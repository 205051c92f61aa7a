"""A photograph to its person mask."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..io import read_image
from ..pipeline import PortraitPipeline
from .describe import describe_model
from .engine import Work
from .inputs import Input
from .manifest import Record
from .photo import shrink
from .results import Results


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentJob:
    """What ``portraitkit segment`` does to each input; see `SplitJob`."""

    output: Path
    segmenter: str = "builtin"
    faces: str = "builtin"
    threshold: float = 0.5
    device: str = "auto"
    cutouts: bool = False
    max_size: int | None = None

    def prepare(self) -> Work:
        """Load the models."""
        pipeline = PortraitPipeline(
            segmenter=self.segmenter,
            faces=self.faces,
            threshold=self.threshold,
            device=self.device,
            threads=1,
        )
        return partial(self._segment, pipeline)

    def _segment(self, pipeline: PortraitPipeline, item: Input) -> Record:
        image, _ = shrink(read_image(item.path), self.max_size)
        probability = pipeline.segment(image)
        mask = probability >= self.threshold
        with Results(self.output, item.target) as results:
            results.mask(mask)
            if self.cutouts:
                results.cutout(image, probability)
        return {
            "status": "ok" if mask.any() else "no-person",
            "size": [image.shape[1], image.shape[0]],
            "files": results.files,
            "models": {"segmenter": describe_model(pipeline.segmenter)},
        }
