"""Draft a card by looking at a network's graph, and trying it once."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from ..._core.typing import Array
from ..card import METADATA_KEY, ModelCard
from ..card_input import ImageInput
from ..external import check_external_files
from ..find_card import packaged_cards
from ..fit import NUMBERS
from ..load import existing_file
from ..placement import prepare
from ..runtime import open_session
from .found import Found
from .inputs import guess_input
from .outputs import guess_output

_SIDE = 256
"""Of the image tried where the graph takes any size."""


def draft_card(source: str | Path) -> ModelCard:
    """Draft the card of a network file, for a person to correct.

    Parameters
    ----------
    source : str or Path
        An ONNX file.

    Returns
    -------
    ModelCard
        Names, sizes, layouts and types as the graph says; the rest is guessed, and
        each of ``notes`` begins with the field it speaks of and says what the guess
        rests on.

    Raises
    ------
    FileNotFoundError, IsADirectoryError
        If there is no file at `source`.
    ImportError
        If onnxruntime is not installed.
    ValueError
        If the file is damaged, reads files outside its folder, takes no image, or
        answers with nothing that a card can describe.

    See Also
    --------
    load_model : Takes the corrected card.

    Notes
    -----
    The network is run once, on noise, on the CPU: the sizes and ranges of its
    outputs tell maps from boxes, and probabilities from logits.

    Examples
    --------
    >>> card = draft_card("net.onnx")  # doctest: +SKIP
    >>> card.notes[1]  # doctest: +SKIP
    'input.scale: guessed 1/255, as most networks want'
    """
    path = existing_file(source)
    check_external_files(path)
    session = open_session(path, device="cpu", threads=None)
    notes = [_graph(session)]
    given = guess_input(path, session.get_inputs(), notes)
    found = _try(session, given, notes)
    task, output, resize = guess_output(path, found, notes)
    meta = session.get_modelmeta().custom_metadata_map
    if METADATA_KEY in meta:
        notes.append(f"the file has a card already, in its metadata: {METADATA_KEY}")
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if sha256 in packaged_cards():
        ours = packaged_cards()[sha256].name
        notes.append(
            f"the file has a card already, portraitkit's own: {ours}. It is used where "
            "no card lies beside the file, and this draft knows less"
        )
    return ModelCard.from_mapping(
        {
            "name": path.stem,
            "task": task,
            "input": {**given.to_mapping(), "resize": resize},
            "output": output,
            "license": meta.get("license", "").strip() or None,
            "sha256": sha256,
            "notes": notes,
        }
    )


def _graph(session: Any) -> str:
    def show(nodes: Any) -> str:
        return ", ".join(f"{n.name} {n.type[7:-1]} {n.shape}" for n in nodes)

    return (
        f"the graph takes {show(session.get_inputs())} "
        f"and gives {show(session.get_outputs())}"
    )


def _try(session: Any, spec: ImageInput, notes: list[str]) -> list[Found]:
    """Return what the graph gives for noise, or else what it says that it gives."""
    canvas = spec.size or (_SIDE, _SIDE)
    nodes = session.get_outputs()
    try:
        values = _run(session, _noise(session, spec, canvas))
    except ValueError as error:
        notes.append(f"output: guessed without trying the network, for {error}")
        values = [None] * len(nodes)
    return [
        Found(node.name, _sides(node, array), array, canvas)
        for node, array in zip(nodes, values, strict=True)
    ]


def _run(session: Any, feed: dict[str, Array]) -> list[Array | None]:
    try:
        values: list[Array | None] = session.run(None, feed)
    except Exception as error:  # onnxruntime's errors have no common class
        lines = str(error).splitlines()
        raise ValueError(lines[0] if lines else type(error).__name__) from error
    return values


def _noise(session: Any, spec: ImageInput, canvas: tuple[int, int]) -> dict[str, Array]:
    """Return noise as the graph's image, and zeros for its other inputs."""
    feed: dict[str, Array] = {}
    for node in session.get_inputs():
        shape = [side if isinstance(side, int) else 1 for side in node.shape]
        feed[node.name] = np.zeros(shape, NUMBERS.get(node.type, "float32"))
        if node.name == spec.name:
            count = shape[0]
    noise = np.random.default_rng(0).integers(0, 256, (*canvas, 3), np.uint8)
    fixed = ImageInput.from_mapping(
        {**spec.to_mapping(), "size": canvas, "longest": None, "multiple": 1}
    )
    usual = np.zeros((1, 1), np.float32) if spec.mean_mask else None
    tensor, _ = prepare(noise, fixed, mean_mask=usual)
    return {**feed, str(spec.name): np.repeat(tensor, count, axis=0)}


def _sides(node: Any, array: Array | None) -> tuple[int, ...]:
    if array is not None:
        return array.shape
    return tuple(side if isinstance(side, int) else 0 for side in node.shape)
