"""Pieces of HTML; every text is escaped here."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape

from ..evaluate.tables import Table


def text(value: object) -> str:
    """Escape a text, control characters and lone surrogates made visible."""
    raw = str(value).encode("utf-8", "backslashreplace").decode("utf-8")
    shown = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in raw)
    return escape(shown)


def element(tag: str, *inside: str, kind: str = "") -> str:
    """Wrap markup in an element, with a class if `kind` is given."""
    named = f' class="{kind}"' if kind else ""
    return f"<{tag}{named}>{''.join(inside)}</{tag}>"


def paragraph(words: str, kind: str = "") -> str:
    """Return a paragraph of text."""
    return element("p", text(words), kind=kind)


def table(content: Table, *, level: str = "h3") -> str:
    """Return a table with its title and note, in a box that scrolls sideways."""
    head = element("tr", *(_head(name, 1) for name in content.head))
    over = element("tr", *(_head(name, span) for name, span in content.groups))
    rows = (element("tr", *map(_cell, row)) for row in content.rows)
    grid = element(
        "table",
        element("thead", over if content.groups else "", head),
        element("tbody", *rows),
    )
    note = paragraph(content.note, "note") if content.note else ""
    return (
        element(level, text(content.title)) + element("div", grid, kind="wide") + note
    )


def picture(data: bytes, alt: str, *, size: tuple[int, int], form: str = "png") -> str:
    """Embed a picture; `size` is (height, width)."""
    coded = base64.b64encode(data).decode("ascii")
    return (
        f'<img src="data:image/{form};base64,{coded}" alt="{text(alt)}" '
        f'width="{size[1]}" height="{size[0]}" loading="lazy">'
    )


def bullets(lines: Iterable[str]) -> str:
    """Return a list of texts."""
    return element("ul", *(element("li", text(line)) for line in lines))


def tiles(rows: Sequence[tuple[str, str, str, str]]) -> str:
    """Return tiles of name, figure, interval and a second line."""
    made = []
    for name, figure, interval, second in rows:
        made.append(
            element(
                "div",
                element("span", text(name), kind="soft"),
                element("b", text(figure)),
                element("span", text(interval), kind="soft"),
                element("div", text(second), kind="second") if second else "",
                kind="tile",
            )
        )
    return element("div", *made, kind="tiles")


def _head(name: str, span: int) -> str:
    wide = f' colspan="{span}" class="group"' if span > 1 else ""
    return f'<th scope="col"{wide}>{text(name)}</th>'


def _cell(value: str) -> str:
    return element("td", text(value))
