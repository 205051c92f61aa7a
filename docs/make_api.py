"""Write docs/api.md from the docstrings: ``python docs/make_api.py``."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import Any

ROOMS = (
    "superpixels",
    "kernels",
    "losses",
    "instance",
    "matting",
    "metrics",
    "models",
    "pipeline",
    "io",
)
HEAD = """# The public surface

Made by `docs/make_api.py` from the docstrings, which say more: `help(NAME)`.

Arrays are positional, every knob is keyword-only. Image: (H, W, 3) uint8 RGB. Mask:
(H, W) bool; uint8 0/1 or 0/255 is accepted. Probability and alpha: (H, W) float32 in
0..1. Label image: (H, W) int32. Boxes: (N, 4) float xyxy pixels, right and bottom
exclusive. Shape: (height, width). Inputs are never modified; read-only, strided and
Fortran-ordered arrays work. Wrong input raises a ValueError or TypeError that names the
argument, what it must be and what it was. Results do not depend on threads or runs.
"""


def describe_room(room: str) -> str:
    """Return one room's section."""
    module = import_module(f"portraitkit.{room}")
    lines = [f"## portraitkit.{room}", "", _summary(module), ""]
    for name in sorted(module.__all__, key=str.lower):
        thing = getattr(module, name)
        lines.append(f"- `{name}{_signature(thing)}`: {_summary(thing)}")
    return "\n".join(lines) + "\n"


def document() -> str:
    """Return the whole page."""
    return HEAD + "".join("\n" + describe_room(room) for room in ROOMS)


def _summary(thing: Any) -> str:
    text = inspect.getdoc(thing) or ""
    first = text.split("\n\n")[0]
    return " ".join(first.replace("``", "`").split())


def _signature(thing: Any) -> str:
    if not inspect.isroutine(thing):
        return ""
    names = []
    star = False
    for parameter in inspect.signature(thing).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not star:
            names.append("*")
            star = True
        default = "" if parameter.default is parameter.empty else _default(parameter)
        names.append(f"{parameter.name}{default}")
    return f"({', '.join(names)})"


def _default(parameter: inspect.Parameter) -> str:
    return "=" + re.sub(r"'", '"', repr(parameter.default))


if __name__ == "__main__":
    page = Path(__file__).with_name("api.md")
    page.write_text(document(), encoding="utf-8")
