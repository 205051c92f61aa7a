"""The section of a card that says what a network's outputs mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ._fields import (
    Part,
    choice,
    each,
    flag,
    optional,
    real,
    refuse,
    ruled,
    text,
    whole,
)

_CLASS = whole(0, 65535)


class _Output(Part):
    """A section named "output"."""

    __slots__ = ()

    @classmethod
    def prefix(cls) -> str:
        """See `Part`."""
        return "output."


@dataclass(frozen=True, slots=True, kw_only=True)
class MapOutput(_Output):
    """A map of the image: how surely each place belongs to a person.

    The map may be of another size than the input; it covers the whole of it.

    Parameters
    ----------
    kind : "softmax", "sigmoid", "probability" or "argmax"
        What the numbers are: class scores that want a softmax, scores that want a
        sigmoid, probabilities already, or the index of the best class.
    name : str, optional
        The graph's output; default: the first.
    layout : "NCHW", "NHWC" or "NHW"
        Order of the axes; "NHW" has no channel axis.
    person : tuple of int, default (1,)
        Channels (for "argmax": indices) that are person; several add up.
    ignore : tuple of int, default ()
        Channels to leave out, such as a boundary class: P(person) is then
        relative to the rest, ``exp(z_fg) / (exp(z_fg) + exp(z_bg))``.

    Raises
    ------
    ValueError
        If a field is wrong or two disagree; the message names the field.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive Network for Portrait Segmentation", FG
       2019: foreground, boundary and background, of which the second is ignored.

    Examples
    --------
    >>> MapOutput(kind="softmax", person=(0,), ignore=(1,)).layout
    'NCHW'
    """

    kind: Literal["softmax", "sigmoid", "probability", "argmax"] = ruled(
        choice("softmax", "sigmoid", "probability", "argmax")
    )
    name: str | None = ruled(optional(text()), default=None)
    layout: Literal["NCHW", "NHWC", "NHW"] = ruled(
        choice("NCHW", "NHWC", "NHW"), default="NCHW"
    )
    person: tuple[int, ...] = ruled(each(_CLASS, least=1), default=(1,))
    ignore: tuple[int, ...] = ruled(each(_CLASS), default=())

    def agree(self) -> None:
        """Refuse classes that mean nothing for `kind`."""
        if self.ignore and self.kind in ("sigmoid", "argmax"):
            want = f"empty for kind {self.kind!r}"
            refuse("output.ignore", want, list(self.ignore))
        if set(self.ignore) & set(self.person):
            want = "other channels than output.person"
            refuse("output.ignore", want, list(self.ignore))
        if len(self.person) > 1 and self.kind == "sigmoid":
            want = "one channel for kind 'sigmoid'"
            refuse("output.person", want, list(self.person))
        if self.layout == "NHW" and self.kind == "softmax":
            want = "NCHW or NHWC for kind 'softmax'"
            refuse("output.layout", want, self.layout)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxOutput(_Output):
    """Boxes with scores, one a row.

    Parameters
    ----------
    format : "xyxy", "xywh", "cxcywh" or "yolox"
        What a box's four numbers are: corners; corner and size; center and size; or
        YOLOX's raw ``(dx, dy, log w, log h)`` on grids of the given `strides`.
    score : "class", "objectness" or "objectness*class"
        How a row's marks make its score. Objectness, where it is, comes first.
    class_index : int, default 0
        Which of the classes is the one sought.
    threshold : float
        Rows that score more than this are kept, 0..1.
    iou : float, optional
        Non-maximum suppression: of two boxes with a larger intersection over
        union the weaker goes. Null where the graph does it.
    boxes, scores : str, optional
        The graph's outputs; default: the first, and the rest of its columns.
    unit : "pixels" or "normalized"
        Of the boxes: pixels of the network's input, or 0..1.
    strides : tuple of int
        For "yolox": of each grid, in the order of the rows.
    activation : "none", "sigmoid" or "softmax"
        To apply to the marks first.
    transposed : bool, default False
        Whether a box is a column instead of a row.

    Raises
    ------
    ValueError
        If a field is wrong or two disagree; the message names the field.

    References
    ----------
    .. [1] Ge et al., "YOLOX: Exceeding YOLO Series in 2021", arXiv:2107.08430.

    Examples
    --------
    >>> BoxOutput(format="xyxy", score="class", threshold=0.7, iou=0.3).unit
    'pixels'
    """

    format: Literal["xyxy", "xywh", "cxcywh", "yolox"] = ruled(
        choice("xyxy", "xywh", "cxcywh", "yolox")
    )
    score: Literal["class", "objectness", "objectness*class"] = ruled(
        choice("class", "objectness", "objectness*class")
    )
    threshold: float = ruled(real(0, 1))
    iou: float | None = ruled(optional(real(0, 1)))
    class_index: int = ruled(_CLASS, default=0)
    boxes: str | None = ruled(optional(text()), default=None)
    scores: str | None = ruled(optional(text()), default=None)
    unit: Literal["pixels", "normalized"] = ruled(
        choice("pixels", "normalized"), default="pixels"
    )
    strides: tuple[int, ...] = ruled(each(whole(1, 1024)), default=())
    activation: Literal["none", "sigmoid", "softmax"] = ruled(
        choice("none", "sigmoid", "softmax"), default="none"
    )
    transposed: bool = ruled(flag(), default=False)

    def agree(self) -> None:
        """Refuse grids without strides and formulas that have no meaning."""
        raw = self.format == "yolox"
        if raw != bool(self.strides):
            want = "given for format 'yolox' and for no other"
            refuse("output.strides", want, list(self.strides))
        if raw and self.unit == "normalized":
            refuse("output.unit", "pixels for format 'yolox'", self.unit)
        if self.activation == "softmax" and self.score != "class":
            want = "none or sigmoid where there is objectness"
            refuse("output.activation", want, self.activation)
