"""What a network file wants and gives, as data that travels beside it."""

# ruff: noqa: RUF009 -- ruled() is dataclasses.field(), which does not share values

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, Self, TypeAlias

from ._fields import Part, Rule, refuse, ruled
from ._rules import choice, each, optional, section, text, whole
from .card_boxes import BoxOutput
from .card_branches import Branches
from .card_input import ImageInput
from .card_output import AttributeOutput, FeatureOutput, MapOutput
from .card_source import Source

SUFFIX = ".card.json"
METADATA_KEY = "portraitkit.card"

AnyOutput: TypeAlias = MapOutput | BoxOutput | AttributeOutput | FeatureOutput
Task: TypeAlias = Literal["segment", "persons", "faces", "attributes", "features"]

OUTPUTS: Mapping[str, type[AnyOutput]] = {
    "segment": MapOutput,
    "persons": BoxOutput,
    "faces": BoxOutput,
    "attributes": AttributeOutput,
    "features": FeatureOutput,
}
"""What kind of output answers each task."""


def _hash(value: object) -> str:
    if not isinstance(value, str) or len(value) != 64:
        raise TypeError
    if set(value) - set("0123456789abcdef"):
        raise TypeError
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard(Part):
    """How a network wants its pixels and what its outputs mean.

    A card is a JSON object. `load_model` looks for it as ``name.card.json`` beside
    ``name.onnx``, in the file's metadata under ``portraitkit.card``, and among the
    cards of this package, by the file's sha256.

    Parameters
    ----------
    name : str
        What the network is called.
    task : "segment", "persons", "faces", "attributes" or "features"
        What it is for.
    input : ImageInput
        How it wants its pixels.
    output : MapOutput, BoxOutput, AttributeOutput or FeatureOutput
        What it answers: a `MapOutput` for "segment", a `BoxOutput` for "persons" and
        "faces", an `AttributeOutput` or a `FeatureOutput` for the others.
    branches : Branches, optional
        For "segment": several segmenters in one graph.
    license, training_data : str, optional
        Its terms, and what it was trained on.
    source : Source, optional
        Where the file comes from.
    sha256 : str, optional
        Of the file, in lower-case hexadecimal; another file is then refused.
    notes : tuple of str, default ()
        Remarks; where `draft_card` wrote the card, all that it guessed.
    card_version : int, default 1
        Version of this format.

    Raises
    ------
    ValueError
        If a field is missing, unknown or wrong; the message names it.

    See Also
    --------
    load_model : Load a network that has a card.

    Examples
    --------
    >>> card = ModelCard(
    ...     name="tiny",
    ...     task="segment",
    ...     input=ImageInput(size=(320, 320), scale=1 / 255),
    ...     output=MapOutput(kind="softmax", person=(1,)),
    ... )
    >>> ModelCard.from_json(card.to_json()) == card
    True
    """

    VERSION: ClassVar[int] = 1

    name: str = ruled(text())
    task: Task = ruled(choice(*OUTPUTS))
    input: ImageInput = ruled(section(ImageInput))
    output: AnyOutput = ruled(Rule("a JSON object", lambda value: value))
    branches: Branches | None = ruled(optional(section(Branches)), default=None)
    license: str | None = ruled(optional(text()), default=None)
    source: Source | None = ruled(optional(section(Source)), default=None)
    sha256: str | None = ruled(
        optional(Rule("64 lower-case hexadecimal digits", _hash)), default=None
    )
    training_data: str | None = ruled(optional(text()), default=None)
    notes: tuple[str, ...] = ruled(each(text()), default=())
    card_version: int = ruled(whole(1, 1), default=1)

    def agree(self) -> None:
        """Read `output` as what `task` answers with."""
        kind = OUTPUTS[self.task]
        if isinstance(self.output, Mapping):
            object.__setattr__(self, "output", kind.from_mapping(self.output))
        if not isinstance(self.output, kind):
            want = f"a {kind.__name__} for task {self.task!r}"
            refuse("output", want, self.output)
        if isinstance(self.output, FeatureOutput):
            _check_stride(self.input, self.output.stride)
        self._check_branches()

    def _check_branches(self) -> None:
        if self.branches is None:
            return
        if not isinstance(self.output, MapOutput):
            refuse("branches", "left out but for task 'segment'", self.branches.names)
        if self.branches.outputs is not None and self.output.name is not None:
            want = "left out where branches.outputs names what to read"
            refuse("output.name", want, self.output.name)

    @classmethod
    def from_json(cls, document: str) -> Self:
        """Read a card from JSON text.

        Raises
        ------
        ValueError
            If the text is not a JSON object or a field is wrong.
        """
        try:
            values = json.loads(document, object_pairs_hook=_each_once)
        except (ValueError, RecursionError) as error:
            msg = f"card must be a JSON object; got text that is not JSON: {error}"
            raise ValueError(msg) from None
        if isinstance(values, Mapping) and values.get("card_version") != cls.VERSION:
            want = f"{cls.VERSION}, the version that this portraitkit reads"
            refuse("card_version", want, values.get("card_version"))
        return cls.from_mapping(values)

    def to_json(self, *, indent: int | None = None) -> str:
        """Write the card as JSON text, on one line or indented; defaults are left out."""
        values = {"card_version": self.card_version, **self.to_mapping()}
        return json.dumps(values, indent=indent, ensure_ascii=False)

    @classmethod
    def from_file(cls, path: str | Path) -> Self:
        """Read a card from a JSON file.

        Raises
        ------
        OSError
            If the file cannot be read.
        ValueError
            If it holds no valid card; the message names the file and the field.
        """
        try:
            return cls.from_json(Path(path).read_text(encoding="utf-8"))
        except ValueError as error:
            msg = f"{path}: {error}"
            raise ValueError(msg) from None


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Make an object of `pairs`, of which json would silently keep the last."""
    values = dict(pairs)
    if len(values) < len(pairs):
        left = [name for name, _ in pairs]
        twice = next(name for name in left if left.count(name) > 1)
        msg = f"{twice!r} is given twice"
        raise ValueError(msg)
    return values


def _check_stride(spec: ImageInput, stride: int) -> None:
    """Refuse sides that a map of this stride would not cover exactly."""
    sides, field = spec.size or (spec.multiple,), "size" if spec.size else "multiple"
    if any(side % stride for side in sides):
        want = f"a multiple of output.stride, {stride}"
        refuse(f"input.{field}", want, getattr(spec, field))
