"""Train a portrait model with NumPy alone, on the losses' closed-form gradients.

    python examples/train_numpy.py                                # needs no data
    python examples/train_numpy.py --data FOLDER --limit 8

Shows `soft_label_grad` and `global_kernel_grad` in place of automatic differentiation.
The model is linear: three logits from each pixel's six channels, their squares and
products. By the chain rule the loss falls off in its weights W as features.T @ (sum of
the two gradients). No model of single pixels cuts portraits well; next to the mean
mask alone, which is printed for comparison, it shows that the gradients lead down.

FOLDER holds images/NAME.jpg and masks/NAME.png.
"""

import argparse
from pathlib import Path

import numpy as np
from augment import stretch
from portraits import Portrait, astronauts, read_portraits

from portraitkit.kernels import (
    foreground_probability,
    global_kernel,
    individual_kernel,
    label_map,
    mean_mask,
    portrait_channels,
    shape_channel,
)
from portraitkit.losses import (
    boundary_sensitive_loss,
    global_kernel_grad,
    soft_label_grad,
)
from portraitkit.metrics import mean_iou

AXES = (0, 1, 2), (0, 1, 2)
"""All but the features and the classes: photographs, rows, columns."""


def features(portraits: list[Portrait], mean: np.ndarray) -> np.ndarray:
    """(N, H, W, 28): one, the six channels, and all their products in twos."""
    channels = np.stack([portrait_channels(p.image, mean) for p in portraits])
    first, second = np.triu_indices(6)
    products = channels[..., first] * channels[..., second]
    one = np.ones_like(channels[..., :1])
    return np.concatenate([one, channels, products], axis=-1)


def whiten(x: np.ndarray) -> np.ndarray:
    """Uncorrelated features of spread 1: descent then goes straight."""
    flat = x.reshape(-1, x.shape[-1]).astype(np.float64)
    values, vectors = np.linalg.eigh(flat.T @ flat / len(flat))
    some = values > 1e-7 * values[-1]
    return (flat @ (vectors[:, some] / np.sqrt(values[some]))).reshape(
        *x.shape[:-1], -1
    )


def train(
    x: np.ndarray, masks: np.ndarray, kernel: np.ndarray, args: argparse.Namespace
) -> np.ndarray:
    """Descend with momentum; return the (features, 3) weights."""
    soft = individual_kernel(masks, width=args.width, normalize=args.normalize)
    target = label_map(masks, width=args.width).astype(np.int64)
    weights = np.zeros((x.shape[-1], 3))
    speed = np.zeros_like(weights)
    for step in range(1, args.steps + 1):
        logits = x @ weights
        slope = soft_label_grad(logits, soft) + global_kernel_grad(
            logits, target, kernel
        )
        speed = 0.9 * speed - args.rate * np.tensordot(x, slope, axes=AXES)
        weights = weights + speed
        if step % 50 == 0 or step in (1, args.steps):
            value = boundary_sensitive_loss(logits, soft, target, kernel)
            print(f"step {step}: loss {value:.6f}", flush=True)
    return weights


def main(argv: list[str] | None = None) -> None:
    args = parse(argv)
    size = tuple(args.size)
    portraits = (
        read_portraits(args.data, limit=args.limit)
        if args.data
        else astronauts(args.limit or 8)
    )
    shown = [stretch(p, size) for p in portraits]
    masks = np.stack([p.mask for p in shown])
    mean = mean_mask(masks)
    x = whiten(features(shown, mean))
    weights = train(x, masks, global_kernel(shape_channel(mean, size)), args)
    probability = foreground_probability(x @ weights)
    score = mean_iou(probability >= 0.5, masks)
    alone = mean_iou([mean >= 0.5] * len(masks), masks)
    print(f"mean IoU of the mean mask alone: {alone:.4f}")
    print(f"mean IoU on the {len(masks)} training portraits: {score:.4f}")


def parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--data", type=Path, metavar="FOLDER", help="default: made-up portraits")
    add("--limit", type=int, metavar="N", help="take the first N portraits")
    add("--size", type=int, nargs=2, default=(96, 72), metavar=("H", "W"))
    add("--width", type=int, default=3, help="of the boundary band")
    add("--normalize", choices=("sum", "max", "proximity"), default="proximity")
    add("--steps", type=int, default=100)
    add("--rate", type=float, default=0.5)
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
