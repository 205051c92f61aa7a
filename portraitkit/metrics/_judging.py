"""What each prediction of an image is worth: one image by image or in threads."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, TypeAlias

import numpy as np

from .._core.typing import Bytes, Floats, Ints, Mask
from ._cases import Case
from ._numba.bits import count_shared, locate
from ._numba.precision import match, rate
from ._share import FEW, share

THRESHOLDS: Floats = np.linspace(0.5, 0.95, 10)
MOST = 100
"""Predictions that count in an image: those with the best scores."""
LOAD = 1 << 24
"""Bytes of masks that are worth a turn of a thread: a millisecond."""
BUNCH = 8
"""Loads that are made at a time."""
THREADS = 4
"""At most: more would only wait for memory."""


Image: TypeAlias = tuple[int, int, int, int]
"""Found masks, true ones, pixels of a mask, and true ones that are no crowds."""


class Judged(NamedTuple):
    """The fields of `Verdicts`, of one image or of several in a row."""

    scores: Floats
    values: Bytes
    n_truths: int


class Load:
    """Images that a thread judges in one go, in the form its loops want."""

    def __init__(self) -> None:
        self.masks: list[Mask] = []
        self.images: list[Image] = []
        self.scores: list[float] = []
        self.size = 0

    def add(self, case: Case) -> None:
        """Add an image: best predictions first, crowds last."""
        scores = case.scores.tolist()
        best = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)[:MOST]
        self.scores += [scores[i] for i in best]
        masks = [case.masks[i] for i in best]
        n_crowds = int(np.count_nonzero(case.crowd))
        truths = _crowds_last(case) if n_crowds else case.truths
        masks += truths
        self.masks += masks
        n_pixels = masks[0].size if masks else 0
        self.images.append((len(best), len(truths), n_pixels, len(truths) - n_crowds))
        self.size += len(masks) * n_pixels


def judge(cases: Iterable[Case], *, known: int = 0) -> Iterator[Judged]:
    """Judge image after image, in order; a `known` number in threads, if there is much.

    If none is known, an image is judged before the next is taken.
    """
    loads = _loads(cases, known)
    if known:
        return share(_judge, _bunches(loads), most=THREADS)
    return map(_judge, loads)


def overlap(found: Sequence[Mask], truths: Sequence[Mask]) -> Floats:
    """IoU of each found mask with each true one; some of both."""
    image = len(found), len(truths), found[0].size, len(truths)
    _, areas, shared = _count([*found, *truths], [image])
    rated = np.empty((len(found), len(truths)))
    rate(shared.reshape(rated.shape), areas, len(truths), rated)
    return rated


def _judge(load: Load) -> Judged:
    images, areas, shared = _count(load.masks, load.images)
    values = np.zeros((THRESHOLDS.size, len(load.scores)), np.uint8)
    match(images, areas, shared, THRESHOLDS, values)
    n_persons = sum(image[3] for image in load.images)
    return Judged(np.array(load.scores), values, n_persons)


def _count(masks: Sequence[Mask], images: Sequence[Image]) -> tuple[Ints, Ints, Ints]:
    """Return images, areas and shared pixels, as `count_shared` has them."""
    addresses = np.array([locate(mask) for mask in masks], dtype=np.int64)
    areas = np.empty(addresses.size, np.int64)
    shared = np.empty(sum(d * g for d, g, *_ in images), np.int64)
    table = np.array(images, dtype=np.int64)
    count_shared(addresses, table, areas, shared)
    return table, areas, shared


def _crowds_last(case: Case) -> list[Mask]:
    return [case.truths[i] for i in np.argsort(case.crowd, kind="stable").tolist()]


def _loads(cases: Iterable[Case], known: int) -> Iterator[Load]:
    """Gather neighbors until their masks have `LOAD` bytes, if a number is known.

    Towards the end a quarter of what is left is enough, lest threads wait for one.
    """
    load, done, least = Load(), 0, LOAD if known else 0
    for number, case in enumerate(cases, 1):
        load.add(case)
        last = done >= 2 * LOAD and 4 * len(load.images) >= known - number
        if load.size >= least or last:
            yield load
            load, done = Load(), done + load.size
    if load.images:
        yield load


def _bunches(loads: Iterator[Load]) -> Iterator[Load]:
    """Make many at a time, but the first, for a thread waits for those.

    What Python needs is far away again when megabytes of masks have been read.
    """
    yield from islice(loads, FEW)
    while bunch := deque(islice(loads, BUNCH)):
        while bunch:
            yield bunch.popleft()
