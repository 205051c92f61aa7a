"""Loops behind `metrics.precision`: exact dtypes in, nothing checked."""

import numpy as np

from ..._core.jit import compiled
from ..._core.typing import Bytes, Floats, Ints


@compiled
def rate(shared: Ints, areas: Ints, n_persons: int, overlap: Floats) -> None:
    """Turn shared pixels (D, G) into IoU, or with a crowd into the share inside it.

    `areas` (D + G,) has each mask's pixels; columns of `overlap` from `n_persons` on are
    crowds. What has no pixel overlaps nothing.
    """
    n_found, n_truths = shared.shape
    for d in range(n_found):
        for g in range(n_truths):
            both, whole = shared[d, g], areas[d]
            if g < n_persons:
                whole += areas[n_found + g] - both
            overlap[d, g] = both / max(whole, 1)


@compiled
def match(
    images: Ints, areas: Ints, shared: Ints, thresholds: Floats, verdict: Bytes
) -> None:
    """Match the predictions of several images; all but `verdict` by `count_shared`.

    `images` (K, 4) also has the truths that are no crowds, which come first. `verdict`
    (T, all D), of zeros, becomes what `match_one` says.
    """
    row = pair = first = 0
    for k in range(images.shape[0]):
        n_found, n_truths, n_persons = images[k, 0], images[k, 1], images[k, 3]
        end, stop = row + n_found + n_truths, pair + n_found * n_truths
        if stop > pair:
            overlap = np.empty((n_found, n_truths))
            both = shared[pair:stop].reshape((n_found, n_truths))
            rate(both, areas[row:end], n_persons, overlap)
            here = verdict[:, first : first + n_found]
            match_one(overlap, n_persons, thresholds, here)
        row, pair, first = end, stop, first + n_found


@compiled
def match_one(
    overlap: Floats, n_persons: int, thresholds: Floats, verdict: Bytes
) -> None:
    """Give each prediction, best score first, the free truth it overlaps most.

    Columns of `overlap` (D, G) from `n_persons` on are crowds: they take any number of
    predictions, and one that goes to a crowd counts neither way. `verdict` (T, D)
    becomes 0 wrong, 1 right, 2 not counted. Of equal overlaps the last truth wins.
    """
    n_found, n_truths = overlap.shape
    taken = np.zeros(n_truths, np.uint8)
    for t in range(thresholds.size):
        taken[:] = 0
        for d in range(n_found):
            best, choice = thresholds[t], -1
            for g in range(n_truths):
                if g == n_persons and choice >= 0:
                    break
                if overlap[d, g] >= best and (g >= n_persons or taken[g] == 0):
                    best, choice = overlap[d, g], g
            if choice >= 0:
                taken[choice] = 1
                verdict[t, d] = 1 if choice < n_persons else 2


@compiled
def average(
    values: Bytes, order: Ints, n_truths: int, recalls: Floats, means: Floats
) -> None:
    """Average over `recalls` the best precision at each or beyond.

    `values` (T, N) of `match`, of predictions to be taken in `order`; `means` (T,). At
    least one truth.
    """
    n = order.size
    precision, recall = np.empty(n), np.empty(n)
    for t in range(means.size):
        right = wrong = 0
        for i in range(n):
            right += values[t, order[i]] == 1
            wrong += values[t, order[i]] == 0
            precision[i] = right / max(right + wrong, 1)
            recall[i] = right / n_truths
        best, total, i = 0.0, 0.0, n
        for r in range(recalls.size - 1, -1, -1):
            while i > 0 and recall[i - 1] >= recalls[r]:
                i -= 1
                best = max(best, precision[i])
            total += best
        means[t] = total / recalls.size
