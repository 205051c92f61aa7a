"""A photograph or a person mask to a trimap."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from .._core.typing import ImageU8, Mask
from ..io import read_image
from ..matting import trimap
from ..pipeline import PortraitPipeline
from .describe import describe_models
from .engine import Work
from .inputs import Input
from .manifest import Record
from .photo import shrink
from .results import Results


@dataclass(frozen=True, slots=True, kw_only=True)
class TrimapJob:
    """What ``portraitkit trimap`` does to each input; see `SplitJob`.

    A picture that holds nothing but black and white (0 and 255, or 0 and 1) is a
    person mask; any other is a photograph and is segmented first.
    """

    output: Path
    segmenter: str = "builtin"
    faces: str = "builtin"
    threshold: float = 0.5
    device: str = "auto"
    width: int = 10
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
        unused = {"persons"} if pipeline.uses_faces else {"persons", "faces"}
        models = describe_models(pipeline, unused=unused)
        return partial(self._trimap, pipeline, models)

    def _trimap(
        self, pipeline: PortraitPipeline, models: Record, item: Input
    ) -> Record:
        image = read_image(item.path)
        mask = as_mask(image)
        made_from = "photograph" if mask is None else "mask"
        if mask is None:
            image, _ = shrink(image, self.max_size)
            mask = pipeline.segment(image) >= self.threshold
        with Results(self.output, item.target) as results:
            results.trimap(trimap(mask, width=self.width))
        return {
            "status": "ok" if mask.any() else "no-person",
            "from": made_from,
            "files": results.files,
            "models": models if made_from == "photograph" else {},
        }


def as_mask(image: ImageU8) -> Mask | None:
    """Return the mask that a black-and-white picture is, or None for a photograph."""
    first = image[..., 0]
    top = int(first.max())
    binary = top in (0, 1, 255) and bool(((first == 0) | (first == top)).all())
    if binary and bool((image == first[..., None]).all()):
        return np.asarray(first != 0)
    return None
