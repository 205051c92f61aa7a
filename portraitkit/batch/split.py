"""The main job: a photograph to its mask, persons and trimaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from .._core.checks import check_boxes
from .._core.typing import Boxes, ImageU8, Mask
from ..io import read_image, read_mask
from ..pipeline import PortraitPipeline, PortraitResult
from .describe import (
    attributes_record,
    branch_record,
    describe_models,
    persons_record,
)
from .engine import Work
from .figure import draw_split
from .inputs import Input
from .manifest import Record
from .photo import shrink, shrink_mask
from .results import Results


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitJob:
    """What ``portraitkit split`` does to each input.

    Attributes
    ----------
    output : Path
        The output folder.
    segmenter, persons, faces, attributes, method, threshold, n_segments, device
        As for `portraitkit.pipeline.PortraitPipeline`.
    width : int
        Width of the trimaps' unknown band in pixels.
    cutouts : bool
        Whether to write an RGBA picture of each person.
    confidence : bool
        Whether to write how sure the split is of each pixel.
    debug_figures : bool
        Whether to write a picture of what the split went by.
    max_size : int, optional
        Longest side worked at and written, in pixels.
    boxes : mapping of input name to boxes, optional
        Person boxes in pixels of the file, in place of the person detector.
    masks : Path, optional
        Folder of person masks, in place of the segmenter.
    """

    output: Path
    segmenter: str = "builtin"
    persons: str = "builtin"
    faces: str = "builtin"
    attributes: str | None = None
    method: str = "auto"
    threshold: float = 0.5
    n_segments: int = 500
    device: str = "auto"
    width: int = 10
    cutouts: bool = False
    confidence: bool = False
    debug_figures: bool = False
    max_size: int | None = None
    boxes: Mapping[str, Sequence[Sequence[float]]] | None = None
    masks: Path | None = None

    def prepare(self) -> Work:
        """Load the models."""
        pipeline = PortraitPipeline(
            segmenter=self.segmenter,
            persons=self.persons,
            faces=self.faces,
            attributes=self.attributes,
            method=self.method,
            threshold=self.threshold,
            n_segments=self.n_segments,
            device=self.device,
            threads=1,
        )
        return partial(self._split, pipeline, describe_models(pipeline))

    def _split(self, pipeline: PortraitPipeline, models: Record, item: Input) -> Record:
        photo = read_image(item.path)
        image, scale = shrink(photo, self.max_size)
        boxes = self._boxes(item.name)
        result = pipeline(
            image,
            boxes=None if boxes is None else boxes * scale,
            mask=self._mask(item, photo, image),
        )
        with Results(self.output, item.target) as results:
            self._write(results, image, result)
            if self.debug_figures:
                results.picture("debug", draw_split(image, result, pipeline))
        return {
            "status": "ok" if result.mask.any() else "no-person",
            "shot": result.shot.value,
            **branch_record(result.branch),
            **persons_record(result.persons, image),
            **attributes_record(result.attributes),
            "boxes_from": "detector" if boxes is None else "file",
            "size": [image.shape[1], image.shape[0]],
            "files": results.files,
            "models": models,
        }

    def _boxes(self, name: str) -> Boxes | None:
        if self.boxes is None or name not in self.boxes:
            return None
        return check_boxes(f"--boxes for {name}", self.boxes[name])

    def _mask(self, item: Input, photo: ImageU8, image: ImageU8) -> Mask | None:
        if self.masks is None:
            return None
        mask = read_mask(find_mask(self.masks, item))
        if mask.shape != photo.shape[:2]:
            msg = (
                f"the mask of {item.path} must have the photograph's size "
                f"{photo.shape[1]}x{photo.shape[0]}; got {mask.shape[1]}x"
                f"{mask.shape[0]}"
            )
            raise ValueError(msg)
        return shrink_mask(mask, image)

    def _write(self, results: Results, image: ImageU8, result: PortraitResult) -> None:
        results.mask(result.mask)
        results.instances(result.split.labels)
        if self.confidence:
            results.confidence(result.split.confidence)
        owners = np.flatnonzero(~result.split.empty) + 1
        if not len(owners):
            return
        trimaps = result.trimaps(width=self.width)
        for person in owners:
            results.trimap(trimaps[person - 1], int(person))
            if self.cutouts:
                own = result.split.labels == person
                results.cutout(image, own * result.probability, int(person))


def find_mask(folder: Path, item: Input) -> Path:
    """Return the mask of an input: TARGET.mask.png, or the same stem as PNG."""
    for ending in (".mask.png", ".png"):
        path = folder / f"{item.target}{ending}"
        if path.is_file():
            return path
    msg = (
        f"no mask for {item.path}: looked for {item.target}.mask.png and "
        f"{item.target}.png in {folder}"
    )
    raise FileNotFoundError(msg)
