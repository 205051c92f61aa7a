"""What an evaluation tells: tables or JSON, troubles, files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from rich.console import Console
from rich.table import Table as Grid

from .console import FAILED, print_json, say, stop, visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..batch.evaluate.atlas import Atlases
    from ..batch.evaluate.job import EvaluateJob
    from ..batch.evaluate.result import Result
    from ..batch.evaluate.tables import Table
    from ..batch.manifest import Record

MOST_COLUMNS = 7
"""Of a table on a terminal."""
SHOWN = 20
"""Names listed of each sort of trouble."""


def say_troubles(result: Result, quiet: bool) -> None:
    """List on stderr what could not be compared; extra predictions unless `quiet`."""
    plan = result.plan
    _list("no prediction for", plan.missing)
    _list("no second prediction for", plan.rival_missing)
    _list("", plan.doubles)
    _list("", [_trouble(record, "error") for record in result.bad])
    _list("", [_trouble(record, "rival_error") for record in result.rival_errors])
    if not quiet:
        _list("no truth for", plan.extra)


def _trouble(record: Record, key: str) -> str:
    text, name = str(record[key]), str(record["input"])
    named = re.search(rf"(^|[/' ]){re.escape(name)}\.", text)  # a file's error names it
    return text if named else f"{name}: {text}"


def _list(what: str, names: Sequence[str]) -> None:
    for name in names[:SHOWN]:
        say(f"portraitkit: {what} {name}" if what else f"portraitkit: {name}")
    if len(names) > SHOWN:
        say(f"portraitkit: {what or 'as bad:'} {len(names) - SHOWN} more")


def write_files(
    result: Result,
    atlases: Atlases,
    job: EvaluateJob,
    csv: Path | None,
    report: Path | None,
    worst: int,
) -> None:
    """Write the CSV file and the report, those that are wanted."""
    from ..batch.evaluate.sheet import as_csv
    from ..io import atomic_write

    try:
        if csv is not None:
            csv.parent.mkdir(parents=True, exist_ok=True)
            atomic_write(csv, as_csv(result))
        if report is not None:
            from ..batch.report.page import render

            report.mkdir(parents=True, exist_ok=True)
            page = render(result, atlases, job, worst=worst)
            atomic_write(report / "index.html", page.encode("utf-8", "replace"))
    except OSError as error:
        stop(f"{error.filename}: can't be written: {error.strerror or error}", FAILED)


def show(result: Result, *, as_json: bool) -> None:
    """Print the result to stdout, as tables or as JSON."""
    from ..batch.evaluate.result import as_document
    from ..batch.evaluate.tables import comparison, paper_tables, summary

    if as_json:
        print_json(as_document(result))
        return
    if result.good:
        contest = comparison(result)
        for table in (summary(result), *paper_tables(result), *filter(None, [contest])):
            _print_table(table)


def _print_table(table: Table) -> None:
    if len(table.head) > MOST_COLUMNS and table.groups:
        table = table.turned()
    grid = Grid(title=_plain(table.title), caption=_plain(table.note))
    for i, name in enumerate(table.flat_head):
        side: Literal["left", "right"] = "right" if i else "left"
        grid.add_column(_plain(name), justify=side, overflow="fold")
    for row in table.rows:
        grid.add_row(*(_plain(cell) for cell in row))
    Console().print(grid)


def _plain(text: str) -> str:
    return visible(text).replace("[", r"\[")
