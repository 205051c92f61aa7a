"""A photograph to its shot grade."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from ..instance import face_ratio, grade_shot
from ..io import read_image
from ..models import load_model
from .describe import describe_model
from .engine import Work
from .inputs import Input
from .manifest import Record
from .photo import shrink


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeJob:
    """What ``portraitkit grade`` does to each input; writes no files."""

    faces: str = "builtin"
    device: str = "auto"
    max_size: int | None = None

    def prepare(self) -> Work:
        """Load the face detector."""
        detector = load_model(self.faces, task="faces", device=self.device, threads=1)
        return partial(self._grade, detector)

    def _grade(self, detector: Any, item: Input) -> Record:
        image, _ = shrink(read_image(item.path), self.max_size)
        found = detector(image)
        shape = image.shape[:2]
        return {
            "status": "ok",
            "shot": grade_shot(found.boxes, shape).value,
            "face_ratio": round(face_ratio(found.boxes, shape), 4),
            "boxes": found.boxes.round(2).tolist(),
            "scores": found.scores.round(4).tolist(),
            "files": [],
            "models": {"faces": describe_model(detector)},
        }
