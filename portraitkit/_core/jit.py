"""The one place that decides how hot loops are compiled."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from numba.core import event

F = TypeVar("F", bound=Callable[..., object])

PATIENCE = 2.0
"""Seconds of compilation after which the user is told why nothing happens."""


def compiled(func: F) -> F:
    """Compile `func` as a serial, GIL-free loop with IEEE-exact arithmetic.

    No `fastmath`: results must not depend on the machine, and NaN must stay NaN.
    No `parallel`: callers parallelise over images, never inside one.
    Machine code is cached on disk; where no folder can be written (a read-only
    installation and home), it lives in memory for the process.
    """
    try:
        return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(func))
    except RuntimeError as error:
        if "cannot cache" not in str(error):
            raise
        return cast(F, numba.njit(nogil=True, error_model="numpy")(func))


class _Notice(event.Listener):
    """Log once when a process has spent `PATIENCE` seconds compiling loops."""

    def __init__(self) -> None:
        self.spent = 0.0
        self.depth = 0
        self.started = 0.0
        self.timer: threading.Timer | None = None

    def on_start(self, _event: Any) -> None:
        self.depth += 1
        if self.depth == 1 and self.spent < PATIENCE:
            self.started = time.perf_counter()
            self.timer = threading.Timer(PATIENCE - self.spent, self.say)
            self.timer.daemon = True
            self.timer.start()

    def on_end(self, _event: Any) -> None:
        self.depth = max(self.depth - 1, 0)
        if self.depth == 0 and self.timer is not None:
            self.timer.cancel()
            self.timer = None
            self.spent += time.perf_counter() - self.started

    def say(self) -> None:
        self.spent = PATIENCE
        logging.getLogger("portraitkit").info(
            "compiling loops: this happens once on a machine and takes some seconds"
        )


event.register("numba:compile", _Notice())
