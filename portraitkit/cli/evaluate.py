"""``portraitkit evaluate``: predictions against truths."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import options
from .console import FAILED, INTERRUPTED, set_verbosity, stop, track
from .verdict import say_troubles, show, write_files

if TYPE_CHECKING:
    from ..batch.evaluate.atlas import Atlases
    from ..batch.evaluate.job import EvaluateJob
    from ..batch.evaluate.plan import Plan, Request
    from ..batch.manifest import Record


class Kind(StrEnum):
    """What the folders hold."""

    AUTO = "auto"
    MASK = "mask"
    LABELS = "labels"
    ALPHA = "alpha"
    COCO = "coco"


class Meaning(StrEnum):
    """What a label is."""

    AUTO = "auto"
    PERSONS = "persons"
    CLASSES = "classes"
    BOTH = "both"


def evaluate(
    prediction: Annotated[
        Path, typer.Argument(metavar="PRED", help="Folder, file or COCO JSON.")
    ],
    truth: Annotated[
        Path, typer.Argument(metavar="TRUTH", help="The same, known to be right.")
    ],
    against: Annotated[
        Path | None,
        typer.Option(
            "--against", metavar="PRED2", help="Compare PRED with this, pair by pair."
        ),
    ] = None,
    kind: Annotated[
        Kind, typer.Option("--kind", help="What the folders hold.")
    ] = Kind.AUTO,
    labels_are: Annotated[
        Meaning,
        typer.Option(
            "--labels-are",
            help="What a label means; auto: persons in .instances.png, else both.",
        ),
    ] = Meaning.AUTO,
    images: Annotated[
        Path | None,
        typer.Option(
            "--images", metavar="DIR", help="Photographs, to find faces in and to show."
        ),
    ] = None,
    grades: Annotated[
        Path | None,
        typer.Option(
            "--grades",
            metavar="FILE",
            help="Shot grades: grade --json output, a manifest.jsonl, {name: shot}.",
        ),
    ] = None,
    trimaps: Annotated[
        Path | None,
        typer.Option(
            "--trimaps", metavar="DIR", help="Judge mattes where these are unknown."
        ),
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Write every pair's scores."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="DIR", help="Write DIR/index.html."),
    ] = None,
    worst: Annotated[
        int, typer.Option("--worst", min=0, help="Worst pictures in the report.")
    ] = 12,
    width: Annotated[
        int, typer.Option("--width", min=1, help="Of band IoU's band, in pixels.")
    ] = 10,
    tolerance: Annotated[
        float,
        typer.Option(
            "--tolerance",
            min=0,
            help="Of contour accuracy: share of the diagonal, or pixels from 1 on.",
        ),
    ] = 0.008,
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold",
            min=0,
            max=255,
            help="Read soft masks: values from here on, of 0..255, are person.",
        ),
    ] = None,
    resamples: Annotated[
        int, typer.Option("--resamples", min=10, help="Draws of the bootstrap.")
    ] = 1000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the bootstrap.")] = 0,
    faces: options.Faces = "builtin",
    device: options.Device = "auto",
    jobs: options.Jobs = 1,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Compare masks, label images, alpha mattes or COCO files with the truth.

    Pairs go by path below the folders, without the ending. What has no partner, or
    another size, is listed on stderr, and the rest is compared. Exit code 0: every
    truth was compared; 1: some were not; 2: wrong usage, or nothing to compare.
    """
    from ..batch.evaluate.bootstrap import Bootstrap
    from ..batch.evaluate.job import EvaluateJob
    from ..batch.evaluate.plan import Request
    from ..batch.evaluate.result import conclude

    set_verbosity(quiet=quiet, verbose=verbose)
    request = Request(
        prediction=prediction,
        truth=truth,
        rival=against,
        kind=kind.value,
        images=images,
        trimaps=trimaps,
        grades=grades,
    )
    plan = _plan(request)
    labels_are = _meaning(labels_are, plan)
    job = EvaluateJob(
        kind=plan.kind,
        persons=labels_are is not Meaning.CLASSES,
        classes=labels_are is not Meaning.PERSONS,
        width=width,
        tolerance=tolerance,
        threshold=threshold,
        atlas=report is not None,
        faces=faces if _need_faces(plan, report) else "",
        device=device,
    )
    job = _with_scores(job, request)
    records, atlases = _run(job, plan, jobs, show=not quiet)
    result = conclude(
        plan,
        records,
        methods=_names(prediction, against),
        dataset=truth.stem or truth.resolve().name,
        bootstrap=Bootstrap(resamples, seed),
    )
    say_troubles(result, quiet)
    write_files(result, atlases, job, csv, report, worst)
    show(result, as_json=as_json)
    if not plan.pairs:
        stop("nothing to compare: no path below PRED is one below TRUTH too")
    if not result.clean:
        raise typer.Exit(FAILED)


def _plan(request: Request) -> Plan:
    from ..batch.evaluate.plan import make_plan

    try:
        return make_plan(request)
    except OSError as error:
        stop(f"{error.filename}: {error.strerror}" if error.strerror else str(error))
    except ValueError as error:
        stop(str(error))


def _meaning(labels_are: Meaning, plan: Plan) -> Meaning:
    if labels_are is not Meaning.AUTO:
        return labels_are
    ours = any(pair.path.name.endswith(".instances.png") for pair in plan.pairs)
    return Meaning.PERSONS if ours else Meaning.BOTH


def _need_faces(plan: Plan, report: Path | None) -> bool:
    """Whether a detector has to look: for a missing grade, or to lay an atlas."""
    photos = [pair for pair in plan.pairs if pair.photo and not pair.faces]
    return any(report is not None or not pair.shot for pair in photos)


def _with_scores(job: EvaluateJob, request: Request) -> EvaluateJob:
    """Give the job the persons' scores that ``split`` left beside label images."""
    from ..batch.evaluate.plan import scores_beside

    if job.kind != "labels" or not job.persons:
        return job
    try:
        return replace(
            job,
            scores=scores_beside(request.prediction),
            rival_scores=scores_beside(request.rival),
        )
    except ValueError as error:
        stop(str(error))


def _run(
    job: EvaluateJob, plan: Plan, jobs: int, *, show: bool
) -> tuple[list[Record], Atlases]:
    from ..batch.engine import SetupError, run
    from ..batch.evaluate.atlas import Atlases

    atlases = Atlases()
    records: dict[str, Record] = {}
    try:
        stream = run(job, plan.pairs, jobs=jobs)
        for record in track(stream, total=len(plan.pairs), show=show):
            records[record["input"]] = atlases.take(record)
    except SetupError as error:
        stop(str(error))
    except KeyboardInterrupt:
        stop(f"interrupted after {len(records)} of {len(plan.pairs)}", INTERRUPTED)
    return [records[pair.name] for pair in plan.pairs], atlases


def _names(prediction: Path, against: Path | None) -> list[str]:
    """Call predictions by their folders' names, longer ones if those are equal."""
    if against is None:
        return [_name(prediction)]
    ours, theirs = _name(prediction), _name(against)
    same = ours == theirs
    return [str(prediction), str(against)] if same else [ours, theirs]


def _name(path: Path) -> str:
    return path.resolve().name
