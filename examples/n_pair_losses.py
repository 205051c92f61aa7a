"""What losses over pairs of features cost as photographs grow: table 1 of the paper.

    python examples/n_pair_losses.py

`superpixel_n_pair.py` imports this file; it trains by them. The losses are over
superpixels, O(N_s^2) + O(N_p), over 10 draws of 1000 pixels of each of three classes,
O(N_total^2), and over all pixels, O(N_p^2).
"""

import argparse
import time
from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
import torch
from portraits import astronauts
from torch import Tensor

from portraitkit.kernels import pool_majority, pool_mean
from portraitkit.losses import n_pair_loss, sampled_n_pair_loss
from portraitkit.superpixels import slic

Loss = Callable[[Tensor, "Example", int], Tensor]
"""Of one photograph's (H, W, D) features; the number is for what is drawn."""

MOST_PAIRS = 1e7
"""Not more at once for the loss over all pixels: they are held for the gradient."""


class Example(NamedTuple):
    """What the network sees of a portrait."""

    image: np.ndarray
    """(H, W, 3) uint8."""
    classes: np.ndarray
    """(H, W) int64: 0 background, 1 person, 2 face."""

    @property
    def mirrored(self) -> "Example":
        """The portrait as a mirror shows it."""
        return Example(self.image[:, ::-1].copy(), self.classes[:, ::-1].copy())


def by_superpixels(n_segments: int) -> Loss:
    def loss(features: Tensor, example: Example, seed: int) -> Tensor:  # noqa: ARG001
        labels = slic(example.image, n_segments=n_segments)
        classes = pool_majority(example.classes, labels)
        pooled = pool_mean(features, torch.from_numpy(labels))
        return n_pair_loss(pooled, torch.from_numpy(classes))

    return loss


def by_samples(n_iter: int, n_inst: int, n_samp: int) -> Loss:
    def loss(features: Tensor, example: Example, seed: int) -> Tensor:
        return sampled_n_pair_loss(
            features.flatten(0, 1), torch.from_numpy(example.classes.ravel()),
            seed=seed, n_iter=n_iter, n_inst=n_inst, n_samp=n_samp,
        )  # fmt: skip

    return loss


def by_all_pixels(features: Tensor, example: Example, seed: int) -> Tensor:  # noqa: ARG001
    classes = torch.from_numpy(example.classes.ravel())
    return n_pair_loss(features.flatten(0, 1), classes)


def print_prices(example: Example, args: argparse.Namespace) -> None:
    """Time and memory of each loss at a quarter of the size to four times of it."""
    losses = {
        f"{args.superpixels} superpixels": by_superpixels(args.superpixels),
        f"{args.n_iter} x 3 x {args.n_samp} pixels": by_samples(
            args.n_iter, 3, args.n_samp
        ),
        "all pixels": by_all_pixels,
    }
    print("one loss and its gradient: milliseconds, megabytes held for the gradient")
    print(f"{'photograph':>12}" + "".join(f"{name:>26}" for name in losses))
    for scale in (0.25, 0.5, 1, 2, 4):
        height, width = (round(side * scale) for side in args.size)
        sized = Example(
            cv2.resize(example.image, (width, height), interpolation=cv2.INTER_AREA),
            cv2.resize(example.classes.astype(np.uint8), (width, height),
                       interpolation=cv2.INTER_NEAREST).astype(np.int64),
        )  # fmt: skip
        row = f"{f'{height}x{width}':>12}"
        for name, loss in losses.items():
            if name == "all pixels" and (height * width) ** 2 > MOST_PAIRS:
                row += f"{'-':>26}"
                continue
            spent, held = price(loss, sized, args.features)
            row += f"{f'{1e3 * spent:.1f} ms {held / 1e6:8.1f} MB':>26}"
        print(row, flush=True)


def price(loss: Loss, example: Example, depth: int) -> tuple[float, int]:
    """Seconds of a loss with gradient, the best of a second or of three; bytes held in between."""
    generator = torch.Generator().manual_seed(0)
    shape = (*example.classes.shape, depth)
    features = torch.randn(shape, generator=generator).requires_grad_()
    best, held = np.inf, {}

    def hold(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        held[storage.data_ptr()] = storage.nbytes()
        return tensor

    rounds, spent = 0, 0.0
    while rounds < 3 or spent < 1:
        start = time.perf_counter()
        loss(features, example, 0).backward()
        once = time.perf_counter() - start
        best, rounds, spent = min(best, once), rounds + 1, spent + once
    with torch.autograd.graph.saved_tensors_hooks(hold, lambda tensor: tensor):
        kept = loss(features, example, 0)  # alive, or its storage would be used again
    held.pop(features.untyped_storage().data_ptr(), None)
    del kept
    return best, sum(held.values())


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--size", type=int, nargs=2, default=(224, 168), metavar=("H", "W"))
    add("--superpixels", type=int, default=500, help="N_s")
    add("--n-iter", type=int, default=10, help="draws of the sampled loss")
    add("--n-samp", type=int, default=1000, help="pixels of a class in a draw")
    add("--features", type=int, default=32, help="channels (paper: 128)")
    add("--threads", type=int, help="of torch")


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser)
    args = parser.parse_args(argv)
    if args.threads:
        torch.set_num_threads(args.threads)
    (portrait,) = astronauts(1, shape=tuple(args.size))
    classes = portrait.mask.astype(np.int64)
    x1, y1, x2, y2 = portrait.face.astype(int)
    classes[y1:y2, x1:x2] = 2
    print_prices(Example(portrait.image, classes), args)


if __name__ == "__main__":
    main()
