"""Train a small portrait network with PyTorch on boundary-sensitive kernels.

    python examples/train_torch.py -o net.onnx                    # needs no data
    python examples/train_torch.py --data FOLDER --limit 8 --workers 2 --start spawn

Shows how the pieces of a boundary-sensitive network go together:

- a `Dataset` that augments image and mask together and then computes the kernels,
  in the DataLoader's workers, forked or spawned;
- six input channels: colors, position, the training masks' mean;
- `boundary_sensitive_loss` on three classes, and with --attributes a second head
  (long or short hair, say) whose cross-entropy is added with a weight;
- export to ONNX with a model card inside, and the check that `load_model` answers
  with the same masks.

The exported graph takes RGB: position and mean mask depend on the input's size only,
so they are constants inside it. Its output is the three logits; the card says which is
the person and that the boundary is ignored.

FOLDER holds images/NAME.jpg and masks/NAME.png. Du et al. (FG 2019) train on 400x400
crops by SGD at 2.5e-4 for 20 000 iterations, then at a tenth of it with the attribute
head for as many; the defaults here overfit a handful of portraits in half a minute.
"""

import argparse
import json
import tempfile
import warnings
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from augment import PRESETS, stretch
from portraits import Portrait, astronauts, read_portraits
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from portraitkit.kernels import (
    MeanMask,
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
from portraitkit.models import ImageInput, MapOutput, ModelCard, load_model


class Portraits(Dataset):
    """`count` augmented portraits with kernels; item i never depends on the worker."""

    def __init__(
        self,
        portraits: list[Portrait],
        mean: np.ndarray,
        attributes: dict[str, int],
        args: argparse.Namespace,
    ) -> None:
        self.portraits, self.mean, self.attributes = portraits, mean, attributes
        self.size, self.seed = tuple(args.size), args.seed
        self.augment = PRESETS[args.augment]
        self.kernel = {"width": args.width, "normalize": args.normalize}
        self.count = args.steps * args.batch

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> dict[str, np.ndarray | int]:
        portrait = self.portraits[index % len(self.portraits)]
        rng = np.random.default_rng([self.seed, index])
        moved = self.augment(portrait, rng, size=self.size)
        # With face boxes: portrait_channels(..., face=moved.face, reference_face=...)
        # lays the mean mask's face on the portrait's.
        return {
            "channels": portrait_channels(moved.image, self.mean),
            "soft": individual_kernel(moved.mask, **self.kernel),
            "target": label_map(moved.mask, width=self.kernel["width"]).astype(int),
            "attribute": self.attributes.get(portrait.name, 0),
        }


def block(n_in: int, n_out: int, *, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(n_in, n_out, 3, stride, 1, bias=False),
        nn.BatchNorm2d(n_out),
        nn.ReLU(inplace=True),
    )


class Net(nn.Module):
    """An encoder-decoder: three halvings, three doublings, sums across.

    Takes (N, 6, H, W) with H and W multiples of 8; answers (N, 3, H, W) logits of
    foreground, boundary, background, and (N, 2) of the attribute.
    """

    def __init__(self, width: int = 12) -> None:
        super().__init__()
        sizes = [width, 2 * width, 4 * width, 4 * width]
        self.entry = block(6, width)
        self.down = nn.ModuleList(
            nn.Sequential(block(a, b, stride=2), block(b, b))
            for a, b in pairwise(sizes)
        )
        self.up = nn.ModuleList(block(b, a) for a, b in pairwise(sizes))
        self.classes = nn.Conv2d(width, 3, 1)
        self.attribute = nn.Linear(sizes[-1], 2)

    def forward(self, channels: Tensor) -> tuple[Tensor, Tensor]:
        """Answer with the logits of the classes, and of the attribute."""
        x, passed = self.entry(channels), []
        for down in self.down:
            passed.append(x)
            x = down(x)
        attribute = self.attribute(x.mean(dim=(2, 3)))
        for up, across in zip(reversed(self.up), reversed(passed), strict=True):
            x = across + up(nn.functional.interpolate(x, scale_factor=2.0))
        return self.classes(x), attribute


class FromRGB(nn.Module):
    """What is exported: RGB in 0..1 to three logits, the other channels built in."""

    def __init__(self, net: Net, mean: np.ndarray, size: tuple[int, int]) -> None:
        super().__init__()
        black = np.zeros((*size, 3), np.uint8)
        rest = portrait_channels(black, mean)[None, ..., 3:].transpose(0, 3, 1, 2)
        self.net = net
        self.register_buffer("rest", torch.from_numpy(rest.copy()))

    def forward(self, rgb: Tensor) -> Tensor:
        """Answer with the logits of the classes."""
        return self.net(torch.cat([rgb, self.rest], dim=1))[0]


def train(net: Net, loader: DataLoader, kernel: Tensor, args: argparse.Namespace):
    """One pass over the loader; the rate rises and falls once."""
    optimizer = torch.optim.AdamW(net.parameters(), weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, args.rate, total_steps=len(loader)
    )
    net.train()
    for step, batch in enumerate(loader, start=1):
        logits, attribute = net(batch["channels"].permute(0, 3, 1, 2))
        soft = batch["soft"].permute(0, 3, 1, 2)
        loss = boundary_sensitive_loss(logits, soft, batch["target"], kernel, axis=1)
        if args.attributes:
            second = nn.functional.cross_entropy(attribute, batch["attribute"])
            loss = loss + args.attribute_weight * second
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 50 == 0 or step in (1, len(loader)):
            print(f"step {step}: loss {loss.item():.6f}", flush=True)


@torch.no_grad()
def predict(
    net: Net, portraits: list[Portrait], mean: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(N, H, W) probability of a person, and (N,) attribute; the boundary is ignored."""
    net.eval()
    channels = np.stack([portrait_channels(p.image, mean) for p in portraits])
    logits, attribute = net(torch.from_numpy(channels).permute(0, 3, 1, 2))
    probability = foreground_probability(logits, axis=1)
    return probability.numpy(), attribute.argmax(dim=1).numpy()


def export(net: Net, mean: np.ndarray, size: tuple[int, int], path: Path) -> None:
    """Write an ONNX file that carries its own card."""
    import onnx

    graph = FromRGB(net, mean, size).eval()
    with warnings.catch_warnings():  # the older exporter: the newer wants onnxscript
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            graph, (torch.zeros(1, 3, *size),), path, dynamo=False, opset_version=17,
            input_names=["rgb"], output_names=["logits"],
        )  # fmt: skip
    card = ModelCard(
        name="boundary-sensitive example",
        task="segment",
        input=ImageInput(size=size, scale=1 / 255),
        output=MapOutput(kind="softmax", person=(0,), ignore=(1,)),
    )
    model = onnx.load(path)
    onnx.helper.set_model_props(model, {"portraitkit.card": card.to_json()})
    onnx.save(model, path)


def check_export(path: Path, images: list[np.ndarray], expected: np.ndarray) -> float:
    """Largest difference in probability; an error if a clear pixel changes sides."""
    model = load_model(path, task="segment", device="cpu")
    found = np.stack([model(image) for image in images])
    moved = (found >= 0.5) != (expected >= 0.5)
    if moved[np.abs(expected - 0.5) > 1e-4].any():
        msg = f"{path}: load_model gives other masks than the network"
        raise SystemExit(msg)
    return float(np.abs(found - expected).max())


def main(argv: list[str] | None = None) -> None:
    args = parse(argv)
    torch.manual_seed(args.seed)
    size = tuple(args.size)
    portraits = (
        read_portraits(args.data, limit=args.limit)
        if args.data
        else astronauts(args.limit or 8)
    )
    mean = (
        MeanMask.load(args.mean_mask).mean
        if args.mean_mask
        else mean_mask((p.mask for p in portraits), shape=(64, 48))
    )
    attributes = json.loads(args.attributes.read_text()) if args.attributes else {}
    dataset = Portraits(portraits, mean, attributes, args)
    loader = DataLoader(
        dataset, batch_size=args.batch, num_workers=args.workers,
        multiprocessing_context=args.start if args.workers else None,
    )  # fmt: skip
    net = Net()
    kernel = global_kernel(shape_channel(mean, size))
    train(net, loader, torch.from_numpy(kernel), args)

    shown = [stretch(p, size) for p in portraits]
    probability, attribute = predict(net, shown, mean)
    score = mean_iou(probability >= 0.5, [p.mask for p in shown])
    print(f"mean IoU on the {len(shown)} training portraits: {score:.4f}")
    if attributes:
        truth = [attributes.get(p.name, 0) for p in portraits]
        print(f"attribute accuracy: {np.mean(attribute == truth):.4f}")
    with tempfile.TemporaryDirectory() as folder:
        path = args.output or Path(folder) / "net.onnx"
        export(net, mean, size, path)
        worst = check_export(path, [p.image for p in shown], probability)
    print(f"load_model gives the same masks; probabilities within {worst:.1e}")


def parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--data", type=Path, metavar="FOLDER", help="default: made-up portraits")
    add("--limit", type=int, metavar="N", help="take the first N portraits")
    add("--mean-mask", type=Path, metavar="NPZ", help="default: of these portraits")
    add("--attributes", type=Path, metavar="JSON", help="{NAME: 0 or 1}: second head")
    add("--attribute-weight", type=float, default=0.1)
    add("--augment", choices=PRESETS, default="trisenet")
    add("--size", type=int, nargs=2, default=(128, 96), metavar=("H", "W"))
    add("--width", type=int, default=3, help="of the boundary band (paper: 10 at 400)")
    add("--normalize", choices=("sum", "max", "proximity"), default="proximity")
    add("--steps", type=int, default=200)
    add("--batch", type=int, default=8)
    add("--rate", type=float, default=1e-2)
    add("--workers", type=int, default=0)
    add("--start", choices=("fork", "spawn"), default="spawn", help="of workers")
    add("--seed", type=int, default=0)
    add("-o", "--output", type=Path, metavar="ONNX")
    args = parser.parse_args(argv)
    if any(side % 8 for side in args.size):
        parser.error("--size must be two multiples of 8")
    return args


if __name__ == "__main__":
    main()
