"""What the other branches of a network agree on, and how far one is from it."""

from ._arrays import Array, constant
from ._checks import check_integer, check_soft
from ._softmax import class_scores, softmax
from .soft_label import soft_label_loss


def consensus_labels(logits: Array, *, branch: int, axis: int = -1) -> Array:
    """Mean class probability over all branches but one.

    Parameters
    ----------
    logits : (B, ..., K) array of float
        Unnormalised scores of B >= 2 branches for the same pixels, finite; branches
        on the first axis, classes on `axis`.
    branch : int
        The branch that is left out, 0..B-1: the one to be taught.
    axis : int, default -1
        Class axis of `logits`, not the first: -1 for (B, N, H, W, K), 2 or -3 for
        (B, N, K, H, W).

    Returns
    -------
    (..., K) array
        Probabilities that sum to 1 over the classes: `logits` without its first axis.
        Of the library and device of `logits`; float64 for float64, else float32.

    Raises
    ------
    TypeError
        If `logits` is not an array of a real floating dtype, or `branch` no integer.
    ValueError
        If there are fewer than two branches, `branch` is not one of them, `logits` is
        empty, or `axis` is not one of its axes after the first.

    See Also
    --------
    consistency_loss : Pulls the branch that was left out towards the consensus.

    Notes
    -----
    Equation 6 of [1]_: the mean of softmax, not the softmax of the mean. It is a
    label: no gradient flows back through it. O(B pixels K) time and memory.

    References
    ----------
    .. [1] Liang et al., "Person foreground segmentation by learning multi-domain
       networks".

    Examples
    --------
    >>> import numpy as np
    >>> logits = np.log([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]])
    >>> consensus_labels(logits, branch=0)
    array([0.4, 0.6])
    """
    xp, z, axis = class_scores(logits, axis)
    n_branches = z.shape[0]
    if z.ndim < 2 or n_branches < 2 or axis == -z.ndim:
        msg = (
            "logits must be of shape (branches, ..., K) with at least 2 branches, "
            f"axis not the first; got shape {tuple(z.shape)}, axis {axis}"
        )
        raise ValueError(msg)
    branch = check_integer("branch", branch, low=0, high=n_branches - 1)
    others = xp.concat([z[:branch, ...], z[branch + 1 :, ...]], axis=0)
    return xp.mean(softmax(xp, constant(others), axis), axis=0)


def consistency_loss(
    logits: Array, consensus: Array, *, axis: int = -1, reduction: str = "mean"
) -> Array:
    """Cross-entropy of one branch against the consensus of the others.

    Per pixel ``-sum_j C_j log softmax(z)_j``, in nats.

    Parameters
    ----------
    logits : (..., K) array of float
        Unnormalised scores z of the branch, finite; the classes lie on `axis`.
    consensus : (..., K) array of float
        Probabilities C of the shape of `logits`, summing to 1 on `axis`:
        `consensus_labels`. No gradient flows into it.
    axis : int, default -1
        Class axis: -1 for (N, H, W, K), 1 for (N, K, H, W).
    reduction : {"mean", "sum", "none"}, default "mean"
        Mean over pixels (divided by their number), sum over pixels, or the loss of
        each pixel.

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
        If shapes differ, `logits` is empty, or `axis` or `reduction` is unknown.

    Notes
    -----
    Equation 7 of [1]_. Range: 0 and up; the optimum of a pixel is the entropy of its
    consensus, at softmax(z) = C. The gradient in the logits is softmax(z) - C.
    O(pixels K) time, a few arrays of the size of `logits`.

    References
    ----------
    .. [1] Liang et al., "Person foreground segmentation by learning multi-domain
       networks".

    Examples
    --------
    >>> import numpy as np
    >>> logits = np.log([[[0.9, 0.1]], [[0.5, 0.5]]])
    >>> consensus = consensus_labels(logits, branch=0)
    >>> round(float(consistency_loss(logits[0], consensus)), 6)
    1.203973
    """
    xp, z, axis = class_scores(logits, axis)
    check_soft("consensus", consensus, z, xp)
    return soft_label_loss(z, constant(consensus), axis=axis, reduction=reduction)
