"""How a network of the catalogue is put into words."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.table import Table

from ..models.cache import cached_path, look
from ..models.catalog import CatalogEntry


def as_record(entry: CatalogEntry) -> dict[str, Any]:
    """Return all that is known of a network as JSON values."""
    card = json.loads(entry.card.to_json())
    return {
        "name": entry.name,
        "task": entry.card.task,
        "license": entry.card.license,
        "size": entry.size,
        "sha256": entry.sha256,
        "url": entry.url,
        "training_data": entry.card.training_data,
        "path": str(cached_path(entry)),
        "status": look(entry),
        "card": card,
    }


def print_table(records: list[dict[str, Any]]) -> None:
    """Print one line for each network."""
    table = Table("name", "task")
    table.add_column("size", justify="right")
    for title in ("license", "fetched"):
        table.add_column(title)
    for record in records:
        fetched = {"ok": "yes", "absent": "no"}.get(record["status"], record["status"])
        size = f"{record['size'] / 1e6:.1f} MB"
        table.add_row(record["name"], record["task"], size, record["license"], fetched)
    Console().print(table)


def print_record(record: dict[str, Any]) -> None:
    """Print one network, a line for each thing known, then its card."""
    console = Console(highlight=False, soft_wrap=True, markup=False)
    for key, value in record.items():
        if key != "card":
            unit = " bytes" if key == "size" else ""
            console.print(f"{key + ':':<15}{value}{unit}")
    console.print("card:")
    console.print(json.dumps(record["card"], indent=2))
