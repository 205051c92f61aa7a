"""What an evaluation found, as data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ..manifest import Record
from .bootstrap import Bootstrap, Contest, Interval
from .figures import FIGURES, MAIN
from .grades import SHOTS
from .marks import Marks
from .plan import Plan


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the pictures: those of a grade, or of a subfolder."""

    name: str
    count: int
    figures: dict[str, Interval]
    rival_figures: dict[str, Interval]


@dataclass(slots=True, kw_only=True)
class Result:
    """An evaluation.

    Attributes
    ----------
    plan : Plan
    methods : list of str
        What the prediction, and its rival, are called.
    dataset : str
        What the truth is called.
    records : list of dict
        One for each pair, in order.
    figures, rival_figures : dict of str to Interval
    contests : dict of str to Contest
        Of the pictures that both predictions have.
    grades, sets : list of Group
        By shot grade; by first folder below the truth.
    draws, seed : int
        Of the bootstrap.
    """

    plan: Plan
    methods: list[str]
    dataset: str
    records: list[Record]
    figures: dict[str, Interval] = field(default_factory=dict)
    rival_figures: dict[str, Interval] = field(default_factory=dict)
    contests: dict[str, Contest] = field(default_factory=dict)
    grades: list[Group] = field(default_factory=list)
    sets: list[Group] = field(default_factory=list)
    draws: int = 0
    seed: int = 0

    @property
    def good(self) -> list[Record]:
        """Records with marks."""
        return [record for record in self.records if record["status"] == "ok"]

    @property
    def bad(self) -> list[Record]:
        """Records of pairs that can't be compared."""
        return [record for record in self.records if record["status"] != "ok"]

    @property
    def rival_errors(self) -> list[Record]:
        """Records whose second prediction can't be compared."""
        return [record for record in self.records if "rival_error" in record]

    @property
    def clean(self) -> bool:
        """Whether every truth was compared with all that was asked for."""
        plan = self.plan
        lacking = plan.missing or plan.rival_missing or plan.doubles
        return not (lacking or self.bad or self.rival_errors)

    @property
    def main(self) -> str:
        """The figure that says most of a single picture."""
        return next((name for name in MAIN if name in self.figures), MAIN[0])

    def worst(self, count: int) -> list[Record]:
        """Return the `count` records with the lowest main score, worst first."""
        name = self.main
        sign = 1 if FIGURES[name].larger_is_better else -1
        known = [r for r in self.good if not math.isnan(score(r, name))]
        return sorted(known, key=lambda r: (sign * score(r, name), r["input"]))[:count]


def score(record: Record, name: str) -> float:
    """Return one picture's score, NaN if it has none."""
    marks: Marks = record["marks"]
    return marks.scores.get(name, math.nan)


def conclude(
    plan: Plan,
    records: Sequence[Record],
    *,
    methods: Sequence[str],
    dataset: str,
    bootstrap: Bootstrap,
) -> Result:
    """Sum records up."""
    result = Result(
        plan=plan,
        methods=list(methods),
        dataset=dataset,
        records=list(records),
        draws=bootstrap.resamples,
        seed=bootstrap.seed,
    )
    ours, theirs = _sides(result.good)
    result.figures = bootstrap.intervals(ours)
    result.rival_figures = bootstrap.intervals(theirs)
    both = [record for record in result.good if record.get("rival") is not None]
    if both:
        first = [record["marks"] for record in both]
        result.contests = bootstrap.contests(first, [r["rival"] for r in both])
    result.grades = _group(result.good, SHOTS, _shot_of, bootstrap)
    tops = sorted({_top_of(record) for record in result.good})
    if len(tops) > 1:
        result.sets = _group(result.good, tops, _top_of, bootstrap)
    return result


def _sides(records: Sequence[Record]) -> tuple[list[Marks], list[Marks]]:
    theirs = [r["rival"] for r in records if r.get("rival") is not None]
    return [record["marks"] for record in records], theirs


def _shot_of(record: Record) -> str:
    return str(record["shot"])


def _top_of(record: Record) -> str:
    top, _, rest = str(record["input"]).partition("/")
    return top if rest else "."


def _group(
    records: Sequence[Record], names: Sequence[str], key: Any, bootstrap: Bootstrap
) -> list[Group]:
    groups = []
    for name in names:
        chosen = [record for record in records if key(record) == name]
        if chosen:
            ours, theirs = _sides(chosen)
            groups.append(
                Group(
                    name,
                    len(chosen),
                    bootstrap.intervals(ours),
                    bootstrap.intervals(theirs),
                )
            )
    return groups


def as_document(result: Result) -> dict[str, Any]:
    """Return the result as JSON values; what is not defined is null."""
    plan = result.plan
    document = {
        "kind": plan.kind,
        "prediction": result.methods[0],
        "against": result.methods[1] if len(result.methods) > 1 else None,
        "truth": result.dataset,
        "pairs": len(result.records),
        "ok": len(result.good),
        "figures": _plain(result.figures),
        "against_figures": _plain(result.rival_figures),
        "comparison": {k: asdict(v) for k, v in result.contests.items()},
        "grades": [_group_document(group) for group in result.grades],
        "sets": [_group_document(group) for group in result.sets],
        "missing": plan.missing,
        "extra": plan.extra,
        "against_missing": plan.rival_missing,
        "same_name": plan.doubles,
        "mis_sized": _named(result.bad, "mis-sized"),
        "failed": _named(result.bad, "failed"),
        "records": [as_row(record) for record in result.records],
    }
    cleaned: dict[str, Any] = _without_nan(document)
    return cleaned


def as_row(record: Record) -> dict[str, Any]:
    """Return one record without what is only pooled."""
    row: dict[str, Any] = {
        k: record[k] for k in ("input", "status", "error", "shot") if k in record
    }
    if record.get("marks") is not None:
        row |= {"scores": record["marks"].scores}
    if record.get("rival") is not None:
        row |= {"against": record["rival"].scores}
    if "rival_error" in record:
        row |= {"against_error": record["rival_error"]}
    return row


def _named(records: Sequence[Record], status: str) -> list[dict[str, str]]:
    return [
        {"input": record["input"], "error": record["error"]}
        for record in records
        if record["status"] == status
    ]


def _plain(figures: dict[str, Interval]) -> dict[str, Any]:
    return {name: asdict(interval) for name, interval in figures.items()}


def _group_document(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "count": group.count,
        "figures": _plain(group.figures),
        "against_figures": _plain(group.rival_figures),
    }


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_nan(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
