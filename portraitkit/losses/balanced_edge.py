"""Cross-entropy for the few pixels of an edge among the many that are none."""

import math
from types import ModuleType

from ._arrays import Array, seen_false, working_dtype
from ._checks import check_companion, check_floats, check_shape, describe
from ._softmax import reduce


def balanced_edge_loss(logits: Array, edge: Array, *, reduction: str = "sum") -> Array:
    """Binary cross-entropy where edge and rest weigh the same in each image.

    Per pixel ``-beta * log P`` on an edge and ``-(1 - beta) * log(1 - P)`` elsewhere,
    in nats, with P = sigmoid(logits) and beta the share of non-edge pixels.

    Parameters
    ----------
    logits : (..., H, W) array of float
        Score of "edge" at each pixel, finite, before the sigmoid.
    edge : (..., H, W) array of bool
        Where the edges are, of the shape of `logits`; numbers 0/1 or 0/255 are
        accepted. `portraitkit.kernels.edge_map` makes one.
    reduction : {"sum", "mean", "none"}, default "sum"
        Sum over pixels as in the paper, mean over pixels (divided by their number),
        or the loss of each pixel.

    Returns
    -------
    array
        Zero-dimensional, or of the shape of `logits` for "none"; of the library and
        device of `logits`; float64 for float64, else float32.

    Raises
    ------
    TypeError
        If an argument is not an array, `edge` is not of the library of `logits`, or
        `logits` is not of a real floating dtype.
    ValueError
        If shapes differ or are not (..., H, W), if `edge` holds other values (where
        they cannot be seen, as in `global_kernel_loss`, NaN), or if `reduction` is
        unknown.

    Notes
    -----
    Equation 3 of [1]_; beta is taken per image, over the last two axes. Range: 0 and
    up; the optimum 0 is approached as logits grow on edges and fall elsewhere. At
    logits 0 an image with edges costs 2 log 2 beta (1 - beta) H W. An image without
    any edge has beta = 1, one that is all edge beta = 0: both cost exactly 0, with
    gradient 0. The gradient is beta (P - 1) on edges and (1 - beta) P elsewhere.
    Computed through log(1 + e^x) without overflow. O(pixels) time and memory.

    References
    ----------
    .. [1] Liang et al., "Person foreground segmentation by learning multi-domain
       networks".

    Examples
    --------
    >>> import numpy as np
    >>> edge = np.array([[True, False, False, False]])
    >>> float(balanced_edge_loss(np.zeros((1, 4)), edge))  # 3/2 log 2
    1.0397207708399179
    """
    xp = check_floats("logits", logits)
    if logits.ndim < 2 or 0 in logits.shape:
        msg = f"logits must be of shape (..., H, W), not empty; got {describe(logits)}"
        raise ValueError(msg)
    check_companion("edge", edge, "logits", xp)
    check_shape("edge", edge, tuple(logits.shape), "the shape of logits")
    z = xp.astype(logits, working_dtype(xp, logits))
    y = _zero_or_one(xp, edge, z)
    beta = 1 - xp.mean(y, axis=(-2, -1), keepdims=True)
    weight = y * beta + (1 - y) * (1 - beta)
    wrong = xp.logaddexp((1 - 2 * y) * z, xp.zeros_like(z))
    return reduce(xp, weight * wrong, reduction)


def _zero_or_one(xp: ModuleType, edge: Array, z: Array) -> Array:
    """Return `edge` as numbers of the dtype of `z`, NaN where it is no mask."""
    values = xp.astype(edge, z.dtype)
    on = (values == 1) | (values == 255)
    known = on | (values == 0)
    if seen_false(edge, xp.all(known)):
        msg = f"edge must hold only 0 and 1, or 0 and 255; got {describe(edge)}"
        raise ValueError(msg)
    return xp.where(known, xp.astype(on, z.dtype), math.nan)
