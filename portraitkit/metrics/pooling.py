"""Average precision in two steps: judge each image anywhere, pool the verdicts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from .._core.typing import ArrayLike, Bytes, Floats
from ._cases import cases
from ._judging import Judged, judge, overlap
from .precision import InstanceAP, pool


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """What each prediction of an image is worth.

    Attributes
    ----------
    scores : (N,) float64
        Best first, at most 100.
    values : (10, N) uint8
        At each threshold of IoU: 1 right, 0 wrong, 2 not counted.
    n_truths : int
        Persons in the image, crowds left out.
    """

    scores: Floats
    values: Bytes
    n_truths: int


def judge_instances(
    masks: Iterable[ArrayLike],
    scores: ArrayLike,
    truths: Iterable[ArrayLike],
    *,
    crowd: ArrayLike | None = None,
) -> Verdicts:
    """Match one image's predicted persons with its true ones.

    Parameters
    ----------
    masks, scores, truths, crowd
        One image's entries of `average_precision`.

    Returns
    -------
    Verdicts
        Small, for `pool_verdicts`.

    Raises
    ------
    TypeError, ValueError
        As `average_precision`.

    Notes
    -----
    O(H W) time and 4 kB per mask.

    Examples
    --------
    >>> judge_instances([[[1, 1, 0]]], [0.9], [[[1, 1, 1]]]).values[:, 0].tolist()
    [1, 1, 1, 1, 0, 0, 0, 0, 0, 0]
    """
    crowds = None if crowd is None else [crowd]
    (judged,) = judge(cases([(masks, scores)], [truths], crowds))
    return Verdicts(*judged)


def pool_verdicts(verdicts: Sequence[Verdicts]) -> InstanceAP:
    """Average precision over images that were judged one by one.

    Parameters
    ----------
    verdicts : sequence of Verdicts
        From `judge_instances`; an image may occur several times.

    Returns
    -------
    InstanceAP
        What `average_precision` gives for the same images in the same order.

    Notes
    -----
    O(N log N) for N predictions.

    Examples
    --------
    >>> judged = judge_instances([[[1, 1, 0]]], [0.9], [[[1, 1, 1]]])
    >>> round(pool_verdicts([judged, judged]).ap, 3)
    0.4
    """
    return pool([Judged(one.scores, one.values, one.n_truths) for one in verdicts])


def best_overlaps(masks: Sequence[ArrayLike], truths: Sequence[ArrayLike]) -> Floats:
    """Return each true person's best IoU with a prediction.

    Parameters
    ----------
    masks, truths : sequence of (H, W) array_like of bool
        Predicted and true persons of one image.

    Returns
    -------
    (N,) float64
        One for each of `truths`; 0 where there is no prediction. A prediction may be
        the best of several.

    Raises
    ------
    TypeError, ValueError
        As `average_precision`.

    Notes
    -----
    O(H W) time and 4 kB per mask.

    Examples
    --------
    >>> best_overlaps([[[1, 1, 0]]], [[[1, 1, 1]], [[1, 1, 0]]])
    array([0.66666667, 1.        ])
    """
    (case,) = cases([(masks, np.ones(len(masks)))], [truths], None)
    if not (case.masks and case.truths):
        return np.zeros(len(case.truths))
    best: Floats = overlap(case.masks, case.truths).max(axis=0)
    return best
