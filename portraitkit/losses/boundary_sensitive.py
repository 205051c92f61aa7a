"""The loss of the boundary-sensitive network: both kernels at once."""

from ._arrays import Array
from ._checks import check_choice
from ._softmax import REDUCTIONS
from .global_kernel import global_kernel_loss
from .soft_label import soft_label_loss


def boundary_sensitive_loss(
    logits: Array,
    soft_labels: Array,
    target: Array,
    kernel: Array,
    *,
    axis: int = -1,
    reduction: str = "mean",
) -> Array:
    """Loss of the boundary-sensitive network: individual plus global kernel.

    ``soft_label_loss(logits, soft_labels) + global_kernel_loss(logits, target,
    kernel)``, in nats.

    Parameters
    ----------
    logits : (..., K) array of float
        Unnormalised scores z, finite; the classes lie on `axis`. K is 3 in the paper:
        foreground, boundary, background.
    soft_labels : (..., K) array of float
        Soft labels of the shape of `logits`, summing to 1 on `axis`:
        `portraitkit.kernels.individual_kernel`.
    target : (...) array of int
        The class of each pixel, 0..K-1: `portraitkit.kernels.label_map`.
    kernel : (H, W) array of float
        Weight of each position, >= 0: `portraitkit.kernels.global_kernel`. It lies on
        the last axes of the pixels and broadcasts over the batch.
    axis : int, default -1
        Class axis: -1 for (N, H, W, K), 1 for (N, K, H, W).
    reduction : {"mean", "sum", "none"}, default "mean"
        Mean over pixels (divided by their number), sum over pixels, or the loss of
        each pixel.

    Returns
    -------
    array
        Zero-dimensional, or of the shape of `target` for "none"; of the library and
        device of `logits`; float64 for float64, else float32.

    Raises
    ------
    TypeError
        If an argument is not an array, not of the library of `logits`, or of the
        wrong kind of dtype.
    ValueError
        If shapes do not fit, `logits` is empty, `target` holds a class out of range
        (NaN where that cannot be seen, as in `global_kernel_loss`), or `axis` or
        `reduction` is unknown.

    Notes
    -----
    Equations 4 and 7 of [1]_, summed with equal weight as there. Range: 0 and up. The
    optimum of a pixel is at softmax(z) = (K + kernel * onehot) / (1 + kernel); both
    terms vanish together only where the soft label is hard and equals the target.
    The gradient is the sum of `soft_label_grad` and `global_kernel_grad`.
    O(pixels K) time, a few arrays of the size of `logits`.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive network for portrait segmentation",
       FG 2019.

    Examples
    --------
    >>> import numpy as np
    >>> logits = np.log([[[0.5, 0.25, 0.25]]])
    >>> soft, hard = np.array([[[1.0, 0.0, 0.0]]]), np.array([[0]])
    >>> float(boundary_sensitive_loss(logits, soft, hard, np.array([[1.0]])))  # 2 log 2
    1.3862943611198906
    """
    check_choice("reduction", reduction, REDUCTIONS)
    soft = soft_label_loss(logits, soft_labels, axis=axis, reduction=reduction)
    hard = global_kernel_loss(logits, target, kernel, axis=axis, reduction=reduction)
    return soft + hard
