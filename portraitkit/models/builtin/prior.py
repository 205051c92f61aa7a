"""What was fitted on many portraits: their mean in face units, and how to weigh."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from ..._core.typing import Bytes, Floats, Floats32

FARTHEST = np.float32(3)
"""Standard deviations beyond which evidence says no more than it does there."""


@dataclass(frozen=True, slots=True, eq=False)
class Weighing:
    """Evidence to probability: a logistic sum over a few fitted ramps."""

    center: Floats32
    spread: Floats32
    ramps: Floats32
    offsets: Floats32
    weights: Floats32
    bias: Floats32

    def scaled(self, evidence: Floats32) -> Floats32:
        """Center and scale, and hold what no portrait taught at the rim of what did."""
        steps = (evidence - self.center) / self.spread
        return np.asarray(np.clip(steps, -FARTHEST, FARTHEST), dtype=np.float32)

    def __call__(self, evidence: Floats32) -> Floats32:
        """Map (N, D) evidence to (N,) probabilities."""
        ramps = self.scaled(evidence) @ self.ramps + self.offsets
        score = np.maximum(ramps, 0) @ self.weights + self.bias
        return np.asarray(1 / (1 + np.exp(-score)), dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class PortraitPrior:
    """How probable a person is around a face, and how to weigh further evidence."""

    person: Bytes
    """(H, W) mean mask in face-aligned coordinates, 255 = always a person."""
    rounds: tuple[Weighing, ...]
    face: Floats32
    """(N_FEATURES + 1,) plane that parts faces from other windows, offset last."""

    def votes(self, features: Floats32) -> Floats:
        """Map (N, N_FEATURES) window descriptions to (N,) votes in 0..1."""
        score = (features * self.face[:-1]).sum(axis=1) + self.face[-1]
        return np.asarray(1 / (1 + np.exp(-score.astype(np.float64))))

    @property
    def probability(self) -> Floats32:
        """(H, W) in 0..1."""
        return self.person.astype(np.float32) / np.float32(255)

    def save(self, path: str | Path) -> None:
        """Write everything to one .npz; equal priors give equal bytes."""
        arrays = {
            f"{name}{i}": getattr(weighing, name)
            for i, weighing in enumerate(self.rounds)
            for name in Weighing.__slots__
        }
        np.savez_compressed(path, person=self.person, face=self.face, **arrays)

    @classmethod
    def load(cls, path: str | Path) -> PortraitPrior:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as file:
            count = sum(name.startswith("center") for name in file.files)
            rounds = tuple(
                Weighing(*(file[f"{name}{i}"] for name in Weighing.__slots__))
                for i in range(count)
            )
            return cls(file["person"], rounds, file["face"])


@cache
def shipped() -> PortraitPrior:
    """Read the prior inside the package, once a process."""
    path = files(__package__) / "portrait_prior.npz"
    return PortraitPrior.load(str(path))
