"""Cross-entropy against soft labels, such as individual boundary kernels."""

from types import ModuleType

from ._arrays import Array
from ._checks import check_per_pixel, check_soft, pixels_of
from ._softmax import (
    across_classes,
    class_scores,
    log_softmax,
    reduce,
    share,
    softmax,
)


def soft_label_loss(
    logits: Array,
    soft_labels: Array,
    *,
    weight: Array | None = None,
    axis: int = -1,
    reduction: str = "mean",
) -> Array:
    """Cross-entropy of the softmax of `logits` against soft labels.

    Per pixel ``-w * sum_j K_j log softmax(z)_j``, in nats.

    Parameters
    ----------
    logits : (..., K) array of float
        Unnormalised scores z, finite; the classes lie on `axis`.
    soft_labels : (..., K) array of float
        Soft labels K of the shape of `logits`, 0..1, summing to 1 on `axis`; for
        instance `portraitkit.kernels.individual_kernel`.
    weight : (...) array of float, optional
        A factor w >= 0 for each pixel: the shape of `logits` without `axis`, or its
        last axes, at least (H, W), where it broadcasts over the batch; a side may
        be 1.
    axis : int, default -1
        Class axis: -1 for (N, H, W, K), 1 for (N, K, H, W).
    reduction : {"mean", "sum", "none"}, default "mean"
        Mean over pixels (divided by their number, not by the sum of weights), sum
        over pixels, or the loss of each pixel.

    Returns
    -------
    array
        Zero-dimensional, or of the shape of `logits` without `axis` for "none"; of
        the library and device of `logits`; float64 for float64, else float32.

    Raises
    ------
    TypeError
        If an argument is not an array, not of the library of `logits`, or not of a
        real floating dtype.
    ValueError
        If shapes do not fit, `logits` is empty, or `axis` or `reduction` is unknown.

    See Also
    --------
    soft_label_grad : The gradient in closed form.
    boundary_sensitive_loss : Adds the global-kernel loss.

    Notes
    -----
    Equation 4 of [1]_. Range: 0 and up. With `weight` None the optimum of a pixel is
    the entropy of its labels (0 for hard ones), reached at softmax(z) = K. Adding a
    number to all logits of a pixel changes nothing. Numbers of 16 bits are computed
    in float32. The loss of a pixel is finite while its logits are less than 3.4e38
    apart (1.8e308 in float64): for all of float16, and in bfloat16 and float32 up to
    1.7e38 in size. A sum or mean is finite while the sum over all pixels is below
    these bounds. Differentiable in every argument by the library of the arrays, under
    jit, vmap and torch.compile.
    O(pixels K) time, a few arrays of the size of `logits`.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive network for portrait segmentation",
       FG 2019.

    Examples
    --------
    >>> import numpy as np
    >>> logits = np.log([[0.5, 0.25, 0.25]])
    >>> labels = np.array([[0.0, 1.0, 0.0]])
    >>> float(soft_label_loss(logits, labels))  # log 4
    1.3862943611198906
    """
    xp, z, axis = class_scores(logits, axis)
    labels = _labels(xp, soft_labels, z)
    entropy = -xp.sum(labels * log_softmax(xp, z, axis), axis=axis)
    if weight is not None:
        check_per_pixel("weight", weight, pixels_of(z, axis), xp)
        entropy = entropy * xp.astype(weight, z.dtype)
    return reduce(xp, entropy, reduction)


def soft_label_grad(
    logits: Array,
    soft_labels: Array,
    *,
    weight: Array | None = None,
    axis: int = -1,
    reduction: str = "mean",
) -> Array:
    """Gradient of `soft_label_loss` in its logits, in closed form.

    Per pixel ``w * (softmax(z) - K)``, divided by the number of pixels for "mean".

    Parameters
    ----------
    logits : (..., K) array of float
        Unnormalised scores z, finite; the classes lie on `axis`.
    soft_labels : (..., K) array of float
        Soft labels K of the shape of `logits`, summing to 1 on `axis`.
    weight : (...) array of float, optional
        A factor for each pixel, as in `soft_label_loss`.
    axis : int, default -1
        Class axis.
    reduction : {"mean", "sum", "none"}, default "mean"
        What is differentiated: the mean over pixels, their sum, or for "none" the
        loss of each pixel in its own logits (the same as the sum).

    Returns
    -------
    (..., K) array
        Of the shape, library, dtype and device of `logits`.

    Raises
    ------
    TypeError
        If an argument is not an array, not of the library of `logits`, or not of a
        real floating dtype.
    ValueError
        If shapes do not fit, `logits` is empty, or `axis` or `reduction` is unknown.

    Notes
    -----
    Equation 5 of [1]_; the printed -(K - y) is the same. For labels that do not sum
    to 1 it is ``w * (softmax(z) * sum_j K_j - K)``, the derivative all the same.
    Values lie within -w..w; 0 at softmax(z) = K. For a trainer without automatic
    differentiation. O(pixels K) time, a few arrays of the size of `logits`.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive network for portrait segmentation",
       FG 2019.

    Examples
    --------
    >>> import numpy as np
    >>> logits = np.log([[0.5, 0.25, 0.25]])
    >>> soft_label_grad(logits, np.array([[0.0, 1.0, 0.0]]))
    array([[ 0.5 , -0.75,  0.25]])
    """
    xp, z, axis = class_scores(logits, axis)
    labels = _labels(xp, soft_labels, z)
    total = xp.sum(labels, axis=axis, keepdims=True)
    grad = softmax(xp, z, axis) * total - labels
    pixels = pixels_of(z, axis)
    if weight is not None:
        check_per_pixel("weight", weight, pixels, xp)
        grad = grad * across_classes(xp, xp.astype(weight, z.dtype), z, axis)
    return xp.astype(share(grad, pixels, reduction), logits.dtype)


def _labels(xp: ModuleType, soft_labels: Array, z: Array) -> Array:
    check_soft("soft_labels", soft_labels, z, xp)
    return xp.astype(soft_labels, z.dtype)
