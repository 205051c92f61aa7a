"""Hard-segmentation metrics, all from one confusion matrix."""

from typing import Self

import numpy as np

from .._core.checks import check_count, check_labels, check_same_shape
from .._core.typing import Array, ArrayLike, Floats, Ints

_LEAST = int(np.iinfo(np.int32).min)


class ConfusionMatrix:
    """Count which class was taken for which, image after image.

    Parameters
    ----------
    n_classes : int
        K >= 1; classes are 0..K-1.
    ignore_label : int, optional
        Pixels whose truth has this label take no part, e.g. 255 or -1 for void.

    Attributes
    ----------
    counts : (K, K) int64
        Pixels of class `row` that were predicted to be of class `column`.

    Raises
    ------
    TypeError
        If `n_classes` or `ignore_label` is no integer.
    ValueError
        If `n_classes` < 1.

    See Also
    --------
    iou : For two masks.

    Notes
    -----
    Sums are exact, so the order of images and merges does not matter. With n_ij pixels
    of class i predicted as j and t_i = sum_j n_ij, the definitions are those of [1]_,
    used by table 2 of [2]_. A class with nothing to divide by takes no part in a mean;
    without any pixel every figure is NaN. K^2 integers of memory.

    References
    ----------
    .. [1] Long, Shelhamer & Darrell, "Fully convolutional networks for semantic
       segmentation", CVPR 2015, section 5.
    .. [2] Verma et al., "Fast semantic feature extraction using superpixels for soft
       segmentation".

    Examples
    --------
    >>> matrix = ConfusionMatrix(2).update([[0, 0, 1, 1]], [[0, 1, 1, 1]])
    >>> matrix.counts
    array([[1, 0],
           [1, 2]])
    >>> matrix.pixel_accuracy, matrix.class_accuracy
    (0.75, 0.8333333333333333)
    >>> round(matrix.mean_iou, 4), matrix.frequency_weighted_iou
    (0.5833, 0.625)
    """

    def __init__(self, n_classes: int, *, ignore_label: int | None = None) -> None:
        self.n_classes = check_count("n_classes", n_classes)
        self.ignore_label = (
            None
            if ignore_label is None
            else check_count("ignore_label", ignore_label, low=_LEAST)
        )
        self.counts: Ints = np.zeros((self.n_classes,) * 2, dtype=np.int64)

    def __repr__(self) -> str:
        pixels = int(self.counts.sum())
        return f"<ConfusionMatrix of {self.n_classes} classes, {pixels} pixels>"

    def update(self, prediction: ArrayLike, truth: ArrayLike) -> Self:
        """Count the pixels of one image.

        Parameters
        ----------
        prediction, truth : (H, W) array_like of int or bool
            Class of each pixel, 0 <= class < K, or `ignore_label` in `truth`.

        Returns
        -------
        ConfusionMatrix
            Itself.

        Raises
        ------
        TypeError
            If one is neither integer nor bool.
        ValueError
            If one is not of shape (H, W), if shapes differ or a class is unknown;
            nothing is counted then.

        Notes
        -----
        O(H W) time, 24 H W bytes.
        """
        theirs = self._classes("truth", truth)
        ours = self._classes("prediction", prediction)
        check_same_shape("prediction", ours.shape, "truth", theirs.shape)
        if self.ignore_label is not None:
            seen = theirs != self.ignore_label
            ours, theirs = ours[seen], theirs[seen]
        self._check_range("truth", theirs)
        self._check_range("prediction", ours)
        cell = theirs.astype(np.intp).reshape(-1) * self.n_classes + ours.reshape(-1)
        found = np.bincount(cell, minlength=self.counts.size)
        self.counts += found.reshape(self.counts.shape)
        return self

    def merge(self, other: "ConfusionMatrix") -> Self:
        """Add the counts of `other`, e.g. of another process, and return itself.

        Raises
        ------
        TypeError
            If `other` is no ConfusionMatrix.
        ValueError
            If `other` has another number of classes or ignores another label.
        """
        if not isinstance(other, ConfusionMatrix):
            msg = f"other must be a ConfusionMatrix; got {type(other).__name__}"
            raise TypeError(msg)
        ours = self.n_classes, self.ignore_label
        theirs = other.n_classes, other.ignore_label
        if ours != theirs:
            msg = f"other must have n_classes and ignore_label {ours}; got {theirs}"
            raise ValueError(msg)
        self.counts += other.counts
        return self

    @property
    def pixel_accuracy(self) -> float:
        """Share of pixels with the right class: sum_i n_ii / sum_i t_i."""
        return _mean(np.diag(self.counts).sum(), self.counts.sum())

    @property
    def class_accuracy(self) -> float:
        """Mean over classes in the truth of n_ii / t_i."""
        return _mean(np.diag(self.counts), self.counts.sum(axis=1))

    @property
    def class_iou(self) -> Floats:
        """(K,) float64: n_ii / (t_i + sum_j n_ji - n_ii); NaN where nobody is."""
        union = self.counts.sum(axis=0) + self.counts.sum(axis=1)
        union -= np.diag(self.counts)
        with np.errstate(invalid="ignore"):
            ratio: Floats = np.diag(self.counts) / union
        return ratio

    @property
    def mean_iou(self) -> float:
        """Mean of `class_iou` over classes in the truth or in a prediction."""
        known = self.class_iou[~np.isnan(self.class_iou)]
        return float(known.mean()) if known.size else np.nan

    @property
    def frequency_weighted_iou(self) -> float:
        """Mean of `class_iou`, weighted by the pixels of each class in the truth."""
        weights = self.counts.sum(axis=1)
        return _mean((weights * np.nan_to_num(self.class_iou)).sum(), weights.sum())

    @staticmethod
    def _classes(name: str, labels: ArrayLike) -> Array:
        array = np.asarray(labels)
        array = array.view(np.uint8) if array.dtype == np.bool_ else array
        return check_labels(name, array, low=_LEAST)

    def _check_range(self, name: str, classes: Array) -> None:
        least, most = classes.min(initial=0), classes.max(initial=0)
        if least < 0 or most >= self.n_classes:
            worst = least if least < 0 else most
            msg = f"{name} must hold classes 0..{self.n_classes - 1}; got {worst}"
            raise ValueError(msg)


def _mean(part: Array, whole: Array) -> float:
    """Mean of part / whole where there is a whole; NaN where there is none."""
    parts, wholes = np.atleast_1d(part), np.atleast_1d(whole)
    some = wholes > 0
    return float((parts[some] / wholes[some]).mean()) if some.any() else np.nan
