"""How much of a picture a face fills, and what kind of shot that makes it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from .._core.checks import check_boxes, check_shape

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import SupportsIndex

    from .._core.typing import ArrayLike


class Shot(StrEnum):
    """Kind of portrait, from near to far; each is also its name in words."""

    HEAD_SHOT = "head shot"
    CLOSE_SHOT = "close shot"
    HALF_BODY = "half body"
    WHOLE_BODY = "whole body"
    FAR_SHOT = "far shot"
    NO_FACE = "no face"


LIMITS = (
    (0.3, Shot.HEAD_SHOT),
    (0.1, Shot.CLOSE_SHOT),
    (0.05, Shot.HALF_BODY),
    (0.005, Shot.WHOLE_BODY),
)


def face_ratio(faces: ArrayLike, shape: Iterable[SupportsIndex]) -> float:
    """Return the share of the image that its dominant face covers.

    Parameters
    ----------
    faces : (N, 4) array_like
        Face boxes x1, y1, x2, y2 in pixels; N may be 0.
    shape : (int, int)
        Height and width of the image.

    Returns
    -------
    float
        Area of the largest box, clipped to the image, over the image's area: 0..1;
        0 without a face.

    Raises
    ------
    TypeError, ValueError
        If `faces` are no boxes or `shape` is no shape.

    See Also
    --------
    grade_shot : The kind of shot this makes.

    Notes
    -----
    Eq. 5 of [1]_. The largest box is the one that shows most inside the image.

    References
    ----------
    .. [1] Liang et al., "Person foreground segmentation by learning multi-domain
       networks", section IV-B.

    Examples
    --------
    >>> face_ratio([[-10, 0, 20, 20], [50, 50, 60, 60]], (100, 100))
    0.04
    """
    boxes = check_boxes("faces", faces)
    height, width = check_shape("shape", shape)
    x = np.clip(boxes[:, 0::2], 0, width)
    y = np.clip(boxes[:, 1::2], 0, height)
    areas = (x[:, 1] - x[:, 0]) * (y[:, 1] - y[:, 0])
    return float(areas.max(initial=0) / (height * width))


def grade_shot(faces: ArrayLike, shape: Iterable[SupportsIndex]) -> Shot:
    """Tell what kind of shot a picture is from the faces in it.

    Parameters
    ----------
    faces : (N, 4) array_like
        Face boxes x1, y1, x2, y2 in pixels; N may be 0.
    shape : (int, int)
        Height and width of the image.

    Returns
    -------
    Shot
        By `face_ratio` r: head shot from 0.3, close shot from 0.1, half body from
        0.05, whole body from 0.005, far shot above 0, else no face.

    Raises
    ------
    TypeError, ValueError
        If `faces` are no boxes or `shape` is no shape.

    Notes
    -----
    The grades of eq. 5 of [1]_.

    References
    ----------
    .. [1] Liang et al., "Person foreground segmentation by learning multi-domain
       networks", section IV-B.

    Examples
    --------
    >>> grade_shot([[30, 20, 60, 60]], (100, 100))
    <Shot.CLOSE_SHOT: 'close shot'>
    """
    ratio = face_ratio(faces, shape)
    for least, shot in LIMITS:
        if ratio >= least:
            return shot
    return Shot.FAR_SHOT if ratio > 0 else Shot.NO_FACE
