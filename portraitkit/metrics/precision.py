"""How well persons are told apart: COCO's average precision of masks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from .._core.typing import ArrayLike, Bytes, Floats, Mask
from ._bits import Packer
from ._cases import Case, cases
from ._numba.bits import intersect
from ._numba.precision import match, rate

THRESHOLDS: Floats = np.linspace(0.5, 0.95, 10)
RECALLS: Floats = np.linspace(0, 1, 101)
MOST = 100
"""Predictions that count in an image: those with the best scores."""


@dataclass(frozen=True, slots=True)
class InstanceAP:
    """Average precision, over all thresholds of IoU and at each.

    Attributes
    ----------
    ap : float
        Mean over the thresholds 0.5, 0.55, ..., 0.95; NaN without any truth.
    at : dict of float to float
        Average precision at each threshold; keys are 0.5, 0.55, ..., 0.95.
    """

    ap: float
    at: dict[float, float]


def average_precision(
    predictions: Iterable[tuple[Iterable[ArrayLike], ArrayLike]],
    truths: Iterable[Iterable[ArrayLike]],
    *,
    crowd: Iterable[ArrayLike] | None = None,
) -> InstanceAP:
    """Average precision of person masks, as pycocotools computes it.

    Parameters
    ----------
    predictions : iterable of (masks, scores)
        One pair per image: N masks, a list of or an array (N, H, W) of bool, and N
        finite scores, the higher the surer. ``([], [])`` where nobody was found.
    truths : iterable of list of (H, W) array_like of bool
        The persons of each image, in the same order. Masks may overlap.
    crowd : iterable of sequence of bool, optional
        One flag for each truth, image by image. A crowd is a region whose persons
        nobody told apart: a prediction inside it counts neither way. Default: none.

    Returns
    -------
    InstanceAP
        `ap` and `at`; NaN where no image has a truth that is not a crowd.

    Raises
    ------
    TypeError
        If a mask is neither bool nor integer, or an entry is no pair.
    ValueError
        If there are not as many entries of one kind as of another, if masks of an
        image differ in shape, or if a score is not finite.

    See Also
    --------
    portraitkit.instance.split_instances : What it is meant to judge.

    Notes
    -----
    Predictions of an image take, best score first, the free truth with the largest
    IoU of at least the threshold; a crowd's IoU is the share of the prediction inside
    it. The precision at a recall is the best at that recall or beyond, its mean runs
    over the 101 recalls 0, 0.01, ..., 1. Equal scores keep the order of images, then
    of predictions. Only the 100 best predictions of an image count. All areas count.

    O(H W) time per mask and O(H W / 64) per pair of them on bit-packed masks; H W / 8
    bytes per mask, one image in memory at a time. Equal to [1]_; table 3 of [2]_.

    References
    ----------
    .. [1] Lin et al., "Microsoft COCO: Common objects in context", ECCV 2014;
       code of ``pycocotools``.
    .. [2] Zhu et al., "Portrait instance segmentation for mobile devices".

    Examples
    --------
    >>> left, right = [[1, 1, 0, 0]], [[0, 0, 1, 1]]
    >>> result = average_precision([([left, [[0, 0, 0, 1]]], [0.9, 0.8])],
    ...                            [[left, right]])
    >>> round(result.ap, 3), round(result.at[0.5], 3), round(result.at[0.75], 3)
    (0.554, 1.0, 0.505)
    """
    pack = Packer()
    judged = [_judge(case, pack) for case in cases(predictions, truths, crowd)]
    n_truths = sum(count for *_, count in judged)
    scores = np.concatenate([np.zeros(0), *(scores for scores, *_ in judged)])
    verdicts = np.concatenate(
        [np.zeros((THRESHOLDS.size, 0), np.uint8), *(v for _, v, _ in judged)], axis=1
    )
    order = np.argsort(-scores, kind="stable")
    values = [_mean_precision(row[order], n_truths) for row in verdicts]
    keys = [round(float(threshold), 2) for threshold in THRESHOLDS]
    return InstanceAP(
        ap=float(np.mean(values)), at=dict(zip(keys, values, strict=True))
    )


def _mean_precision(verdict: Bytes, n_truths: int) -> float:
    """Mean over the recalls of the best precision there or beyond; NaN for 0 truths."""
    if n_truths == 0:
        return np.nan
    right = np.cumsum(verdict == 1).astype(np.float64)
    wrong = np.cumsum(verdict == 0)
    precision = right / np.maximum(right + wrong, 1)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(right / n_truths, RECALLS, side="left")
    return float(np.append(best, 0.0)[at].mean())


def _judge(case: Case, pack: Packer | None = None) -> tuple[Floats, Bytes, int]:
    """Scores, best first, what each is worth at each threshold, and the persons."""
    order = np.argsort(-case.scores, kind="stable")[:MOST]
    crowds_last = np.argsort(case.crowd, kind="stable")
    n_persons = int(np.count_nonzero(~case.crowd))
    verdict = np.zeros((THRESHOLDS.size, order.size), dtype=np.uint8)
    if order.size and case.truths:
        found = [case.masks[i] for i in order.tolist()]
        truths = [case.truths[i] for i in crowds_last.tolist()]
        overlap = _overlap(found, truths, n_persons, pack)
        match(overlap, n_persons, THRESHOLDS, verdict)
    return case.scores[order], verdict, n_persons


def _overlap(
    found: Sequence[Mask],
    truths: Sequence[Mask],
    n_persons: int,
    pack: Packer | None = None,
) -> Floats:
    """IoU of each prediction with each truth; with a crowd, its share inside."""
    words, notes = (pack or Packer())([*found, *truths])
    shared = np.empty((len(found), len(truths)), dtype=np.int64)
    intersect(words, notes, shared)
    overlap = np.empty(shared.shape)
    rate(shared, notes, n_persons, overlap)
    return overlap
