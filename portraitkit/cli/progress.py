"""A bar on the terminal while a file comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)


@contextmanager
def download_bar(name: str, *, show: bool) -> Iterator[Callable[[int, int], None]]:
    """Give a function (bytes there, bytes in all) that moves a bar on stderr.

    There is a bar only if stderr is a terminal.
    """
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not (show and console.is_terminal),
    )
    task = bar.add_task(name, total=None, visible=False)
    with bar:
        yield lambda done, total: bar.update(
            task, completed=done, total=total, visible=True
        )
