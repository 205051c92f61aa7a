"""``portraitkit grade``: how near the camera a portrait was taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table

from . import options
from .console import FAILED, print_json, say, stop, track, visible
from .drive import Course, gather, run_folder

if TYPE_CHECKING:
    from ..batch.manifest import Record


def grade(
    inputs: options.Inputs = None,
    output: options.Output = None,
    from_file: options.FromFile = None,
    faces: options.Faces = "builtin",
    max_size: options.MaxSize = None,
    jobs: options.Jobs = 1,
    resume: options.Resume = False,
    overwrite: options.Overwrite = False,
    device: options.Device = "auto",
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Grade photographs by the largest face's share, from head shot to far shot."""
    from ..batch.engine import SetupError, run
    from ..batch.grade import GradeJob

    course = Course(arguments=inputs, from_file=from_file, quiet=quiet, verbose=verbose)
    found = gather(course)
    job = GradeJob(faces=faces, device=device, max_size=max_size)
    records: dict[str, Record] = {}
    try:
        stream = run(job, found, jobs=jobs)
        for record in track(stream, total=len(found), show=not quiet):
            records[record["input"]] = record
            if record["status"] == "failed":
                say(f"portraitkit: {record['input']}: {record['error']}")
    except SetupError as error:
        stop(str(error))
    ordered = [records[item.name] for item in found]
    if as_json:
        print_json({"records": ordered})
    else:
        _print_table(ordered)
    if any(record["status"] == "failed" for record in ordered):
        raise typer.Exit(FAILED)


def _print_table(records: list[Record]) -> None:
    table = Table("input", "shot", "faces")
    table.add_column("face / image", justify="right")
    for record in records:
        if record["status"] != "failed":
            name = visible(record["input"]).replace("[", r"\[")
            ratio = f"{record['face_ratio']:.3f}"
            table.add_row(name, record["shot"], str(len(record["boxes"])), ratio)
    Console(width=None).print(table)
