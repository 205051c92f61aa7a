"""Which files to work on, what each is called, and where its results go."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

SUFFIXES = frozenset(
    [
        ".jpg",
        ".jpeg",
        ".jpe",
        ".png",
        ".webp",
        ".tif",
        ".tiff",
        ".bmp",
        ".heic",
        ".heif",
        ".avif",
    ]
)
"""What a folder is searched for; a file named outright may be called anything."""

RESULTS = (
    ".mask.png",
    ".instances.png",
    ".trimap.png",
    ".cutout.png",
    ".confidence.png",
    ".debug.png",
    ".kernel.png",
    ".kernel.npz",
    ".preview.png",
)
"""Our own files, passed over where the output folder is the input folder."""


@dataclass(frozen=True, slots=True)
class Input:
    """One file to work on.

    Attributes
    ----------
    path : Path
        Where it lies.
    name : str
        Its path below the given folder, "/" between parts: its name in the
        manifest and in ``--boxes``.
    target : str
        Where its results go below the output folder, less their endings.
    error : str
        Why it can't be worked on, if that is known already.
    """

    path: Path
    name: str
    target: str = ""
    error: str = ""


def find_inputs(arguments: Iterable[str], *, output: Path | None = None) -> list[Input]:
    """Turn files, folders and globs into inputs, in order and each once.

    Parameters
    ----------
    arguments : iterable of str
        What the user typed. Folders are searched to the bottom, in sorted
        order, for files with a picture's ending; hidden files are passed over.
    output : Path, optional
        The output folder; what lies in it is no input.

    Returns
    -------
    list of Input
        Names and targets are unique. What does not exist is there too, with
        its `error` set, so that it ends up in the manifest.
    """
    found: dict[str, Input] = {}
    for argument in arguments:
        for item in _expand(argument, output):
            found.setdefault(os.path.abspath(item.path), item)  # noqa: PTH100
    return _name_targets(_tell_apart(list(found.values())))


def read_list(path: Path) -> list[str]:
    """Return the lines of a ``--from-file`` list, without blank ones."""
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    return [line.rstrip("\r") for line in text.split("\n") if line.strip()]


def _expand(argument: str, output: Path | None) -> Iterator[Input]:
    path = Path(argument)
    if path.is_dir():
        yield from _expand_folder(path, output)
    elif path.exists() or not glob.has_magic(argument):
        yield Input(path, path.name or argument, error=_unreadable(path))
    else:
        yield from _expand_glob(argument, output)


def _expand_folder(folder: Path, output: Path | None) -> Iterator[Input]:
    pictures = list(_walk(folder, folder, output))
    yield from pictures
    if not pictures and folder.suffix.lower() in SUFFIXES:
        yield Input(folder, folder.name, error=f"{folder}: is a directory")


def _expand_glob(pattern: str, output: Path | None) -> Iterator[Input]:
    parts = PurePosixPath(pattern).parts
    fixed = next(i for i, part in enumerate(parts) if glob.has_magic(part))
    root = Path(*parts[:fixed])
    matches = sorted(Path(match) for match in glob.glob(pattern, recursive=True))  # noqa: PTH207
    files = [match for match in matches if match.is_file()]
    if not files:
        yield Input(Path(pattern), pattern, error=f"{pattern}: matches no file")
    for match in files:
        if not _is_ours(match, match.parent, output):
            yield Input(match, match.relative_to(root).as_posix())


def _walk(folder: Path, root: Path, output: Path | None) -> Iterator[Input]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or _is_ours(path, root, output):
            continue
        is_picture = path.suffix.lower() in SUFFIXES
        if path.is_dir():
            inside = [] if path.is_symlink() else list(_walk(path, root, output))
            yield from inside
            if is_picture and not inside:
                name = path.relative_to(root).as_posix()
                yield Input(path, name, error=f"{path}: is a directory")
        elif is_picture:
            name = path.relative_to(root).as_posix()
            yield Input(path, name, error=_unreadable(path))


def _unreadable(path: Path) -> str:
    """Say why a path is no file to read; a pipe would be waited for forever."""
    if not path.exists():
        return f"{path}: no such file"
    return "" if path.is_file() else f"{path}: is not a file"


def _is_ours(path: Path, root: Path, output: Path | None) -> bool:
    if output is None:
        return False
    home = os.path.realpath(output)
    if os.path.realpath(root) == home or os.path.realpath(path.parent) == home:
        return path.name.endswith(RESULTS)
    return os.path.realpath(path) == home


def _tell_apart(items: Sequence[Input]) -> list[Input]:
    """Put parent folders before names that several inputs share, till none do."""
    items = list(items)
    while True:
        counts = Counter(item.name for item in items)
        twins = [i for i, item in enumerate(items) if counts[item.name] > 1]
        if not twins:
            return items
        for i in twins:
            parts = Path(os.path.abspath(items[i].path)).parts[1:]  # noqa: PTH100
            more = len(PurePosixPath(items[i].name).parts) + 1
            items[i] = replace(items[i], name="/".join(parts[-more:]))


def _name_targets(items: Sequence[Input]) -> list[Input]:
    """Drop the extension, unless two inputs would then write the same files."""
    targets = [str(PurePosixPath(item.name).with_suffix("")) for item in items]
    while True:
        counts = Counter(targets)
        longer = [
            item.name if counts[target] > 1 else target
            for item, target in zip(items, targets, strict=True)
        ]
        if longer == targets:
            break
        targets = longer
    return [
        replace(item, target=target)
        for item, target in zip(items, targets, strict=True)
    ]
