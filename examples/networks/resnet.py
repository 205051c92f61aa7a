"""ResNet: the basic block and ResNet18, and the bottleneck block."""

from itertools import pairwise

from torch import Tensor, nn

from .blocks import ConvBN, scaled


class Residual(nn.Module):
    """A branch, and the input around it: 1x1 where number or size of channels change."""

    def __init__(
        self, branch: nn.Module, n_in: int, n_out: int, *, stride: int = 1
    ) -> None:
        super().__init__()
        same = stride == 1 and n_in == n_out
        self.branch = branch
        self.around = (
            nn.Identity()
            if same
            else ConvBN(n_in, n_out, 1, stride=stride, linear=True)
        )
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """Add and cut off below 0."""
        return self.relu(self.branch(x) + self.around(x))


def basic(n_in: int, n_out: int, *, stride: int = 1) -> Residual:
    """Two 3x3 convolutions around a sum."""
    branch = nn.Sequential(
        ConvBN(n_in, n_out, stride=stride), ConvBN(n_out, n_out, linear=True)
    )
    return Residual(branch, n_in, n_out, stride=stride)


def bottleneck(n_in: int, middle: int) -> Residual:
    """1x1 to few channels, 3x3, 1x1 to four times as many, around a sum."""
    branch = nn.Sequential(
        ConvBN(n_in, middle, 1),
        ConvBN(middle, middle),
        ConvBN(middle, 4 * middle, 1, linear=True),
    )
    return Residual(branch, n_in, 4 * middle)


class ResNet18(nn.Module):
    """Maps at 1/8, 1/16 and 1/32 of the image, 128, 256 and 512 channels.

    He et al., "Deep residual learning for image recognition", CVPR 2016, table 1.
    """

    def __init__(self, width: float = 1.0) -> None:
        super().__init__()
        sizes = [scaled(c, width) for c in (64, 128, 256, 512)]
        self.channels = sizes[1:]
        self.stem = nn.Sequential(
            ConvBN(3, sizes[0], 7, stride=2),
            nn.MaxPool2d(3, 2, 1),
            basic(sizes[0], sizes[0]),
            basic(sizes[0], sizes[0]),
        )
        self.stages = nn.ModuleList(
            nn.Sequential(basic(a, b, stride=2), basic(b, b))
            for a, b in pairwise(sizes)
        )

    def forward(self, image: Tensor) -> list[Tensor]:
        """Map (N, 3, H, W) to the three maps, the finest first."""
        x, maps = self.stem(image), []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        return maps
