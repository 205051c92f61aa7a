"""One run into one output folder: skip what is done, keep the account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from ..io.atomic import TEMPORARY
from .engine import Job, run
from .inputs import Input
from .manifest import OUTDATED, Manifest, Record


def run_into(
    job: Job,
    inputs: Sequence[Input],
    manifest: Manifest,
    *,
    jobs: int = 1,
    resume: bool = False,
) -> Iterator[Record]:
    """Do `job` on `inputs`, keeping `manifest`; yield records as they come.

    Parameters
    ----------
    job : Job
        Writes its files into the manifest's folder.
    inputs : sequence of Input
        The manifest lists them in this order.
    manifest : Manifest
        Of the output folder, which exists.
    jobs : int, default 1
        Processes.
    resume : bool, default False
        Keep what an earlier run finished; else it is done anew, and files that
        no longer come out are removed.

    Yields
    ------
    dict
        A record for each input; stopped midway, what was done is in the journal.
    """
    _sweep(manifest.path.parent)
    done: dict[str, Record] = {}
    if resume:
        done = {
            i.name: manifest.old[i.name] for i in inputs if manifest.is_done(i.name)
        }
        yield from done.values()
    else:
        manifest.start_anew()
    todo = [item for item in inputs if item.name not in done]
    with closing(run(job, todo, jobs=jobs)) as records:
        for record in records:
            done[record["input"]] = kept = manifest.add(record)
            manifest.drop_stale(kept)
            yield kept
    names = {item.name for item in inputs}
    earlier = [
        old
        for name, old in manifest.old.items()
        if resume and name not in names and old["status"] != OUTDATED
    ]
    manifest.finish([*earlier, *(done[item.name] for item in inputs)])


def _sweep(folder: Path) -> None:
    """Remove what killed processes were writing."""
    for path in folder.rglob(f"{TEMPORARY}*.tmp"):
        path.unlink(missing_ok=True)
