"""How sure a figure is: pictures drawn again, with replacement, from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..._core.typing import Array, Floats, Ints
from .estimate import CellsEstimate, Estimate, MeanEstimate, PrecisionEstimate
from .figures import FIGURES
from .marks import Marks

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % interval; the same value thrice for one picture."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Contest:
    """Two predictions of the same pictures, by one figure.

    Attributes
    ----------
    difference : Interval
        The first's figure less the second's.
    better, worse, equal : int
        Pictures on which the first is; all 0 for figures that no single picture has.
    verdict : str
        "first", "second" or "undecided" (the interval holds 0).
    """

    difference: Interval
    better: int
    worse: int
    equal: int
    verdict: str


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """How often to draw, and from what seed."""

    resamples: int = 1000
    seed: int = 0

    def picks(self, count: int) -> Ints:
        """Return picture numbers (resamples, count)."""
        rng = np.random.default_rng(self.seed)
        return rng.integers(0, count, (self.resamples, count))

    def intervals(self, marks: Sequence[Marks]) -> dict[str, Interval]:
        """Return every figure of the pictures with its interval."""
        if not marks:
            return {}
        picks = self.picks(len(marks))
        table: dict[str, Interval] = {}
        for estimate in estimates(marks):
            values, drawn = estimate.value(), estimate.draw(picks)
            for name, value, column in zip(
                estimate.names, values, drawn.T, strict=True
            ):
                table[name] = _interval(value, column)
        return table

    def contests(
        self, first: Sequence[Marks], second: Sequence[Marks]
    ) -> dict[str, Contest]:
        """Compare two predictions of the same pictures, figure by figure.

        Both are drawn alike, so that what makes a picture hard cancels out.
        """
        if not first:
            return {}
        picks = self.picks(len(first))
        table: dict[str, Contest] = {}
        pairs = zip(estimates(first), estimates(second), strict=True)
        for ours, theirs in pairs:
            gaps = ours.value() - theirs.value()
            drawn = ours.draw(picks) - theirs.draw(picks)
            for i, name in enumerate(ours.names):
                wins = _wins(name, ours, theirs, i)
                table[name] = _contest(name, _interval(gaps[i], drawn[:, i]), wins)
        return table


def estimates(marks: Sequence[Marks]) -> list[Estimate]:
    """Return what can be said of some pictures."""
    found: list[Estimate] = []
    if any(one.scores for one in marks):
        found.append(MeanEstimate(marks))
    verdicts = [one.verdicts for one in marks if one.verdicts is not None]
    if len(verdicts) == len(marks):
        found.append(PrecisionEstimate(verdicts))
    cells = [one.cells for one in marks if one.cells is not None]
    if len(cells) == len(marks):
        found.append(CellsEstimate(cells))
    return found


def _interval(value: float, drawn: Array) -> Interval:
    known = drawn[~np.isnan(drawn)]
    if not known.size:
        return Interval(float(value), np.nan, np.nan)
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(known, [tail, 1 - tail])
    return Interval(float(value), float(low), float(high))


def _wins(name: str, ours: Estimate, theirs: Estimate, column: int) -> Floats:
    """Return by how much the first is better on each picture, sign only."""
    if not (isinstance(ours, MeanEstimate) and isinstance(theirs, MeanEstimate)):
        return np.zeros(0)
    gap = ours.table[:, column] - theirs.table[:, column]
    sign = 1 if FIGURES[name].larger_is_better else -1
    return np.asarray(sign * np.sign(gap[~np.isnan(gap)]))


def _contest(name: str, difference: Interval, wins: Floats) -> Contest:
    sign = 1 if FIGURES[name].larger_is_better else -1
    verdict = "undecided"
    if difference.low > 0 or difference.high < 0:
        verdict = "first" if sign * difference.value > 0 else "second"
    return Contest(
        difference,
        better=int((wins > 0).sum()),
        worse=int((wins < 0).sum()),
        equal=int((wins == 0).sum()),
        verdict=verdict,
    )
