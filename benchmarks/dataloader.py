"""Does a DataLoader make boundary kernels faster than it decodes the masks?

    python benchmarks/dataloader.py MASKS [--workers 2] [--start fork] [--rounds 5]

MASKS is a folder of PNG masks, all of one size. Each figure is the best of several
rounds, all kinds run in turn, in milliseconds of wall clock per mask, workers started
and fed before the clock starts. What the worker does:

pass on     nothing: a finished kernel, 5.8 MB at 800x600, goes to the main process,
            which torch does by a new file in shared memory for every item
decode      reads a PNG (OpenCV's decoder, the fastest here; and `portraitkit.io`)
kernels     makes the individual kernel of a mask that lies in memory, passes it on
in a ring   makes it with `out=` in one of a few shared buffers that are made once and
            passes the buffer's number on. PREFETCH items a worker are under way and
            one is in use: with more buffers than that, none is overwritten too early
both        decodes (OpenCV) and makes the kernel in the ring
"""

import argparse
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from portraitkit.io import read_mask
from portraitkit.kernels import individual_kernel

PREFETCH = 2


class Masks(Dataset):
    """Every kind of work; the first batches go unmeasured, they start the workers."""

    def __init__(self, paths, kind, count, slots):
        self.kind, self.count = kind, count
        self.files = [path.read_bytes() for path in paths]
        self.masks = [read_mask(file) for file in self.files]
        self.kernel = individual_kernel(self.masks[0])
        self.ring = torch.zeros((slots, *self.kernel.shape)).share_memory_()

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        self.turn = index
        return getattr(self, self.kind)(index % len(self.files))

    def passed(self, _):
        return torch.from_numpy(self.kernel)

    def decode(self, n):
        data = np.frombuffer(self.files[n], np.uint8)
        return torch.from_numpy(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE))

    def decode_io(self, n):
        return torch.from_numpy(read_mask(self.files[n]))

    def kernels(self, n):
        return torch.from_numpy(individual_kernel(self.masks[n]))

    def into_ring(self, n):
        slot = self.turn % len(self.ring)
        individual_kernel(self.masks[n], out=self.ring[slot].numpy())
        return slot

    def both(self, n):
        self.masks[n] = self.decode(n).numpy() > 0
        return self.into_ring(n)


def first(batch):
    """Leave the item as it is: stacking would copy it once more."""
    return batch[0]


def per_mask(dataset, args, lead=20):
    """Milliseconds a mask, after `lead` of them."""
    cv2.setNumThreads(1)
    loader = DataLoader(
        dataset, batch_size=1, collate_fn=first, num_workers=args.workers,
        multiprocessing_context=args.start, prefetch_factor=PREFETCH,
    )  # fmt: skip
    times = []
    for item in loader:
        times.append(time.perf_counter())
        del item
    return 1e3 * (times[-1] - times[lead]) / (len(times) - 1 - lead)


KINDS = {
    "pass on": "passed", "decode (OpenCV)": "decode",
    "decode (portraitkit.io)": "decode_io", "kernels": "kernels",
    "kernels in a ring": "into_ring", "both": "both",
}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("masks", type=Path)
    parser.add_argument("--limit", type=int, default=60, help="masks in turn")
    parser.add_argument("--count", type=int, default=400, help="masks a round")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--start", choices=("fork", "spawn"), default="fork")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    paths = sorted(args.masks.glob("*.png"))[: args.limit]
    slots = args.workers * PREFETCH + 2
    sets = {k: Masks(paths, work, args.count, slots) for k, work in KINDS.items()}
    best = dict.fromkeys(sets, float("inf"))
    for _ in range(args.rounds):
        for kind, dataset in sets.items():
            best[kind] = min(best[kind], per_mask(dataset, args))
    shape = sets["kernels"].masks[0].shape
    head = f"{shape[0]}x{shape[1]}, {args.workers} workers ({args.start}), ms a mask"
    lines = [head, *(f"{kind:24} {figure:.2f}" for kind, figure in best.items())]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
