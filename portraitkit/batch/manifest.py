"""The account of a run: one record for each input, kept while it goes on.

While a run goes on, records are appended to a journal as inputs finish, so that
a run that was stopped can be resumed. At its end they are written in input order
to ``manifest.jsonl`` in one step, and the journal goes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from ..io import atomic_write

Record: TypeAlias = dict[str, Any]

MANIFEST = "manifest.jsonl"
JOURNAL = "manifest.part.jsonl"
OUTDATED = "outdated"
"""In a journal: what ``--overwrite`` is to do again, and has not yet."""
UNDONE = ("failed", OUTDATED)


class Manifest:
    """The records of one output folder.

    Parameters
    ----------
    folder : Path
        The output folder.
    settings : mapping
        What the results depend on; records carry its fingerprint.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        self.path = folder / MANIFEST
        self.journal = folder / JOURNAL
        self.settings = fingerprint(settings)
        self.old = {record["input"]: record for record in self._read()}

    @property
    def exists(self) -> bool:
        """Whether the folder holds results of an earlier run."""
        return self.path.exists() or self.journal.exists()

    def is_done(self, name: str) -> bool:
        """Whether `name` was finished earlier, and its files are still there."""
        record = self.old.get(name)
        return (
            record is not None
            and record["status"] not in UNDONE
            and all((self.path.parent / file).is_file() for file in record["files"])
        )

    def other_settings(self) -> bool:
        """Whether earlier results were made with other settings."""
        return any(
            record.get("settings") != self.settings
            for record in self.old.values()
            if record["status"] not in UNDONE
        )

    def start_anew(self) -> None:
        """Keep of an earlier run only which files it wrote, to be done again."""
        old = [{**record, "status": OUTDATED} for record in self.old.values()]
        self.journal.unlink(missing_ok=True)
        if old:
            text = "".join(_line(record) for record in old)
            atomic_write(self.journal, text.encode("ascii"))
        self.path.unlink(missing_ok=True)

    def drop_stale(self, record: Record) -> None:
        """Remove files of the input's earlier record that did not come out again."""
        if record["status"] != "failed" and record["input"] in self.old:
            for file in set(self.old[record["input"]]["files"]) - set(record["files"]):
                (self.path.parent / file).unlink(missing_ok=True)

    def add(self, record: Record) -> Record:
        """Append `record` to the journal; return it as it is kept."""
        record = {**record, "settings": self.settings}
        with self.journal.open("a", encoding="ascii") as file:
            file.write(_line(record))
        return record

    def finish(self, records: Iterable[Record]) -> None:
        """Write the manifest in one step and drop the journal."""
        text = "".join(_line(record) for record in records)
        atomic_write(self.path, text.encode("ascii"))
        self.journal.unlink(missing_ok=True)

    def _read(self) -> list[Record]:
        records = []
        for path in (self.path, self.journal):
            if path.exists():
                lines = path.read_text("ascii", "replace").splitlines()
                records += [record for line in lines if (record := _parse(line))]
        return records


def fingerprint(settings: Mapping[str, Any]) -> str:
    """Return 16 hexadecimal digits that name `settings`."""
    text = json.dumps(settings, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _line(record: Record) -> str:
    return json.dumps(record) + "\n"


def _parse(line: str) -> Record | None:
    """Return the record, or None for a line that a stopped run left unfinished."""
    try:
        record = json.loads(line)
    except ValueError:
        return None
    known = isinstance(record, dict) and {"input", "status", "files"} <= record.keys()
    return record if known else None
