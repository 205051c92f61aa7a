"""Which prediction belongs to which truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from ..inputs import RESULTS, SUFFIXES, Input
from .dataset import Persons

Source: TypeAlias = "Path | Persons"

ENDINGS = {"mask": ".mask.png", "labels": ".instances.png", "alpha": ".alpha.png"}
"""What our own files of a kind end in."""
OUR_ENDINGS = (*RESULTS, *ENDINGS.values())


@dataclass(frozen=True, slots=True)
class Pair(Input):
    """One truth with what was predicted for it; `name` is the path without ending.

    Attributes
    ----------
    prediction, truth : Path or Persons
        What to compare.
    rival : Path or Persons, optional
        A second prediction of the same.
    photo, trimap : Path, optional
        Of the same picture.
    shot : str
        Its shot grade, if known.
    faces : tuple of boxes
        xyxy pixels of the truth.
    """

    prediction: Source = Path()
    truth: Source = Path()
    rival: Source | None = None
    photo: Path | None = None
    trimap: Path | None = None
    shot: str = ""
    faces: tuple[tuple[float, float, float, float], ...] = ()


@dataclass(slots=True)
class Found:
    """The files of one folder by name, and those that can't be told apart."""

    files: dict[str, Path] = field(default_factory=dict)
    doubles: list[str] = field(default_factory=list)


def find_files(folder: Path, kind: str) -> Found:
    """List a folder's files of one kind, to the bottom.

    Parameters
    ----------
    folder : Path
        Or a single file.
    kind : str
        "mask", "labels" or "alpha": files that end as our own of another kind do are
        passed over, and our own ending goes before a plain one of the same name.

    Returns
    -------
    Found
        Names are paths below the folder without ending, "/" between parts.
    """
    found = Found()
    own: set[str] = set()
    for path in pictures(folder):
        name, is_own = _name(path, folder, kind)
        if name is None or (name in own and not is_own):
            continue
        if name in found.files and (is_own == (name in own)):
            found.doubles.append(f"{path}: {found.files[name].name} has the same name")
            continue
        found.files[name] = path
        own |= {name} if is_own else set()
    return found


def pictures(folder: Path) -> Iterator[Path]:
    """Yield picture and .npy files below a folder, sorted, without hidden ones."""
    if folder.is_file():
        yield folder
        return
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        wanted = path.suffix.lower() in SUFFIXES or path.suffix == ".npy"
        if wanted and not hidden and path.is_file():
            yield path


def align(truths: Iterable[str], others: Iterable[str]) -> dict[str, str]:
    """Return which of `others` belongs to which truth, by name.

    Names must agree; where they don't, a picture's extension inside one of them
    (``a.jpg`` from ``a.jpg.mask.png``) may be dropped if that leaves no doubt.
    """
    truths, others = list(truths), list(others)
    known = set(others)
    matched = {name: name for name in truths if name in known}
    taken = set(matched.values())
    loose = _by_stem(name for name in others if name not in taken)
    wanted = _by_stem(name for name in truths if name not in matched)
    for stem, names in wanted.items():
        if len(names) == 1 and len(loose.get(stem, ())) == 1:
            matched[names[0]] = loose[stem][0]
    return matched


def stem_of(name: str) -> str:
    """Drop a picture's extension from a name, if it has one."""
    path = PurePosixPath(name)
    return str(path.with_suffix("")) if path.suffix.lower() in SUFFIXES else name


def _by_stem(names: Iterator[str]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for name in names:
        table.setdefault(stem_of(name), []).append(name)
    return table


def _name(path: Path, folder: Path, kind: str) -> tuple[str | None, bool]:
    """Return a file's name, or None if it is of another kind, and if it is our own."""
    text = path.name if path == folder else path.relative_to(folder).as_posix()
    own = ENDINGS[kind]
    if text.endswith(own):
        return text.removesuffix(own), True
    if path != folder and text.endswith(OUR_ENDINGS):
        return None, False
    return str(PurePosixPath(text).with_suffix("")), False
