"""What is judged in one image: predicted masks with scores, and the true ones."""

from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from .._core.checks import check_mask, check_same_shape, describe
from .._core.typing import Bools, Floats, Mask

_GAP: Any = object()


class Case(NamedTuple):
    """One image, checked: all masks are of one shape."""

    masks: list[Mask]
    scores: Floats
    truths: list[Mask]
    crowd: Bools


def cases(
    predictions: Iterable[Any], truths: Iterable[Any], crowd: Iterable[Any] | None
) -> Iterator[Case]:
    """Check one image after another."""
    others = [(truths, "truths")] + ([] if crowd is None else [(crowd, "crowd")])
    sides = [iter(side) for side, _ in others]
    count = 0
    for pair in predictions:
        rest = [_next(s, n, count) for s, (_, n) in zip(sides, others, strict=True)]
        yield _case(count, pair, rest[0], rest[1] if len(rest) > 1 else None)
        count += 1
    for side, (_, name) in zip(sides, others, strict=True):
        if next(side, _GAP) is not _GAP:
            _part(name, f"more than {count}")


def _next(side: Iterator[Any], name: str, count: int) -> Any:
    entry = next(side, _GAP)
    if entry is _GAP:
        _part(name, f"only {count}")
    return entry


def _part(name: str, got: str) -> None:
    msg = f"{name} must hold one entry per image, as many as predictions; got {got}"
    raise ValueError(msg)


def _case(image: int, pair: Any, truths: Any, crowd: Any) -> Case:
    try:
        masks, scores = pair
    except (TypeError, ValueError):
        msg = f"predictions[{image}] must be a pair (masks, scores); got {pair!r:.60}"
        raise TypeError(msg) from None
    names = f"truths[{image}]", f"predictions[{image}]"
    theirs = [check_mask(names[0], mask) for mask in truths]
    ours = [check_mask(names[1], mask) for mask in masks]
    shapes = [mask.shape for mask in theirs + ours]
    if len(set(shapes)) > 1:
        for i, shape in enumerate(shapes):
            check_same_shape(names[i >= len(theirs)], shape, "its image", shapes[0])
    flags = np.zeros(len(theirs), bool) if crowd is None else _flags(image, crowd)
    if flags.shape != (len(theirs),):
        msg = f"crowd[{image}] must hold {len(theirs)} flags; got shape {flags.shape}"
        raise ValueError(msg)
    return Case(ours, _scores(image, scores, len(ours)), theirs, flags)


def _flags(image: int, crowd: Any) -> Bools:
    flags = np.asarray(crowd)
    if flags.size and not np.isin(flags, (0, 1)).all():
        msg = f"crowd[{image}] must hold booleans; got {describe(flags)}"
        raise ValueError(msg)
    return flags.astype(bool)


def _scores(image: int, scores: Any, count: int) -> Floats:
    array = np.asarray(scores, dtype=np.float64)
    if array.shape != (count,) or not all(map(isfinite, array.tolist())):
        msg = (
            f"predictions[{image}] must have {count} finite scores, one per mask; "
            f"got {array.tolist()!r:.60} of shape {array.shape}"
        )
        raise ValueError(msg)
    return array
