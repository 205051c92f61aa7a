"""``portraitkit models``: the catalogue of networks, and cards for your own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import options
from .console import FAILED, INTERRUPTED, print_json, say, stop

if TYPE_CHECKING:
    from ..models.catalog import CatalogEntry

models = typer.Typer(
    no_args_is_help=True,
    help="List, fetch and verify public networks, and draft cards for your own.",
)

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="NAME...", help="Names in the catalogue."),
]


@models.command("list")
def list_(as_json: options.Json = False) -> None:
    """List the networks that can be fetched."""
    from ..models import known_models
    from ..models.cache import home
    from .model_words import as_record, print_table

    records = [as_record(entry) for entry in known_models().values()]
    if as_json:
        print_json({"home": str(home()), "models": records})
    else:
        print_table(records)


@models.command()
def info(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    as_json: options.Json = False,
) -> None:
    """Tell all that is known of one of them."""
    from .model_words import as_record, print_record

    record = as_record(_find([name])[0])
    if as_json:
        print_json(record)
    else:
        print_record(record)


@models.command()
def fetch(
    names: Names = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All networks of the catalogue.")
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask no server; fail on what is absent.")
    ] = False,
    mirror: Annotated[
        str | None,
        typer.Option(
            "--mirror",
            metavar="URL",
            envvar="PORTRAITKIT_MIRROR",
            help="Server that has the files under the paths of their addresses.",
        ),
    ] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Download networks, and print where they lie.

    They go into the folder that PORTRAITKIT_HOME names, else the platform's cache
    folder. Nothing else downloads. What is there and right is left alone; what broke
    off goes on where it was.
    """
    from ..models import FetchError, fetch_model
    from .progress import download_bar

    records = []
    for entry in _chosen(names, everything):
        record: dict[str, Any] = {"name": entry.name, "status": "ok"}
        try:
            with download_bar(entry.name, show=not quiet) as progress:
                path = fetch_model(
                    entry.name, offline=offline, mirror=mirror, progress=progress
                )
            record |= {"path": str(path), "sha256": entry.sha256}
        except FetchError as error:
            record |= {"status": "failed", "error": str(error)}
            say(f"portraitkit: {error}")
        except ValueError as error:
            stop(f"--{error}")
        except KeyboardInterrupt:
            stop(f"interrupted; go on with: {entry.fetch_command}", INTERRUPTED)
        records.append(record)
        if record["status"] == "ok" and not as_json:
            typer.echo(record["path"])
    _conclude(records, as_json)


@models.command()
def verify(
    names: Names = None, as_json: options.Json = False, quiet: options.Quiet = False
) -> None:
    """Hash what was fetched again, all of it by default."""
    from ..models import known_models
    from ..models.cache import cached_path, look

    entries = _find(names) if names else list(known_models().values())
    found = [(entry, look(entry)) for entry in entries]
    if not names:
        found = [(entry, state) for entry, state in found if state != "absent"]
    records = []
    for entry, state in found:
        path = str(cached_path(entry))
        records.append({"name": entry.name, "status": state, "path": path})
        if state != "ok":
            cure = f"fetch it with: {entry.fetch_command}"
            say(f"portraitkit: {entry.name}: {path} is {state}: {cure}")
        elif not (as_json or quiet):
            typer.echo(f"{entry.name}: ok: {path}")
    if not records and not quiet:
        say("nothing has been fetched: see portraitkit models list")
    _conclude(records, as_json)


@models.command()
def card(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An ONNX file.")],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="CARD", help="Write the card there."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a card that is there.")
    ] = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Draft the card of an ONNX file by looking at its graph and trying it once.

    The draft's "notes" say what was guessed and why: correct those fields, then save
    it as NAME.card.json beside NAME.onnx. Prints the card, or writes it with -o.
    """
    from .draft import draft, write_card

    drafted = draft(file)
    if output is not None:
        write_card(output, drafted, overwrite=overwrite)
    if as_json:
        print_json(json.loads(drafted.to_json()))
    elif output is None:
        typer.echo(drafted.to_json(indent=2))
    if output is not None and not quiet:
        for note in drafted.notes:
            say(note)


def _chosen(names: list[str] | None, everything: bool) -> list[CatalogEntry]:
    from ..models import known_models

    if bool(names) == everything:
        stop("name what to fetch, or give --all: see portraitkit models list")
    return list(known_models().values()) if everything else _find(names or [])


def _find(names: list[str]) -> list[CatalogEntry]:
    from ..models.catalog import find_entry

    try:
        return [find_entry(name) for name in dict.fromkeys(names)]
    except ValueError as error:
        stop(str(error))


def _conclude(records: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print_json({"models": records})
    if any(record["status"] != "ok" for record in records):
        raise typer.Exit(FAILED)
