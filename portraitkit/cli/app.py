"""The commands and what they are called."""

from typing import Annotated

import typer

from .. import __version__
from .demo import demo
from .doctor import doctor
from .evaluate import evaluate
from .grade import grade
from .kernels import kernels
from .models import models
from .single import segment, trimap
from .split import split

app = typer.Typer(
    name="portraitkit",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for command in (split, segment, trimap, grade, kernels, evaluate, demo, doctor):
    app.command()(command)
app.add_typer(models, name="models")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"portraitkit {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_print_version, help="Print version."
        ),
    ] = False,
) -> None:
    """Image processing for portraits: masks, persons and trimaps from photographs."""
