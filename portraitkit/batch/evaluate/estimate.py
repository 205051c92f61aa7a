"""Figures of a set of pictures, and of the same set drawn again at random."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from ..._core.typing import Array, Floats, Ints
from ...metrics.pooling import Verdicts, pool_verdicts
from .marks import Marks

AT = {"ap50": 0.5, "ap60": 0.6, "ap70": 0.7, "ap75": 0.75, "ap80": 0.8, "ap90": 0.9}
RECALLS = np.linspace(0, 1, 101)
BLOCK = 64
"""Draws worked on at a time."""


class Estimate(Protocol):
    """Some figures of N pictures."""

    @property
    def names(self) -> tuple[str, ...]:
        """What the figures are called."""
        ...

    def value(self) -> Floats:
        """Return the figures (F,) of all pictures."""
        ...

    def draw(self, picks: Ints) -> Floats:
        """Return the figures (B, F) of B draws, each of N picture numbers (B, N)."""
        ...


class MeanEstimate:
    """Means over pictures, those without a value left out."""

    def __init__(self, marks: Sequence[Marks]) -> None:
        self.names = tuple(dict.fromkeys(name for one in marks for name in one.scores))
        rows = [[one.scores.get(n, np.nan) for n in self.names] for one in marks]
        self.table = np.array(rows, float).reshape(len(marks), len(self.names))

    def value(self) -> Floats:
        """Return the means (F,)."""
        means: Floats = _means(self.table[None])[0]
        return means

    def draw(self, picks: Ints) -> Floats:
        """Return the means of each draw."""
        blocks = [picks[i : i + BLOCK] for i in range(0, len(picks), BLOCK)]
        return np.concatenate([_means(self.table[block]) for block in blocks])


class CellsEstimate:
    """Pixel accuracy and its kin, from counts summed over pictures."""

    names = (
        "pixel_accuracy",
        "class_accuracy",
        "mean_class_iou",
        "frequency_weighted_iou",
    )

    def __init__(self, cells: Sequence[Ints]) -> None:
        width = max(one.shape[1] for one in cells)
        self.cells = np.zeros((len(cells), 3, width), np.int64)
        for row, one in zip(self.cells, cells, strict=True):
            row[:, : one.shape[1]] = one

    def value(self) -> Floats:
        """Return the four figures."""
        return class_figures(self.cells.sum(axis=0))

    def draw(self, picks: Ints) -> Floats:
        """Return them for each draw."""
        return np.array([class_figures(self.cells[pick].sum(axis=0)) for pick in picks])


class PrecisionEstimate:
    """Average precision, from verdicts pooled over pictures."""

    names = ("ap", *AT)

    def __init__(self, verdicts: Sequence[Verdicts]) -> None:
        self.verdicts = verdicts
        scores = np.concatenate([np.zeros(0), *(one.scores for one in verdicts)])
        order = np.argsort(-scores, kind="stable")
        counts = [one.scores.size for one in verdicts]
        self.picture = np.repeat(np.arange(len(verdicts)), counts)[order]
        values = [np.zeros((10, 0), np.uint8), *(one.values for one in verdicts)]
        self.values = np.concatenate(values, axis=1)[:, order]
        self.n_truths = np.array([one.n_truths for one in verdicts], np.int64)

    def value(self) -> Floats:
        """Return AP, and AP at each threshold named."""
        result = pool_verdicts(self.verdicts)
        return np.array([result.ap, *(result.at[at] for at in AT.values())])

    def draw(self, picks: Ints) -> Floats:
        """Return them for each draw.

        A picture drawn k times counts its predictions k times; equal scores stay in
        the order of pictures.
        """
        return np.array([self._once(pick) for pick in picks])

    def _once(self, pick: Ints) -> Floats:
        times = np.bincount(pick, minlength=len(self.n_truths))
        n_truths = int((times * self.n_truths).sum())
        weights = times[self.picture]
        rows = [_precision(row, weights, n_truths) for row in self.values]
        at = [rows[round((t - 0.5) / 0.05)] for t in AT.values()]
        return np.array([np.mean(rows), *at])


def class_figures(cells: Ints) -> Floats:
    """Return pixel and class accuracy, mIoU and fwIoU of counts (3, K).

    As `portraitkit.metrics.ConfusionMatrix` has them, whose margins these are.
    """
    right, true, predicted = cells.astype(float)
    union = true + predicted - right
    there, seen = true > 0, union > 0
    if not there.any():
        return np.full(4, np.nan)
    share = right[seen] / union[seen]
    return np.array(
        [
            right.sum() / true.sum(),
            (right[there] / true[there]).mean(),
            share.mean(),
            (share * true[seen]).sum() / true.sum(),
        ]
    )


def _means(tables: Array) -> Floats:
    known = ~np.isnan(tables)
    count = known.sum(axis=1)
    total = np.where(known, tables, 0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _precision(verdict: Array, weights: Ints, n_truths: int) -> float:
    if n_truths == 0:
        return np.nan
    right = np.cumsum(weights * (verdict == 1)).astype(float)
    wrong = np.cumsum(weights * (verdict == 0))
    precision = right / (right + wrong + np.spacing(1))
    best = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(right / n_truths, RECALLS, side="left")
    return float(np.append(best, 0.0)[at].mean())
