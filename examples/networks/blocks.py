"""Convolutions that all the networks are made of."""

import torch.nn.functional as F  # noqa: N812 -- as everybody calls it
from torch import Tensor, nn


class ConvBN(nn.Sequential):
    """A convolution, batch normalization and, unless told otherwise, a ReLU."""

    def __init__(
        self,
        n_in: int,
        n_out: int,
        kernel: int = 3,
        *,
        stride: int = 1,
        dilation: int = 1,
        groups: int = 1,
        activation: nn.Module | None = None,
        linear: bool = False,
    ) -> None:
        conv = nn.Conv2d(
            n_in, n_out, kernel, stride, dilation * (kernel // 2), dilation, groups,
            bias=False,
        )  # fmt: skip
        last = [] if linear else [activation or nn.ReLU(inplace=True)]
        super().__init__(conv, nn.BatchNorm2d(n_out), *last)


def resized(x: Tensor, like: Tensor) -> Tensor:
    """Bring a map bilinearly to the height and width of `like`."""
    return F.interpolate(x, like.shape[2:], mode="bilinear", align_corners=False)


def scaled(channels: int, width: float) -> int:
    """Multiply a number of channels by `width`: a multiple of 8, at least 8."""
    return max(8, round(channels * width / 8) * 8)


def count_parameters(net: nn.Module) -> int:
    """Count the numbers that training changes."""
    return sum(p.numel() for p in net.parameters())
