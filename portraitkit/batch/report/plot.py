"""Plots as SVG that takes its colors from the page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..evaluate.figures import MINUS, Figure
from .markup import text

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 220, 88, 34, 14
BINS = 40
MOST_BARS = 500


def histogram(values: Sequence[float], figure: Figure) -> str:
    """Plot how often scores fall where."""
    known = np.array([v for v in values if np.isfinite(v)])
    if known.size < 2:
        return ""
    low, high = float(known.min()), float(known.max())
    if low == high:
        return ""
    counts, edges = np.histogram(known, BINS, (low, high))
    scale = (HEIGHT - BOTTOM - TOP) / counts.max()
    step = (WIDTH - LEFT - 10) / BINS
    bars = [
        _rect(LEFT + i * step, HEIGHT - BOTTOM - n * scale, step - 1, n * scale, "bar")
        for i, n in enumerate(counts)
        if n
    ]
    ticks = [
        _text(LEFT + share * (WIDTH - LEFT - 10), HEIGHT - 14, figure.show(value), side)
        for share, value, side in (
            (0, low, "start"),
            (0.5, (low + high) / 2, "middle"),
            (1, high, "end"),
        )
    ]
    top = _text(LEFT - 6, TOP + 8, str(counts.max()), "end")
    title = f"{figure.label}: {known.size} pictures, {edges[0]:.3g} to {edges[-1]:.3g}"
    return _svg(title, [*bars, _axis(HEIGHT - BOTTOM), *ticks, top])


def differences(gaps: Sequence[float], figure: Figure) -> str:
    """Plot per-picture differences, sorted; good ones up."""
    sign = 1 if figure.larger_is_better else -1
    known = np.sort([sign * gap for gap in gaps if np.isfinite(gap)])[::-1]
    if known.size < 2 or not np.abs(known).max():
        return ""
    if known.size > MOST_BARS:
        at = np.linspace(0, known.size - 1, MOST_BARS).round().astype(int)
        shown = known[at]
    else:
        shown = known
    peak = float(np.abs(known).max())
    middle = TOP + (HEIGHT - TOP - BOTTOM) / 2
    scale = (HEIGHT - TOP - BOTTOM) / 2 / peak
    step = (WIDTH - LEFT - 10) / shown.size
    bars = [
        _rect(
            LEFT + i * step,
            middle - max(gap, 0) * scale,
            max(step - (step > 3), 0.5),
            abs(gap) * scale,
            "up" if gap > 0 else "down",
        )
        for i, gap in enumerate(shown)
        if gap
    ]
    ticks = [
        _text(LEFT - 6, TOP + 8, figure.show(peak), "end"),
        _text(LEFT - 6, HEIGHT - BOTTOM, f"{MINUS}{figure.show(peak)}", "end"),
        _text(LEFT, HEIGHT - 12, "best for the first", "start"),
        _text(WIDTH - 10, HEIGHT - 12, "best for the second", "end"),
    ]
    title = f"{figure.label}: differences of {known.size} pictures, sorted"
    return _svg(title, [*bars, _axis(middle), *ticks])


def _svg(title: str, inside: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f"<title>{text(title)}</title>{''.join(inside)}</svg>"
    )


def _rect(x: float, y: float, width: float, height: float, kind: str) -> str:
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" '
        f'width="{width:.2f}" height="{height:.1f}"/>'
    )


def _axis(y: float) -> str:
    return f'<line class="axis" x1="{LEFT}" x2="{WIDTH - 10}" y1="{y}" y2="{y}"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text(words)}</text>'
