"""The section of a card that says which branch of a network is for which shot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ._fields import Part, refuse, ruled
from ._rules import each, either, optional, real, table, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Branches(Part):
    """Several segmenters in one graph: a head each, or an input that picks one.

    Parameters
    ----------
    fallback : str
        The branch that runs where none is asked for, or one that there is not.
    outputs : mapping of str to str, optional
        For each branch the graph's output to read.
    input : str, optional
        The graph's input that picks a branch, beside the image.
    values : mapping of str to float or tuple of float, optional
        For each branch what that input is given: one number, for every entry of
        it, or a list, one number for each entry. Give either `outputs`, or
        `input` and `values`.

    Raises
    ------
    ValueError
        If a field is wrong or two disagree; the message names the field.

    Notes
    -----
    `portraitkit.pipeline.DomainRouter` takes branches named for the shots that they
    are for: HEAD_SHOT, CLOSE_SHOT, HALF_BODY, WHOLE_BODY, FAR_SHOT, NO_FACE.

    Examples
    --------
    >>> heads = {"HEAD_SHOT": "head", "WHOLE_BODY": "body"}
    >>> Branches(outputs=heads, fallback="WHOLE_BODY").names
    ('HEAD_SHOT', 'WHOLE_BODY')
    >>> Branches(input="branch", values={"HEAD_SHOT": 0}, fallback="FAR_SHOT")
    Traceback (most recent call last):
        ...
    ValueError: card field branches.fallback must be one of HEAD_SHOT; got 'FAR_SHOT'
    """

    fallback: str = ruled(text())
    outputs: Mapping[str, str] | None = ruled(optional(table(text())), default=None)
    input: str | None = ruled(optional(text()), default=None)
    values: Mapping[str, float | tuple[float, ...]] | None = ruled(
        optional(table(either(real(), each(real(), least=1)))), default=None
    )

    @classmethod
    def prefix(cls) -> str:
        """See `Part`."""
        return "branches."

    @property
    def names(self) -> tuple[str, ...]:
        """The branches, in the card's order."""
        return tuple(self.outputs or self.values or ())

    def agree(self) -> None:
        """Refuse two ways to branch, none, or half of one."""
        if (self.outputs is None) == (self.input is None):
            want = "a JSON object, or null with branches.input given instead"
            refuse("branches.outputs", want, self.outputs)
        if (self.input is None) != (self.values is None):
            want = "given with branches.input, and only then"
            refuse("branches.values", want, self.values)
        if self.fallback not in self.names:
            refuse(
                "branches.fallback", f"one of {', '.join(self.names)}", self.fallback
            )
