"""Work shared with a few threads, its results in the order of what was given."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeAlias, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

Reply: TypeAlias = SimpleQueue[tuple[Answer] | BaseException]
"""Where the answer will be, or the error. A future's lock, which is Python, may stay
locked when its reader is interrupted."""
Job: TypeAlias = tuple[list[Item], Reply[Answer]]
"""An item, in a list that is empty once someone works on it, and what comes of it."""
Jobs: TypeAlias = SimpleQueue[Job[Item, Answer] | None]
"""What nobody has begun; None is the end."""

FEW = 3
"""Items that are worth another thread."""


def cores() -> int:
    """Count the cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def share(
    work: Callable[[Item], Answer], items: Iterable[Item], *, most: int
) -> Iterator[Answer]:
    """Yield work(item) for each item, in order, in a thread per core, `most` at most.

    The calling thread is one of them. It alone takes the items, so what they raise is
    raised there, and rather than wait it works. At most twice as many items as threads
    are held besides the one that is being made. One item or two are not worth a thread;
    threads end with the call.
    """
    threads, rest = min(cores(), most), iter(items)
    held = deque(islice(rest, FEW if threads > 1 else 0))
    if len(held) < FEW:
        yield from map(work, _all(held, rest))
    else:
        yield from _shared(work, _all(held, rest), threads)


def _all(held: deque[Item], rest: Iterator[Item]) -> Iterator[Item]:
    while held:
        yield held.popleft()
    yield from rest


def _shared(
    work: Callable[[Item], Answer], items: Iterable[Item], threads: int
) -> Iterator[Answer]:
    """Share; threads of our own, for a pool's take longer to begin and to end."""
    jobs: Jobs[Item, Answer] = SimpleQueue()
    pending: deque[Reply[Answer]] = deque()
    helpers: list[Thread] = []
    try:
        for item in items:
            pending.append(SimpleQueue())
            jobs.put(([item], pending[-1]))
            del item
            if len(helpers) < threads - 1:
                helpers.append(_start(work, jobs, f"portraitkit_{len(helpers)}"))
            if len(pending) == 2 * threads:
                yield _next(work, jobs, pending)
        jobs.put(None)
        while pending:
            yield _next(work, jobs, pending)
    finally:
        _end(jobs, helpers)


def _end(jobs: Jobs[Item, Answer], helpers: list[Thread]) -> None:
    """Let helpers end, and wait for what they have begun."""
    try:
        while _take(jobs, block=False):
            pass
    finally:  # Who is interrupted may just have taken the end.
        jobs.put(None)
        for helper in helpers:
            helper.join()


def _next(
    work: Callable[[Item], Answer],
    jobs: Jobs[Item, Answer],
    pending: deque[Reply[Answer]],
) -> Answer:
    """Take the first answer; until it is there, do what no other thread has begun."""
    first = pending.popleft()
    while first.empty() and (job := _take(jobs, block=False)):
        _do(work, *job)
    answer = first.get()
    if isinstance(answer, BaseException):
        try:
            raise answer
        finally:
            del answer  # It holds this frame.
    return answer[0]


def _start(
    work: Callable[[Item], Answer], jobs: Jobs[Item, Answer], name: str
) -> Thread:
    def helper() -> None:
        while job := _take(jobs, block=True):
            _do(work, *job)
            del job

    thread = Thread(target=helper, name=name, daemon=True)
    thread.start()
    return thread


def _take(jobs: Jobs[Item, Answer], *, block: bool) -> Job[Item, Answer] | None:
    """Take a job, if there is one; the end stays for the others."""
    try:
        job = jobs.get(block)
    except Empty:
        return None
    if job is None:
        jobs.put(None)
    return job


def _do(work: Callable[[Item], Answer], held: list[Item], reply: Reply[Answer]) -> None:
    """Work on what is held, without holding it.

    An error is raised where its answer is asked for; an interrupt, which only the main
    thread gets, at once.
    """
    try:
        answer = work(held.pop())
    except BaseException as error:
        reply.put(error)
        if not isinstance(error, Exception):
            raise
    else:
        reply.put((answer,))
