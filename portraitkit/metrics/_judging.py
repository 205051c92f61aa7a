"""What each prediction of an image is worth: one image by image or in threads."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from .._core.typing import Bytes, Floats, Ints, Mask
from ._bits import Counter
from ._cases import Case
from ._numba.precision import match, rate
from ._share import share

THRESHOLDS: Floats = np.linspace(0.5, 0.95, 10)
MOST = 100
"""Predictions that count in an image: those with the best scores."""
LOAD = 1 << 24
"""Bytes of masks that are worth a turn of a thread: half a millisecond."""
THREADS = 4
"""At most: more would only wait for memory."""


class Ranked(NamedTuple):
    """A case in the order of matching: best predictions first, crowds last."""

    scores: Floats
    found: list[Mask]
    truths: list[Mask]
    n_persons: int


class Judged(NamedTuple):
    """The fields of `Verdicts`."""

    scores: Floats
    values: Bytes
    n_truths: int


def judge(cases: Iterable[Case], *, ahead: bool = False) -> Iterator[Judged]:
    """Judge image after image, in order; with `ahead` in threads, if there is much.

    Without, an image is judged before the next is taken.
    """
    loads = _loads(cases, LOAD if ahead else 0)
    for load in share(Judge(), loads, most=THREADS if ahead else 1):
        yield from load


def overlap(found: Sequence[Mask], truths: Sequence[Mask]) -> Floats:
    """IoU of each found mask with each true one; some of both."""
    (counts,) = Counter()([(found, truths)])
    return _rate(*counts, len(truths))


class Judge:
    """Judge loads in any thread."""

    def __init__(self) -> None:
        self._count = Counter()

    def __call__(self, load: Sequence[Ranked]) -> list[Judged]:
        """Judge each image of a load."""
        sides = [(one.found, one.truths) for one in load if one.found and one.truths]
        counts = iter(self._count(sides) if sides else [])
        return [
            _match(one, *next(counts)) if one.found and one.truths else _miss(one)
            for one in load
        ]


def _miss(one: Ranked) -> Judged:
    values = np.zeros((THRESHOLDS.size, one.scores.size), dtype=np.uint8)
    return Judged(one.scores, values, one.n_persons)


def _match(one: Ranked, shared: Ints, notes: Ints) -> Judged:
    judged = _miss(one)
    rated = _rate(shared, notes, one.n_persons)
    match(rated, one.n_persons, THRESHOLDS, judged.values)
    return judged


def _rate(shared: Ints, notes: Ints, n_persons: int) -> Floats:
    """IoU of each prediction with each truth; with a crowd, its share inside."""
    rated = np.empty(shared.shape)
    rate(shared, notes, n_persons, rated)
    return rated


def _rank(case: Case) -> Ranked:
    best = np.argsort(-case.scores, kind="stable")[:MOST]
    crowds_last = np.argsort(case.crowd, kind="stable")
    return Ranked(
        case.scores[best],
        [case.masks[i] for i in best.tolist()],
        [case.truths[i] for i in crowds_last.tolist()],
        case.crowd.size - int(np.count_nonzero(case.crowd)),
    )


def _loads(cases: Iterable[Case], least: int) -> Iterator[list[Ranked]]:
    """Gather neighbors until their masks have `least` bytes."""
    load: list[Ranked] = []
    size = 0
    for case in cases:
        load.append(_rank(case))
        masks = [*case.truths, *case.masks]
        size += len(masks) * masks[0].size if masks else 0
        if size >= least:
            yield load
            load, size = [], 0
    if load:
        yield load
