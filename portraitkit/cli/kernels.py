"""``portraitkit kernels``: boundary kernels of a data set, computed once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from . import options
from .console import stop, track
from .drive import Course, run_folder

if TYPE_CHECKING:
    from ..batch.inputs import Input
    from ..batch.kernels import KernelsJob
    from ..kernels import MeanMask


def kernels(
    masks: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="MASKS...",
            help="Person masks (PNG): files, folders or globs.",
            show_default=False,
        ),
    ] = None,
    output: options.Output = None,
    from_file: options.FromFile = None,
    width: Annotated[
        int, typer.Option("--width", min=1, help="Width of the band in pixels.")
    ] = 10,
    normalize: Annotated[
        Literal["sum", "max", "proximity"],
        typer.Option("--normalize", help="How distances become soft labels."),
    ] = "sum",
    format: Annotated[
        Literal["npz", "png"],
        typer.Option("--format", help="float32 arrays, or RGB rounded to 1/255."),
    ] = "npz",
    mean_mask: Annotated[
        Path | None,
        typer.Option(
            "--mean-mask",
            metavar="FILE",
            help="Mean of all masks (.npz): written here, or used if it is there.",
        ),
    ] = None,
    global_kernel: Annotated[
        bool,
        typer.Option(
            "--global-kernel",
            help="Also write DIR/global_kernel.npz and .png, from the mean mask.",
        ),
    ] = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="Also write pictures to look at.")
    ] = False,
    jobs: options.Jobs = 1,
    resume: options.Resume = False,
    overwrite: options.Overwrite = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Compute the boundary kernels of a data set: DIR/sub/a.kernel.npz.

    Each .npz holds "kernel" (H, W, 3) float32, foreground, boundary and background,
    and "labels" (H, W) uint8 (0, 1, 2 in that order).
    """
    given = None if mean_mask is None or overwrite else _load(mean_mask)
    found: list[Input] = []

    def make_job(folder: Path, inputs: list[Input]) -> KernelsJob:
        from ..batch.kernels import KernelsJob

        found.extend(inputs)
        return KernelsJob(
            output=folder,
            width=width,
            normalize=normalize,
            format=format,
            preview=preview,
        )

    def sum_up(folder: Path, _records: list[dict[str, Any]]) -> None:
        from ..batch.kernels import mean_of, write_global_kernel

        if mean_mask is None and not global_kernel:
            return
        try:
            bar = track(found, total=len(found), show=not quiet)
            mean = mean_of(bar) if given is None else given
            if given is None and mean_mask is not None:
                mean.save(mean_mask)
            if global_kernel:
                write_global_kernel(folder, mean)
        except (OSError, ValueError) as error:
            stop(str(error), 1)

    course = Course(
        arguments=masks,
        from_file=from_file,
        output=output,
        jobs=jobs,
        resume=resume,
        overwrite=overwrite,
        as_json=as_json,
        quiet=quiet,
        verbose=verbose,
    )
    run_folder(course, make_job, stdout_ending=f".kernel.{format}", finish=sum_up)


def _load(path: Path) -> MeanMask | None:
    """Return the mean mask at `path`, None if there is no such file yet."""
    from ..kernels import MeanMask

    if not path.exists():
        return None
    try:
        return MeanMask.load(path)
    except (OSError, ValueError) as error:
        stop(f"--mean-mask: {error}")
