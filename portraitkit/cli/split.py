"""``portraitkit split``: photographs to per-person masks and trimaps."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import options
from .console import stop
from .drive import Course, run_folder

if TYPE_CHECKING:
    from ..batch.boxes import BoxTable
    from ..batch.inputs import Input
    from ..batch.split import SplitJob


class Method(StrEnum):
    """How persons are told apart."""

    AUTO = "auto"
    CHI2 = "chi2-geodesic"
    NEAREST = "nearest-box"
    WALKER = "random-walker"
    WATERSHED = "watershed"


def split(
    inputs: options.Inputs = None,
    output: options.Output = None,
    from_file: options.FromFile = None,
    segmenter: options.Segmenter = "builtin",
    persons: options.Persons = "builtin",
    faces: options.Faces = "builtin",
    attributes: options.Attributes = None,
    boxes: Annotated[
        Path | None,
        typer.Option(
            "--boxes",
            metavar="FILE",
            help="Person boxes: JSON {input: [[x1, y1, x2, y2], ...]}, or COCO. "
            "Inputs it does not name go to the person detector.",
        ),
    ] = None,
    masks: Annotated[
        Path | None,
        typer.Option(
            "--masks",
            metavar="DIR",
            help="Person masks to split: STEM.mask.png or STEM.png for each input.",
        ),
    ] = None,
    method: Annotated[
        Method, typer.Option("--method", help="How persons are told apart.")
    ] = Method.AUTO,
    threshold: options.Threshold = 0.5,
    width: options.Width = 10,
    cutouts: options.Cutouts = False,
    confidence: Annotated[
        bool,
        typer.Option("--confidence", help="Also write how sure each pixel's owner is."),
    ] = False,
    debug_figures: Annotated[
        bool,
        typer.Option(
            "--debug-figures",
            help="Also draw what each split went by: boxes, seeds, superpixels, "
            "geodesic distances, confidence, result.",
        ),
    ] = False,
    coco: Annotated[
        bool, typer.Option("--coco", help="Also write all persons to coco.json (RLE).")
    ] = False,
    max_size: options.MaxSize = None,
    jobs: options.Jobs = 1,
    resume: options.Resume = False,
    overwrite: options.Overwrite = False,
    device: options.Device = "auto",
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Split photographs into persons: masks, instances and trimaps.

    For INPUT tree/ that holds sub/a.jpg it writes DIR/sub/a.mask.png,
    a.instances.png (indexed, 0 = background), a.person-1.trimap.png ... and
    DIR/manifest.jsonl, one record for each input. With - as INPUT and no -o,
    reads a photograph from stdin and writes the instances to stdout.
    """
    table = _read_boxes(boxes)
    if masks is not None and not masks.is_dir():
        stop(f"--masks {masks}: no such folder")

    def make_job(folder: Path, found: list[Input]) -> SplitJob:
        from ..batch.boxes import unknown_inputs
        from ..batch.split import SplitJob

        if table is not None and boxes is not None:
            found += unknown_inputs(table, found, boxes)
        return SplitJob(
            output=folder,
            segmenter=segmenter,
            persons=persons,
            faces=faces,
            attributes=attributes,
            method=method.value,
            threshold=threshold,
            device=device,
            width=width,
            cutouts=cutouts,
            confidence=confidence,
            debug_figures=debug_figures,
            max_size=max_size,
            boxes=table,
            masks=masks,
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
    run_folder(
        course,
        make_job,
        stdout_ending=".instances.png",
        finish=_write_coco if coco else None,
    )


def _read_boxes(path: Path | None) -> BoxTable | None:
    from ..batch.boxes import read_boxes

    try:
        return None if path is None else read_boxes(path)
    except OSError as error:
        stop(f"--boxes {path}: {error.strerror}")
    except ValueError as error:
        stop(str(error))


def _write_coco(output: Path, records: list[dict[str, Any]]) -> None:
    from ..batch.coco import write_coco_of_run

    write_coco_of_run(output, records)
