"""BSN: three classes of pixels from six channels, and an attribute beside them."""

from itertools import pairwise

import torch
import torch.nn.functional as F  # noqa: N812 -- as everybody calls it
from torch import Tensor, nn

from .blocks import ConvBN, resized, scaled

N_CHANNELS = 6
"""Red, green, blue, x, y, mean mask: `portraitkit.kernels.portrait_channels`."""


class SummedPyramid(nn.Module):
    """Four atrous convolutions in parallel, summed: section 4.1, dilations 6 to 24."""

    def __init__(self, channels: int, rates: tuple[int, ...] = (6, 12, 18, 24)) -> None:
        super().__init__()
        self.parts = nn.ModuleList(
            ConvBN(channels, channels, dilation=rate, linear=True) for rate in rates
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to the same shape."""
        return F.relu(sum(part(x) for part in self.parts))


class AttributeHead(nn.Sequential):
    """Three fully connected layers: 1024, 1024 and one score for each label.

    Du et al., section 3.3: the first two "are followed by a dropout layer and a ReLU
    layer". It stands on the shared base's last map; the text has the layers "for each
    channel", read here as: on that map's channels, averaged over the image.
    """

    def __init__(self, n_in: int, hidden: int = 1024, n_labels: int = 2) -> None:
        super().__init__(
            nn.AdaptiveAvgPool2d(1), nn.Flatten(),
            nn.Linear(n_in, hidden), nn.Dropout(0.5), nn.ReLU(inplace=True),
            nn.Linear(hidden, hidden), nn.Dropout(0.5), nn.ReLU(inplace=True),
            nn.Linear(hidden, n_labels),
        )  # fmt: skip


class Scale(nn.Module):
    """What runs on each scale of the image: an encoder-decoder down to 1/8 and back."""

    def __init__(self, width: float) -> None:
        super().__init__()
        sizes = [scaled(c, width) for c in (64, 128, 256, 512)]
        self.entry = ConvBN(N_CHANNELS, sizes[0])
        self.down = nn.ModuleList(
            nn.Sequential(ConvBN(a, b, stride=2), ConvBN(b, b))
            for a, b in pairwise(sizes)
        )
        self.pyramid = SummedPyramid(sizes[-1])
        self.up = nn.ModuleList(ConvBN(b, a) for a, b in pairwise(sizes))
        self.classes = nn.Conv2d(sizes[0], 3, 1)
        self.n_deep = sizes[-1]

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Answer with the logits of the classes and the deepest map."""
        x, passed = self.entry(x), []
        for down in self.down:
            passed.append(x)
            x = down(x)
        deep = x
        x = self.pyramid(x)
        for up, across in zip(reversed(self.up), reversed(passed), strict=True):
            x = across + resized(up(x), across)
        return self.classes(x), deep


class BSN(nn.Module):
    """Boundary-sensitive network: foreground, boundary, background; and an attribute.

    Du et al., "Boundary-sensitive network for portrait segmentation", FG 2019, figure
    1. The paper fine-tunes DeepLabv2 on ResNet101: one network on three scales of the
    image, four atrous convolutions summed, the element-wise maximum over the scales.
    Here the network is a small encoder-decoder; all else is as there. The attribute is
    read off the full scale, and is for training alone (section 4.1).

    Parameters
    ----------
    width : float, default 1
        Factor on the channels 64 to 512, and on the 1024 neurons of the attribute.
    scales : tuple of float
        Of the image; section 4.1 has 0.5, 0.75 and 1.
    """

    def __init__(
        self, width: float = 1.0, scales: tuple[float, ...] = (0.5, 0.75, 1.0)
    ) -> None:
        super().__init__()
        self.scales = scales
        self.net = Scale(width)
        self.attribute = AttributeHead(self.net.n_deep, scaled(1024, width))

    def forward(self, channels: Tensor) -> tuple[Tensor, Tensor]:
        """Map (N, 6, H, W) to two kinds of logits; multiples of 32 fit every scale.

        Returns
        -------
        (N, 3, H, W) and (N, 2) tensors
            Foreground, boundary, background of each pixel; the attribute's labels.
        """
        found = []
        for scale in self.scales:
            classes, deep = self.net(_at(channels, scale))
            found.append(resized(classes, channels))
        classes = torch.stack(found).amax(dim=0)
        return classes, self.attribute(deep)


def _at(x: Tensor, scale: float) -> Tensor:
    if scale == 1:
        return x
    return F.interpolate(x, None, scale, mode="bilinear", align_corners=False)
