"""``portraitkit segment`` and ``trimap``: one picture out for each one in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import options
from .drive import Course, run_folder

if TYPE_CHECKING:
    from ..batch.inputs import Input
    from ..batch.segment import SegmentJob
    from ..batch.trimap import TrimapJob


def segment(
    inputs: options.Inputs = None,
    output: options.Output = None,
    from_file: options.FromFile = None,
    segmenter: options.Segmenter = "builtin",
    persons: Annotated[
        str | None,
        typer.Option(
            "--persons",
            metavar="MODEL",
            help="As --segmenter; persons' boxes go into the manifest. Not sought "
            "by default.",
        ),
    ] = None,
    faces: options.Faces = "builtin",
    attributes: options.Attributes = None,
    threshold: options.Threshold = 0.5,
    cutouts: options.Cutouts = False,
    max_size: options.MaxSize = None,
    jobs: options.Jobs = 1,
    resume: options.Resume = False,
    overwrite: options.Overwrite = False,
    device: options.Device = "auto",
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Segment photographs: one person mask each, DIR/sub/a.mask.png.

    With - as INPUT and no -o, reads a photograph from stdin and writes the mask
    to stdout.
    """

    def make_job(folder: Path, _found: list[Input]) -> SegmentJob:
        from ..batch.segment import SegmentJob

        return SegmentJob(
            output=folder,
            segmenter=segmenter,
            persons=persons,
            faces=faces,
            attributes=attributes,
            threshold=threshold,
            device=device,
            cutouts=cutouts,
            max_size=max_size,
        )

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
    run_folder(course, make_job, stdout_ending=".mask.png")


def trimap(
    inputs: options.Inputs = None,
    output: options.Output = None,
    from_file: options.FromFile = None,
    width: options.Width = 10,
    segmenter: options.Segmenter = "builtin",
    faces: options.Faces = "builtin",
    threshold: options.Threshold = 0.5,
    max_size: options.MaxSize = None,
    jobs: options.Jobs = 1,
    resume: options.Resume = False,
    overwrite: options.Overwrite = False,
    device: options.Device = "auto",
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Make trimaps from photographs or person masks: DIR/sub/a.trimap.png.

    A picture of nothing but black and white is a person mask; any other is
    segmented first. With - as INPUT and no -o, reads one from stdin and writes
    the trimap to stdout.
    """

    def make_job(folder: Path, _found: list[Input]) -> TrimapJob:
        from ..batch.trimap import TrimapJob

        return TrimapJob(
            output=folder,
            segmenter=segmenter,
            faces=faces,
            threshold=threshold,
            device=device,
            width=width,
            max_size=max_size,
        )

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
    run_folder(course, make_job, stdout_ending=".trimap.png")
