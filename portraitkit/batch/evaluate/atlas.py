"""Where predictions err, summed over pictures."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from ..._core.typing import Bools, Bytes, Floats, Ints
from ..manifest import Record
from .errormap import EXTRA, MISSED, SEEN, SIZE, TRUE

LEAST = 0.2
"""Share of the pictures that must show a cell."""


@dataclass(slots=True)
class Atlas:
    """Sums of the pictures' error maps; exact, so their order does not matter."""

    sums: Ints = field(default_factory=lambda: np.zeros((4, *SIZE), np.int64))
    count: int = 0

    def add(self, errors: Bytes) -> None:
        """Add one picture's map."""
        self.sums += errors
        self.count += 1

    def mean(self, plane: int) -> Floats:
        """Return a plane's mean over the pictures that show each cell, in 0..1."""
        ratio: Floats = self.sums[plane] / np.maximum(self.sums[SEEN], 1)
        return ratio * self.shown

    @property
    def shown(self) -> Bools:
        """Which cells enough pictures show."""
        enough: Bools = self.sums[SEEN] >= LEAST * 255 * max(self.count, 1)
        return enough

    @property
    def missed(self) -> Floats:
        """How much of the person predictions miss."""
        return self.mean(MISSED)

    @property
    def extra(self) -> Floats:
        """How much predictions have too much."""
        return self.mean(EXTRA)

    @property
    def person(self) -> Floats:
        """How often there is a person."""
        return self.mean(TRUE)


@dataclass(slots=True)
class Atlases:
    """The atlases of a prediction and of its rival, over the frame and by faces."""

    framed: tuple[Atlas, Atlas] = field(default_factory=lambda: (Atlas(), Atlas()))
    faced: tuple[Atlas, Atlas] = field(default_factory=lambda: (Atlas(), Atlas()))

    def take(self, record: Record) -> Record:
        """Add a record's maps and return it without them."""
        kept = dict(record)
        for side, key in enumerate(("marks", "rival")):
            marks = record.get(key)
            if marks is None or not marks.errors:
                continue
            for errors, atlases in zip(
                marks.errors, (self.framed, self.faced), strict=False
            ):
                atlases[side].add(errors)
            kept[key] = replace(marks, errors=())
        return kept

    @property
    def mostly_faces(self) -> bool:
        """Whether at least half of the pictures have a known face."""
        return 2 * self.faced[0].count >= max(self.framed[0].count, 1)

    def shown(self) -> tuple[Atlas, Atlas]:
        """Return the pair to show: by faces, if most pictures have one."""
        return self.faced if self.mostly_faces else self.framed
