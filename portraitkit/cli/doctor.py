"""``portraitkit doctor``: what is installed, what is wrong, and the cure."""

from __future__ import annotations

import typer
from rich.console import Console

from . import options
from .console import FAILED, print_json

SIGNS = {"ok": "[green]ok     [/]", "note": "[yellow]note   [/]"}


def doctor(as_json: options.Json = False) -> None:
    """Check the installation: packages, ONNX providers, OpenCV, numba's cache.

    Exits with 1 if something is broken.
    """
    from .checkup import examine

    findings = examine()
    broken = any(finding.state == "problem" for finding in findings)
    if as_json:
        rows = [finding._asdict() for finding in findings]
        print_json({"healthy": not broken, "findings": rows})
    else:
        console = Console(highlight=False, soft_wrap=True)
        for finding in findings:
            sign = SIGNS.get(finding.state, "[red]PROBLEM[/]")
            console.print(f"{sign} {finding.what}: ", end="")
            console.print(finding.seen, markup=False)
            if finding.cure:
                console.print(f"        cure: {finding.cure}", markup=False)
    if broken:
        raise typer.Exit(FAILED)
