"""Many feature channels reduced to the few that vary most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .._core.checks import check_count, describe

if TYPE_CHECKING:
    from typing import SupportsIndex

    from .._core.typing import Array, ArrayLike, Floats

BLOCK = 2**15
"""Rows taken to float64 at a time."""


def reduce_features(
    features: ArrayLike, *, n_components: SupportsIndex = 3, scale: bool = True
) -> Array:
    """Reduce features to their principal components, ready to be looked at.

    Parameters
    ----------
    features : (..., D) array_like of float or int
        One feature vector a pixel (or a superpixel), finite.
    n_components : int, default 3
        How many components, 1..D.
    scale : bool, default True
        Bring each component to 0..1, from its least value to its largest; a
        component that does not vary becomes 0.

    Returns
    -------
    (..., n_components) array
        Float32 for float32, else float64. Components of the largest variance
        first, around the mean. Each has the sign that makes its largest loading
        positive, so that colors do not flip from run to run.

    Raises
    ------
    TypeError, ValueError
        If features are no finite real numbers, there is none, or `n_components`
        is out of range.

    See Also
    --------
    guided_filter : Smooth features along the photograph's edges first.

    Notes
    -----
    Section 4 of [1]_: eigenvectors of the D x D covariance, in float64. O(P D**2 +
    D**3) time for P vectors, 256 D KiB of working memory beside the result.

    References
    ----------
    .. [1] Verma, Nagar & Raman, "Fast semantic feature extraction using superpixels
       for soft segmentation", section 4.

    Examples
    --------
    >>> reduce_features([[0.0, 1.0], [5.0, 1.0], [10.0, 1.0]], n_components=1)
    array([[0. ],
           [0.5],
           [1. ]])
    """
    array = _check(features)
    k = check_count("n_components", n_components, high=array.shape[-1])
    rows = array.reshape(-1, array.shape[-1])
    mean, loadings = _principal(rows, k)
    out = np.empty((len(rows), k), np.float32 if rows.dtype == np.float32 else float)
    for block in _blocks(len(rows)):
        out[block] = (rows[block] - mean) @ loadings
    if scale:
        low, high = out.min(0), out.max(0)
        span = np.where(high > low, high - low, 1)
        out = np.clip((out - low) / span, 0, 1).astype(out.dtype, copy=False)
    return out.reshape(*array.shape[:-1], k)


def _check(features: ArrayLike) -> Array:
    array = np.asarray(features)
    if array.dtype.kind not in "biuf":
        msg = f"features must be real numbers of shape (..., D); got {describe(array)}"
        raise TypeError(msg)
    if array.ndim < 2 or array.size == 0:
        msg = f"features must be (..., D), at least one; got shape {array.shape}"
        raise ValueError(msg)
    if not np.isfinite(array).all():
        msg = "features must be finite; got NaN or infinity"
        raise ValueError(msg)
    return array


def _principal(rows: Array, k: int) -> tuple[Floats, Floats]:
    """Return the mean (D,) and the loadings (D, k), largest variance first."""
    # In a unit of their own, squares neither overflow nor vanish.
    most = max(abs(float(rows.max())), abs(float(rows.min())))
    unit = 2.0 ** int(np.frexp(most or 1.0)[1] - 1)
    mean = np.zeros(rows.shape[1])
    for block in _blocks(len(rows)):
        mean += (rows[block] / unit).sum(axis=0, dtype=np.float64)
    mean *= unit / len(rows)
    covariance = np.zeros((rows.shape[1], rows.shape[1]))
    for block in _blocks(len(rows)):
        centered = (rows[block] - mean) / unit
        covariance += centered.T @ centered
    loadings = np.linalg.eigh(covariance)[1][:, : -k - 1 : -1]
    top = np.abs(loadings).argmax(axis=0)
    return mean, loadings * np.sign(loadings[top, np.arange(k)])


def _blocks(n: int) -> list[slice]:
    return [slice(start, start + BLOCK) for start in range(0, n, BLOCK)]
