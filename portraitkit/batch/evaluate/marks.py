"""What one prediction is worth beside its truth: scores, and counts to pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..._core.typing import Array, Bytes, Floats32, Ints, Labels, Mask
from ...metrics import band_iou, contour_accuracy, iou, matte_errors
from ...metrics.pooling import Verdicts, best_overlaps, judge_instances


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """One prediction's marks.

    Attributes
    ----------
    scores : dict of str to float
        Figures of this picture alone; NaN where one is not defined.
    cells : (3, K) int64, optional
        Pixels of each class that are right, true, and predicted.
    verdicts : Verdicts, optional
        Of its persons.
    errors : tuple of (4, h, w) uint8
        For the atlas, where the errors are: in the frame and, if the face is known,
        round it.
    """

    scores: dict[str, float]
    cells: Ints | None = None
    verdicts: Verdicts | None = None
    errors: tuple[Bytes, ...] = ()

    def and_errors(self, errors: tuple[Bytes, ...]) -> Marks:
        """Return the marks with their part in the atlas."""
        return replace(self, errors=errors)


def mark_mask(prediction: Mask, truth: Mask, *, width: int, tolerance: float) -> Marks:
    """Judge a person mask."""
    scores = {
        "iou": iou(prediction, truth),
        "contour_accuracy": contour_accuracy(prediction, truth, tolerance=tolerance),
        "band_iou": band_iou(prediction, truth, width=width),
    }
    both, ours, theirs = (
        int(np.count_nonzero(m)) for m in (prediction & truth, prediction, truth)
    )
    size = truth.size
    right = [size - ours - theirs + both, both]
    cells = np.array([right, [size - theirs, theirs], [size - ours, ours]], np.int64)
    return Marks(scores, cells)


def mark_labels(
    prediction: Labels,
    truth: Labels,
    *,
    scores: Sequence[float] = (),
    persons: bool = True,
    classes: bool = True,
) -> Marks:
    """Judge a label image: as persons (0 is background), as classes, or as both.

    `scores` are the predicted persons', the first that of label 1.
    """
    marks = Marks({"iou": iou(prediction > 0, truth > 0)})
    if persons:
        found = np.unique(prediction[prediction > 0])
        known = len(scores) >= found.max(initial=0)
        sure = (
            [scores[i - 1] for i in found] if scores and known else [1.0] * len(found)
        )
        true = [truth == i for i in np.unique(truth[truth > 0])]
        judged = mark_persons([prediction == i for i in found], sure, true)
        marks = replace(judged, scores={"iou": marks.scores["iou"], **judged.scores})
    return replace(marks, cells=count_classes(prediction, truth)) if classes else marks


def mark_persons(
    masks: Sequence[Mask],
    scores: Sequence[float],
    truths: Sequence[Mask],
    crowd: Array | None = None,
) -> Marks:
    """Judge persons, each a mask."""
    flags = np.zeros(len(truths), bool) if crowd is None else crowd
    single = [mask for mask, group in zip(truths, flags, strict=True) if not group]
    best = best_overlaps(masks, single)
    figures = {
        "person_iou": float(best.mean()) if best.size else np.nan,
        "persons_found": float((best >= 0.5).mean()) if best.size else np.nan,
    }
    judged = judge_instances(masks, np.asarray(scores, float), truths, crowd=flags)
    return Marks(figures, verdicts=judged)


def mark_alpha(alpha: Floats32, truth: Floats32, trimap: Bytes | None) -> Marks:
    """Judge an alpha matte."""
    errors = matte_errors(alpha, truth, trimap=trimap)
    return Marks(
        {
            "sad": errors.sad,
            "mse": errors.mse,
            "gradient": errors.gradient,
            "connectivity": errors.connectivity,
        }
    )


def count_classes(prediction: Labels, truth: Labels) -> Ints:
    """Count each class's right, true and predicted pixels, as (3, K), K all classes."""
    top = int(max(prediction.max(initial=0), truth.max(initial=0))) + 1
    right = truth[truth == prediction]
    rows = (right, truth, prediction)
    return np.array([np.bincount(row.reshape(-1), minlength=top) for row in rows])
