"""What is to be compared with what, before a pixel is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from .dataset import Persons, read_dataset, read_predictions
from .grades import grades_for, read_grades
from .kind import coco_file, guess_kind
from .pairing import Found, Pair, Source, align, find_files, pictures, stem_of
from .read import read_scores

NOUNS = {"mask": "masks", "labels": "label images", "alpha": "alpha mattes"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user named.

    Attributes
    ----------
    prediction, truth : Path
        Folders, single files, or COCO files.
    rival : Path, optional
        A second prediction.
    kind : str
        "auto", or see `EvaluateJob`.
    images, trimaps : Path, optional
        Folders with the same names below.
    grades : Path, optional
        See `read_grades`.
    """

    prediction: Path
    truth: Path
    rival: Path | None = None
    kind: str = "auto"
    images: Path | None = None
    trimaps: Path | None = None
    grades: Path | None = None


@dataclass(slots=True)
class Plan:
    """Pairs, and what has no partner.

    Attributes
    ----------
    kind : str
    pairs : list of Pair
        In order of names; those of COCO files in order of the truth's image ids.
    missing, extra : list of str
        Truths without prediction; predictions without truth.
    rival_missing : list of str
        Truths without a second prediction.
    doubles : list of str
        Files whose names can't be told apart.
    """

    kind: str
    pairs: list[Pair] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    rival_missing: list[str] = field(default_factory=list)
    doubles: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Sides:
    truths: Mapping[str, Source]
    ours: Mapping[str, Source]
    rivals: Mapping[str, Source] | None
    doubles: list[str]


def make_plan(request: Request) -> Plan:
    """Pair predictions with truths by their paths below the folders.

    Raises
    ------
    ValueError, OSError
        Naming the folder or file, if there is nothing to compare.
    """
    for path in (request.prediction, request.truth, request.rival):
        if path is not None and not path.exists():
            msg = f"{path}: no such file or folder"
            raise FileNotFoundError(msg)
    kind = request.kind
    if kind == "auto":
        kind = guess_kind(request.prediction, request.truth)
    sides = _from_coco(request) if kind == "coco" else _from_files(request, kind)
    plan = _pair(kind, sides)
    return _attach(plan, request)


def _from_files(request: Request, kind: str) -> _Sides:
    if request.prediction.is_file() and request.truth.is_file():
        return _single(request)
    truths = _listed(request.truth, kind)
    ours = _listed(request.prediction, kind)
    rivals = None if request.rival is None else _listed(request.rival, kind)
    doubles = [*truths.doubles, *ours.doubles, *(rivals.doubles if rivals else ())]
    others = None if rivals is None else rivals.files
    return _Sides(dict(sorted(truths.files.items())), ours.files, others, doubles)


def _single(request: Request) -> _Sides:
    name = request.truth.stem
    rivals = None if request.rival is None else {name: request.rival}
    return _Sides({name: request.truth}, {name: request.prediction}, rivals, [])


def _listed(folder: Path, kind: str) -> Found:
    found = find_files(folder, kind)
    if not found.files:
        msg = f"{folder}: holds no {NOUNS[kind]}"
        raise ValueError(msg)
    return found


def _from_coco(request: Request) -> _Sides:
    truth = read_dataset(coco_file(request.truth))
    if not truth.images:
        msg = f"{truth.path}: lists no images"
        raise ValueError(msg)
    ours = read_predictions(coco_file(request.prediction), truth)
    rivals = None
    if request.rival is not None:
        rivals = _stemmed(read_predictions(coco_file(request.rival), truth))
    return _Sides(_stemmed(truth.by_name()), _stemmed(ours), rivals, [])


def _stemmed(table: Mapping[str, Persons]) -> dict[str, Persons]:
    stems = [stem_of(name) for name in table]
    if len(set(stems)) < len(stems):
        return dict(table)
    return {stem_of(name): persons for name, persons in table.items()}


def _pair(kind: str, sides: _Sides) -> Plan:
    plan = Plan(kind, doubles=sides.doubles)
    matched = align(sides.truths, sides.ours)
    rivals = sides.rivals
    against = {} if rivals is None else align(sides.truths, rivals)
    for name in sides.truths:
        if name not in matched:
            plan.missing.append(name)
            continue
        pair = _make(name, sides.truths[name], sides.ours[matched[name]])
        if rivals is not None and name in against:
            pair = replace(pair, rival=rivals[against[name]])
        elif rivals is not None:
            plan.rival_missing.append(name)
        plan.pairs.append(pair)
    plan.extra = sorted(set(sides.ours) - set(matched.values()))
    return plan


def _make(name: str, truth: Source, ours: Source) -> Pair:
    path = Path(ours.file) if isinstance(ours, Persons) else ours
    return Pair(path, name, name, prediction=ours, truth=truth)


def _attach(plan: Plan, request: Request) -> Plan:
    """Give each pair its photograph, trimap, grade and faces."""
    names = [pair.name for pair in plan.pairs]
    photos = _beside(names, request.images)
    trimaps = _beside(names, request.trimaps, ending=".trimap.png")
    known = {} if request.grades is None else read_grades(request.grades)
    grades = grades_for(names, known)
    if request.trimaps is not None:
        _need_all(names, trimaps, request.trimaps)
    for i, pair in enumerate(plan.pairs):
        extra = {"photo": photos.get(pair.name), "trimap": trimaps.get(pair.name)}
        if pair.name in grades:
            grade = grades[pair.name]
            extra |= {"shot": grade.shot, "faces": grade.faces}  # type: ignore[dict-item]
        plan.pairs[i] = replace(pair, **extra)  # type: ignore[arg-type]
    return plan


def _beside(
    names: Sequence[str], folder: Path | None, ending: str = ""
) -> dict[str, Path]:
    if folder is None:
        return {}
    if not folder.is_dir():
        msg = f"{folder}: no such folder"
        raise FileNotFoundError(msg)
    files: dict[str, Path] = {}
    for path in pictures(folder):
        name = path.relative_to(folder).as_posix()
        ours = bool(ending) and name.endswith(ending)
        files.setdefault(name.removesuffix(ending) if ours else stem_of(name), path)
    return {name: files[other] for name, other in align(names, files).items()}


def _need_all(names: Sequence[str], found: Mapping[str, Path], at: Path) -> None:
    lacking = [name for name in names if name not in found]
    if lacking:
        more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        msg = f"{at}: no trimap for {lacking[0]}{more}"
        raise ValueError(msg)


def scores_beside(prediction: Path | None) -> dict[str, list[float]]:
    """Return the scores of a ``split`` folder's persons by pair name."""
    if prediction is None or not prediction.is_dir():
        return {}
    return {stem_of(name): row for name, row in read_scores(prediction).items()}
