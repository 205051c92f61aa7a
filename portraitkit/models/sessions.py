"""One session for each file, device and number of threads, while it is in use."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

from .binding import inspected
from .external import check_external_files
from .runtime import open_session

_open: WeakValueDictionary[tuple[object, ...], Any] = WeakValueDictionary()
_lock = Lock()


def shared_session(
    path: Path, sha256: str, *, device: str, threads: int | None
) -> tuple[Any, str]:
    """Return a `Runtime`, the same again while somebody holds it, and its provider."""
    beside = tuple(_stamp(path.parent / name) for name in check_external_files(path))
    key = (path.resolve(), sha256, beside, device, threads)
    with _lock:
        session = _open.get(key)
        if session is None:
            session = open_session(path, device=device, threads=threads)
            _open[key] = session
    return session, inspected(session).get_providers()[0]


def _stamp(file: Path) -> tuple[str, int, int]:
    """Return what changes when a file of weights beside the model does."""
    try:
        about = file.stat()
    except OSError:
        return (str(file), 0, 0)  # which onnxruntime will say in its own words
    return (str(file), about.st_mtime_ns, about.st_size)
