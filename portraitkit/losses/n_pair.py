"""N-pair loss over superpixels: like features for like classes."""

from types import ModuleType

from . import _pairs
from ._arrays import Array, seen_false
from ._checks import check_choice, check_floats, check_integers, check_shape, describe

FORMS = ("printed", "softplus")


def n_pair_loss(features: Array, classes: Array, *, form: str = "printed") -> Array:
    """N-pair loss over all ordered pairs of features.

    With d the Euclidean distance of two features, the sum of log((1 + e^d)/2) over
    pairs of one class and of log(1 + e^-d / 2) over all others, divided by N; in nats.

    Parameters
    ----------
    features : (N, D) array of float
        One feature per superpixel, finite: `portraitkit.kernels.pool_mean`.
    classes : (N,) array of int
        The class of each superpixel; any integers, only their equality counts.
    form : {"printed", "softplus"}, default "printed"
        "softplus" takes log(1 + e^-d) for pairs of different classes: the usual
        logistic term.

    Returns
    -------
    array
        Zero-dimensional, of the library and device of `features`; float64 for
        float64, else float32.

    Raises
    ------
    TypeError
        If an argument is not an array, not of the library of `features`, or if
        `features` is not real floating or `classes` not integer.
    ValueError
        If `features` is not of shape (N, D) with N, D >= 1, `classes` not of shape
        (N,), or `form` is unknown; on the CPU also if `features` is not finite.

    See Also
    --------
    n_pair_grad : The gradient in closed form.
    n_pair_loss_and_grad : Both for little more than the price of one.
    sampled_n_pair_loss : The baseline over sampled pixels.

    Notes
    -----
    Equation 5 of [1]_. Printed, 1/N stands before the first sum only; here it stands
    before both, else their balance would depend on N. Range: 0 and up. A pair of one
    class costs 0 at d = 0, its optimum, and about d - log 2 far apart; a pair of
    different classes costs log 1.5 ("printed") or log 2 ("softplus") at d = 0 and
    nothing far apart. So 0 is approached as classes part and each one contracts.
    Moving or rotating all features and reordering the superpixels change nothing.

    Under a jit, vmap or torch.compile and on a GPU, features that are not finite give
    NaN. The gradient at d = 0 is 0, also by torch and jax. Distances come from products of
    centered features in float64, whatever their dtype. With R the largest distance
    from the mean, d has an error of about 1e-16 R^2 / d, and pairs closer than
    6e-8 R count as equal. Where there is no float64 (jax without jax_enable_x64,
    Apple's mps) it is 1e-7 R^2 / d and 1.4e-3 R.

    O(N^2 D) time, once; N^2 / 16 pairs in memory, N^2 / 2 when it is differentiated by torch
    or jax.

    References
    ----------
    .. [1] Verma, Nagar, and Raman, "Fast semantic feature extraction using
       superpixels for soft segmentation".

    Examples
    --------
    >>> import numpy as np
    >>> features = np.array([[0.0], [0.0], [2.0]])
    >>> round(float(n_pair_loss(features, np.array([0, 0, 1]))), 6)
    0.087302
    >>> round(float(n_pair_loss(features, np.array([0, 0, 1]), form="softplus")), 6)
    0.169237
    """
    check_choice("form", form, FORMS)
    xp = check_pairs(features, classes)
    points = _pairs.points(xp, features)
    total = 0.0
    for _, block in _pairs.blocks(xp, points, classes, form):
        total += _pairs.loss(xp, block)
    return total / features.shape[0]


def n_pair_grad(features: Array, classes: Array, *, form: str = "printed") -> Array:
    """Gradient of `n_pair_loss` in its features, in closed form.

    ``2/N sum_q f'(d_pq) (F_p - F_q) / d_pq`` for each p, over q with d_pq > 0, where
    f' is e^d / (1 + e^d) for equal classes and -1 / (2 e^d + 1) ("printed") or
    -1 / (e^d + 1) ("softplus") for others.

    Parameters
    ----------
    features : (N, D) array of float
        One feature per superpixel, finite.
    classes : (N,) array of int
        The class of each superpixel.
    form : {"printed", "softplus"}, default "printed"
        As in `n_pair_loss`.

    Returns
    -------
    (N, D) array
        Of the library, dtype and device of `features`.

    Raises
    ------
    TypeError
        If an argument is not an array, not of the library of `features`, or if
        `features` is not real floating or `classes` not integer.
    ValueError
        If `features` is not of shape (N, D) with N, D >= 1, `classes` not of shape
        (N,), or `form` is unknown; on the CPU also if `features` is not finite.

    Notes
    -----
    The derivative of equation 5 of [1]_. A pair adds at most 2/N to the norm of each
    of its two rows, and 0 at d = 0; the rows sum to 0. In float32 the direction of a
    pair is exact to about 1e-7 of the largest norm divided by d. O(N^2 D) time,
    N^2 / 16 pairs in memory.

    References
    ----------
    .. [1] Verma, Nagar, and Raman, "Fast semantic feature extraction using
       superpixels for soft segmentation".

    Examples
    --------
    >>> import numpy as np
    >>> features = np.array([[0.0], [0.0], [2.0]])
    >>> n_pair_grad(features, np.array([0, 0, 1])).round(4)
    array([[ 0.0423],
           [ 0.0423],
           [-0.0845]])
    """
    check_choice("form", form, FORMS)
    xp = check_pairs(features, classes)
    points = _pairs.points(xp, features)
    grad = xp.zeros_like(points.values, dtype=points.dtype)
    for start, block in _pairs.blocks(xp, points, classes, form):
        grad = _pairs.add_gradient(xp, grad, points, block, start)
    return _for_features(xp, grad, features)


def n_pair_loss_and_grad(
    features: Array, classes: Array, *, form: str = "printed"
) -> tuple[Array, Array]:
    """Return `n_pair_loss` and `n_pair_grad`, measuring each distance once.

    Parameters
    ----------
    features : (N, D) array of float
        One feature per superpixel, finite.
    classes : (N,) array of int
        The class of each superpixel.
    form : {"printed", "softplus"}, default "printed"
        As in `n_pair_loss`.

    Returns
    -------
    loss : array
        Zero-dimensional, as from `n_pair_loss`.
    grad : (N, D) array
        As from `n_pair_grad`.

    Raises
    ------
    TypeError
        If an argument is not an array, not of the library of `features`, or if
        `features` is not real floating or `classes` not integer.
    ValueError
        If `features` is not of shape (N, D) with N, D >= 1, `classes` not of shape
        (N,), or `form` is unknown; on the CPU also if `features` is not finite.

    Notes
    -----
    Equation 5 of [1]_ and its derivative, for a trainer without automatic
    differentiation. O(N^2 D) time, N^2 / 16 pairs in memory.

    References
    ----------
    .. [1] Verma, Nagar, and Raman, "Fast semantic feature extraction using
       superpixels for soft segmentation".

    Examples
    --------
    >>> import numpy as np
    >>> loss, grad = n_pair_loss_and_grad(np.eye(2), np.array([0, 0]))
    >>> round(float(loss), 4), grad.round(4).tolist()
    (0.9387, [[0.5688, -0.5688], [-0.5688, 0.5688]])
    """
    check_choice("form", form, FORMS)
    xp = check_pairs(features, classes)
    points = _pairs.points(xp, features)
    total, grad = 0.0, xp.zeros_like(points.values, dtype=points.dtype)
    for start, block in _pairs.blocks(xp, points, classes, form):
        total += _pairs.loss(xp, block)
        grad = _pairs.add_gradient(xp, grad, points, block, start)
    return total / features.shape[0], _for_features(xp, grad, features)


def check_pairs(features: Array, classes: Array) -> ModuleType:
    """Return the namespace of `features`, with one of `classes` for each row."""
    xp = check_floats("features", features)
    if features.ndim != 2 or 0 in features.shape:
        msg = (
            "features must be of shape (N, D), one row per superpixel, not empty; "
            f"got {describe(features)}"
        )
        raise ValueError(msg)
    if seen_false(features, xp.all(xp.isfinite(features))):
        msg = "features must be finite; got NaN or infinity"
        raise ValueError(msg)
    check_integers("classes", classes, xp, other="features")
    check_shape("classes", classes, (features.shape[0],), "one class per feature")
    return xp


def _for_features(xp: ModuleType, grad: Array, features: Array) -> Array:
    """Return the sum over pairs as the gradient of their mean over superpixels."""
    return xp.astype(grad * (2 / features.shape[0]), features.dtype)
