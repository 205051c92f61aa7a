"""Does a card speak of this very graph? Said at loading, not at the first photo."""

from __future__ import annotations

import dataclasses
from typing import Any

from ._fields import refuse
from .card import ModelCard
from .card_input import ImageInput
from .card_output import BoxOutput, MapOutput

_TYPES = {
    "float32": "tensor(float)",
    "float16": "tensor(float16)",
    "uint8": "tensor(uint8)",
}


def fit_card(card: ModelCard, session: Any) -> ModelCard:
    """Return `card` with every name filled in from the graph of `session`.

    Raises
    ------
    ValueError
        If the graph has no such input or output, or wants another size or type.
    """
    given = {node.name: node for node in session.get_inputs()}
    name = card.input.name
    if name is None and len(given) == 1:
        name = next(iter(given))
    if name not in given or len(given) > 1:
        refuse("input.name", f"the graph's only input, of {sorted(given)}", name)
    _check_input(card.input, given[name])
    names = [node.name for node in session.get_outputs()]
    return dataclasses.replace(
        card,
        input=dataclasses.replace(card.input, name=name),
        output=_name_outputs(card.output, names),
    )


def _name_outputs(
    output: MapOutput | BoxOutput, names: list[str]
) -> MapOutput | BoxOutput:
    if isinstance(output, MapOutput):
        return dataclasses.replace(output, name=_one("name", output.name, names))
    if output.scores is not None:
        _one("scores", output.scores, names)
    return dataclasses.replace(output, boxes=_one("boxes", output.boxes, names))


def _one(field: str, name: str | None, names: list[str]) -> str:
    if name is not None and name not in names:
        refuse(f"output.{field}", f"an output of the graph, {names}", name)
    return name or names[0]


def _check_input(spec: ImageInput, node: Any) -> None:
    if node.type != _TYPES[spec.dtype]:
        refuse("input.dtype", f"what the graph takes, {node.type}", spec.dtype)
    planar = spec.layout == "NCHW"
    sides = spec.size or (None, None)
    want = (1, 3, *sides) if planar else (1, *sides, 3)
    shape = node.shape
    if len(shape) != 4 or not _agree(shape[1 if planar else 3], 3):
        says = f"that of the graph's input {shape}, of 3 channels"
        refuse("input.layout", says, spec.layout)
    dims = shape[2:] if planar else shape[1:3]
    for dim, side in zip(dims, sides, strict=True):
        if isinstance(dim, int) and dim != side:
            says = f"that of the graph's input {shape}"
            refuse("input.size", says, spec.size and list(spec.size))
    if not _agree(shape[0], want[0]):
        msg = f"source must take one image at a time, or any number; it takes {shape}"
        raise ValueError(msg)


def _agree(dim: object, value: int) -> bool:
    return not isinstance(dim, int) or dim == value
