"""An output of a graph that is looked at to draft its card."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..._core.typing import Array


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """An output: its sizes (0: unknown), its values if it was tried, the input's."""

    name: str
    shape: tuple[int, ...]
    values: Array | None
    canvas: tuple[int, int]

    def within(self, low: float, high: float) -> bool:
        """Say whether the output was tried and lies within `low`..`high`."""
        values = self.values
        if values is None or not values.size:
            return False
        return bool(values.min() >= low and values.max() <= high)

    def sums_to_one(self, axis: int) -> bool:
        """Say whether the output was tried and is a share along `axis`."""
        if not self.within(0, 1) or self.values is None:
            return False
        return bool(np.allclose(self.values.sum(axis=axis), 1, atol=1e-3))
