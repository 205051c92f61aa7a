"""How `split_instances` scales over photographs in a pool of two threads.

    python benchmarks/bench_threads.py [FOLDER]

FOLDER holds images/, instances/ (label PNGs) and instances.json; without it, a drawn
group of three is split again and again. One thread and two take turns over the same
photographs; ratio is the least time of one over the least time of two.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import cv2

from benchmarks._ratio import interleave
from benchmarks.accuracy_split import METHODS, load
from benchmarks.bench_instance import group
from portraitkit.instance import split_instances

ROUNDS = 5


def scaling(photos, pool, method):
    """(ms with one thread, ms with two), of all photographs."""
    split = partial(_split, method=method)
    runs = {
        "one": lambda: [split(photo) for photo in photos],
        "two": lambda: list(pool.map(split, photos)),
    }
    least = interleave(runs, rounds=ROUNDS)
    return least["one"], least["two"]


def _split(photo, method):
    return split_instances(*photo, method=method)


def main(arguments):
    cv2.setNumThreads(1)
    photos = [(p.image, p.truth > 0, p.boxes) for f in arguments for p in load(f)]
    photos = photos or [group()] * 8
    sys.stdout.write(f"{'method':15} {'one ms':>9} {'two ms':>9} {'ratio':>6}\n")
    with ThreadPoolExecutor(2) as pool:
        for method in METHODS:
            one, two = scaling(photos, pool, method)
            sys.stdout.write(f"{method:15} {one:9.1f} {two:9.1f} {one / two:6.2f}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
