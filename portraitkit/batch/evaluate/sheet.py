"""Every pair's scores as CSV."""

from __future__ import annotations

import csv
import math
from io import StringIO

from .figures import FIGURES
from .result import Result, as_row


def as_csv(result: Result) -> bytes:
    """Return one row a pair, also for what has no partner; UTF-8, comma-separated."""
    rows = [as_row(record) for record in result.records]
    names = [n for n in FIGURES if any(n in row.get("scores", {}) for row in rows)]
    rivals = names if any("against" in row for row in rows) else []
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    against = [f"against_{name}" for name in rivals]
    writer.writerow(["input", "status", "shot", *names, *against, "error"])
    for row in rows:
        ours, theirs = row.get("scores", {}), row.get("against", {})
        writer.writerow(
            [
                row["input"],
                row["status"],
                row.get("shot", ""),
                *(_cell(ours.get(name)) for name in names),
                *(_cell(theirs.get(name)) for name in rivals),
                row.get("error", row.get("against_error", "")),
            ]
        )
    blank = [""] * (len(names) + len(rivals) + 2)
    for status, inputs in (
        ("missing", result.plan.missing),
        ("extra", result.plan.extra),
    ):
        for name in inputs:
            writer.writerow([name, status, *blank])
    return text.getvalue().encode("utf-8", "surrogateescape")


def _cell(value: float | None) -> str:
    return "" if value is None or math.isnan(value) else repr(value)
