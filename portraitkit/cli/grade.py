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
    from ..batch.grade import GradeJob
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
    """Grade photographs by the largest face's share, from head shot to far shot.

    Prints a table; with -o, writes the records to DIR/manifest.jsonl instead.
    """
    from ..batch.grade import GradeJob

    course = Course(
        arguments=inputs,
        from_file=from_file,
        output=output,
        jobs=jobs,
        resume=resume,
        overwrite=overwrite,
        as_json=as_json,
        quiet=quiet,
        verbose=verbose,
    )
    job = GradeJob(faces=faces, device=device, max_size=max_size)
    if output is not None:
        run_folder(course, lambda _folder, _found: job)
    else:
        _print_grades(course, job)


def _print_grades(course: Course, job: GradeJob) -> None:
    from ..batch.engine import SetupError, run

    found = gather(course)
    records: dict[str, Record] = {}
    try:
        stream = run(job, found, jobs=course.jobs)
        for record in track(stream, total=len(found), show=not course.quiet):
            records[record["input"]] = record
            if record["status"] == "failed":
                say(f"portraitkit: {record['input']}: {record['error']}")
    except SetupError as error:
        stop(str(error))
    ordered = [records[item.name] for item in found]
    if course.as_json:
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
