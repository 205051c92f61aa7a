"""Cross-entropy against hard labels, weighted by the global boundary kernel."""

from types import ModuleType

from ._arrays import Array
from ._checks import check_per_pixel, check_target, pixels_of
from ._softmax import (
    across_classes,
    class_scores,
    log_softmax,
    reduce,
    share,
    softmax,
)
from ._target import one_hot


def global_kernel_loss(
    logits: Array,
    target: Array,
    kernel: Array,
    *,
    axis: int = -1,
    reduction: str = "mean",
) -> Array:
    """Cross-entropy of hard labels, weighted by a kernel of position.

    Per pixel ``-kernel * log softmax(z)_target``, in nats.

    Parameters
    ----------
    logits : (..., K) array of float
        Unnormalised scores z, finite; the classes lie on `axis`.
    target : (...) array of int
        The class of each pixel, 0..K-1: `portraitkit.kernels.label_map`.
    kernel : (H, W) array of float
        Weight of each position, >= 0: `portraitkit.kernels.global_kernel`. It lies on
        the last axes of the pixels and broadcasts over the batch; a side may be 1.
    axis : int, default -1
        Class axis: -1 for (N, H, W, K), 1 for (N, K, H, W).
    reduction : {"mean", "sum", "none"}, default "mean"
        Mean over pixels (divided by their number, not by the sum of the kernel), sum
        over pixels, or the loss of each pixel.

    Returns
    -------
    array
        Zero-dimensional, or of the shape of `target` for "none"; of the library and
        device of `logits`; float64 for float64, else float32.

    Raises
    ------
    TypeError
        If an argument is not an array or not of the library of `logits`, if
        `logits` or `kernel` is not of a real floating dtype, or `target` not integer.
    ValueError
        If shapes do not fit, `logits` is empty, `target` holds a class out of range,
        or `axis` or `reduction` is unknown.

    See Also
    --------
    global_kernel_grad : The gradient in closed form.

    Notes
    -----
    Equation 7 of [1]_, printed there without its minus sign. Range: 0 and up; the
    optimum 0 is approached as the logit of the target grows.

    Values of `target` are looked at on the CPU. Under jax.jit, vmap or torch.compile
    they do not exist yet, and on a GPU looking would wait for it: there a pixel with a
    class out of range makes the loss NaN instead, never a wrong number.

    Numbers of 16 bits are computed in float32. O(pixels K) time, a few arrays of the
    size of `logits`.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive network for portrait segmentation",
       FG 2019.

    Examples
    --------
    >>> import numpy as np
    >>> logits = np.log([[[0.5, 0.25, 0.25]]])
    >>> float(global_kernel_loss(logits, np.array([[1]]), np.array([[0.5]])))  # log 2
    0.6931471805599453
    """
    xp, z, axis = class_scores(logits, axis)
    hot, weight = _weighted(xp, z, target, kernel, axis)
    chosen = xp.sum(hot * log_softmax(xp, z, axis), axis=axis)
    return reduce(xp, -weight * chosen, reduction)


def global_kernel_grad(
    logits: Array,
    target: Array,
    kernel: Array,
    *,
    axis: int = -1,
    reduction: str = "mean",
) -> Array:
    """Gradient of `global_kernel_loss` in its logits, in closed form.

    Per pixel ``kernel * (softmax(z) - onehot(target))``, divided by the number of
    pixels for "mean".

    Parameters
    ----------
    logits : (..., K) array of float
        Unnormalised scores z, finite; the classes lie on `axis`.
    target : (...) array of int
        The class of each pixel, 0..K-1.
    kernel : (H, W) array of float
        Weight of each position; it lies on the last axes of the pixels.
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
        If an argument is not an array or not of the library of `logits`, if
        `logits` or `kernel` is not of a real floating dtype, or `target` not integer.
    ValueError
        If shapes do not fit, `logits` is empty, `target` holds a class out of range
        (NaN where that cannot be seen, as in `global_kernel_loss`), or `axis` or
        `reduction` is unknown.

    Notes
    -----
    Equation 8 of [1]_. Values lie within -kernel..kernel. O(pixels K) time, a few
    arrays of the size of `logits`.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive network for portrait segmentation",
       FG 2019.

    Examples
    --------
    >>> import numpy as np
    >>> logits = np.log([[[0.5, 0.25, 0.25]]])
    >>> global_kernel_grad(logits, np.array([[1]]), np.array([[0.5]]))
    array([[[ 0.25 , -0.375,  0.125]]])
    """
    xp, z, axis = class_scores(logits, axis)
    hot, weight = _weighted(xp, z, target, kernel, axis)
    weight = across_classes(xp, weight, z, axis)
    grad = weight * (softmax(xp, z, axis) - hot)
    return xp.astype(share(grad, pixels_of(z, axis), reduction), logits.dtype)


def _weighted(
    xp: ModuleType, z: Array, target: Array, kernel: Array, axis: int
) -> tuple[Array, Array]:
    """Return the target as one-hot labels, and the kernel in the dtype of `z`."""
    pixels = pixels_of(z, axis)
    target = check_target(target, pixels, z.shape[axis], xp)
    check_per_pixel("kernel", kernel, pixels, xp)
    return one_hot(xp, target, z, axis), xp.astype(kernel, z.dtype)
