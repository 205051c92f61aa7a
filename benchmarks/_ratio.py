"""Time competitors in turn in one process, and show how many times faster ours is.

Absolute times drift with the machine and its load; the ratio of two things that were
run one after the other, round after round, hardly does.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

OURS = "portraitkit"


class Seconds(float):
    """What a competitor in another process returns: how long it says it worked."""


@dataclass(frozen=True)
class Row:
    """One peer beside ours; `goal` is what the ratio should reach, if anything."""

    operation: str
    peer: str
    peer_ms: float
    ours_ms: float
    goal: float | None = None

    @property
    def ratio(self) -> float:
        return self.peer_ms / self.ours_ms


def interleave(
    runs: Mapping[str, Callable[[], object]], *, rounds: int = 15
) -> dict[str, float]:
    """Least milliseconds of each of `runs`, each run once a round, one round unseen."""
    least = dict.fromkeys(runs, float("inf"))
    for turn in range(rounds + 1):
        for name, run in runs.items():
            start = time.perf_counter()
            result = run()
            spent = 1e3 * (time.perf_counter() - start)
            if isinstance(result, Seconds):
                spent = 1e3 * result
            if turn:
                least[name] = min(least[name], spent)
    return least


def compare(
    operation: str,
    runs: Mapping[str, Callable[[], object]],
    *,
    goal: float | None = None,
    rounds: int = 15,
) -> list[Row]:
    """Interleave `runs`, one of them named `OURS`; the goal is for the best peer."""
    least = interleave(runs, rounds=rounds)
    ours = least.pop(OURS)
    ranked = sorted(least, key=least.__getitem__)
    return [
        Row(operation, peer, least[peer], ours, None if i else goal)
        for i, peer in enumerate(ranked)
    ]


def table(rows: list[Row]) -> str:
    """Lay rows out for a terminal."""
    head = ("operation", "peer", "peer ms", "ours ms", "ratio", "goal", "")
    cells = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[k]) for line in cells) for k in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if k < 2 else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    )


def _cells(row: Row) -> tuple[str, ...]:
    figures = (row.operation, row.peer, f"{row.peer_ms:.3g}", f"{row.ours_ms:.3g}")
    if row.goal is None:
        return (*figures, f"{row.ratio:.1f}", "", "")
    verdict = "reached" if row.ratio >= row.goal else "MISSED"
    return (*figures, f"{row.ratio:.1f}", f">= {row.goal:g}", verdict)
