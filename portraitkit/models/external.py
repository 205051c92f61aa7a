"""Which other files an ONNX file reads, seen without a runtime.

An ONNX tensor may name a file to hold its numbers. A model from elsewhere must not
read one outside its own folder, and not every onnxruntime refuses that. This walks
the protobuf messages that can hold a tensor and skips all others unread.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

Buffer: TypeAlias = mmap.mmap | bytes

# message -> field number -> message inside; see onnx.proto.
_INSIDE: dict[str, dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {
        5: "tensor",
        6: "graph",
        10: "tensor",
        11: "graph",
        22: "sparse",
        23: "sparse",
    },
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {13: "entry"},
}
_DEEPEST = 64


def check_external_files(path: Path) -> list[str]:
    """Return the files that an ONNX file reads, or refuse one outside its folder.

    Raises
    ------
    ValueError
        Naming the file, and what it reads or that it is damaged.
    """
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            msg = f"source must be an ONNX file; {path} is empty"
            raise ValueError(msg)
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            try:
                named = list(_locations(data, 0, len(data), "model", 0))
            except (IndexError, ValueError):
                msg = f"source must be an ONNX file; {path} is damaged or is none"
                raise ValueError(msg) from None
    folder = path.parent.resolve()
    for name in named:
        if not (folder / name).resolve().is_relative_to(folder):
            msg = (
                f"source must keep its data inside its own folder; {path} reads "
                f"{name!r}. Put that file beside it."
            )
            raise ValueError(msg)
    return sorted(set(named))


def _locations(
    data: Buffer, start: int, stop: int, message: str, depth: int
) -> Iterator[str]:
    """Yield every external location within data[start:stop], one `message`."""
    if depth > _DEEPEST:
        raise ValueError
    if message == "entry":
        yield from _location(data, start, stop)
        return
    inside = _INSIDE[message]
    for field, low, high in _fields(data, start, stop):
        if field in inside:
            yield from _locations(data, low, high, inside[field], depth + 1)


def _location(data: Buffer, start: int, stop: int) -> Iterator[str]:
    texts = {field: bytes(data[a:b]) for field, a, b in _fields(data, start, stop)}
    if texts.get(1) == b"location":
        name = texts.get(2, b"").decode()
        if "\0" in name:
            raise ValueError
        yield name


def _fields(data: Buffer, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """Yield (number, start, stop) of each length-delimited field."""
    at = start
    while at < stop:
        tag, at = _varint(data, at, stop)
        if tag >> 32:  # which other readers cut to 32 bits: a field that we'd miss
            raise ValueError
        kind = tag & 7
        if kind == 2:
            length, at = _varint(data, at, stop)
            yield tag >> 3, at, at + length
            at += length
        elif kind == 0:
            _, at = _varint(data, at, stop)
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
        else:
            raise ValueError
        if at > stop:
            raise ValueError


def _varint(data: Buffer, at: int, stop: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= stop:
            raise ValueError
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise ValueError
