"""Open an ONNX file with onnxruntime, on the device that was asked for."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import logging
import re
from pathlib import Path
from types import ModuleType
from typing import Any

from .binding import BoundSession

CPU, CUDA = "CPUExecutionProvider", "CUDAExecutionProvider"
log = logging.getLogger("portraitkit")


def check_device(device: str) -> str:
    """Return `device` if it is "auto", "cpu", "cuda" or "cuda:N"."""
    if not isinstance(device, str) or not re.fullmatch(r"auto|cpu|cuda(:\d+)?", device):
        msg = f'device must be "auto", "cpu", "cuda" or "cuda:N"; got {device!r}'
        raise ValueError(msg)
    return device


def open_session(path: Path, *, device: str, threads: int | None) -> Any:
    """Return a `Runtime` on `path`.

    On the CPU that is an onnxruntime session, else a `BoundSession`.

    Raises
    ------
    ImportError
        If onnxruntime is not installed.
    RuntimeError
        If `device` cannot be had.
    ValueError
        If onnxruntime cannot run the file; see `external` for what it may read.
    """
    ort = _runtime()
    if device == "cpu":
        return _session(ort, path, [CPU], threads)
    if CUDA in ort.get_available_providers():
        session, problem = _on_cuda(ort, path, device, threads)
        if session is not None:
            return BoundSession(ort, session, "cuda", _number(device))
    else:
        problem = "this onnxruntime is built without CUDA"
    if device != "auto":
        msg = (
            f"device must be one that this machine has; got {device!r}: {problem}. "
            'It takes an NVIDIA driver and pip install "portraitkit[cuda]" (without '
            'the extras "cpu" and "gpu"); device="auto" uses the CPU'
        )
        raise RuntimeError(msg)
    log.debug("no CUDA, so on the CPU: %s", problem)
    return _session(ort, path, [CPU], threads)


def _runtime() -> ModuleType:
    try:
        import onnxruntime
    except ImportError as error:
        msg = (
            "an ONNX file needs onnxruntime: "
            'pip install "portraitkit[cpu]" or "portraitkit[gpu]"'
        )
        raise ImportError(msg) from error
    runtime: ModuleType = onnxruntime
    # Failing to load CUDA is reported by us; at DEBUG the runtime's words help.
    runtime.set_default_logger_severity(1 if _chatty() else 4)
    return runtime


def _chatty() -> bool:
    return log.isEnabledFor(logging.DEBUG)


def _on_cuda(
    ort: ModuleType, path: Path, device: str, threads: int | None
) -> tuple[Any | None, str]:
    """Return a session on CUDA or None, and what was in the way."""
    _preload(ort)
    providers = [(CUDA, {"device_id": _number(device)}), CPU]
    try:
        session = _session(ort, path, providers, threads)
    except _UnusableError as error:
        # The file itself may be at fault: then the CPU refuses it with its own words.
        return None, str(error)
    if CUDA in session.get_providers():
        return session, ""
    return None, "onnxruntime could not load CUDA's libraries"


def _number(device: str) -> int:
    return int(device.partition(":")[2] or 0)


def _preload(ort: ModuleType) -> None:
    """Load CUDA from its wheels, where those are installed; it prints failures."""
    if hasattr(ort, "preload_dlls") and importlib.util.find_spec("nvidia"):
        words = io.StringIO()
        with contextlib.redirect_stdout(words):
            ort.preload_dlls()
        log.debug("onnxruntime.preload_dlls: %s", words.getvalue().strip() or "done")


class _UnusableError(ValueError):
    """A session that onnxruntime would not make."""


def _session(
    ort: ModuleType, path: Path, providers: list[Any], threads: int | None
) -> Any:
    options = ort.SessionOptions()
    options.log_severity_level = 1 if _chatty() else 4
    if threads is not None:
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
    try:
        # Without enable_fallback=0 a failure is printed and the CPU used instead.
        return ort.InferenceSession(
            str(path), options, providers=providers, enable_fallback=0
        )
    except Exception as error:  # onnxruntime's errors have no common class
        msg = f"source must be an ONNX file that onnxruntime can run; {path}: {error}"
        raise _UnusableError(msg) from error
