"""Learn features by superpixels and by sampled pixels; compare price and quality.

    python examples/superpixel_n_pair.py -o features.jpg        # needs no data
    python examples/superpixel_n_pair.py --data TRAIN --held-out EVAL -o features.jpg

Redoes the argument of Verma, Nagar and Raman, "Fast semantic feature extraction using
superpixels for soft segmentation", on portraits:

- table 1, by `n_pair_losses.py`: time and memory of one loss with its gradient;
- one small network is trained three times, with the loss over superpixels, with the
  sampled loss as published, and with one draw of as many pixels as superpixels: the
  same photographs, at most --steps steps and at most --seconds seconds each;
- held-out portraits are told apart by the nearest of the classes' mean features;
- figure 3: the three main components of the features, before and after the guided
  filter, and those of the superpixels (figure 5).

FOLDERs hold images/NAME.jpg and masks/NAME.png; where landmarks49.json lies beside them
({NAME: 49 x, y of brows, nose, eyes and mouth}), their hull is a third class, the face;
of the made-up portraits it is known as well.
"""

import argparse
import json
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import torch
from augment import stretch
from boundary_kernels_figure import font
from n_pair_losses import (
    Example,
    Loss,
    add_arguments,
    by_samples,
    by_superpixels,
    print_prices,
)
from PIL import Image, ImageDraw
from portraits import Portrait, astronauts, each_portrait
from torch import Tensor, nn

from portraitkit.io import encode_jpeg
from portraitkit.kernels import pool_mean, position_channels, unpool
from portraitkit.metrics import iou
from portraitkit.superpixels import guided_filter, reduce_features, slic


def read(folder: Path | None, args: argparse.Namespace) -> Iterator[Example]:
    """Read a folder's portraits at the size of the network, or make up sixteen."""
    points, size = {}, tuple(args.size)
    portraits: Iterator[Portrait] = iter(astronauts(args.limit or 16))
    if folder is not None:
        portraits = each_portrait(folder, limit=args.limit)
        if args.face and (folder / "landmarks49.json").exists():
            points = json.loads((folder / "landmarks49.json").read_text())
    for portrait in portraits:
        small = stretch(portrait, size)
        classes = small.mask.astype(np.uint8)
        if points.get(portrait.name):
            scale = np.array(size[::-1]) / portrait.mask.shape[::-1]
            hull = cv2.convexHull(np.float32(points[portrait.name] * scale))
            cv2.fillConvexPoly(classes, np.rint(hull).astype(np.int32), 2)
        elif args.face and small.face is not None:
            middle = (small.face[:2] + small.face[2:]) / 2
            half = (small.face[2:] - small.face[:2]) / 2
            cv2.ellipse(classes, (middle, 2 * half, 0), 2, -1)
        yield Example(small.image, classes.astype(np.int64))


# The network, and its training.


def block(n_in: int, n_out: int, *, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(n_in, n_out, 3, stride, 1, bias=False),
        nn.BatchNorm2d(n_out),
        nn.ReLU(inplace=True),
    )


class Net(nn.Module):
    """(N, 5, H, W) to (N, D, H, W): maps of all depths, enlarged and put together."""

    def __init__(self, depth: int, *, width: int = 16) -> None:
        super().__init__()
        sizes = [5, width, 2 * width, 3 * width, 4 * width, 4 * width]
        self.stages = nn.ModuleList(
            nn.Sequential(block(a, b, stride=2), block(b, b))
            for a, b in pairwise(sizes)
        )
        self.sides = nn.ModuleList(nn.Conv2d(b, width, 1) for b in sizes[1:])
        self.join = nn.Sequential(block(width, width), nn.Conv2d(width, depth, 1))

    def forward(self, channels: Tensor) -> Tensor:
        """Answer with the features; each map is added to the next finer one."""
        maps, x = [], channels
        for stage, side in zip(self.stages, self.sides, strict=True):
            x = stage(x)
            maps.append(side(x))
        total = maps.pop()
        while maps:
            finer = maps.pop()
            total = finer + enlarge(total, finer.shape[2:])
        return enlarge(self.join(total), channels.shape[2:])


def enlarge(x: Tensor, size: torch.Size) -> Tensor:
    return nn.functional.interpolate(x, tuple(size), mode="bilinear")


def see(examples: list[Example]) -> Tensor:
    """(N, 5, H, W): colors and positions."""
    place = position_channels(examples[0].classes.shape)
    channels = [np.concatenate([e.image / 255 - 0.5, place], -1) for e in examples]
    return torch.from_numpy(np.stack(channels, dtype=np.float32)).permute(0, 3, 1, 2)


def train(loss: Loss, examples: list[Example], args: argparse.Namespace) -> Net:
    """As many steps as there is time for; the rate falls to 0 by a power of 0.9."""
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    net = Net(args.features)
    optimizer = torch.optim.AdamW(net.parameters(), weight_decay=5e-4)
    start, share, step = time.perf_counter(), 0.0, 0
    while share < 1:
        picked = [examples[i] for i in rng.integers(0, len(examples), args.batch)]
        batch = [e.mirrored if rng.random() < 0.5 else e for e in picked]
        for group in optimizer.param_groups:
            group["lr"] = args.rate * (1 - share) ** 0.9
        optimizer.zero_grad()
        maps = net(see(batch)).permute(0, 2, 3, 1)
        seeds = range(step * args.batch, (step + 1) * args.batch)
        values = [loss(*one) for one in zip(maps, batch, seeds, strict=True)]
        total = torch.stack(values).mean()
        total.backward()
        optimizer.step()
        step += 1
        spent = time.perf_counter() - start
        share = max(step / args.steps, spent / args.seconds)
    print(
        f"  {step} steps in {spent:.0f} s, {1e3 * spent / step:.0f} ms each", flush=True
    )
    return net.eval()


# What features are worth.


@torch.no_grad()
def features_of(net: Net, example: Example) -> np.ndarray:
    return net(see([example]))[0].permute(1, 2, 0).numpy()


def class_means(net: Net, examples: list[Example]) -> dict[int, np.ndarray]:
    """Mean feature of each class over all examples."""
    found: dict[int, list[np.ndarray]] = {}
    for example in examples:
        features = features_of(net, example)
        for k in np.unique(example.classes).tolist():
            found.setdefault(k, []).append(features[example.classes == k].mean(axis=0))
    return {k: np.mean(rows, axis=0) for k, rows in found.items()}


def nearest_mean(features: np.ndarray, means: dict[int, np.ndarray]) -> np.ndarray:
    """(H, W) bool: the nearest mean is not the background's."""
    squares = [((features - mean) ** 2).sum(-1) for mean in means.values()]
    return np.array(list(means))[np.argmin(squares, axis=0)] > 0


def separability(features: np.ndarray, person: np.ndarray) -> float:
    """Share of (person, background) pixel pairs in order along their means' line."""
    line = features[person].mean(axis=0) - features[~person].mean(axis=0)
    values = features @ line
    low, high = np.sort(values[~person]), values[person]
    return float(np.searchsorted(low, high).mean() / max(len(low), 1))


def print_scores(nets: dict[str, Net], learned: list, held_out: list) -> None:
    print(f"on {len(held_out)} held-out portraits: IoU of the person by the nearest mean"
          " feature, the same\nafter the guided filter, and share of pixel pairs in order"
          " (each photograph on its own)")  # fmt: skip
    print(f"{'':32}{'IoU':>8}{'guided':>8}{'pairs':>8}")
    for name, net in nets.items():
        means, rows = class_means(net, learned), []
        for example in held_out:
            person, found = example.classes > 0, features_of(net, example)
            smooth = guided_filter(found, example.image, radius=4, eps=1e-3)
            masks = nearest_mean(found, means), nearest_mean(smooth, means)
            rows.append([*(iou(m, person) for m in masks), separability(found, person)])
        print(f"{name:32}" + "".join(f"{v:8.3f}" for v in np.mean(rows, axis=0)))


# Figures 3 and 5.


def figure(nets: dict[str, Net], examples: list[Example]) -> np.ndarray:
    """Draw a row for each photograph, two or three pictures for each network."""
    titles, rows = ["photograph"], [[e.image] for e in examples]
    for number, (name, net) in enumerate(nets.items()):
        titles += [name, "guided"] + ["its superpixels"] * (number == 0)
        for row, example in zip(rows, examples, strict=True):
            found = features_of(net, example)
            labels = slic(example.image)
            shown = [found, guided_filter(found, example.image, radius=4, eps=1e-3)]
            if number == 0:
                shown.append(unpool(pool_mean(found, labels), labels))
            row += [np.rint(255 * reduce_features(s)).astype(np.uint8) for s in shown]
    return lay_out(titles, rows)


def lay_out(titles: list[str], rows: list[list[np.ndarray]]) -> np.ndarray:
    height, width = rows[0][0].shape[:2]
    gap, top = 8, 30
    shape = len(titles) * (width + gap) + gap, len(rows) * (height + gap) + top
    page = Image.new("RGB", shape, (255, 255, 255))
    draw = ImageDraw.Draw(page)
    for i, title in enumerate(titles):
        x = gap + i * (width + gap)
        draw.text((x, 7), title, (34, 34, 34), font(13))
        for j, row in enumerate(rows):
            page.paste(Image.fromarray(row[i]), (x, top + j * (height + gap)))
    return np.asarray(page)


def main(argv: list[str] | None = None) -> None:
    args = parse(argv)
    if args.threads:
        torch.set_num_threads(args.threads)
    examples = list(read(args.data, args))
    held_out = list(read(args.held_out, args)) if args.held_out else examples
    print(f"{len(examples)} portraits to learn from, {args.size[0]}x{args.size[1]}")
    print_prices(examples[0], args)
    ways = {
        "superpixels": by_superpixels(args.superpixels),
        "sampled as published": by_samples(args.n_iter, 3, args.n_samp),
        "sampled, as many": by_samples(1, 3, args.superpixels // 3),
    }
    torch.manual_seed(args.seed)
    nets = {"untrained": Net(args.features).eval()}
    for name, loss in ways.items():
        print(f"learning by {name}", flush=True)
        nets[name] = train(loss, examples, args)
    print_scores(nets, examples[: args.readout], held_out)
    if args.output:
        nets.pop("untrained")
        shown = list(read(None, args))[:1] + held_out[: args.show]
        args.output.write_bytes(encode_jpeg(figure(nets, shown), quality=90))


def parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--data", type=Path, metavar="FOLDER", help="default: made-up portraits")
    add("--held-out", type=Path, metavar="FOLDER", help="default: those learned from")
    add("--limit", type=int, metavar="N", help="take the first N portraits of each")
    add_arguments(parser)
    add("--face", action=argparse.BooleanOptionalAction, default=True,
        help="make the hull of the face points a class")  # fmt: skip
    add("--steps", type=int, default=400, help="at most, of each training")
    add("--seconds", type=float, default=120, help="at most, for each training")
    add("--batch", type=int, default=4)
    add("--rate", type=float, default=3e-3)
    add("--readout", type=int, default=100, help="portraits whose means are taken")
    add("--show", type=int, default=0, metavar="N", help="held-out portraits to draw")
    add("--seed", type=int, default=0)
    add("-o", "--output", type=Path, metavar="JPG")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
