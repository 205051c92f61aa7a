"""A path, bytes or a stream: one seekable binary file and a name for it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Protocol, TypeAlias


class Readable(Protocol):
    """Anything that hands out bytes, like ``sys.stdin.buffer``."""

    def read(self) -> bytes:
        """Return everything that is left."""
        ...


Source: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | Readable
"""Where a picture comes from; a str is a path, bytes are a file's content."""


@contextmanager
def opened(source: Source) -> Iterator[tuple[IO[bytes], str]]:
    """Yield `source` as a seekable file at its beginning, and its name."""
    if isinstance(source, bytes | bytearray | memoryview):
        yield BytesIO(source), "<bytes>"
    elif isinstance(source, str | os.PathLike):
        with Path(source).open("rb") as file:
            yield (file if file.seekable() else BytesIO(file.read())), str(source)
    else:
        yield BytesIO(_drained(source)), str(getattr(source, "name", "<stream>"))


def _drained(source: Readable) -> bytes:
    content = source.read() if hasattr(source, "read") else None
    if not isinstance(content, bytes):
        msg = (
            "source must be a path, bytes or a binary stream; "
            f"got {type(source).__name__}"
        )
        raise TypeError(msg)
    return content
