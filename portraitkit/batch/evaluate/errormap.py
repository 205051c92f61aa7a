"""Where a prediction errs, in coordinates that all pictures share."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from ..._core.typing import Array, Bytes

SIZE = (104, 96)
"""Rows and columns of the common grid."""
REACH = (2.4, 1.8, 3.4)
"""With a face: face widths to each side of its centre, heights above and below."""
SEEN, TRUE, MISSED, EXTRA = range(4)


def map_errors(
    prediction: Array, truth: Array, face: Sequence[float] | None = None
) -> tuple[Bytes, ...]:
    """Lay one picture's errors on the common grid, once or twice.

    Parameters
    ----------
    prediction, truth : (H, W) bool or float in 0..1
        Masks or mattes.
    face : x1, y1, x2, y2, optional
        In pixels.

    Returns
    -------
    tuple of (4, 104, 96) uint8
        With the grid over the whole picture and then, if there is a face, round that.
        0..255: share of each cell that the picture covers, that is person, that the
        prediction misses, and that it has too much.
    """
    ours, theirs = _bytes(prediction), _bytes(truth)
    seen = np.full_like(theirs, 255)
    missed, extra = cv2.subtract(theirs, ours), cv2.subtract(ours, theirs)
    planes = [np.asarray(p, np.uint8) for p in (seen, theirs, missed, extra)]
    framed = np.array([_stretch(plane) for plane in planes])
    if face is None:
        return (framed,)
    return framed, np.array([_align(plane, face) for plane in planes])


def _bytes(values: Array) -> Bytes:
    """Return 0..255; bytes, because planes of floats cost ten times as much."""
    if values.dtype == np.bool_:
        return values.view(np.uint8) * np.uint8(255)
    return np.asarray(np.rint(values * np.float32(255)), np.uint8)


def _stretch(plane: Bytes) -> Array:
    return cv2.resize(plane, SIZE[::-1], interpolation=cv2.INTER_AREA)


def _align(plane: Bytes, face: Sequence[float]) -> Array:
    """Sample a plane round the face; outside the picture there is nothing."""
    x1, y1, x2, y2 = face
    width, height = x2 - x1, y2 - y1
    side, above, below = REACH
    step = 2 * side * width / SIZE[1], (above + below) * height / SIZE[0]
    blur = tuple(max(1, round(s)) for s in step)
    smooth = cv2.blur(plane, blur, borderType=cv2.BORDER_REPLICATE)
    left = (x1 + x2) / 2 - side * width + step[0] / 2 - 0.5
    top = (y1 + y2) / 2 - above * height + step[1] / 2 - 0.5
    move = np.array([[step[0], 0, left], [0, step[1], top]], np.float64)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(smooth, move, SIZE[::-1], flags=flags)
