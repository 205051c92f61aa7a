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
    aligned: bool = False

    def add(self, errors: Bytes, *, aligned: bool = False) -> None:
        """Add one picture's map; those laid round a face replace those that are not."""
        if aligned != self.aligned:
            if self.aligned:
                return
            self.sums[:] = 0
            self.count, self.aligned = 0, True
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
    """The atlas of a prediction and of its rival."""

    ours: Atlas = field(default_factory=Atlas)
    theirs: Atlas = field(default_factory=Atlas)

    def take(self, record: Record) -> Record:
        """Add a record's maps and return it without them."""
        kept = dict(record)
        for key, atlas in (("marks", self.ours), ("rival", self.theirs)):
            marks = record.get(key)
            if marks is not None and marks.errors is not None:
                atlas.add(marks.errors, aligned=record["aligned"])
                kept[key] = replace(marks, errors=None)
        return kept
