"""One trimap per person of a group."""

from collections.abc import Iterator
from typing import SupportsIndex

import numpy as np

from .._core.checks import check_count, check_labels
from .._core.typing import ArrayLike, Bytes, Labels
from ._numba.persons import bound
from .trimaps import trimap


def instance_trimaps(
    labels: ArrayLike, *, width: int = 10, n_persons: SupportsIndex | None = None
) -> Bytes:
    """Give every person of a label image a trimap of their own.

    Parameters
    ----------
    labels : (H, W) array_like of int
        0 is background, i the i-th person, as in ``InstanceSplit.labels``. Persons
        without a pixel are allowed.
    width : int, default: 10
        Width of the unknown bands in pixels.
    n_persons : int, optional
        N. Default: ``labels.max()``. Give it when the last persons may own no pixel.

    Returns
    -------
    (N, H, W) uint8
        ``out[i - 1]`` is ``trimap(labels == i, width=width)``: other persons are
        background, so where two touch both trimaps are unknown. All 0 for a person
        without a pixel.

    Raises
    ------
    TypeError
        If `labels` is not integer, or `width` or `n_persons` is no integer.
    ValueError
        If `labels` is not of shape (H, W), holds a negative label or one greater than
        `n_persons`, if `width` < 1, or if `n_persons` < 0.

    See Also
    --------
    trimap : For one mask.
    portraitkit.instance.split_instances : Where the labels come from.

    Notes
    -----
    O(N H W) to write the zeros, the rest only in each person's box. The result has
    N H W bytes (60 MB for five persons on 12 megapixels); beside it one box of
    2 bytes per pixel at a time. To save memory, take the persons one by one with
    `trimap`.

    Examples
    --------
    >>> instance_trimaps([[1, 1, 1, 2, 2, 2]], width=2)
    array([[[255, 255, 128, 128,   0,   0]],
    <BLANKLINE>
           [[  0,   0, 128, 128, 255, 255]]], dtype=uint8)
    """
    regions = check_labels("labels", labels)
    width = check_count("width", width)
    most = int(regions.max(initial=0))
    n = most if n_persons is None else check_count("n_persons", n_persons, low=0)
    if most > n:
        msg = f"labels must be <= n_persons={n}; got {most}"
        raise ValueError(msg)
    out = np.zeros((n, *regions.shape), dtype=np.uint8)
    for person, (rows, columns) in _boxes(regions, n, margin=width + 3):
        inside = regions[rows, columns] == person
        out[person - 1, rows, columns] = trimap(inside, width=width)
    return out


def _boxes(
    labels: Labels, n: int, *, margin: int
) -> Iterator[tuple[int, tuple[slice, slice]]]:
    """Yield each visible person's label and box, `margin` pixels wider all round.

    The margin holds the whole band and keeps the box's own rim off the contour.
    """
    boxes = np.tile(np.array([*labels.shape, 0, 0]), (n, 1))
    bound(labels, boxes)
    for person, (top, left, bottom, right) in enumerate(boxes.tolist(), start=1):
        if bottom:
            rows = slice(max(top - margin, 0), bottom + margin)
            yield person, (rows, slice(max(left - margin, 0), right + margin))
