"""Loops behind `metrics.precision`: exact dtypes in, nothing checked."""

import numpy as np

from ..._core.jit import compiled
from ..._core.typing import Bytes, Floats, Ints


@compiled
def rate(shared: Ints, notes: Ints, n_persons: int, overlap: Floats) -> None:
    """Turn shared pixels (D, G) into IoU, or with a crowd into the share inside it.

    The last column of `notes` (D + G, 3) has each mask's pixels; columns of `overlap`
    from `n_persons` on are crowds. What has no pixel overlaps nothing.
    """
    areas = notes[:, 2]
    n_found, n_truths = shared.shape
    for d in range(n_found):
        for g in range(n_truths):
            both, whole = shared[d, g], areas[d]
            if g < n_persons:
                whole += areas[n_found + g] - both
            overlap[d, g] = both / max(whole, 1)


@compiled
def match(overlap: Floats, n_persons: int, thresholds: Floats, verdict: Bytes) -> None:
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
