"""Many images through one network: grouped, and several groups at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Key = TypeVar("Key")
Answer = TypeVar("Answer")


def grouped(
    items: Iterable[Item], *, key: Callable[[Item], Key], most: int
) -> Iterator[list[Item]]:
    """Yield neighbors of one key together, at most `most`, in order."""
    group: list[Item] = []
    shared: Key | None = None
    for item in items:
        mark = key(item)
        if group and (mark != shared or len(group) == most):
            yield group
            group = []
        group.append(item)
        shared = mark
    if group:
        yield group


def in_order(
    work: Callable[[Item], Answer], items: Iterable[Item], *, workers: int
) -> Iterator[Answer]:
    """Yield work(item) for each item, in order, `workers` of them at a time.

    At most 2 * workers items are ahead of the reader.
    """
    if workers == 1:
        yield from map(work, items)
        return
    pending: deque[Future[Answer]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="portraitkit") as pool:
        try:
            for item in items:
                pending.append(pool.submit(work, item))
                if len(pending) >= 2 * workers:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()
