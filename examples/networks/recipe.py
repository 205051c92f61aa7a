"""What the four recipes share: portraits as tensors, training, the exported file."""

import hashlib
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from augment import stretch
from portraits import Portrait
from torch import Tensor, nn

from portraitkit.models import ImageInput, ModelCard


class Recipe(ABC):
    """A network, the portraits it learns, and how it is taught, read and exported.

    All portraits are one batch: a recipe shows how loss and labels go together, and
    that the network can learn them. For real training put a DataLoader in its place
    (`examples/train_torch.py`).
    """

    net: nn.Module
    input = ImageInput(size=(1, 1), scale=1 / 255, mean=(0.5,) * 3, std=(0.25,) * 3)
    """How the network wants its pixels; `size` is replaced by the portraits'."""
    rate = 1e-2
    steps = 45

    def __init__(self, portraits: list[Portrait], size: tuple[int, int]) -> None:
        self.size = size
        self.portraits = [stretch(portrait, size) for portrait in portraits]
        self.masks = torch.from_numpy(np.stack([p.mask for p in self.portraits]))
        pixels = np.stack([p.image for p in self.portraits]) / np.float32(255)
        colors = (pixels - self.input.mean[0]) / self.input.std[0]
        self.images = torch.from_numpy(colors.astype(np.float32)).permute(0, 3, 1, 2)

    @abstractmethod
    def loss(self) -> Tensor:
        """Return what training makes small, over all portraits."""

    @abstractmethod
    def read(self) -> tuple[np.ndarray, np.ndarray]:
        """Answer with the persons' probability, and a picture of what else is found.

        (N, H, W) in 0..1, and (N, H, W) or (N, H, W, 3) in 0..1.
        """

    @abstractmethod
    def graph(self) -> tuple[nn.Module, Tensor, list[str]]:
        """Return what is exported: a module, an input for it, its outputs' names."""

    @abstractmethod
    def cards(self, path: Path) -> dict[str, ModelCard]:
        """Cards for the file at `path`, by the end of their own file's name.

        The one at ".card.json" is what `load_model` finds by itself.
        """

    @abstractmethod
    def compare(self, path: Path) -> float:
        """Return how far `load_model` is from the network, over all portraits."""

    def fit(
        self,
        *,
        steps: int | None = None,
        rate: float | None = None,
        told: Callable[[int, float], object] = lambda *_: None,
    ) -> None:
        """Train on all portraits at once; the rate rises and falls once."""
        steps = steps or self.steps
        optimizer = torch.optim.AdamW(self.net.parameters(), weight_decay=1e-4)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, rate or self.rate, total_steps=steps
        )
        self.net.train()
        for step in range(1, steps + 1):
            loss = self.loss()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            told(step, loss.item())
        self.settle()
        self.net.eval()

    @torch.no_grad()
    def settle(self) -> None:
        """Measure what batch normalization divides by once more, over all portraits.

        Its running means look back some twenty steps, at weights that are no more.
        """
        norms = [m for m in self.net.modules() if isinstance(m, nn.BatchNorm2d)]
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # the plain mean of what comes
        self.loss()
        for norm in norms:
            norm.momentum = 0.1

    def export(self, path: Path) -> None:
        """Write `path`, an ONNX file, and its cards beside it."""
        graph, example, names = self.graph()
        with (
            warnings.catch_warnings()
        ):  # the older exporter: the newer wants onnxscript
            warnings.simplefilter("ignore", DeprecationWarning)
            warnings.simplefilter("ignore", torch.jit.TracerWarning)
            torch.onnx.export(
                graph.eval(), (example,), path, dynamo=False, opset_version=17,
                input_names=["image"], output_names=names,
            )  # fmt: skip
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        for end, card in self.cards(path).items():
            document = replace(card, sha256=sha256).to_json(indent=2) + "\n"
            path.with_suffix(end).write_text(document, encoding="utf-8")

    def sized(self) -> ImageInput:
        """Return `input` with the portraits' size."""
        return replace(self.input, size=self.size)


def largest(found: Iterable[np.ndarray], expected: Iterable[np.ndarray]) -> float:
    """Return the largest absolute difference between two lists of arrays."""
    pairs = zip(found, expected, strict=True)
    return max(float(np.abs(a - b).max()) for a, b in pairs)


class Only(nn.Module):
    """A network of which only some of the answers are exported."""

    def __init__(self, net: nn.Module, pick: Callable[..., object]) -> None:
        super().__init__()
        self.net, self.pick = net, pick

    def forward(self, image: Tensor) -> object:
        """Answer with what `pick` takes of the network's answer."""
        return self.pick(self.net(image))
