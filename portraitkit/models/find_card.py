"""Find the card of a network file: beside it, inside it, or among ours."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from .card import METADATA_KEY, SUFFIX, ModelCard


def find_card(path: Path, sha256: str, session: Any) -> ModelCard:
    """Return the card of the network file at `path`.

    Raises
    ------
    ValueError
        If there is none, or it is not valid.
    """
    beside = path.with_name(path.stem + SUFFIX)
    if beside.is_file():
        return ModelCard.from_file(beside)
    inside = session.get_modelmeta().custom_metadata_map.get(METADATA_KEY)
    if inside is not None:
        return _from_metadata(path, inside)
    if sha256 in packaged_cards():
        return packaged_cards()[sha256]
    msg = (
        f"card must be given for {path}: there is no {beside.name} beside it, no "
        f'"{METADATA_KEY}" in its metadata, and no card of portraitkit\'s own for '
        f"sha256 {sha256}"
    )
    raise ValueError(msg)


def _from_metadata(path: Path, document: str) -> ModelCard:
    try:
        return ModelCard.from_json(document)
    except ValueError as error:
        msg = f"{path}, metadata {METADATA_KEY!r}: {error}"
        raise ValueError(msg) from None


@cache
def packaged_cards() -> dict[str, ModelCard]:
    """Return the cards that come with portraitkit, by sha256 of the file."""
    found = {}
    for entry in files(__package__).joinpath("cards").iterdir():
        if entry.name.endswith(SUFFIX):
            card = ModelCard.from_json(entry.read_text(encoding="utf-8"))
            found[card.sha256 or entry.name] = card
    return found
