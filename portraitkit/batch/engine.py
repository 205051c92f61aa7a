"""Run one job over many inputs, in this process or in a pool of spawned ones."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for
from typing import Any, ClassVar, Protocol, TypeAlias

from .inputs import Input
from .manifest import Record

Work: TypeAlias = Callable[[Input], Record]

logger = logging.getLogger("portraitkit")


class Job(Protocol):
    """What is done to every input: a picklable dataclass, sent once to a process."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def prepare(self) -> Work:
        """Load models and return the function that turns an input into a record."""
        ...


class SetupError(Exception):
    """The job can't be done for any input: a model is missing, say."""


def run(
    job: Job, inputs: Sequence[Input], *, jobs: int = 1
) -> Generator[Record, None, None]:
    """Yield a record for each input as it finishes.

    Parameters
    ----------
    job : Job
        What to do.
    inputs : sequence of Input
        Those with an `error` are answered at once.
    jobs : int, default 1
        Processes, each with one thread. With 1 the work is done in this process.

    Yields
    ------
    dict
        "input", "status", "files", "seconds" and what the job says. What is
        wrong with one input, even if it takes its process down, is a record of
        status "failed".

    Raises
    ------
    SetupError
        If the job can't be prepared.
    """
    _use_one_thread()
    yield from (failed(item, item.error) for item in inputs if item.error)
    good = [item for item in inputs if not item.error]
    if min(jobs, len(good)) > 1:
        yield from _pooled(job, good, min(jobs, len(good)))
    elif good:
        work = _prepare(job)
        for item in good:
            yield attempt(work, item)


def attempt(work: Work, item: Input) -> Record:
    """Do `work` on one input; what goes wrong becomes the record."""
    start = time.perf_counter()
    try:
        record = work(item)
    except Exception as error:
        logger.debug("%s", item.path, exc_info=True)
        return failed(item, _explain(error), time.perf_counter() - start)
    seconds = round(time.perf_counter() - start, 3)
    return {"input": item.name, **record, "seconds": seconds}


def failed(item: Input, error: str, seconds: float = 0.0) -> Record:
    """Return the record of an input that could not be worked on."""
    return {
        "input": item.name,
        "status": "failed",
        "shot": None,
        "boxes": [],
        "scores": [],
        "files": [],
        "error": error,
        "seconds": round(seconds, 3),
    }


def _explain(error: Exception) -> str:
    expected = isinstance(error, OSError | ValueError | TypeError | RuntimeError)
    text = " ".join(str(error).split())
    return text if expected and text else f"{type(error).__name__}: {text}"


def _use_one_thread() -> None:
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    import cv2

    cv2.setNumThreads(1)


def _prepare(job: Job) -> Work:
    try:
        return job.prepare()
    except (OSError, ValueError, TypeError, ImportError, RuntimeError) as error:
        raise SetupError(_explain(error)) from error


def _pooled(job: Job, items: Sequence[Input], jobs: int) -> Iterator[Record]:
    queue = deque(items)
    while queue:
        suspects = yield from _until_broken(job, queue, jobs)
        for item in suspects:  # one took the pool down: alone, only that one does
            yield from _alone(job, item)


def _until_broken(
    job: Job, queue: deque[Input], jobs: int
) -> Generator[Record, None, list[Input]]:
    """Empty the queue; return the inputs at work when a process died."""
    pending: dict[Future[Record], Input] = {}
    pool = _pool(job, jobs)
    try:
        while queue or pending:
            while queue and len(pending) < 2 * jobs:
                pending[pool.submit(_in_worker, queue[0])] = queue[0]
                queue.popleft()
            done, _ = wait(pending, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=lambda one: one.exception() is not None):
                record = future.result()
                del pending[future]
                yield record
    except BrokenProcessPool:
        return list(pending.values())
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return []


def _alone(job: Job, item: Input) -> Iterator[Record]:
    try:
        with _pool(job, 1) as pool:
            yield pool.submit(_in_worker, item).result()
    except BrokenProcessPool:
        yield failed(item, f"{item.path}: its process died (out of memory?)")


def _pool(job: Job, jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        jobs,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start_worker,
        initargs=(job, logger.getEffectiveLevel()),
    )


class _Worker:
    """What a pool's process keeps between inputs."""

    job: Job
    work: Work | None = None


def _start_worker(job: Job, level: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent stops us, in order
    threading.Thread(target=_die_with_parent, daemon=True).start()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logger.setLevel(level)
    _Worker.job = job


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _in_worker(item: Input) -> Record:
    if _Worker.work is None:
        _use_one_thread()
        _Worker.work = _prepare(_Worker.job)
    return attempt(_Worker.work, item)
