"""The sections of a card that say what a network's maps and numbers mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ._fields import Part, refuse, ruled
from ._rules import choice, distinct, each, names, never, optional, text, whole

CLASS = whole(0, 65535)


class Output(Part):
    """A section named "output"."""

    __slots__ = ()

    @classmethod
    def prefix(cls) -> str:
        """See `Part`."""
        return "output."


@dataclass(frozen=True, slots=True, kw_only=True)
class MapOutput(Output):
    """A map of the image: how surely each place belongs to a person.

    The map may be of another size than the input; it covers the whole of it.

    Parameters
    ----------
    kind : "softmax", "sigmoid", "probability" or "argmax"
        What the numbers are: logits that want a softmax over the channels, logits
        that want a sigmoid, probabilities already (after either), or the index of
        the best class.
    name : str, optional
        The graph's output, where it has several; default: the first.
    layout : "NCHW", "NHWC" or "NHW"
        Order of the axes; "NHW" has no channel axis.
    person : tuple of int, default (1,)
        Channels (for "argmax": indices) that are person; several add up.
    ignore : tuple of int, default ()
        Channels to leave out, such as a boundary class: P(person) is then
        relative to the rest, ``exp(z_fg) / (exp(z_fg) + exp(z_bg))``.
    per_image_normalization : False
        Stretching each map to its own range is refused: it invents people where
        there are none.

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
    person: tuple[int, ...] = ruled(distinct(each(CLASS, least=1)), default=(1,))
    ignore: tuple[int, ...] = ruled(distinct(each(CLASS)), default=())
    per_image_normalization: Literal[False] = ruled(
        never("stretching each map to its own range invents people where none are"),
        default=False,
    )

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
class AttributeOutput(Output):
    """A few numbers for the whole image, each under its label.

    Parameters
    ----------
    labels : tuple of str
        What each number says, such as "long hair", in the graph's order.
    name : str or tuple of str, optional
        The graph's output, or several, joined in this order; default: the first.
    activation : "none", "sigmoid" or "softmax"
        To apply first, to get 0..1.

    Raises
    ------
    ValueError
        If a field is wrong; the message names the field.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive Network for Portrait Segmentation", FG
       2019: a network with an attribute head beside the map.

    Examples
    --------
    >>> AttributeOutput(labels=("long hair", "short hair"), activation="softmax").name
    ()
    """

    labels: tuple[str, ...] = ruled(distinct(each(text(), least=1)))
    name: tuple[str, ...] = ruled(names(), default=())
    activation: Literal["none", "sigmoid", "softmax"] = ruled(
        choice("none", "sigmoid", "softmax"), default="none"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureOutput(Output):
    """A map of D numbers for each place, covering the whole input.

    Parameters
    ----------
    depth : int
        D, the number of channels.
    stride : int
        Input pixels from one place to the next, along both axes; the input's
        sides are multiples of it.
    name : str, optional
        The graph's output; default: the first.
    layout : "NCHW" or "NHWC"
        Order of the axes.

    Raises
    ------
    ValueError
        If a field is wrong; the message names the field.

    Examples
    --------
    >>> FeatureOutput(depth=128, stride=4).layout
    'NCHW'
    """

    depth: int = ruled(whole(1, 65536))
    stride: int = ruled(whole(1, 1024))
    name: str | None = ruled(optional(text()), default=None)
    layout: Literal["NCHW", "NHWC"] = ruled(choice("NCHW", "NHWC"), default="NCHW")
