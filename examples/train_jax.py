"""Train a tiny portrait network with JAX on boundary-sensitive kernels.

    python examples/train_jax.py                                  # needs no data
    python examples/train_jax.py --data FOLDER --limit 8

Shows that the same loss runs under `jax.jit` and `jax.value_and_grad`: kernels are
made by portraitkit on the CPU after augmentation, and everything from the network to
the new parameters is one compiled step. optax's Adam is used where it is installed,
else (or with --by-hand) momentum in three lines.

FOLDER holds images/NAME.jpg and masks/NAME.png.
"""

import argparse
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from augment import PRESETS, stretch
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
from portraitkit.losses import boundary_sensitive_loss
from portraitkit.metrics import mean_iou

Params = dict[str, jax.Array]
LAYERS = (
    ("a", 6, 16, 2), ("b", 16, 32, 2), ("c", 32, 32, 1), ("d", 32, 32, 1),
    ("e", 32, 16, 1), ("f", 22, 16, 1), ("g", 16, 3, 1),
)  # fmt: skip
"""Name, channels in and out, stride: two halvings, then back with the input added."""


def start(key: jax.Array) -> Params:
    """Draw weights as He et al. do; the last layer begins at zero."""
    params = {}
    for name, n_in, n_out, _ in LAYERS:
        key, own = jax.random.split(key)
        spread = np.sqrt(2 / (9 * n_in)) if n_out > 3 else 0.0
        params[f"{name}.w"] = spread * jax.random.normal(own, (3, 3, n_in, n_out))
        params[f"{name}.b"] = jnp.zeros(n_out)
    return params


def net(params: Params, channels: jax.Array) -> jax.Array:
    """(N, H, W, 6) to (N, H, W, 3) logits; H and W multiples of 4."""
    x = channels
    for name, _, _, stride in LAYERS:
        if name == "f":
            x = jax.image.resize(x, (*channels.shape[:3], x.shape[3]), "bilinear")
            x = jnp.concatenate([x, channels], axis=-1)
        x = jax.lax.conv_general_dilated(
            x, params[f"{name}.w"], (stride, stride), "SAME",
            dimension_numbers=("NHWC", "HWIO", "NHWC"),
        ) + params[f"{name}.b"]  # fmt: skip
        x = jax.nn.relu(x) if name != "g" else x
    return x


def loss(params: Params, batch: dict[str, jax.Array], kernel: jax.Array) -> jax.Array:
    logits = net(params, batch["channels"])
    return boundary_sensitive_loss(logits, batch["soft"], batch["target"], kernel)


def make_optimizer(rate: float, steps: int, *, by_hand: bool) -> tuple[Any, Callable]:
    """Return `init(params) -> state` and `update(grads, state, params)` -> both new."""
    if by_hand or importlib.util.find_spec("optax") is None:
        return momentum(rate)
    import optax

    adam = optax.adam(optax.cosine_onecycle_schedule(steps, rate))

    def update(grads: Params, state: Any, params: Params) -> tuple[Params, Any]:
        steps, state = adam.update(grads, state)
        return optax.apply_updates(params, steps), state

    return adam.init, update


def momentum(rate: float, *, keep: float = 0.9, most: float = 1.0) -> Any:
    """Gradient descent with momentum; a gradient longer than `most` is shortened."""

    def update(grads: Params, state: Params, params: Params) -> tuple[Params, Params]:
        length = jnp.sqrt(sum(jnp.sum(g**2) for g in grads.values()))
        factor = jnp.minimum(1.0, most / (length + 1e-12))
        state = {k: keep * state[k] + factor * grads[k] for k in params}
        return {k: params[k] - rate * state[k] for k in params}, state

    return lambda params: jax.tree.map(jnp.zeros_like, params), update


def make_batch(
    portraits: list[Portrait], mean: np.ndarray, step: int, args: argparse.Namespace
) -> dict[str, np.ndarray]:
    """Augment, then make the kernels: never the other way round."""
    rng = np.random.default_rng([args.seed, step])
    size, augment = tuple(args.size), PRESETS[args.augment]
    moved = [augment(p, rng, size=size) for p in portraits]
    masks = np.stack([p.mask for p in moved])
    return {
        "channels": np.stack([portrait_channels(p.image, mean) for p in moved]),
        "soft": individual_kernel(masks, width=args.width, normalize=args.normalize),
        "target": label_map(masks, width=args.width).astype(np.int32),
    }


def train(portraits: list[Portrait], mean: np.ndarray, args: argparse.Namespace):
    """Return the trained parameters."""
    kernel = jnp.asarray(global_kernel(shape_channel(mean, tuple(args.size))))
    init, update = make_optimizer(args.rate, args.steps, by_hand=args.by_hand)
    params = start(jax.random.key(args.seed))
    state = init(params)

    @jax.jit
    def step(params: Params, state: Any, batch: Any) -> tuple[Params, Any, jax.Array]:
        value, grads = jax.value_and_grad(loss)(params, batch, kernel)
        return *update(grads, state, params), value

    for number in range(1, args.steps + 1):
        batch = make_batch(portraits, mean, number, args)
        params, state, value = step(params, state, batch)
        if number % 50 == 0 or number in (1, args.steps):
            print(f"step {number}: loss {float(value):.6f}", flush=True)
    return params


def main(argv: list[str] | None = None) -> None:
    args = parse(argv)
    portraits = (
        read_portraits(args.data, limit=args.limit)
        if args.data
        else astronauts(args.limit or 8)
    )
    mean = mean_mask((p.mask for p in portraits), shape=(64, 48))
    params = train(portraits, mean, args)
    shown = [stretch(p, tuple(args.size)) for p in portraits]
    channels = np.stack([portrait_channels(p.image, mean) for p in shown])
    probability = foreground_probability(net(params, jnp.asarray(channels)))
    score = mean_iou(np.asarray(probability) >= 0.5, [p.mask for p in shown])
    print(f"mean IoU on the {len(shown)} training portraits: {score:.4f}")


def parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--data", type=Path, metavar="FOLDER", help="default: made-up portraits")
    add("--limit", type=int, metavar="N", help="take the first N portraits")
    add("--augment", choices=PRESETS, default="trisenet")
    add("--size", type=int, nargs=2, default=(96, 72), metavar=("H", "W"))
    add("--width", type=int, default=3, help="of the boundary band")
    add("--normalize", choices=("sum", "max", "proximity"), default="proximity")
    add("--steps", type=int, default=150)
    add("--rate", type=float, help="default: 0.01, by hand 0.1")
    add("--by-hand", action="store_true", help="momentum, even if optax is there")
    add("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    if any(side % 4 for side in args.size):
        parser.error("--size must be two multiples of 4")
    if args.rate is None:
        args.rate = 0.1 if args.by_hand else 0.01
    return args


if __name__ == "__main__":
    main()
