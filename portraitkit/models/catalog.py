"""The catalogue: public networks with a pinned address, size, hash and licence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from .card import SUFFIX, ModelCard


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogEntry:
    """A public network that can be fetched by name.

    Attributes
    ----------
    name : str
        What ``portraitkit models fetch`` and `load_model` call it.
    url : str
        Address of the file at a pinned commit.
    size : int
        Of the file, in bytes.
    card : ModelCard
        What it wants and gives; its task, licence, source and sha256.
    """

    name: str
    url: str
    size: int
    card: ModelCard

    @property
    def sha256(self) -> str:
        """Of the file, in lower-case hexadecimal."""
        return self.card.sha256 or ""

    @property
    def fetch_command(self) -> str:
        """What to type to have it."""
        return f"portraitkit models fetch {self.name}"


def known_models() -> Mapping[str, CatalogEntry]:
    """Return the catalogue: the networks that can be fetched, by name.

    Returns
    -------
    mapping of str to CatalogEntry
        In order of name.

    See Also
    --------
    fetch_model : Download one of them.

    Notes
    -----
    Nothing is downloaded: the catalogue is ``catalog.json`` in this package, beside
    the cards of its networks. O(1) after the first call.

    Examples
    --------
    >>> known_models()["sinet-320"].card.license
    'MIT'
    """
    return _read()


@cache
def _read() -> Mapping[str, CatalogEntry]:
    folder = files(__package__)
    listed = json.loads(folder.joinpath("catalog.json").read_text(encoding="utf-8"))
    cards = folder.joinpath("cards")
    return MappingProxyType(
        {
            name: CatalogEntry(
                name=name,
                card=ModelCard.from_json(
                    cards.joinpath(name + SUFFIX).read_text(encoding="utf-8")
                ),
                **entry,
            )
            for name, entry in sorted(listed["models"].items())
        }
    )


def find_entry(name: Any) -> CatalogEntry:
    """Return the catalogue's entry `name`.

    Raises
    ------
    ValueError
        If there is none; names those that there are.
    """
    known = known_models()
    if isinstance(name, str) and name in known:
        return known[name]
    near = get_close_matches(str(name), known, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    msg = f"name must be one of the catalogue's {', '.join(known)}; got {name!r}{hint}"
    raise ValueError(msg)
