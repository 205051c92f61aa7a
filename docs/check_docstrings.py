"""Hold every public docstring to numpydoc: ``python docs/check_docstrings.py``."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from make_api import ROOMS
from numpydoc.validate import validate

CODES = {
    *("GL01", "GL02", "GL03", "GL05", "GL06", "GL07", "GL08", "GL09", "GL10"),
    *("SS01", "SS02", "SS03", "SS04", "SS05"),
}
FUNCTION_CODES = CODES | {
    *("PR01", "PR02", "PR03", "PR04", "PR07", "PR10"),
    *("RT01", "RT03", "RT05", "YD01"),
}
"""Classes that hold results list attributes, and protocols take no parameters."""


def public() -> Iterator[tuple[str, Any]]:
    """Yield the dotted name and the object of every public name that has a body."""
    for room in ROOMS:
        module = import_module(f"portraitkit.{room}")
        for name in module.__all__:
            thing = getattr(module, name)
            if inspect.isclass(thing) or inspect.isfunction(thing):
                yield f"{thing.__module__}.{thing.__qualname__}", thing


def complaints() -> Iterator[str]:
    """Yield one line for each thing that numpydoc finds wrong."""
    for name, thing in public():
        wanted = FUNCTION_CODES if inspect.isfunction(thing) else CODES
        for code, text in validate(name)["errors"]:
            if code in wanted:
                yield f"{name}: {code} {text}"


if __name__ == "__main__":
    lines = list(complaints())
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.exit(bool(lines))
