"""How `split_instances` scales over photographs in a pool of two threads.

    python benchmarks/bench_threads.py [FOLDER]

FOLDER holds images/, instances/ (label PNGs) and instances.json; without it, a drawn
group of three is split again and again. One thread and two take turns.

ratio   photographs a second with two threads over one, the best of some rounds: right
        on two idle cores
cores   how many cores two threads would keep busy, whatever else runs (Linux): a
        thread's time on a core with one thread, over its time on a core and asleep
        (waiting for the interpreter's lock) with two, times two
asleep  share of a thread's own time that it waits for the lock
"""

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import cv2

from benchmarks.accuracy_split import METHODS, load
from benchmarks.bench_instance import group
from portraitkit.instance import split_instances

ROUNDS = 5


class Spent(NamedTuple):
    """Milliseconds of a thread."""

    wall: float
    running: float
    """On a core."""
    asleep: float
    """Neither on a core nor waiting for one."""


def split_all(photos, method, barrier):
    barrier.wait()
    start, (running, queued) = time.perf_counter(), scheduled()
    for photo in photos:
        split_instances(*photo, method=method)
    wall, (running_now, queued_now) = time.perf_counter() - start, scheduled()
    running, queued = running_now - running, queued_now - queued
    return Spent(1e3 * wall, running, max(1e3 * wall - running - queued, 0.0))


def scheduled():
    """Milliseconds that this thread has been on a core, and has waited for one."""
    path = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
    if not path.exists():
        return float("nan"), float("nan")
    running, queued, _ = path.read_text().split()
    return int(running) / 1e6, int(queued) / 1e6


def scaling(photos, method):
    """(ratio, cores, asleep) of the method."""
    best = dict.fromkeys((1, 2), float("inf"))
    running, asleep = dict.fromkeys(best, 0.0), dict.fromkeys(best, 0.0)
    for turn in range(ROUNDS + 1):
        for threads in (1, 2):
            barrier = threading.Barrier(threads)
            with ThreadPoolExecutor(threads) as pool:
                jobs = [
                    pool.submit(split_all, photos, method, barrier)
                    for _ in range(threads)
                ]
                spent = [job.result() for job in jobs]
            if turn:  # the first compiles
                wall = max(one.wall for one in spent) / threads
                best[threads] = min(best[threads], wall)
                running[threads] += sum(one.running for one in spent) / threads
                asleep[threads] += sum(one.asleep for one in spent) / threads
    own = running[2] + asleep[2]
    return best[1] / best[2], 2 * running[1] / own, asleep[2] / own


def main(arguments):
    cv2.setNumThreads(1)
    photos = [(p.image, p.truth > 0, p.boxes) for f in arguments for p in load(f)]
    photos = photos or [group()] * 8
    sys.stdout.write(f"{'method':15} {'ratio':>6} {'cores':>6} {'asleep':>7}\n")
    for method in METHODS:
        ratio, cores, asleep = scaling(photos, method)
        sys.stdout.write(f"{method:15} {ratio:6.2f} {cores:6.2f} {asleep:7.0%}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
