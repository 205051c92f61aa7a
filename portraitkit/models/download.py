"""Download one file, going on where an earlier attempt stopped."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedRandom
from pathlib import Path
from typing import Any, TypeAlias

from .catalog import CatalogEntry

Progress: TypeAlias = Callable[[int, int], object]

CHUNK = 1 << 14
"""Bytes written at a time; a broken answer loses its last, unfilled one."""
TIMEOUT = (10, 60)
"""Seconds to connect, and to wait for the next bytes."""


class FetchError(OSError):
    """A network of the catalogue could not be had; the message says why.

    Notes
    -----
    O(1).

    Examples
    --------
    >>> raise FetchError("sinet-320: no network")
    Traceback (most recent call last):
        ...
    portraitkit.models.download.FetchError: sinet-320: no network
    """


class Download:
    """Bytes of one file, kept in ``NAME.onnx.part`` until all of them are right.

    The next attempt asks only for what is missing.

    Parameters
    ----------
    entry : CatalogEntry
        Size and sha256 that the file must have.
    part : Path
        Where unfinished bytes are kept; its folder exists.
    progress : callable, optional
        Given the bytes there and the bytes in all, as they come.
    """

    def __init__(
        self, entry: CatalogEntry, part: Path, progress: Progress | None = None
    ) -> None:
        self.entry = entry
        self.part = part
        self.progress = progress

    def run(self, url: str, place: Callable[[BufferedRandom], object]) -> None:
        """Get the whole file, have it put in place, and drop the part."""
        with _alone(self.part, self.entry.name) as file:
            resumed = self._complete(url, file)
            if resumed and _sha256(file) != self.entry.sha256:
                file.truncate(0)  # what was kept was of another file: once more
                self._complete(url, file)
            self._check(url, file)
            file.seek(0)
            place(file)
        self.part.unlink(missing_ok=True)

    def _complete(self, url: str, file: BufferedRandom) -> bool:
        """Append what is missing; return whether some was there before."""
        have = file.seek(0, 2)
        if have < self.entry.size:  # more than that can't have the right hash
            with _request(url, have) as response:
                have = self._start(url, response, have)
                file.truncate(have)
                file.seek(have)
                self._receive(url, response, file, have)
        return have > 0

    def _start(self, url: str, response: Any, have: int) -> int:
        """Return at which byte the answer begins; refuse one that is another file."""
        if response.status_code not in (200, 206):
            msg = f"{url} answers {response.status_code} {response.reason}"
            raise self._failure(msg)
        start, total = 0, response.headers.get("Content-Length")
        if response.status_code == 206:
            span = response.headers.get("Content-Range", "")
            found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", span)
            if found is None or int(found[1]) != have:
                msg = f"{url} answers with bytes {span!r}, asked for those from {have}"
                raise self._failure(msg)
            start, total = have, found[2].replace("*", "") or None
        if total is not None and total != str(self.entry.size):
            msg = (
                f"{url} is another file: it has {total} bytes, the catalogue says "
                f"{self.entry.size}"
            )
            raise self._failure(msg)
        return start

    def _receive(
        self, url: str, response: Any, file: BufferedRandom, have: int
    ) -> None:
        import requests

        try:
            for chunk in response.iter_content(CHUNK):
                file.write(chunk)
                have += len(chunk)
                if have > self.entry.size:
                    break
                if self.progress is not None:
                    self.progress(have, self.entry.size)
        except requests.RequestException as error:
            raise self._stopped(url, have, f": {reason(error)}") from error
        if have > self.entry.size:
            file.truncate(0)
            msg = f"{url} is another file: more than {self.entry.size} bytes"
            raise self._failure(msg)
        if have < self.entry.size:
            raise self._stopped(url, have)

    def _check(self, url: str, file: BufferedRandom) -> None:
        sha256 = _sha256(file)
        if sha256 != self.entry.sha256:
            file.truncate(0)
            msg = (
                f"{url} is another file: its sha256 is {sha256}, the catalogue says "
                f"{self.entry.sha256}; it was not kept"
            )
            raise self._failure(msg)

    def _stopped(self, url: str, have: int, why: str = "") -> FetchError:
        return self._failure(
            f"{url} broke off{why}. {have} of {self.entry.size} bytes are kept; "
            f"go on with: {self.entry.fetch_command}"
        )

    def _failure(self, text: str) -> FetchError:
        return FetchError(f"{self.entry.name}: {text}")


@contextmanager
def _request(url: str, have: int) -> Iterator[Any]:
    """Ask for `url` from byte `have` on."""
    import requests

    headers = {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as response:
        if response.status_code == 416 and have:  # it has no such byte: all of it
            with _request(url, 0) as again:
                yield again
        else:
            yield response


@contextmanager
def _alone(path: Path, name: str) -> Iterator[BufferedRandom]:
    """Open a file to read and append, refused while another process has it so.

    One that is left empty goes.
    """
    with path.open("a+b") as file:
        with suppress(ImportError):  # Windows has no fcntl; the hash is checked anyway
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                msg = f"{name}: another process is fetching it: wait for that one"
                raise FetchError(msg) from None
        try:
            yield file
        finally:
            empty = file.seek(0, 2) == 0
            file.close()
            if empty:
                path.unlink(missing_ok=True)


def _sha256(file: BufferedRandom) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


def reason(error: BaseException) -> str:
    """Return what was at the bottom of an error, in few words."""
    while deeper := error.__cause__ or error.__context__:
        error = deeper
    words = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return " ".join(words.split()) or type(error).__name__
