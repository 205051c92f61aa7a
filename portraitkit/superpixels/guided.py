"""Smooth values along the edges of a photograph (He et al.'s guided filter)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .._core.checks import check_count, check_number, describe
from ._numba.guided import BLOCK, filter_block, invert

if TYPE_CHECKING:
    from typing import SupportsIndex

    from .._core.typing import Array, ArrayLike, Floats


def guided_filter(
    values: ArrayLike,
    guide: ArrayLike,
    *,
    radius: SupportsIndex = 8,
    eps: float = 1e-4,
) -> Array:
    """Smooth every channel of `values`, keeping edges that the guide has.

    Parameters
    ----------
    values : (H, W) or (H, W, C) array_like
        What to smooth, finite; any number of channels.
    guide : (H, W, 3) or (H, W) array_like
        Photograph: uint8, or float in 0..1.
    radius : int, default 8
        Windows are squares of 2 `radius` + 1 pixels, cut at the frame; >= 0.
    eps : float, default 1e-4
        Variance of the guide (in 0..1 units) below which a window is flat, > 0.

    Returns
    -------
    array of the shape of `values`
        Float32 for float32, else float64.

    Raises
    ------
    TypeError, ValueError
        If values are not finite numbers, the guide is no photograph of their size,
        or a number is out of range.

    See Also
    --------
    reduce_features : Bring the result to three channels.

    Notes
    -----
    Equations 14 to 16 of [1]_ (the guide's whole 3 x 3 covariance), every sum in
    float64. O(H W C) time whatever the radius; 256 W (radius + 3) numbers of
    working memory.

    References
    ----------
    .. [1] He, Sun & Tang, "Guided image filtering", PAMI 2013.

    Examples
    --------
    >>> import numpy as np
    >>> guide = np.array([[0, 0, 255, 255]], np.uint8)
    >>> noisy = np.array([[1.0, 3.0, 8.0, 6.0]])
    >>> guided_filter(noisy, guide, radius=3).round(2)
    array([[2., 2., 7., 7.]])
    """
    pixels = _check_values(values)
    picture = _check_guide(guide, pixels.shape[:2])
    radius = check_count("radius", radius, low=0)
    floor = check_number("eps", eps, low=0, open_low=True)
    reach = min(radius, pixels.shape[0]), min(radius, pixels.shape[1])
    mean, inverse = _statistics(picture, reach, floor)
    flat = np.ascontiguousarray(pixels.reshape(*pixels.shape[:2], -1))
    out = np.empty_like(flat)
    _filter(flat, picture, mean, inverse, reach, out)
    return out.reshape(pixels.shape)


def _filter(
    values: Array,
    guide: Floats,
    mean: Floats,
    inverse: Floats,
    reach: tuple[int, int],
    out: Array,
) -> None:
    width, channels = values.shape[1:]
    ring = np.empty((2 * reach[0] + 1, width, 4 * BLOCK), values.dtype)
    moments, sums = (np.empty((width, 4 * BLOCK)) for _ in range(2))
    window = np.empty(5 * BLOCK)
    for first in range(0, channels, BLOCK):
        moments[:], sums[:] = 0, 0
        spaces = moments, sums, window, ring
        filter_block(values, guide, mean, inverse, reach, first, *spaces, out)


def _statistics(
    guide: Floats, reach: tuple[int, int], eps: float
) -> tuple[Floats, Floats]:
    """Return each window's mean and inverse of covariance + eps."""
    pairs = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]
    moments = np.empty((*guide.shape[:2], 9))
    moments[..., :3] = guide
    for k, (i, j) in enumerate(pairs, 3):
        np.multiply(guide[..., i], guide[..., j], out=moments[..., k])
    moments = _box(moments, reach)
    inverse = np.empty((*guide.shape[:2], 6))
    invert(moments, eps, inverse)
    if not np.isfinite(inverse).all():  # its cube is nothing
        msg = f"eps must be large enough to divide by, say 1e-12; got {eps}"
        raise ValueError(msg)
    return np.ascontiguousarray(moments[..., :3]), inverse


def _box(values: Floats, reach: tuple[int, int]) -> Floats:
    """Average over windows cut at the frame."""
    import cv2

    size = 2 * reach[1] + 1, 2 * reach[0] + 1
    edge = cv2.BORDER_CONSTANT
    sums = np.asarray(
        cv2.boxFilter(values, -1, size, normalize=False, borderType=edge), np.float64
    ).reshape(values.shape)
    tall, wide = (
        np.minimum(np.arange(n) + r + 1, n) - np.maximum(np.arange(n) - r, 0)
        for n, r in zip(values.shape, reach, strict=False)
    )
    mean: Floats = sums / (tall[:, None] * wide)[..., None]
    return mean


def _check_values(values: ArrayLike) -> Array:
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        msg = f"values must be real numbers; got {describe(array)}"
        raise TypeError(msg)
    if array.ndim not in (2, 3) or array.size == 0:
        msg = (
            "values must be (H, W) or (H, W, C) with at least one value; "
            f"got shape {array.shape}"
        )
        raise ValueError(msg)
    if not np.isfinite(array).all():
        msg = "values must be finite; got NaN or infinity"
        raise ValueError(msg)
    return array.astype(np.float32 if array.dtype == np.float32 else float, copy=False)


def _check_guide(guide: ArrayLike, shape: tuple[int, ...]) -> Floats:
    """Return the guide as (H, W, 3) float64 in 0..1; gray fills one channel."""
    array = np.asarray(guide)
    if array.dtype != np.uint8 and array.dtype.kind != "f":
        msg = f"guide must be uint8, or float in 0..1; got {describe(array)}"
        raise TypeError(msg)
    if array.shape not in (shape, (*shape, 3)):
        msg = f"guide must be {(*shape, 3)} or {shape} like values; got {array.shape}"
        raise ValueError(msg)
    if array.dtype != np.uint8 and not (array.min() >= 0 and array.max() <= 1):
        msg = f"guide must lie in 0..1; got values {array.min()}..{array.max()}"
        raise ValueError(msg)
    scale = 255 if array.dtype == np.uint8 else 1
    out = np.zeros((*shape, 3))
    out[..., : 1 if array.ndim == 2 else 3] = array.reshape(*shape, -1) / scale
    return out
