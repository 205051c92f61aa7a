"""Color histograms of regions and the chi-square distance between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .._core.checks import check_count, check_image, check_labels, describe
from .._core.lanes import LANES
from ._numba.histogram import chi_square_edges, count_colors, mark, shares

if TYPE_CHECKING:
    from typing import SupportsIndex

    from .._core.typing import ArrayLike, Floats, Floats32, Ints, Ints32
    from ..superpixels import RegionGraph

MOST_NUMBERS = 2**28
"""Histograms of more numbers (1 GiB) come from labels that are names."""
STRIP = 64
"""Rows whose Lab is counted while it is still in the cache."""


def color_histograms(
    image: ArrayLike,
    labels: ArrayLike,
    *,
    bins: SupportsIndex = 8,
    n_labels: SupportsIndex | None = None,
) -> Floats32:
    """Count each region's colors in a joint Lab histogram that sums to 1.

    Parameters
    ----------
    image : (H, W, 3) uint8 array_like
        RGB.
    labels : (H, W) int array_like
        Region of each pixel, 0 <= label < K; -1 takes no part.
    bins : int, default 8
        Bins of each of L, a and b, 1..64.
    n_labels : int, optional
        K. Default: the largest label + 1.

    Returns
    -------
    (K, bins**3) float32 array
        Row k sums to 1, or to 0 where region k has no pixel. Column
        ``(L * bins + a) * bins + b`` of 8-bit OpenCV Lab, a channel's value v in
        bin ``v * bins // 256``.

    Raises
    ------
    TypeError, ValueError
        If shapes disagree, a label is below -1 or not below K, `bins` is out of range,
        or K bins**3 above 2**28.

    See Also
    --------
    chi_square : Compare two histograms.

    Notes
    -----
    O(H W + K bins**3) time. The feature map of eq. 1 of [1]_.

    References
    ----------
    .. [1] Zhu et al., "Portrait instance segmentation for mobile devices", ICME
       2019, section 2.2.

    Examples
    --------
    >>> import numpy as np
    >>> image = np.zeros((1, 4, 3), np.uint8)
    >>> image[0, 3] = 255
    >>> color_histograms(image, [[0, 1, 1, 1]], bins=2)[:, [3, 7]]
    array([[1.        , 0.        ],
           [0.6666667 , 0.33333334]], dtype=float32)
    """
    import cv2

    pixels = check_image("image", image)
    regions = check_labels("labels", labels, shape=pixels.shape[:2], low=-1)
    n_bins = check_count("bins", bins, high=64)
    top = int(regions.max())
    k = top + 1 if n_labels is None else check_count("n_labels", n_labels, low=0)
    if top >= k:
        msg = f"labels must be < n_labels={k}; got {top}"
        raise ValueError(msg)
    if k * n_bins**3 > MOST_NUMBERS:
        msg = (
            f"labels must be few enough for {n_bins}**3 bins each; got K = {k}. "
            "Number the regions 0..n-1 first, or ask for fewer bins."
        )
        raise ValueError(msg)
    counts = np.zeros((k, n_bins**3), np.int32)
    places = _places(n_bins)
    for top in range(0, len(pixels), STRIP):
        rows = slice(top, top + STRIP)
        lab = np.asarray(cv2.cvtColor(pixels[rows], cv2.COLOR_RGB2LAB), np.uint8)
        count_colors(lab, regions[rows], places, counts)
    # In place: what is 0 is 0 in both, and most is.
    histograms = counts.view(np.float32)
    shares(counts, _filled(counts), histograms)
    return histograms


def _filled(rows: Ints32) -> Ints:
    """Return which columns of each row are not 0, as the loops want it."""
    filled = np.zeros((len(rows), -(-rows.shape[1] // LANES)), np.int64)
    mark(rows.reshape(-1), rows.shape[1], filled)
    return filled


def _places(bins: int) -> Ints32:
    """Return what each byte of L, a and b adds to the number of a joint bin."""
    steps = np.array([[bins * bins], [bins], [1]])
    places: Ints32 = (np.arange(256) * bins // 256 * steps).astype(np.int32)
    return places


def chi_square(p: ArrayLike, q: ArrayLike) -> Any:
    """Return the chi-square distance of histograms.

    Parameters
    ----------
    p, q : (..., C) array_like
        Histograms, values >= 0; they broadcast against each other.

    Returns
    -------
    (...) float64 array, or a float for two vectors
        ``1/2 sum (p - q)**2 / (p + q)`` over the last axis, 0/0 being 0: between 0
        and 1 for histograms that sum to 1.

    Raises
    ------
    ValueError
        If values are negative or NaN, or shapes do not fit.

    Notes
    -----
    O(size of the broadcast arrays). The weight W of eq. 1 of [1]_.

    References
    ----------
    .. [1] Zhu et al., "Portrait instance segmentation for mobile devices", ICME
       2019, section 2.2.

    Examples
    --------
    >>> chi_square([1, 0], [0, 1])
    1.0
    >>> chi_square([[0.5, 0.5], [0, 1]], [0.5, 0.5]).round(4)
    array([0.    , 0.3333])
    """
    left, right = _histogram("p", p), _histogram("q", q)
    if left.shape[-1] != right.shape[-1]:
        msg = f"q must have as many bins as p, {left.shape[-1]}; got {right.shape[-1]}"
        raise ValueError(msg)
    try:
        both = left / 2 + right / 2  # halves can't overflow
    except ValueError:
        msg = f"q must broadcast against p, {left.shape}; got shape {right.shape}"
        raise ValueError(msg) from None
    apart, terms = left - right, np.zeros_like(both)
    np.divide(apart, both, out=terms, where=both > 0)
    distance = (apart / 4 * terms).sum(-1)
    return float(distance) if distance.ndim == 0 else distance


def _histogram(name: str, values: ArrayLike) -> Floats:
    array = np.asarray(values)
    if array.ndim == 0 or array.dtype.kind not in "biuf":
        msg = f"{name} must be a float array of shape (..., C); got {describe(array)}"
        raise ValueError(msg)
    if not (array >= 0).all() or not np.isfinite(array).all():
        worst = array[~(array >= 0) | ~np.isfinite(array)].flat[0]
        msg = f"{name} must be finite and >= 0; got {worst}"
        raise ValueError(msg)
    return array.astype(np.float64)


def edge_chi_square(histograms: Floats32, graph: RegionGraph) -> Floats:
    """Return the chi-square distance along every edge of `graph`, (E,) float64."""
    weights = np.empty(len(graph.edges))
    filled = _filled(histograms.view(np.int32))
    chi_square_edges(histograms, filled, graph.edges, weights)
    return weights
