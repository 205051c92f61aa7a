"""Whether a trimap can be solved."""

import numpy as np

from .._core.checks import describe
from .._core.typing import Array, ArrayLike
from ._levels import BACKGROUND, FOREGROUND, UNKNOWN


def check_trimap(trimap: ArrayLike) -> None:
    """Refuse a trimap that leaves nothing to solve or nothing to solve it from.

    Parameters
    ----------
    trimap : (H, W) array_like of uint8
        255 definite foreground, 0 definite background, 128 unknown.

    Raises
    ------
    ValueError
        If `trimap` is not uint8, not of shape (H, W), holds a value other than 0, 128
        and 255, or lacks one of them: the message says which.

    Notes
    -----
    O(H W) time, H W bytes.

    Examples
    --------
    >>> import numpy as np
    >>> check_trimap(np.array([[0, 128, 255]], np.uint8))
    >>> check_trimap(np.array([[0, 128]], np.uint8))
    Traceback (most recent call last):
    ValueError: trimap must hold definite foreground (255); it has none: ...
    """
    array = np.asarray(trimap)
    if array.dtype != np.uint8 or array.ndim != 2:
        msg = f"trimap must be uint8 of shape (H, W); got {describe(array)}"
        raise ValueError(msg)
    counts = np.bincount(array.reshape(-1), minlength=256)
    _check_levels(counts)
    for level, name, cure in (
        (FOREGROUND, "definite foreground", "was a person found? Or lessen the width"),
        (BACKGROUND, "definite background", "lessen the width of the unknown band"),
        (UNKNOWN, "unknown pixels", "there is nothing to solve; use the mask itself"),
    ):
        if counts[level] == 0:
            msg = f"trimap must hold {name} ({level}); it has none: {cure}"
            raise ValueError(msg)


def _check_levels(counts: Array) -> None:
    others = [
        v for v in np.flatnonzero(counts) if v not in (BACKGROUND, UNKNOWN, FOREGROUND)
    ]
    if others:
        shown = ", ".join(str(v) for v in others[:6]) + ", ..." * (len(others) > 6)
        msg = (
            f"trimap must hold only 0, 128 and 255; got {shown}. "
            "Was it resized with interpolation, or saved as JPEG?"
        )
        raise ValueError(msg)
