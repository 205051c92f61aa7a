"""Does a card speak of this very graph? Said at loading, not at the first photo."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from .._core.typing import Array
from ._fields import refuse
from .card import AnyOutput, ModelCard
from .card_boxes import BoxOutput
from .card_branches import Branches
from .card_input import ImageInput
from .card_output import AttributeOutput, MapOutput
from .rows import FIELDS

TYPES = {
    "float32": "tensor(float)",
    "float16": "tensor(float16)",
    "uint8": "tensor(uint8)",
}
NUMBERS = {
    **{f"tensor(int{n})": f"int{n}" for n in (8, 16, 32, 64)},
    **{f"tensor(uint{n})": f"uint{n}" for n in (8, 16, 32, 64)},
    "tensor(float16)": "float16",
    "tensor(float)": "float32",
    "tensor(double)": "float64",
    "tensor(bool)": "bool",
}


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A card with every name filled in, and what the graph says beside it.

    `batch` images are taken at a time, None: any number. `cards` has one card, and
    `feeds` what the graph's other inputs get, for each branch.
    """

    card: ModelCard
    batch: int | None
    cards: Mapping[str, ModelCard]
    feeds: Mapping[str, Mapping[str, Array]]


def fit_card(card: ModelCard, session: Any) -> Fitted:
    """Fit `card` to the graph of `session`.

    Raises
    ------
    ValueError
        If the graph has no such input or output, or wants another size or type.
    """
    nodes = {node.name: node for node in session.get_inputs()}
    branches = card.branches
    feeds: dict[str, Mapping[str, Array]] = {}
    if branches is not None and branches.values is not None:
        feeds = _feeds(branches, nodes)
    name = card.input.name
    if name is None and len(nodes) == 1:
        name = next(iter(nodes))
    if name not in nodes or len(nodes) > 1:
        refuse("input.name", f"the graph's only input, of {sorted(nodes)}", name)
    batch = _check_input(card.input, nodes[name])
    numbers = [node for node in session.get_outputs() if node.type in NUMBERS]
    if not numbers:
        got = [f"{node.name}: {node.type}" for node in session.get_outputs()]
        msg = f"source must be a network that gives arrays of numbers; it gives {got}"
        raise ValueError(msg)
    outputs = [node.name for node in numbers]
    named = dataclasses.replace(card.input, name=name)
    if branches is None or branches.outputs is None:
        output = _name_outputs(card.output, outputs)
        if _is_of_one_image(output, {node.name: node.shape for node in numbers}):
            batch = 1
        card = dataclasses.replace(card, input=named, output=output)
    else:
        card = dataclasses.replace(card, input=named)
    cards = {} if branches is None else _branch_cards(card, branches, outputs)
    return Fitted(card, batch, cards, feeds)


def _is_of_one_image(output: AnyOutput, shapes: Mapping[str, Any]) -> bool:
    """Tell whether a detector's rows, (N, C), lack an axis of images."""
    return isinstance(output, BoxOutput) and any(
        len(shapes[name] or ()) == 2 for name in output.boxes
    )


def _feeds(branches: Branches, nodes: dict[str, Any]) -> dict[str, Mapping[str, Array]]:
    """Take the input that picks a branch out of `nodes`; return what to feed it."""
    name = branches.input or ""
    if name not in nodes:
        refuse("branches.input", f"an input of the graph, {sorted(nodes)}", name)
    node = nodes.pop(name)
    if node.type not in NUMBERS:
        refuse("branches.input", "an input of numbers", f"{name}: {node.type}")
    shape = [side if isinstance(side, int) else 1 for side in node.shape]
    dtype = np.dtype(NUMBERS[node.type])
    feeds: dict[str, Mapping[str, Array]] = {}
    for branch, value in (branches.values or {}).items():
        numbers = np.array(value).astype(dtype)
        if numbers.ndim and numbers.size != np.prod(shape, dtype=int):
            want = f"a number, or as many as the graph's input {node.shape} has"
            refuse(f"branches.values.{branch}", want, value)
        full = np.full(shape, numbers) if numbers.ndim == 0 else numbers.reshape(shape)
        if not np.array_equal(full.ravel(), np.broadcast_to(value, full.size)):
            refuse(f"branches.values.{branch}", f"what {node.type} can hold", value)
        feeds[branch] = {name: full}
    return feeds


def _branch_cards(
    card: ModelCard, branches: Branches, names: list[str]
) -> dict[str, ModelCard]:
    cards = {}
    for branch in branches.names:
        output = cast(MapOutput, card.output)
        if branches.outputs is not None:
            head = branches.outputs[branch]
            if head not in names:
                want = f"an output of the graph, {names}"
                refuse(f"branches.outputs.{branch}", want, head)
            output = dataclasses.replace(output, name=head)
        cards[branch] = dataclasses.replace(card, output=output, branches=None)
    return cards


def _name_outputs(output: AnyOutput, names: list[str]) -> AnyOutput:
    if isinstance(output, BoxOutput):
        for field in FIELDS:
            _check_names(field, getattr(output, field), names)
        boxes = output.boxes or (names[0],)
        return dataclasses.replace(output, boxes=boxes)
    if isinstance(output, AttributeOutput):
        _check_names("name", output.name, names)
        return dataclasses.replace(output, name=output.name or (names[0],))
    if output.name is not None:
        _check_names("name", (output.name,), names)
    return dataclasses.replace(output, name=output.name or names[0])


def _check_names(field: str, given: tuple[str, ...], names: list[str]) -> None:
    for name in given:
        if name not in names:
            refuse(f"output.{field}", f"an output of the graph, {names}", name)


def _check_input(spec: ImageInput, node: Any) -> int | None:
    """Return how many images the graph takes; None: any number."""
    if node.type != TYPES[spec.dtype]:
        refuse("input.dtype", f"what the graph takes, {node.type}", spec.dtype)
    planar = spec.layout == "NCHW"
    shape = node.shape
    if len(shape) != 4 or not _agree(shape[1 if planar else 3], spec.depth):
        says = f"that of the graph's input {shape}, of {spec.depth} channels"
        refuse("input.layout", says, spec.layout)
    dims = shape[2:] if planar else shape[1:3]
    for dim, side in zip(dims, spec.size or (None, None), strict=True):
        if isinstance(dim, int) and dim != side:
            says = f"that of the graph's input {shape}"
            refuse("input.size", says, spec.size and list(spec.size))
    return shape[0] if isinstance(shape[0], int) else None


def _agree(dim: object, value: int) -> bool:
    return not isinstance(dim, int) or dim == value
