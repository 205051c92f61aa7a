"""One class for each superpixel, and a fixed number of superpixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core.checks import check_count
from ._libraries import backend_of, check_regions

if TYPE_CHECKING:
    from typing import SupportsIndex

    from ._libraries import AnyArray


def pool_majority(
    classes: AnyArray, labels: AnyArray, *, n_labels: SupportsIndex | None = None
) -> AnyArray:
    """Give each superpixel the most frequent class of its pixels.

    Parameters
    ----------
    classes : (H, W) array of int
        Class of each pixel, >= 0: of NumPy (or anything it takes), torch or jax.
    labels : (H, W) array of int
        Superpixel of each pixel; -1 takes no part.
    n_labels : int, optional
        K, larger than every label. Default: the largest label + 1. Must be given
        where labels are traced (`jax.jit`, `torch.compile`).

    Returns
    -------
    (K,) array of int
        Of the library and device of `classes`. Ties go to the smallest class; a
        superpixel without pixels gets 0.

    Raises
    ------
    TypeError, ValueError
        If the shapes disagree, classes are no integers >= 0, or labels no integers
        from -1 to below `n_labels`.

    See Also
    --------
    pool_mean : The same for values.

    Notes
    -----
    Equation 1 of [1]_, whose printed max means argmax. O(H W log(H W)) time and
    O(H W) memory, however many classes there are.

    References
    ----------
    .. [1] Verma, Nagar & Raman, "Fast semantic feature extraction using superpixels
       for soft segmentation", section 3.

    Examples
    --------
    >>> pool_majority([[7, 7, 1, 1, 3]], [[0, 0, 0, 1, 1]])
    array([7, 1])
    """
    backend = backend_of(classes)
    kinds = backend.integers("classes", classes, classes)
    regions, n = check_regions(backend, labels, kinds, n_labels)
    if kinds.shape != regions.shape:
        msg = (
            f"classes must have the shape of labels, {tuple(regions.shape)}; "
            f"got {tuple(kinds.shape)}"
        )
        raise ValueError(msg)
    extent = backend.extent(kinds)
    if extent is not None and extent[0] < 0:
        msg = f"classes must be >= 0; got {extent[0]}"
        raise ValueError(msg)
    return backend.majority(kinds.reshape(-1), regions.reshape(-1), n)


def pad_superpixels(
    pooled: AnyArray, classes: AnyArray, *, n_labels: SupportsIndex
) -> tuple[AnyArray, AnyArray]:
    """Repeat superpixels until there are `n_labels`, so that images can be stacked.

    Parameters
    ----------
    pooled : (K, C) array
        One row a superpixel, of NumPy, torch or jax.
    classes : (K,) array of int
        One class a superpixel.
    n_labels : int
        How many to return, >= K.

    Returns
    -------
    pooled : (n_labels, C) array
        The rows, then the rows again from the first, as often as needed.
    classes : (n_labels,) array of int
        The same of `classes`.

    Raises
    ------
    TypeError, ValueError
        If the shapes disagree, K is 0 or above `n_labels`, or classes are no
        integers.

    See Also
    --------
    slic : Never returns more than it was asked for, so there is always room.

    Notes
    -----
    Section 4 of [1]_. O(n_labels C) time and memory.

    References
    ----------
    .. [1] Verma, Nagar & Raman, "Fast semantic feature extraction using superpixels
       for soft segmentation", section 4.

    Examples
    --------
    >>> pad_superpixels([[0.5], [2.0]], [1, 0], n_labels=3)
    (array([[0.5],
           [2. ],
           [0.5]]), array([1, 0, 1]))
    """
    backend = backend_of(pooled)
    rows = backend.floats("pooled", pooled)
    kinds = backend.integers("classes", classes, rows)
    if rows.ndim != 2 or rows.shape[0] == 0:
        msg = f"pooled must be (K, C) with K >= 1; got shape {tuple(rows.shape)}"
        raise ValueError(msg)
    if tuple(kinds.shape) != (rows.shape[0],):
        msg = (
            f"classes must hold one class for each of the {rows.shape[0]} rows of "
            f"pooled; got shape {tuple(kinds.shape)}"
        )
        raise ValueError(msg)
    n = check_count("n_labels", n_labels, low=rows.shape[0])
    return backend.repeat(rows, n), backend.repeat(kinds, n)
