"""What ``portraitkit doctor`` looks at, one small check each."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distributions, requires, version
from pathlib import Path
from typing import NamedTuple

from .. import __version__

RUNTIMES = ("onnxruntime", "onnxruntime-gpu")
OPENCVS = (
    "opencv-python",
    "opencv-contrib-python",
    "opencv-python-headless",
    "opencv-contrib-python-headless",
)
OPTIONAL = {"pillow-heif": "needed only for HEIC photographs"}


class Finding(NamedTuple):
    """One line of the report; `state` is "ok", "note" or "problem"."""

    what: str
    state: str
    seen: str
    cure: str = ""


def examine() -> list[Finding]:
    """Run every check; none of them raises."""
    return [
        Finding("portraitkit", "ok", f"{__version__} on Python {_python()}"),
        *_packages(),
        *_opencv(),
        *_onnxruntime(),
        _numba_cache(),
        *_optional(),
        *_fetched(),
    ]


def installed(names: tuple[str, ...]) -> list[str]:
    """Return those of `names` that are installed, as "name version"."""
    found = {
        _plain(dist.metadata["Name"]): dist.version
        for dist in distributions()
        if dist.metadata["Name"]
    }
    return [f"{name} {found[name]}" for name in names if name in found]


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def _python() -> str:
    return f"{platform.python_version()}, {platform.system()} {platform.machine()}"


def _packages() -> Iterator[Finding]:
    try:
        wanted = requires("portraitkit") or []
    except PackageNotFoundError:
        yield Finding(
            "installation",
            "problem",
            "portraitkit is imported from a folder but not installed",
            "pip install portraitkit",
        )
        return
    for line in wanted:
        if "extra ==" in line:
            continue
        name = line.split(">")[0].split("=")[0].split(";")[0].strip()
        try:
            yield Finding(name, "ok", version(name))
        except PackageNotFoundError:
            yield Finding(name, "problem", "missing", f'pip install "{line}"')


def _opencv() -> Iterator[Finding]:
    wheels = installed(OPENCVS)
    if len(wheels) > 1:
        names = " ".join(wheel.split()[0] for wheel in wheels)
        yield Finding(
            "OpenCV wheels",
            "problem",
            f"{len(wheels)} overwrite each other's files: {', '.join(wheels)}",
            f"pip uninstall -y {names} && pip install opencv-contrib-python",
        )
    try:
        cv2 = import_module("cv2")
        missing = [name for name in ("grabCut", "ximgproc") if not hasattr(cv2, name)]
    except ImportError as error:
        yield Finding(
            "OpenCV",
            "problem",
            f"does not load: {error}",
            "apt-get install libgl1 libglib2.0-0, or pip uninstall -y "
            "opencv-contrib-python && pip install opencv-contrib-python-headless",
        )
        return
    if missing:
        yield Finding(
            "OpenCV",
            "problem",
            f"{cv2.__version__} lacks {', '.join(missing)}",
            "pip install --force-reinstall opencv-contrib-python",
        )
    else:
        yield Finding("OpenCV loads", "ok", cv2.__version__)


def _onnxruntime() -> Iterator[Finding]:
    wheels = installed(RUNTIMES)
    if not wheels:
        yield Finding(
            "onnxruntime",
            "note",
            "not installed; needed only for ONNX files",
            'pip install "portraitkit[gpu]" (or [cpu])',
        )
        return
    if len(wheels) > 1:
        yield Finding(
            "onnxruntime wheels",
            "problem",
            f"two overwrite each other's files: {', '.join(wheels)}",
            "pip uninstall -y onnxruntime onnxruntime-gpu && "
            'pip install "portraitkit[gpu]" (or [cpu])',
        )
    try:
        runtime = import_module("onnxruntime")
        providers = ", ".join(runtime.get_available_providers())
    except (ImportError, AttributeError) as error:
        yield Finding(
            "onnxruntime",
            "problem",
            f"does not load: {error}",
            f"pip install --force-reinstall {wheels[0].split()[0]}",
        )
        return
    yield Finding("onnxruntime", "ok", f"{', '.join(wheels)}; has {providers}")


def _numba_cache() -> Finding:
    from .._core.jit import compiled

    cache = getattr(compiled(_probe), "_cache", None)
    folder = getattr(cache, "cache_path", None)
    if folder is not None and _is_writable(Path(folder)):
        return Finding("numba cache", "ok", str(folder))
    return Finding(
        "numba cache",
        "note",
        "no folder can be written: each process compiles its loops anew",
        "set NUMBA_CACHE_DIR to a folder that can be written",
    )


def _probe(number: float) -> float:
    """Stand for a loop: numba caches beside the file it is in."""
    return number


def _is_writable(folder: Path) -> bool:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return os.access(there, os.W_OK)


def _optional() -> Iterator[Finding]:
    for name, use in OPTIONAL.items():
        found = installed((name,))
        if found:
            yield Finding(name, "ok", found[0].split()[1])
        else:
            yield Finding(name, "note", f"not installed; {use}", f"pip install {name}")


def _fetched() -> Iterator[Finding]:
    try:
        models, cache = (
            import_module(f"portraitkit.models{part}") for part in ("", ".cache")
        )
        known = models.known_models()
    except ImportError:
        return  # what does not load is told above
    states = {name: cache.look(entry) for name, entry in known.items()}
    names = [name for name, state in states.items() if state == "ok"]
    there = ", ".join(names) or "none of the catalogue"
    yield Finding("fetched models", "ok", f"{there}, in {cache.home()}")
    for name, state in states.items():
        if state == "damaged":
            cure = f"portraitkit models fetch {name}"
            yield Finding(f"model {name}", "problem", "is damaged", cure)
