"""The section of a card that says how a detector's numbers make boxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ._fields import refuse, ruled
from ._rules import choice, each, flag, names, optional, real, whole
from .card_output import CLASS, Output

GRIDS = ("yolox", "distances", "ssd")
"""Formats whose numbers are relative to the cells of grids."""
_PRODUCTS = ("objectness*class", "sqrt(objectness*class)")
_COLUMN = whole(0, 65535)
_PAIR = each(real(0, above=True), length=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxOutput(Output):
    """Boxes with scores, one a row; faces also with landmarks.

    A table's columns are the box, at `box_column`, the landmarks, and the marks: all
    others, in order. Each may be an output of its own instead.

    Parameters
    ----------
    format : "xyxy", "yxyx", "xywh", "cxcywh", "yolox", "distances" or "ssd"
        What a box's four numbers are: corners; corners, y first; corner and size;
        center and size; or raw, relative to the cells of grids: see Notes.
    score : "class", "objectness", "objectness*class", "sqrt(objectness*class)" or \
"labeled"
        How a row's marks make its score. Objectness, where it is, comes first.
        "labeled": the marks are a score and a class, and other classes go.
    class_index : int, default 0
        Which of the classes is the one sought.
    threshold : float
        Rows that score more than this are kept, 0..1.
    iou : float, optional
        Non-maximum suppression: of two boxes with a larger intersection over
        union the weaker goes. Null where the graph does it.
    boxes : str or tuple of str, optional
        The graph's output, or several (one for each grid, say) whose rows follow
        one another; default: the first.
    scores, objectness, labels, landmarks : str or tuple of str, optional
        Outputs that hold only these; default: columns of `boxes`.
    points : int, default 0
        Landmarks of each box, x and y in turn.
    box_column : int, default 0
        Where a box's numbers start.
    landmark_column : int, optional
        Where the landmarks start; default: after the box.
    unit : "pixels" or "normalized"
        Of the boxes and landmarks: pixels of the network's input, or 0..1.
    strides : tuple of float
        Pixels from cell to cell, of each grid, in the order of the rows.
    cells : tuple of (int, int)
        Rows and columns of each grid; default: the input's sides / stride, rounded
        up. Given without `strides`, these are the input's sides / cells.
    per_cell : int, default 1
        Rows that each cell of "yolox" or "distances" has.
    anchors : tuple of tuple of (float, float)
        For "ssd": width and height in pixels of each of a cell's priors, by grid.
    variances : (float, float), default (0.1, 0.2)
        For "ssd": factors on the center's and on the size's numbers.
    log_sizes : bool, default True
        For "ssd": whether sizes are given as logarithms.
    offset : float, optional
        Where in its cell a prior lies; default: 0.5 for "ssd", else 0.
    bins : int, default 1
        For "distances": numbers for each side; several are the logits of
        0, 1, 2 ... and their mean counts.
    activation : "none", "sigmoid" or "softmax"
        To apply to the marks first, to get 0..1.
    transposed : bool, default False
        Whether a box is a column instead of a row.

    Raises
    ------
    ValueError
        If a field is wrong or two disagree; the message names the field.

    Notes
    -----
    With p the cell's place in pixels, ``(cell + offset) * stride``:

    - "yolox": center p + (dx, dy) stride, size exp(dw, dh) stride [1]_;
    - "distances": corners p - (left, top) stride, p + (right, bottom) stride [2]_;
    - "ssd": center p + variance0 (dx, dy) prior, size exp(variance1 (dw, dh)) prior,
      or variance1 (dw, dh) prior without `log_sizes` [3]_.

    Landmarks are like centers. A grid's cells are in reading order, a cell's rows
    next to one another.

    References
    ----------
    .. [1] Ge et al., "YOLOX: Exceeding YOLO Series in 2021", arXiv:2107.08430.
    .. [2] Li et al., "Generalized Focal Loss", NeurIPS 2020, for `bins`.
    .. [3] Liu et al., "SSD: Single Shot MultiBox Detector", ECCV 2016.

    Examples
    --------
    >>> BoxOutput(format="xyxy", score="class", threshold=0.7, iou=0.3).unit
    'pixels'
    """

    format: Literal["xyxy", "yxyx", "xywh", "cxcywh", "yolox", "distances", "ssd"] = (
        ruled(choice("xyxy", "yxyx", "xywh", "cxcywh", *GRIDS))
    )
    score: Literal[
        "class",
        "objectness",
        "objectness*class",
        "sqrt(objectness*class)",
        "labeled",
    ] = ruled(choice("class", "objectness", *_PRODUCTS, "labeled"))
    threshold: float = ruled(real(0, 1))
    iou: float | None = ruled(optional(real(0, 1)))
    class_index: int = ruled(CLASS, default=0)
    boxes: tuple[str, ...] = ruled(names(), default=())
    scores: tuple[str, ...] = ruled(names(), default=())
    objectness: tuple[str, ...] = ruled(names(), default=())
    labels: tuple[str, ...] = ruled(names(), default=())
    landmarks: tuple[str, ...] = ruled(names(), default=())
    points: int = ruled(whole(0, 1024), default=0)
    box_column: int = ruled(_COLUMN, default=0)
    landmark_column: int | None = ruled(optional(_COLUMN), default=None)
    unit: Literal["pixels", "normalized"] = ruled(
        choice("pixels", "normalized"), default="pixels"
    )
    strides: tuple[float, ...] = ruled(each(real(0, 16384, above=True)), default=())
    cells: tuple[tuple[int, int], ...] = ruled(
        each(each(whole(1, 16384), length=2)), default=()
    )
    per_cell: int = ruled(whole(1, 64), default=1)
    anchors: tuple[tuple[tuple[float, float], ...], ...] = ruled(
        each(each(_PAIR, least=1)), default=()
    )
    variances: tuple[float, float] = ruled(_PAIR, default=(0.1, 0.2))
    log_sizes: bool = ruled(flag(), default=True)
    offset: float | None = ruled(optional(real(0, 1)), default=None)
    bins: int = ruled(whole(1, 64), default=1)
    activation: Literal["none", "sigmoid", "softmax"] = ruled(
        choice("none", "sigmoid", "softmax"), default="none"
    )
    transposed: bool = ruled(flag(), default=False)

    def agree(self) -> None:
        """Refuse grids without strides and formulas that have no meaning."""
        self._check_grids()
        self._only("bins", 1, "distances")
        self._only("per_cell", 1, "yolox", "distances")
        self._only("variances", (0.1, 0.2), "ssd")
        self._only("log_sizes", True, "ssd")
        self._only("offset", None, *GRIDS)
        if self.format in GRIDS and self.unit == "normalized":
            want = f"pixels for format {self.format!r}"
            refuse("output.unit", want, self.unit)
        if self.activation == "softmax" and self.score != "class":
            want = 'none or sigmoid but for score "class"'
            refuse("output.activation", want, self.activation)
        if self.objectness and "objectness" not in self.score:
            want = "left out where output.score has no objectness"
            refuse("output.objectness", want, list(self.objectness))
        if self.labels and self.score != "labeled":
            refuse("output.labels", 'left out but for score "labeled"', self.labels)
        self._check_landmarks()

    def _only(self, field: str, default: Any, *formats: str) -> None:
        value = getattr(self, field)
        if value != default and self.format not in formats:
            want = "left out but for format " + " and ".join(map(repr, formats))
            refuse(f"output.{field}", want, value)

    def _check_grids(self) -> None:
        grids = len(self.strides) or len(self.cells)
        if (self.format in GRIDS) != bool(grids):
            want = f"given for formats {', '.join(map(repr, GRIDS))} and for no other"
            refuse("output.strides", want, list(self.strides))
        if self.cells and len(self.cells) != grids:
            want = f"left out or one for each of {grids} grids"
            refuse("output.cells", want, list(self.cells))
        want_anchors = grids if self.format == "ssd" else 0
        if len(self.anchors) != want_anchors:
            want = "one list for each grid of format 'ssd', and for no other"
            refuse("output.anchors", want, list(self.anchors))

    def _check_landmarks(self) -> None:
        if self.landmarks and not self.points:
            refuse("output.points", "given with output.landmarks", self.points)
        if self.landmark_column is not None and (self.landmarks or not self.points):
            want = "left out where no landmarks are columns of output.boxes"
            refuse("output.landmark_column", want, self.landmark_column)
