"""From three-class logits to the probability of a person."""

from typing import Any

from .._core.arrays import Array, check_axis, namespace


def foreground_probability(logits: Array, *, axis: int = -1) -> Array:
    """Probability of the foreground, with the boundary class left out.

    Parameters
    ----------
    logits : (..., 3) array of a floating dtype
        Unnormalised scores of foreground, boundary and background, of any Array API
        library (NumPy, torch, jax, CuPy). Finite; -inf is allowed for one of the two
        that count.
    axis : int, default: -1
        Class axis: -1 for (..., H, W, 3), 1 for (N, 3, H, W).

    Returns
    -------
    (...) array
        0..1, without the class axis, of the library, dtype and device of `logits`.

    Raises
    ------
    TypeError
        If `logits` is no array of an Array API library or not floating, or `axis` is
        no integer.
    ValueError
        If `logits` has no axis `axis`, or not three classes there.

    See Also
    --------
    BoundaryClass : The order of the classes.

    Notes
    -----
    exp(z_fg) / (exp(z_fg) + exp(z_bg)): at test time the boundary class is ignored,
    section 4.1 of [1]_. No intermediate overflows, not even in float16 between its
    extremes; differentiable everywhere. O(n) time and memory.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive network for portrait segmentation",
       FG 2019.

    Examples
    --------
    >>> import numpy as np
    >>> foreground_probability(np.array([[1.0, 9.0, 1.0], [1000.0, 0.0, -1000.0]]))
    array([0.5, 1. ])
    """
    xp = _namespace(logits)
    axis = check_axis("logits", logits, axis)
    if logits.shape[axis] != 3:
        msg = (
            f"logits must have 3 classes (foreground, boundary, background) on axis "
            f"{axis}; got shape {tuple(logits.shape)}"
        )
        raise ValueError(msg)
    # Halves, squared at the end: the difference of two float16 may not be one.
    foreground, background = (_at(logits, k, axis) * 0.5 for k in (0, 2))
    top = xp.maximum(foreground, background)
    yes, no = (xp.exp(z - top) ** 2 for z in (foreground, background))
    return yes / (yes + no)


def _namespace(logits: Array) -> Any:
    try:
        xp = namespace(logits)
    except TypeError:
        msg = f"logits must be an Array API array; got {type(logits).__name__}"
        raise TypeError(msg) from None
    if not xp.isdtype(logits.dtype, "real floating"):
        msg = f"logits must be of a floating dtype; got {logits.dtype}"
        raise TypeError(msg)
    return xp


def _at(logits: Array, index: int, axis: int) -> Array:
    place: list[int | slice] = [slice(None)] * logits.ndim
    place[axis] = index
    return logits[tuple(place)]
