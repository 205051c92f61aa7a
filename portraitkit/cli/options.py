"""Options that several commands share, said once."""

from pathlib import Path
from typing import Annotated

import typer

Inputs = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="INPUT...",
        help="Files, folders (searched to the bottom), globs, or - for stdin.",
        show_default=False,
    ),
]
FromFile = Annotated[
    Path | None,
    typer.Option("--from-file", metavar="LIST", help="Read inputs, one a line."),
]
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="DIR", help="Folder for the results."),
]
Jobs = Annotated[int, typer.Option("--jobs", min=1, help="Processes, one thread each.")]
Resume = Annotated[
    bool, typer.Option("--resume", help="Keep what an earlier run finished.")
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Do an earlier run's inputs again.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object to stdout.")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Print errors only.")]
Verbose = Annotated[
    bool, typer.Option("-v", "--verbose", help="Print what models and loops do.")
]
MaxSize = Annotated[
    int | None,
    typer.Option(
        "--max-size",
        min=1,
        metavar="PX",
        help="Shrink larger photographs to this longest side; results have that size.",
    ),
]
Device = Annotated[
    str, typer.Option("--device", help="For ONNX files: auto, cpu, cuda or cuda:N.")
]
_MODEL = "ONNX file, name of a fetched model (portraitkit models), or builtin."
Segmenter = Annotated[str, typer.Option("--segmenter", metavar="MODEL", help=_MODEL)]
Persons = Annotated[str, typer.Option("--persons", metavar="MODEL", help=_MODEL)]
Faces = Annotated[str, typer.Option("--faces", metavar="MODEL", help=_MODEL)]
Attributes = Annotated[
    str | None,
    typer.Option(
        "--attributes",
        metavar="MODEL",
        help="ONNX file or name of a fetched model that names attributes; "
        "their probabilities go into the manifest.",
    ),
]
Threshold = Annotated[
    float,
    typer.Option("--threshold", help="Probability from which a pixel is person."),
]
Width = Annotated[
    int, typer.Option("--width", min=1, help="Width of the unknown band in pixels.")
]
Cutouts = Annotated[
    bool, typer.Option("--cutouts", help="Also write RGBA pictures of the persons.")
]
