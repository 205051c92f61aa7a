"""Pool per-pixel values over superpixels, and paint them back on their pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core.checks import check_count
from ._libraries import backend_of, check_regions

if TYPE_CHECKING:
    from typing import SupportsIndex

    from ._libraries import AnyArray, Backend


def pool_mean(
    values: AnyArray,
    labels: AnyArray,
    *,
    n_labels: SupportsIndex | None = None,
    channel_axis: SupportsIndex = -1,
) -> AnyArray:
    """Average per-pixel values over each superpixel.

    Parameters
    ----------
    values : (H, W, C) or (H, W) array
        What to average: of NumPy (or anything it takes), torch or jax.
    labels : (H, W) array of int
        Superpixel of each pixel; -1 takes no part.
    n_labels : int, optional
        K, larger than every label. Default: the largest label + 1. Must be given
        where labels are traced (`jax.jit`, `torch.compile`).
    channel_axis : int, default -1
        Where `values` has its channels: 0 for (C, H, W).

    Returns
    -------
    (K, C) array
        Of the library and device of `values`; C = 1 for (H, W). Floats keep their
        dtype, integers become the library's float64. A superpixel without pixels
        has mean 0.

    Raises
    ------
    TypeError, ValueError
        If the shapes disagree, labels are no integers, below -1 or not below
        `n_labels`. Traced labels cannot be checked: those out of range take no part.

    See Also
    --------
    unpool : Paint superpixels' values back on their pixels.
    pool_mean_grad : The backward step, where no library differentiates.

    Notes
    -----
    Equation 3 of [1]_. O(H W C) time and O(K C) memory beside a copy of `values`
    that is not C-ordered. NumPy adds in float64; torch and jax in float32 or
    float64, differentiably. Results do not depend on threads or runs.

    References
    ----------
    .. [1] Verma, Nagar & Raman, "Fast semantic feature extraction using superpixels
       for soft segmentation", section 3.

    Examples
    --------
    >>> pool_mean([[1.0, 3.0], [5.0, 5.0]], [[0, 0], [1, -1]])
    array([[2.],
           [5.]])
    """
    backend = backend_of(values)
    pixels = backend.floats("values", values)
    regions, n = check_regions(backend, labels, pixels, n_labels)
    pixels = _channels_last(backend, pixels, tuple(regions.shape), channel_axis)
    return backend.pool(pixels.reshape(-1, pixels.shape[2]), regions.reshape(-1), n)


def pool_mean_grad(
    grad: AnyArray, labels: AnyArray, *, channel_axis: SupportsIndex = -1
) -> AnyArray:
    """Carry a gradient of superpixels' means back to the pixels.

    Parameters
    ----------
    grad : (K, C) array
        d(loss) / d(mean), of NumPy, torch or jax.
    labels : (H, W) array of int
        Superpixel of each pixel, below K; -1 takes no part.
    channel_axis : int, default -1
        Where the result has its channels: 0 for (C, H, W).

    Returns
    -------
    (H, W, C) array
        Each pixel's superpixel's gradient divided by the superpixel's size; 0 for
        pixels without a superpixel.

    Raises
    ------
    TypeError, ValueError
        If `grad` is not (K, C), or labels are no integers in -1..K - 1.

    See Also
    --------
    pool_mean : The forward step; torch and jax differentiate it themselves.

    Notes
    -----
    Backward of equation 3 of [1]_. O(H W C) time and memory.

    References
    ----------
    .. [1] Verma, Nagar & Raman, "Fast semantic feature extraction using superpixels
       for soft segmentation", section 3.

    Examples
    --------
    >>> pool_mean_grad([[6.0]], [[0, 0, -1]])[..., 0]
    array([[3., 3., 0.]])
    """
    backend = backend_of(grad)
    rows = _rows(backend, "grad", grad)
    regions, n = check_regions(backend, labels, rows, rows.shape[0])
    flat = regions.reshape(-1)
    shared = rows / backend.sizes(flat, n, rows)[:, None]
    return _painted(backend, shared, regions, channel_axis)


def unpool(
    pooled: AnyArray, labels: AnyArray, *, channel_axis: SupportsIndex = -1
) -> AnyArray:
    """Paint superpixels' values on their pixels.

    Parameters
    ----------
    pooled : (K, C) array
        One row a superpixel, of NumPy, torch or jax.
    labels : (H, W) array of int
        Superpixel of each pixel, below K, or -1.
    channel_axis : int, default -1
        Where the result has its channels: 0 for (C, H, W).

    Returns
    -------
    (H, W, C) array
        Of the library and device of `pooled`, floats of the same dtype; 0 for
        pixels without a superpixel.

    Raises
    ------
    TypeError, ValueError
        If `pooled` is not (K, C), or labels are no integers in -1..K - 1.

    See Also
    --------
    pool_mean : The other direction.

    Notes
    -----
    Equations 6 and 7 of [1]_. O(H W C) time and memory.

    References
    ----------
    .. [1] Verma, Nagar & Raman, "Fast semantic feature extraction using superpixels
       for soft segmentation", section 3.

    Examples
    --------
    >>> unpool([[2.0], [5.0]], [[0, 1, -1]])[..., 0]
    array([[2., 5., 0.]])
    """
    backend = backend_of(pooled)
    rows = _rows(backend, "pooled", pooled)
    regions, _ = check_regions(backend, labels, rows, rows.shape[0])
    return _painted(backend, rows, regions, channel_axis)


def _channels_last(
    backend: Backend, values: AnyArray, shape: tuple[int, ...], axis: SupportsIndex
) -> AnyArray:
    where = _axis(axis)
    if values.ndim == 2:
        values = values[..., None]
    elif values.ndim == 3:
        values = backend.moveaxis(values, where, 2)
    if values.ndim != 3 or tuple(values.shape[:2]) != shape:
        msg = (
            f"values must be (H, W) or (H, W, C) with (H, W) = {shape} like labels; "
            f"got channels on axis {where} of shape {tuple(values.shape)} with "
            "channels last"
        )
        raise ValueError(msg)
    return values


def _axis(axis: SupportsIndex) -> int:
    return check_count("channel_axis", axis, low=-3, high=2)


def _rows(backend: Backend, name: str, rows: AnyArray) -> AnyArray:
    array = backend.floats(name, rows)
    if array.ndim != 2:
        msg = f"{name} must be of shape (K, C); got shape {tuple(array.shape)}"
        raise ValueError(msg)
    return array


def _painted(
    backend: Backend, rows: AnyArray, regions: AnyArray, axis: SupportsIndex
) -> AnyArray:
    flat = backend.paint(rows, regions.reshape(-1))
    pixels = flat.reshape(*regions.shape, rows.shape[1])
    return backend.moveaxis(pixels, 2, _axis(axis))
