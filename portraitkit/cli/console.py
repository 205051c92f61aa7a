"""What goes to the terminal: results to stdout, all else to stderr."""

from __future__ import annotations

import json
import logging
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

FAILED, USAGE, INTERRUPTED = 1, 2, 130


def say(text: str) -> None:
    """Print one line to stderr, whatever characters are in it."""
    typer.echo(visible(text), err=True)


def visible(text: str) -> str:
    r"""Return `text` on one line: control characters as \n, \x1b and so on."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "replace").decode("ascii")
        for c in text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    )


def stop(text: str, code: int = USAGE) -> NoReturn:
    """Print one line to stderr and exit."""
    say(f"portraitkit: {text}")
    raise typer.Exit(code)


def print_json(value: Any) -> None:
    """Print `value` to stdout as JSON on one line."""
    typer.echo(json.dumps(value))


def set_verbosity(*, quiet: bool, verbose: bool) -> None:
    """Let the library's log through to stderr: INFO, or DEBUG with `verbose`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("portraitkit: %(message)s"))
    logger = logging.getLogger("portraitkit")
    logger.handlers = [handler]
    logger.propagate = False
    level = logging.WARNING if quiet else logging.INFO
    logger.setLevel(logging.DEBUG if verbose else level)


def track(items: Iterable[Any], *, total: int, show: bool) -> Iterator[Any]:
    """Yield `items` under a progress bar on stderr, if that is a terminal."""
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not (show and console.is_terminal),
    )
    with bar:
        yield from bar.track(items, total=total, description="photographs")


def conclude(
    records: Sequence[dict[str, Any]],
    *,
    output: Path,
    seconds: float,
    as_json: bool,
    quiet: bool,
) -> None:
    """Print the summary of a run and exit with 1 if an input failed."""
    counts = Counter(record["status"] for record in records)
    if as_json:
        summary = {
            "output": str(output),
            "ok": counts["ok"],
            "no_person": counts["no-person"],
            "failed": counts["failed"],
            "seconds": round(seconds, 3),
        }
        print_json({**summary, "records": list(records)})
    elif not quiet:
        parts = [f"{counts['ok']} ok"]
        parts += [f"{counts['no-person']} without a person"] * bool(counts["no-person"])
        parts += [f"{counts['failed']} failed"] * bool(counts["failed"])
        say(f"{', '.join(parts)} in {seconds:.1f} s: {output}")
    if counts["failed"]:
        raise typer.Exit(FAILED)
