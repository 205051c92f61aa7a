"""Make the model of a network file: session, card, class."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from .._core.typing import Floats32
from ._fields import refuse
from .binding import inspected
from .card import ModelCard
from .describers import OnnxAttributes, OnnxFeatures
from .detectors import OnnxDetector
from .find_card import find_card
from .fit import Fitted, fit_card
from .network import Network
from .segmenters import OnnxFaceSegmenter, OnnxSegmenter
from .sessions import shared_session

_CLASSES: dict[str, type[Network[Any]]] = {
    "persons": OnnxDetector,
    "faces": OnnxDetector,
    "attributes": OnnxAttributes,
    "features": OnnxFeatures,
}


def open_network(
    path: Path,
    task: str | None,
    device: str,
    card: ModelCard | None,
    threads: int | None,
) -> Network[Any]:
    """Return the model in the file at `path`, as `load_model` describes it."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    runtime, provider = shared_session(path, sha256, device=device, threads=threads)
    session = inspected(runtime)
    card = card or find_card(path, sha256, session)
    if card.sha256 not in (None, sha256):
        msg = (
            f"card field sha256 must be that of {path}, {sha256}; got {card.sha256}: "
            "the card speaks of another file"
        )
        raise ValueError(msg)
    if task not in (None, card.task):
        msg = f"task must be that of card {card.name!r}, {card.task!r}; got {task!r}"
        raise ValueError(msg)
    fitted = fit_card(card, session)
    common = {
        "runtime": runtime,
        "provider": provider,
        "sha256": sha256,
        "batch": fitted.batch,
        "mean_mask": _mean_mask(path, card.input.mean_mask),
    }
    if card.task == "segment":
        return _segmenter(fitted, common)
    return _CLASSES[card.task](card=fitted.card, **common)


def _segmenter(fitted: Fitted, common: dict[str, Any]) -> OnnxSegmenter:
    card = fitted.card
    kind = OnnxFaceSegmenter if card.input.follow_face else OnnxSegmenter
    feeds = fitted.feeds
    branches = {
        name: kind(card=of_branch, feeds=feeds.get(name, {}), **common)
        for name, of_branch in fitted.cards.items()
    }
    usual = {} if card.branches is None else feeds.get(card.branches.fallback, {})
    return kind(card=card, feeds=usual, branches=branches, **common)


def _mean_mask(path: Path, name: str | None) -> Floats32 | None:
    if name is None:
        return None
    from ..kernels import MeanMask

    folder = path.parent.resolve()
    file = (folder / name).resolve()
    if not file.is_relative_to(folder) or not file.is_file():
        refuse("input.mean_mask", f"a file beside {path}", name)
    try:
        return MeanMask.load(file).mean
    except ValueError as error:
        msg = f"card field input.mean_mask: {error}"
        raise ValueError(msg) from None
