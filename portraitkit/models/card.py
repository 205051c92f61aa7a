"""What a network file wants and gives, as data that travels beside it."""

# ruff: noqa: RUF009 -- ruled() is dataclasses.field(), which does not share values

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, Self

from ._fields import Part, Rule, choice, optional, refuse, ruled, text, whole
from .card_input import ImageInput
from .card_output import BoxOutput, MapOutput

SUFFIX = ".card.json"
METADATA_KEY = "portraitkit.card"

OUTPUTS: Mapping[str, type[MapOutput | BoxOutput]] = {
    "segment": MapOutput,
    "persons": BoxOutput,
    "faces": BoxOutput,
}
"""What kind of output answers each task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Part):
    """Where a network file comes from, pinned.

    Parameters
    ----------
    url : str
        Address of the repository or of the file.
    commit : str, optional
        Commit of the repository that held the file.
    path : str, optional
        Path of the file inside that repository.

    Raises
    ------
    ValueError
        If a field is wrong; the message names it.

    Examples
    --------
    >>> Source(url="https://example.org/nets", commit="dbf69b043cf7").path is None
    True
    """

    url: str = ruled(text())
    commit: str | None = ruled(optional(text()), default=None)
    path: str | None = ruled(optional(text()), default=None)

    @classmethod
    def prefix(cls) -> str:
        """See `Part`."""
        return "source."


def _section(kind: type[Part]) -> Rule:
    def read(value: object) -> Part:
        return value if isinstance(value, kind) else kind.from_mapping(value)

    return Rule("a JSON object", read)


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
    task : "segment", "persons" or "faces"
        What it is for.
    input : ImageInput
        How it wants its pixels.
    output : MapOutput or BoxOutput
        What it answers: a `MapOutput` for "segment", else a `BoxOutput`.
    license, training_data : str, optional
        Its terms, and what it was trained on.
    source : Source, optional
        Where the file comes from.
    sha256 : str, optional
        Of the file, in lower-case hexadecimal; another file is then refused.
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
    task: Literal["segment", "persons", "faces"] = ruled(choice(*OUTPUTS))
    input: ImageInput = ruled(_section(ImageInput))
    output: MapOutput | BoxOutput = ruled(Rule("a JSON object", lambda value: value))
    license: str | None = ruled(optional(text()), default=None)
    source: Source | None = ruled(optional(_section(Source)), default=None)
    sha256: str | None = ruled(
        optional(Rule("64 lower-case hexadecimal digits", _hash)), default=None
    )
    training_data: str | None = ruled(optional(text()), default=None)
    card_version: int = ruled(whole(1, 1), default=1)

    def agree(self) -> None:
        """Read `output` as what `task` answers with."""
        kind = OUTPUTS[self.task]
        if isinstance(self.output, Mapping):
            object.__setattr__(self, "output", kind.from_mapping(self.output))
        if not isinstance(self.output, kind):
            want = f"a {kind.__name__} for task {self.task!r}"
            refuse("output", want, self.output)

    @classmethod
    def from_json(cls, document: str) -> Self:
        """Read a card from JSON text.

        Raises
        ------
        ValueError
            If the text is not a JSON object or a field is wrong.
        """
        try:
            values = json.loads(document)
        except (ValueError, RecursionError) as error:
            msg = f"card must be a JSON object; got text that is not JSON: {error}"
            raise ValueError(msg) from None
        if isinstance(values, Mapping) and values.get("card_version") != cls.VERSION:
            want = f"{cls.VERSION}, the version that this portraitkit reads"
            refuse("card_version", want, values.get("card_version"))
        return cls.from_mapping(values)

    def to_json(self) -> str:
        """Write the card as JSON text; defaults are left out."""
        return json.dumps({"card_version": self.card_version, **self.to_mapping()})

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
