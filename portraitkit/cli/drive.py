"""The course every folder command takes, from arguments to exit code."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import typer

from .. import __version__
from .console import FAILED, INTERRUPTED, conclude, say, set_verbosity, stop, track

if TYPE_CHECKING:
    from ..batch.engine import Job
    from ..batch.inputs import Input
    from ..batch.manifest import Manifest, Record

MakeJob: TypeAlias = "Callable[[Path, list[Input]], Job]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What the user asked of a run, whatever the job.

    Attributes
    ----------
    arguments, from_file, output, jobs, resume, overwrite
        As typed.
    as_json, quiet, verbose
        What to print.
    """

    arguments: Sequence[str] | None
    from_file: Path | None = None
    output: Path | None = None
    jobs: int = 1
    resume: bool = False
    overwrite: bool = False
    as_json: bool = False
    quiet: bool = False
    verbose: bool = False
    start: float = field(default_factory=time.perf_counter)

    def __post_init__(self) -> None:
        set_verbosity(quiet=self.quiet, verbose=self.verbose)
        if self.resume and self.overwrite:
            stop("--resume keeps results and --overwrite replaces them: give one")


def run_folder(
    course: Course,
    make_job: MakeJob,
    *,
    stdout_ending: str = "",
    finish: Callable[[Path, list[Record]], None] | None = None,
) -> None:
    """Run a job into a folder, or one photograph from stdin to stdout.

    Parameters
    ----------
    course : Course
        What the user asked.
    make_job : callable
        Given the output folder and the inputs (more may be added), the job.
    stdout_ending : str, optional
        Which of a job's files goes to stdout; without one, - needs ``-o``.
    finish : callable, optional
        Given the output folder and the records, writes what sums them up.
    """
    if list(course.arguments or ()) != ["-"]:
        output = _need_output(course.output)
        inputs = gather(course, output)
        _run(course, output, inputs, make_job, finish)
        return
    with tempfile.TemporaryDirectory() as folder:
        inputs = [_from_stdin(Path(folder))]
        if course.output is not None or not stdout_ending:
            _run(course, _need_output(course.output), inputs, make_job, finish)
            return
        job = make_job(Path(folder), inputs)
        record = _drive(job, inputs, _open(Path(folder), job), course)[0]
        if record["status"] == "failed":
            raise typer.Exit(FAILED)
        sys.stdout.buffer.write((Path(folder) / f"stdin{stdout_ending}").read_bytes())
        sys.stdout.buffer.flush()


def gather(course: Course, output: Path | None = None) -> list[Input]:
    """Return the inputs that the arguments name; exit 2 if there are none."""
    from ..batch.inputs import find_inputs, read_list

    names = list(course.arguments or ())
    if course.from_file is not None:
        try:
            names += read_list(course.from_file)
        except OSError as error:
            stop(f"--from-file {course.from_file}: {error.strerror}")
    if not names:
        stop("no inputs: name files, folders or globs, or give --from-file LIST")
    if "-" in names:
        stop("- stands for one photograph on stdin and can't be mixed with others")
    inputs = find_inputs(names, output=output)
    if not inputs:
        stop(f"no pictures in {', '.join(names)}")
    return inputs


def _from_stdin(folder: Path) -> Input:
    from ..batch.inputs import Input

    path = folder / "stdin"
    path.write_bytes(sys.stdin.buffer.read())
    return Input(path, "stdin", "stdin")


def _run(
    course: Course,
    output: Path,
    inputs: list[Input],
    make_job: MakeJob,
    finish: Callable[[Path, list[Record]], None] | None,
) -> None:
    job = make_job(output, inputs)
    manifest = _open(output, job)
    _refuse_to_mix(course, output, manifest, inputs)
    records = _drive(job, inputs, manifest, course)
    if finish is not None:
        finish(output, records)
    conclude(
        records,
        output=output,
        seconds=time.perf_counter() - course.start,
        as_json=course.as_json,
        quiet=course.quiet,
    )


def _need_output(output: Path | None) -> Path:
    if output is None:
        stop("no output folder: give -o DIR")
    if output.exists() and not output.is_dir():
        stop(f"-o {output}: is a file, not a folder")
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        stop(f"-o {output}: can't be made: {error.strerror}", FAILED)
    return output


def _open(output: Path, job: Job) -> Manifest:
    from ..batch.manifest import Manifest

    settings = asdict(job)
    settings.pop("output", None)
    command = {"command": type(job).__name__, "version": __version__}
    return Manifest(output, {**command, **settings})


def _refuse_to_mix(
    course: Course, output: Path, manifest: Manifest, inputs: Sequence[Input]
) -> None:
    """Exit 2 if earlier results would be lost, or mixed with others."""
    from ..batch.inputs import RESULTS

    targets = [f"{item.target}{ending}" for item in inputs for ending in RESULTS]
    held = manifest.exists or any((output / target).exists() for target in targets)
    if held and not (course.resume or course.overwrite):
        stop(
            f"-o {output}: holds results already: give --resume to keep them, "
            "--overwrite to replace them, or another folder"
        )
    if course.resume and manifest.other_settings():
        stop(
            f"-o {output}: was made with other settings or another version: "
            "repeat its options, or give --overwrite"
        )


def _drive(
    job: Job, inputs: Sequence[Input], manifest: Manifest, course: Course
) -> list[Record]:
    """Run the job, say what fails, and return the records in input order."""
    from ..batch.folder import run_into

    records: dict[str, Record] = {}
    stream = run_into(job, inputs, manifest, jobs=course.jobs, resume=course.resume)
    with _clear_endings(records, len(inputs), manifest):
        for record in track(stream, total=len(inputs), show=not course.quiet):
            records[record["input"]] = record
            if record["status"] == "failed":
                say(f"portraitkit: {record['input']}: {record['error']}")
    return [records[item.name] for item in inputs]


@contextmanager
def _clear_endings(
    records: dict[str, Record], total: int, manifest: Manifest
) -> Iterator[None]:
    from ..batch.engine import SetupError

    try:
        yield
    except SetupError as error:
        stop(str(error))
    except KeyboardInterrupt:
        done = f"interrupted after {len(records)} of {total}"
        stop(f"{done}: --resume goes on from here", INTERRUPTED)
    except OSError as error:
        folder = manifest.path.parent
        stop(f"can't write to {folder}: {error.strerror or error}", FAILED)
