"""The mean of masks at hand, in one call."""

from collections.abc import Iterable, Iterator
from itertools import count, islice

import numpy as np

from .._core.checks import as_array, check_mask, check_shape, describe
from .._core.typing import Array, ArrayLike, Floats32
from ._sums import MASK, MOST, MaskSum


def mean_mask(
    masks: Iterable[ArrayLike], *, shape: Iterable[int] | None = None
) -> Floats32:
    """Average masks.

    Parameters
    ----------
    masks : iterable of (h, w) array_like of bool
        At least one: a list, a (N, H, W) array, a generator that reads files.
        Integers 0/1 or 0/255 are accepted, mask by mask.
    shape : (int, int), optional
        Height and width of the mean. Default: the first mask's. Other sizes are
        averaged over areas where they shrink, bilinear where they grow.

    Returns
    -------
    (H, W) float32
        Share of the masks, 0..1, in which a pixel is a person.

    Raises
    ------
    TypeError
        If `masks` is no iterable, a mask is neither bool nor integer, or `shape` is not
        two integers.
    ValueError
        If there is no mask, a mask is not of shape (h, w), has no pixel or holds other
        values, or a side of `shape` is < 1. Names the mask: ``masks[3]``.

    See Also
    --------
    MeanMask : To share the work, or to go on later.
    global_kernel : What the mean is for.

    Notes
    -----
    Section 3.2 of [1]_. Exact sums, one division: the order of the masks doesn't
    matter. O(N H W), at the speed of memory where masks already lie in it. One mask
    of a generator is held at a time; 9 H W bytes in all.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive network for portrait segmentation",
       FG 2019.

    Examples
    --------
    >>> mean_mask([[[0, 1]], [[255, 255]]])
    array([[0.5, 1. ]], dtype=float32)
    """
    size = None if shape is None else check_shape("shape", shape)
    total = None
    for group in _groups(masks):
        if total is None:
            total = MaskSum(size or _shape_of(group[0]))
        if not total.add_together(group):
            _add_each(total, group)
    if total is None:
        msg = "masks must hold at least one mask; got none"
        raise ValueError(msg)
    return total.mean()


def _groups(masks: Iterable[ArrayLike]) -> Iterator[Array | list[Array]]:
    """Cut a stack into blocks and a list into eights; anything else comes one by one."""
    if isinstance(masks, np.ndarray) and masks.ndim == 3:
        for start in range(0, len(masks), MOST):
            yield masks[start : start + MOST]
        return
    at_once = 8 if isinstance(masks, list | tuple | np.ndarray) else 1
    source = map(_as_mask, count(), _iterated(masks))
    while group := list(islice(source, at_once)):
        yield group
        group.clear()  # before the next one is asked for


def _iterated(masks: Iterable[ArrayLike]) -> Iterator[ArrayLike]:
    try:
        return iter(masks)
    except TypeError:
        msg = f"masks must be an iterable of masks; got {type(masks).__name__}"
        raise TypeError(msg) from None


def _as_mask(place: int, mask: ArrayLike) -> Array:
    return as_array(f"masks[{place}]", mask, MASK)


def _shape_of(mask: Array) -> tuple[int, int]:
    height, width = check_mask("masks[0]", mask).shape
    if mask.size == 0:
        msg = f"masks[0] must have at least one pixel; got {describe(mask)}"
        raise ValueError(msg)
    return height, width


def _add_each(total: MaskSum, group: Array | list[Array]) -> None:
    for mask in group:
        total.add(f"masks[{total.count}]", mask)
