"""The superpixel paper's feature extractor: 128 numbers for each pixel."""

import torch
from torch import Tensor, nn

from .blocks import ConvBN, resized, scaled
from .resnet import bottleneck

N_FEATURES = 128
SPREAD = 0.06
"""Deviation of a feature at the start, of maps with deviation 1."""


class SuperpixelFeatures(nn.Module):
    """Stages of ResNet bottleneck blocks, all their maps concatenated.

    Verma, Nagar & Raman, "Fast semantic feature extraction using superpixels for soft
    segmentation", section 3.1 and figure 1, whose numbers are not in the text. Said
    are: bottleneck blocks in cascade, max-pooling between, sides down to "approximate
    one-third", all maps upsampled bilinearly to the image and concatenated, 128
    dimensions, 3.7 M parameters (table 1). Decided here: a 7x7 stem, three stages of
    two blocks with 64, 128 and 256 inner channels (ResNet50's first three, shortened),
    poolings by 2, so down to a quarter, and a 1x1 convolution from all of it to 128.
    That makes 3.67 M. Neither ReLU nor normalization comes last: distances are free.
    They start small (Xavier, as in section 4, starts them where the loss is straight
    and pulls all together at first).

    Parameters
    ----------
    width : float, default 1
        Factor on the channels inside; the 128 features stay.
    """

    def __init__(self, width: float = 1.0) -> None:
        super().__init__()
        n_in = scaled(64, width)
        self.stem = ConvBN(3, n_in, 7)
        self.stages = nn.ModuleList()
        n_all = 0
        for middle in (scaled(c, width) for c in (64, 128, 256)):
            self.stages.append(
                nn.Sequential(bottleneck(n_in, middle), bottleneck(4 * middle, middle))
            )
            n_in = 4 * middle
            n_all += n_in
        self.pool = nn.MaxPool2d(2)
        self.reduce = nn.Conv2d(n_all, N_FEATURES, 1)
        nn.init.normal_(self.reduce.weight, std=SPREAD / n_all**0.5)

    def forward(self, image: Tensor) -> Tensor:
        """Map (N, 3, H, W) to (N, 128, H, W); multiples of 4 keep all maps on one grid."""
        x, maps = self.stem(image), []
        for stage in self.stages:
            x = stage(self.pool(x) if maps else x)
            maps.append(x)
        return self.reduce(torch.cat([resized(x, image) for x in maps], dim=1))
