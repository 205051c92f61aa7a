"""Where fetched networks lie, and whether they are what the catalogue says."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Literal, TypeAlias

from .catalog import CatalogEntry, known_models

HOME = "PORTRAITKIT_HOME"
"""Environment variable that names the folder of fetched files."""

State: TypeAlias = Literal["absent", "damaged", "ok"]


def home() -> Path:
    """Return the folder of fetched files; it need not exist.

    ``PORTRAITKIT_HOME``, else the platform's cache folder for portraitkit.
    """
    named = os.environ.get(HOME)
    if named:
        return Path(named).expanduser()
    import pooch

    return Path(pooch.os_cache("portraitkit"))


def cached_path(entry: CatalogEntry) -> Path:
    """Return where the fetched file of `entry` lies, or would lie."""
    return home() / "models" / f"{entry.name}.onnx"


def look(entry: CatalogEntry) -> State:
    """Say whether the fetched file is there and, by its hash, the right one."""
    path = cached_path(entry)
    if not path.is_file():
        return "absent"
    # A file of another size need not be read.
    same = path.stat().st_size == entry.size and hash_file(path) == entry.sha256
    return "ok" if same else "damaged"


def hash_file(path: Path) -> str:
    """Return a file's sha256 in lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def locate(source: object) -> Path | None:
    """Return the fetched file that `source` names; None if it is no catalogue name.

    Raises
    ------
    FileNotFoundError
        If it has not been fetched; says what to type.
    ValueError
        If it is not what the catalogue says; says what to type.
    """
    if not isinstance(source, str) or source not in known_models():
        return None
    entry = known_models()[source]
    path = cached_path(entry)
    state = look(entry)
    if state == "absent":
        msg = (
            f"source {source!r} is in the catalogue but not in {path.parent}: "
            f"fetch it once with: {entry.fetch_command}"
        )
        raise FileNotFoundError(msg)
    if state == "damaged":
        msg = (
            f"source {source!r} must be what the catalogue says; {path} has another "
            f"sha256, so it is damaged: fetch it again with: {entry.fetch_command}"
        )
        raise ValueError(msg)
    return path
