"""Work shared with a few threads, its results in the order of what was given."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, TypeAlias, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

FEW = 3
"""Items that are worth another thread."""


class _Job(Generic[Item, Answer]):
    """An item, then what came of it."""

    def __init__(self, item: Item) -> None:
        self._items = [item]
        self._answers: list[Answer] = []
        self._error: BaseException | None = None
        self.done = False

    def run(self, work: Callable[[Item], Answer]) -> None:
        """Work on the item, without holding it any longer."""
        try:
            self._answers.append(work(self._items.pop()))
        except BaseException as error:
            self._error = error
        self.done = True

    def answer(self) -> Answer:
        """Return what `work` returned, or raise what it raised."""
        if self._error is not None:
            raise self._error
        return self._answers.pop()


Todo: TypeAlias = SimpleQueue[_Job[Item, Answer] | None]


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
    todo: Todo[Item, Answer] = SimpleQueue()
    ended: SimpleQueue[None] = SimpleQueue()
    pending: deque[_Job[Item, Answer]] = deque()
    helpers: list[Thread] = []
    try:
        for item in items:
            pending.append(_Job(item))
            del item
            todo.put(pending[-1])
            if len(helpers) < threads - 1:
                helpers.append(_start(work, todo, ended, len(helpers)))
            if len(pending) == 2 * threads:
                yield _first(work, pending, todo, ended)
        todo.put(None)
        while pending:
            yield _first(work, pending, todo, ended)
    finally:
        while _take(todo):
            pass
        todo.put(None)
        for helper in helpers:
            helper.join()


def _start(
    work: Callable[[Item], Answer],
    todo: Todo[Item, Answer],
    ended: "SimpleQueue[None]",
    number: int,
) -> Thread:
    """Start a thread that works until it finds the end."""

    def help_out() -> None:
        while job := _take(todo, wait=True):
            job.run(work)
            del job
            ended.put(None)

    helper = Thread(target=help_out, name=f"portraitkit_{number}", daemon=True)
    helper.start()
    return helper


def _take(todo: Todo[Item, Answer], *, wait: bool = False) -> _Job[Item, Answer] | None:
    """Take the next job; the end, which is None, stays for the others."""
    try:
        job = todo.get(block=wait)
    except Empty:
        return None
    if job is None:
        todo.put(None)
    return job


def _first(
    work: Callable[[Item], Answer],
    pending: deque[_Job[Item, Answer]],
    todo: Todo[Item, Answer],
    ended: "SimpleQueue[None]",
) -> Answer:
    """Take the first answer; until it is there, do what no other thread has begun."""
    first = pending.popleft()
    while not first.done:
        if job := _take(todo):
            job.run(work)
        else:
            ended.get()
    return first.answer()
