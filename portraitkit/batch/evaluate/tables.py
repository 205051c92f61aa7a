"""Results as the papers' tables have them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .bootstrap import Contest, Interval
from .figures import FIGURES, MINUS, NONE
from .result import Group, Result

NO_FACE = "no face"
AP_COLUMNS = ("ap50", "ap60", "ap70", "ap80", "ap90", "ap")
CLASS_ROWS = {
    "pixel_accuracy": "Pixel accuracy",
    "class_accuracy": "Class accuracy",
    "mean_class_iou": "mIoU",
    "frequency_weighted_iou": "fwIoU",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text; the first column is names, the others figures.

    `groups` are heads over the head: name and number of columns.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    groups: Sequence[tuple[str, int]] = ()

    @property
    def flat_head(self) -> list[str]:
        """The head on one line: each column after its group."""
        if not self.groups:
            return list(self.head)
        over = [name for name, span in self.groups for _ in range(span)]
        both = zip(over, self.head, strict=True)
        return [f"{group} {name}".strip() for group, name in both]

    def turned(self) -> Table:
        """Return the table with rows as columns, for narrow places."""
        first, *names = (row[0] for row in ([self.flat_head[0]], *self.rows))
        columns = zip(*(row[1:] for row in self.rows), strict=True)
        rows = [
            [name, *cells]
            for name, cells in zip(self.flat_head[1:], columns, strict=True)
        ]
        return Table(self.title, [first, *names], rows, self.note)


def summary(result: Result) -> Table:
    """Every figure with its interval."""
    names = [name for name in FIGURES if name in result.figures]
    head = ["Figure", *(x for m in result.methods for x in (m, "95% interval"))]
    sides = [result.figures, result.rival_figures][: len(result.methods)]
    rows = [
        [FIGURES[name].label, *(x for side in sides for x in _shown(name, side))]
        for name in names
    ]
    note = f"{len(result.good)} pictures; intervals by bootstrap over pictures."
    return Table("Summary", head, rows, note)


def paper_tables(result: Result) -> list[Table]:
    """Return the tables that the figures at hand fill."""
    makers = (_bsn_1, _bsn_3, _trisenet_5, _instances_3, _superpixels_2)
    return [table for maker in makers if (table := maker(result)) is not None]


def comparison(result: Result) -> Table | None:
    """Which of two predictions is better, by how much, and on how many pictures."""
    if not result.contests:
        return None
    first, second = result.methods
    head = ["Figure", "Difference", "95% interval", "Better on", "Worse on", "Equal on"]
    rows = [
        [
            FIGURES[name].label,
            _signed(name, contest.difference.value),
            _span(name, contest.difference, signed=True),
            *_counts(contest),
            _verdict(contest, first, second),
        ]
        for name, contest in result.contests.items()
    ]
    both = sum(record.get("rival") is not None for record in result.good)
    note = (
        f"{first} less {second}, on the {both} pictures that both have; both are drawn "
        "alike. A verdict needs an interval without 0."
    )
    return Table(f"{first} against {second}", [*head, "Verdict"], rows, note)


def _bsn_1(result: Result) -> Table | None:
    if result.plan.kind != "mask" or "iou" not in result.figures:
        return None
    rows = [
        [name, FIGURES["iou"].show(side["iou"].value)]
        for name, side in zip(result.methods, _figures(result), strict=False)
        if side
    ]
    title = f"Mean IoU on {result.dataset}"
    return Table(title, ["Method", "Mean IoU"], rows, "Form of BSN, table 1.")


def _bsn_3(result: Result) -> Table | None:
    if result.plan.kind != "mask" or not result.sets:
        return None
    head = ["Method", *(f"{group.name} ({group.count})" for group in result.sets)]
    rows = [
        [name, *(_of(group, side, "iou") for group in result.sets)]
        for side, name in enumerate(result.methods)
    ]
    return Table("Mean IoU by set", head, rows, "Form of BSN, table 3.")


def _trisenet_5(result: Result) -> Table | None:
    figures = [name for name in ("iou", "contour_accuracy") if name in result.figures]
    if not result.grades or "iou" not in figures:
        return None
    short = {"iou": "IoU", "contour_accuracy": "CA"}
    near_last = [group for group in reversed(result.grades) if group.name != NO_FACE]
    ordered = near_last + [group for group in result.grades if group.name == NO_FACE]
    rows = [
        [method, *(_of(group, side, name) for group in ordered for name in figures)]
        for side, method in enumerate(result.methods)
    ]
    return Table(
        "By shot grade",
        ["Method", *(short[name] for _ in ordered for name in figures)],
        rows,
        "Form of TriSeNet, table V; the number of pictures in brackets.",
        [("", 1), *((f"{g.name} ({g.count})", len(figures)) for g in ordered)],
    )


def _instances_3(result: Result) -> Table | None:
    if "ap" not in result.figures:
        return None
    head = ["Method \\ AP_r (%)", *(FIGURES[name].label for name in AP_COLUMNS)]
    rows = [
        [name, *(_hundred(side[column].value) for column in AP_COLUMNS)]
        for name, side in zip(result.methods, _figures(result), strict=False)
        if side
    ]
    note = "Form of portrait instance segmentation, table 3; AP over 0.50:0.05:0.95."
    return Table("Persons told apart", head, rows, note)


def _superpixels_2(result: Result) -> Table | None:
    if "pixel_accuracy" not in result.figures:
        return None
    sides = [side for side in _figures(result) if side]
    rows = [
        [label, *(FIGURES[name].show(side[name].value) for side in sides)]
        for name, label in CLASS_ROWS.items()
    ]
    head = ["Metric", *result.methods[: len(sides)]]
    note = (
        "Form of the superpixel paper, table 2; one confusion matrix over all pixels."
    )
    return Table("Classes", head, rows, note)


def _figures(result: Result) -> list[dict[str, Interval]]:
    return [result.figures, result.rival_figures]


def _of(group: Group, side: int, name: str) -> str:
    figures = (group.figures, group.rival_figures)[side]
    return FIGURES[name].show(figures[name].value) if name in figures else NONE


def _shown(name: str, side: dict[str, Interval]) -> list[str]:
    if name not in side:
        return [NONE, NONE]
    return [FIGURES[name].show(side[name].value), _span(name, side[name])]


def _span(name: str, interval: Interval, *, signed: bool = False) -> str:
    show = (lambda x: _signed(name, x)) if signed else FIGURES[name].show
    return f"{show(interval.low)} … {show(interval.high)}"


def _signed(name: str, value: float) -> str:
    text = FIGURES[name].show(value)
    return f"+{text}" if value > 0 else text.replace("-", MINUS)


def _counts(contest: Contest) -> list[str]:
    counts = (contest.better, contest.worse, contest.equal)
    return [str(count) for count in counts] if any(counts) else [NONE] * 3


def _verdict(contest: Contest, first: str, second: str) -> str:
    names = {"first": first, "second": second}
    winner = names.get(contest.verdict)
    return f"{winner} is better" if winner else "undecided"


def _hundred(value: float) -> str:
    return NONE if math.isnan(value) else f"{100 * value:.1f}"
