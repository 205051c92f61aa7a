"""How well persons are told apart: COCO's average precision of masks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from .._core.typing import ArrayLike, Floats
from ._cases import cases
from ._judging import THRESHOLDS, Judged, judge
from ._numba.precision import average

RECALLS: Floats = np.linspace(0, 1, 101)
KEYS = [round(threshold, 2) for threshold in THRESHOLDS.tolist()]


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

    O(H W) time per mask and O(H W / 64) per pair of them on bit-packed masks; 4 kB per
    mask of an image and thread. When `predictions` and `truths` are lists or tuples with
    more than some 32 MB of masks, there is a thread for each core, at most 4; the result
    does not depend on it. Masks that are no C-ordered bool arrays are copied, then some
    300 MB of them at most at a time, or those of 16 images if these have more. From other
    iterables images are taken one at a time, by the calling thread alone. Equal to [1]_;
    table 3 of [2]_.

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
    known = 0
    if isinstance(predictions, list | tuple) and isinstance(truths, list | tuple):
        known = len(predictions)
    return pool(list(judge(cases(predictions, truths, crowd), known=known)))


def pool(judged: Sequence[Judged]) -> InstanceAP:
    """Put the judged images of a set together, in their order."""
    n_truths = sum(one.n_truths for one in judged)
    means = np.full(THRESHOLDS.size, np.nan)
    if n_truths:
        scores = np.concatenate([one.scores for one in judged])
        values = np.concatenate([one.values for one in judged], axis=1)
        average(values, (-scores).argsort(kind="stable"), n_truths, RECALLS, means)
    at = means.tolist()
    return InstanceAP(sum(at) / len(at), dict(zip(KEYS, at, strict=True)))
