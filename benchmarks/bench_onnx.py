# ruff: noqa: T201
"""What a network costs beside its session, and how it scales over images.

    python benchmarks/bench_onnx.py FILE.onnx [--card CARD] [--size 800 600]
        [--device cpu] [--images 16] [--rounds 20]

overhead    preparing an image and decoding the answer, over the session's own run;
            one image of --size, by threads of the session
throughput  images a second of `many(workers=W)`, sessions of one thread, over W = 1

All is run in turn, round after round, and the least of the rounds counts.
"""

import argparse
import os
import time

import numpy as np

from portraitkit.models import load_model
from portraitkit.models.placement import prepare

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2


def least(runs, rounds):
    """Least seconds of each of `runs`, run in turn."""
    best = dict.fromkeys(runs, float("inf"))
    for turn in range(rounds + 1):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            if turn:
                best[name] = min(best[name], time.perf_counter() - start)
    return best


def overhead(load, image, threads, rounds):
    model = load(threads=threads)
    tensor, where = prepare(image, model.card.input, mean_mask=model.mean_mask)
    raw = model.compute(tensor)[0]
    best = least(
        {
            "prepare": lambda: prepare(
                image, model.card.input, mean_mask=model.mean_mask
            ),
            "session": lambda: model.compute(tensor),
            "decode": lambda: model.decode(raw, where),
            "call": lambda: model(image),
        },
        rounds,
    )
    share = (best["prepare"] + best["decode"]) / best["session"]
    parts = "  ".join(f"{name} {1e3 * spent:.2f} ms" for name, spent in best.items())
    print(f"overhead, {threads} thread(s): {share:.1%}  ({parts}), {model.provider}")


def throughput(load, images, rounds):
    model = load(threads=1)
    runs = {
        f"{w}": lambda w=w: [None for _ in model.many(images, workers=w)]
        for w in sorted({1, 2, CORES})
    }
    best = least(runs, rounds)
    for workers, spent in best.items():
        rate, ratio = len(images) / spent, best["1"] / spent
        print(f"throughput, {workers} worker(s): {rate:.1f} images/s, {ratio:.2f}x")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--card")
    parser.add_argument("--size", type=int, nargs=2, default=(800, 600))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--images", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args()

    def load(threads):
        return load_model(
            given.file, card=given.card, device=given.device, threads=threads
        )

    rng = np.random.default_rng(0)
    images = [
        rng.integers(0, 256, (*given.size, 3), np.uint8) for _ in range(given.images)
    ]
    for threads in sorted({1, CORES}):
        overhead(load, images[0], threads, given.rounds)
    throughput(load, images, max(given.rounds // 4, 3))


if __name__ == "__main__":
    main()
