"""Work shared with a few threads, its results in the order of what was given."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeAlias, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

Pending: TypeAlias = deque[tuple[list[Item], Future[Answer]]]

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
    pending: Pending[Item, Answer] = deque()
    with ThreadPoolExecutor(threads - 1, thread_name_prefix="portraitkit") as pool:
        try:
            for item in items:
                held = [item]
                pending.append((held, pool.submit(_empty, work, held)))
                if len(pending) == 2 * threads:
                    yield _next(work, pending)
            while pending:
                yield _next(work, pending)
        finally:
            for _, future in pending:
                future.cancel()


def _empty(work: Callable[[Item], Answer], held: list[Item]) -> Answer:
    """Work on what is held, without holding it: the pool keeps what was canceled."""
    return work(held.pop())


def _next(work: Callable[[Item], Answer], pending: Pending[Item, Answer]) -> Answer:
    """Take the first answer; until it is there, do what no other thread has begun."""
    for place, (held, future) in enumerate(pending):
        if pending[0][1].done():
            break
        if future.cancel():
            pending[place] = held, Future()
            pending[place][1].set_result(_empty(work, held))
    return pending.popleft()[1].result()
