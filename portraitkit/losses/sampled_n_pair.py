"""The pixel-sampling loss that superpixels replace, as a baseline."""

import random

from ._arrays import Array, device_of, is_traced, to_integers
from ._checks import check_integer
from .n_pair import check_pairs, n_pair_loss


def sampled_n_pair_loss(
    features: Array,
    classes: Array,
    *,
    seed: int,
    n_iter: int = 10,
    n_inst: int = 3,
    n_samp: int = 1000,
) -> Array:
    """N-pair loss over pixels sampled from a few classes, averaged over draws.

    Each draw picks `n_inst` of the classes present and `n_samp` pixels of each, and
    takes `n_pair_loss` (the printed form) of those.

    Parameters
    ----------
    features : (P, D) array of float
        One feature per pixel, finite.
    classes : (P,) array of int
        The class (or instance) of each pixel.
    seed : int
        Decides the draws: the same seed draws the same pixels in every library.
    n_iter : int, default 10
        Number of draws, >= 1.
    n_inst : int, default 3
        Classes per draw, >= 1; all of them where there are fewer.
    n_samp : int, default 1000
        Pixels per class, >= 1, without repetition; all of them where there are fewer.

    Returns
    -------
    array
        Zero-dimensional, of the library and device of `features`; float64 for
        float64, else float32.

    Raises
    ------
    TypeError
        If an array is of the wrong kind, a number is no integer, or `classes` is
        traced by jax: which pixels are drawn must be known. Close over `classes`
        instead of passing them through jax.jit.
    ValueError
        If shapes do not fit or a count is less than 1; on the CPU also if `features`
        is not finite.

    See Also
    --------
    n_pair_loss : The loss over superpixels.

    Notes
    -----
    The baseline of table 1 of [1]_, after [2]_. Range and optimum are those of
    `n_pair_loss`; differentiable in `features`. O(n_iter (n_inst n_samp)^2 D) time:
    9e7 pairs with the defaults, against 2.5e5 for 500 superpixels. Classes are read
    on the host, which waits for a GPU. Differentiated by torch or jax, all draws are
    held until the gradient is taken: some 2 GB with the defaults.

    References
    ----------
    .. [1] Verma, Nagar, and Raman, "Fast semantic feature extraction using
       superpixels for soft segmentation".
    .. [2] Aksoy et al., "Semantic soft segmentation", ACM Transactions on Graphics
       37(4), 2018.

    Examples
    --------
    >>> import numpy as np
    >>> features = np.array([[0.0], [0.0], [2.0]])
    >>> classes = np.array([0, 0, 1])
    >>> round(float(sampled_n_pair_loss(features, classes, seed=0)), 6)
    0.087302
    """
    xp = check_pairs(features, classes)
    counts = {"n_iter": n_iter, "n_inst": n_inst, "n_samp": n_samp}
    n_iter, n_inst, n_samp = (check_integer(k, v, low=1) for k, v in counts.items())
    draws = random.Random(check_integer("seed", seed))  # not for secrets
    members = _members(classes)
    total = 0.0
    for _ in range(n_iter):
        groups = draws.sample(members, min(n_inst, len(members)))
        pixels = [p for g in groups for p in draws.sample(g, min(n_samp, len(g)))]
        chosen = xp.asarray(pixels, device=device_of(classes))
        total += n_pair_loss(
            xp.take(features, chosen, axis=0), xp.take(classes, chosen, axis=0)
        )
    return total / n_iter


def _members(classes: Array) -> list[list[int]]:
    """Return the pixels of each class present, in the order of the classes."""
    if is_traced(classes):
        msg = (
            "classes must have known values, as pixels are drawn by them; got a jax "
            "tracer. Close over them instead of passing them through jax.jit."
        )
        raise TypeError(msg)
    members: dict[int, list[int]] = {}
    for pixel, value in enumerate(to_integers(classes)):
        members.setdefault(value, []).append(pixel)
    return [members[value] for value in sorted(members)]
