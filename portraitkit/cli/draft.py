"""A drafted card on its way to the user."""

from __future__ import annotations

from pathlib import Path

from ..io import atomic_write
from ..models import ModelCard, draft_card
from .console import FAILED, stop


def draft(file: Path) -> ModelCard:
    """Return the draft of a file's card; exit 2 if there can be none."""
    try:
        return draft_card(file)
    except (OSError, ValueError, ImportError) as error:
        stop(" ".join(str(error).split()))


def write_card(path: Path, card: ModelCard, *, overwrite: bool) -> None:
    """Write a card, indented, unless there is one already."""
    if path.exists() and not overwrite:
        stop(f"-o {path}: is there already: give --overwrite to replace it")
    try:
        atomic_write(path, (card.to_json(indent=2) + "\n").encode())
    except OSError as error:
        stop(f"-o {path}: {error.strerror}", FAILED)
