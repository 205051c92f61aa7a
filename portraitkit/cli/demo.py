"""``portraitkit demo``: the main job on a photograph whose truth is known."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import numpy as np
import typer

from . import options
from .console import FAILED, print_json, say, set_verbosity, stop

if TYPE_CHECKING:
    from .._core.typing import Labels
    from ..batch.manifest import Record

PHOTO = "group.jpg"
SHEET = "sheet.png"


class Score(NamedTuple):
    """How near the demo came to the truth; IoU from 0 to 1."""

    persons: int
    found: int
    mask_iou: float
    person_ious: list[float]


def demo(
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="Folder to write to.")
    ] = Path("portraitkit-demo"),
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Make a group photograph, split it with no model file, and show all of it.

    Writes the photograph, everything ``split`` writes, and sheet.png, which shows
    them side by side; prints the score against the truth.
    """
    from ..io import write_image
    from .scene import group_photo

    set_verbosity(quiet=quiet, verbose=verbose)
    start = time.perf_counter()
    photo, truth = group_photo()
    try:
        output.mkdir(parents=True, exist_ok=True)
        write_image(output / PHOTO, photo)
    except OSError as error:
        stop(f"-o {output}: can't be written: {error.strerror or error}", FAILED)
    record = _split(output)
    score = _score(output, truth, record)
    _write_sheet(output, record)
    _report(output, record, score, time.perf_counter() - start, as_json, quiet)
    if score.found < score.persons:
        raise typer.Exit(FAILED)


def _split(output: Path) -> Record:
    """Run what ``portraitkit split`` runs, on the photograph as written."""
    from ..batch.folder import run_into
    from ..batch.inputs import Input
    from ..batch.manifest import Manifest
    from ..batch.split import SplitJob

    job = SplitJob(output=output, cutouts=True, confidence=True)
    photo = Input(output / PHOTO, PHOTO, Path(PHOTO).stem)
    (record,) = run_into(job, [photo], Manifest(output, {"command": "demo"}))
    if record["status"] == "failed":
        stop(f"{PHOTO}: {record['error']}", FAILED)
    return record


def _score(output: Path, truth: Labels, record: Record) -> Score:
    from ..io import read_labels
    from ..metrics import iou

    labels = read_labels(output / "group.instances.png")
    persons = range(1, int(truth.max()) + 1)
    found = range(1, len(record["boxes"]) + 1)
    table = np.array(
        [[iou(labels == i, truth == j) for i in found] for j in persons]
    ).reshape(len(persons), len(found))
    best = table.max(axis=1, initial=0)
    return Score(
        persons=len(persons),
        found=int((best >= 0.5).sum()),
        mask_iou=iou(labels > 0, truth > 0),
        person_ious=best.round(4).tolist(),
    )


def _write_sheet(output: Path, record: Record) -> None:
    from ..batch import sheet
    from ..io import read_image, read_labels, write_image

    def gray(name: str) -> np.ndarray:
        return read_image(output / f"group.{name}.png")[..., 0]

    image = read_image(output / PHOTO)
    labels = read_labels(output / "group.instances.png")
    numbers = np.unique(labels[labels > 0]).tolist()
    trimaps = [gray(f"person-{number}.trimap") for number in numbers]
    blank = np.zeros((1, *labels.shape), np.uint8)
    panels = [
        ("photograph and persons found", sheet.paint_boxes(image, _boxes(record))),
        ("person mask: cut out", sheet.paint_cutout(image, labels > 0)),
        ("instances", sheet.paint_labels(image, labels)),
        ("trimaps: unknown in color", sheet.paint_trimaps(np.array(trimaps or blank))),
        ("confidence of the split", sheet.paint_unit(gray("confidence") / 255)),
        ("person mask", sheet.paint_unit(gray("mask") / 255)),
    ]
    write_image(output / SHEET, sheet.contact_sheet(panels))


def _boxes(record: Record) -> np.ndarray:
    return np.array(record["boxes"], float).reshape(-1, 4)


def _report(
    output: Path,
    record: Record,
    score: Score,
    seconds: float,
    as_json: bool,
    quiet: bool,
) -> None:
    files = [PHOTO, *record["files"], "manifest.jsonl", SHEET]
    if as_json:
        summary = {"output": str(output), "seconds": round(seconds, 3), "files": files}
        print_json({**summary, **score._asdict()})
    elif not quiet:
        each = ", ".join(f"{value:.3f}" for value in score.person_ious)
        typer.echo(f"persons found: {score.found} of {score.persons}")
        typer.echo(f"IoU of the mask: {score.mask_iou:.3f}; of each person: {each}")
        say(f"{len(files)} files in {seconds:.1f} s: look at {output / SHEET}")
