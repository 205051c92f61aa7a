"""Get a network of the catalogue: the only thing that downloads."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import BufferedRandom
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from .cache import HOME, cached_path, look
from .catalog import CatalogEntry, find_entry
from .download import Download, FetchError, Progress, reason


def fetch_model(
    name: str,
    *,
    offline: bool = False,
    mirror: str | None = None,
    progress: Progress | None = None,
) -> Path:
    """Download a network of the catalogue, unless it is there already.

    Parameters
    ----------
    name : str
        One of `known_models`.
    offline : bool, default False
        Ask no server: have it already or fail.
    mirror : str, optional
        Address of a server that stands in for the catalogue's, "https://host/base":
        the path of the catalogue's address is asked for below it.
    progress : callable, optional
        Called with the bytes that are there and the bytes in all, as they come.

    Returns
    -------
    Path
        The file, ``models/NAME.onnx`` in the folder that the environment variable
        ``PORTRAITKIT_HOME`` names, else in the platform's cache folder.

    Raises
    ------
    ValueError
        If the catalogue has no such name, or `mirror` is no http address.
    FetchError
        If it can't be had: no network, no such file, another file, no space.
        Unfinished bytes are kept, and the next call asks for the rest; the file is
        never there before its size and sha256 are right.

    See Also
    --------
    known_models : What there is to fetch.
    load_model : Load what was fetched, by its name.

    Notes
    -----
    A file that is there is hashed: O(size). One that is damaged is replaced. While
    a download is put in place it takes its size twice.

    Examples
    --------
    >>> fetch_model("sinet", offline=True)
    Traceback (most recent call last):
        ...
    ValueError: name must be one of the catalogue's sinet-320, ultraface-rfb-320, \
yolox-nano-416; got 'sinet'; did you mean sinet-320?
    """
    entry = find_entry(name)
    url = _address(entry.url, mirror)
    path = cached_path(entry)
    state = look(entry)
    if state == "ok":
        return path
    if offline:
        msg = (
            f"{name}: {path} is {state}, and nothing is downloaded offline; fetch it "
            f"online with: {entry.fetch_command}"
        )
        raise FetchError(msg)
    _download(entry, url, path, progress)
    return path


def _address(url: str, mirror: str | None) -> str:
    """Return `url`, on `mirror` if one is given."""
    if mirror is None:
        return url
    base = urlsplit(mirror) if isinstance(mirror, str) else None
    if base is None or base.scheme not in ("http", "https") or not base.netloc:
        msg = f"mirror must be an http:// or https:// address; got {mirror!r}"
        raise ValueError(msg)
    path = base.path.rstrip("/") + urlsplit(url).path
    return urlunsplit((base.scheme, base.netloc, path, "", ""))


def _download(
    entry: CatalogEntry, url: str, path: Path, progress: Progress | None
) -> None:
    import requests

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        Download(entry, part, progress).run(url, partial(_place, entry, url, path))
    except requests.RequestException as error:
        msg = f"{entry.name}: no answer from {url}: {reason(error)}"
        raise FetchError(msg) from error
    except FetchError:
        raise
    except OSError as error:
        msg = (
            f"{entry.name}: can't write to {path.parent}: {reason(error)}. "
            f"{HOME} may name another folder"
        )
        raise FetchError(msg) from error


def _place(entry: CatalogEntry, url: str, path: Path, file: BufferedRandom) -> None:
    """Copy a finished file to `path` by way of pooch, which hashes the copy first."""
    import pooch

    def copy(_url: str, target: str, _pooch: object) -> None:
        with Path(target).open("wb") as whole:
            shutil.copyfileobj(file, whole)
        shutil.copymode(file.name, target)  # pooch's own is for one user only

    with _silent(pooch.get_logger()):
        pooch.retrieve(
            url,
            known_hash=f"sha256:{entry.sha256}",
            fname=path.name,
            path=path.parent,
            downloader=copy,
        )


@contextmanager
def _silent(logger: logging.Logger) -> Iterator[None]:
    """Keep a logger from telling what we tell ourselves."""
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before
