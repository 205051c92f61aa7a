"""A drafted card on its way to the user."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..io import atomic_write
from ..models import draft_card
from .console import FAILED, stop


def draft(file: Path) -> dict[str, Any]:
    """Return the draft of a file's card as JSON values; exit 2 if there can be none."""
    try:
        card: dict[str, Any] = json.loads(draft_card(file).to_json())
    except (OSError, ValueError, ImportError) as error:
        stop(" ".join(str(error).split()))
    return card


def write_card(path: Path, card: dict[str, Any], *, overwrite: bool) -> None:
    """Write a card, indented, unless there is one already."""
    if path.exists() and not overwrite:
        stop(f"-o {path}: is there already: give --overwrite to replace it")
    try:
        atomic_write(path, (json.dumps(card, indent=2) + "\n").encode())
    except OSError as error:
        stop(f"-o {path}: {error.strerror}", FAILED)
