"""The portrait instance paper's segmentation network on MobileNetV2."""

from typing import NamedTuple

from torch import Tensor, nn

from .blocks import resized, scaled
from .granularity import Layer, attend_all, enhance_all
from .mobilenet import MobileNetV2


class Found(NamedTuple):
    """What the network answers with: logits all."""

    classes: Tensor
    """(N, classes, H, W): the result."""
    categories: list[Tensor]
    """(N, classes, h, w) of Layer-1 to Layer-4, at 1/4 to 1/32: deep supervision."""
    boundaries: list[Tensor]
    """(N, 1, h, w) of the same layers."""


class CrossGranularity(nn.Module):
    """Four layers between which categories and boundaries flow in opposite directions.

    Zhu, Wang, Aksu & Kamarainen, "Portrait instance segmentation for mobile devices",
    figure 1. The text does not say how the four outputs of 256 channels become one:
    here each is resized to that of Layer-1, and a 1x1 convolution reads the classes
    off their sum.

    Parameters
    ----------
    n_classes : int, default 2
        Background and person; 21 for PASCAL VOC.
    width : float, default 1
        Factor on all channels; 1 is the paper's network.
    """

    def __init__(self, n_classes: int = 2, width: float = 1.0) -> None:
        super().__init__()
        middle, narrow = scaled(256, width), scaled(64, width)
        self.encoder = MobileNetV2(width)
        last = len(self.encoder.channels) - 1
        self.layers = nn.ModuleList(
            Layer(n_in, n_classes, middle=middle, narrow=narrow, deepest=i == last)
            for i, n_in in enumerate(self.encoder.channels)
        )
        self.classes = nn.Conv2d(middle, n_classes, 1)

    def forward(self, image: Tensor) -> Found:
        """Map (N, 3, H, W) to `Found`; multiples of 32 keep all maps on one grid."""
        encoded = self.encoder(image)
        looks = [
            layer.look(x) for layer, x in zip(self.layers, encoded, strict=True)
        ]  # fmt: skip
        projected, categories, boundaries = zip(*looks, strict=True)

        fused = [
            layer.fuse(*parts)
            for layer, *parts in zip(
                self.layers,
                encoded,
                projected,
                attend_all(categories),
                enhance_all(boundaries),
                strict=True,
            )
        ]
        total = sum((resized(x, fused[0]) for x in fused[1:]), start=fused[0])
        classes = resized(self.classes(total), image)
        return Found(classes, list(categories), list(boundaries))
