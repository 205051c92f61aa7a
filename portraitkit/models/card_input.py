"""The section of a card that says how a network wants its pixels."""

# ruff: noqa: RUF009 -- ruled() is dataclasses.field(), which does not share values

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .._core.resize import Resampling
from .._core.typing import Floats
from ..kernels.channels import check_face
from ._fields import Part, refuse, ruled
from ._rules import (
    choice,
    distinct,
    each,
    flag,
    never,
    optional,
    real,
    text,
    whole,
)

_SIDE = whole(1, 16384)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageInput(Part):
    """Size, layout and normalisation of a network's image input.

    The network sees ``(pixel * scale - mean) / std``, `pixel` in 0..255.

    Parameters
    ----------
    name : str, optional
        The graph's input; may be left out if there is only one.
    size : (int, int), optional
        Height and width in pixels, where they are fixed.
    longest, multiple : int, optional
        Where they are not: the longer side in pixels, and what both sides must be
        a multiple of. Give either `size` or `longest`.
    shortest : int, optional
        The shorter side in pixels, as far as `longest` permits.
    resize : "stretch", "letterbox" or "pad"
        Bring an image to size by changing its aspect; by scaling it until it fits
        and padding the rest; or by padding alone, larger images being shrunk first.
        Where the size is not fixed, "stretch" goes to the nearest multiple and the
        others pad up to the next.
    anchor : "center" or "top-left"
        Where a padded image lies.
    pad_value : int, default 0
        Pixel value of the padding, 0..255, before normalisation.
    interpolation : "auto", "bilinear" or "area"
        "bilinear" takes two taps an axis; "area" averages every pixel when
        shrinking; "auto" goes from the first to the second beyond three times.
        Centres are at half pixels throughout.
    layout : "NCHW" or "NHWC"
        Order of the axes.
    channels : "RGB" or "BGR"
        Order of the colors, of `mean` and of `std`.
    dtype : "float32", "float16" or "uint8"
        Kind of number the graph takes.
    extras : tuple of "x", "y" and "shape", default ()
        Channels after the colors, in this order: where a pixel is, as
        `portraitkit.kernels.position_channels` says, and the mean mask, as
        `portraitkit.kernels.shape_channel` lays it. They are not normalised, and 0
        in the padding.
    mean_mask : str, optional
        For "shape": a file written by `MeanMask.save`, beside the model's.
    follow_face : bool, default False
        Whether `extras` are relative to the largest face, where there is one.
    reference_face : (float, float, float, float), optional
        Then, for "shape": where the face is in the mean mask, x1, y1, x2, y2 in its
        pixels.
    scale : float, default 1
        Factor on the pixel; 1 / 255 where `mean` and `std` are on the 0..1 scale.
    mean, std : (float, float, float)
        For each channel.
    per_image_normalization : False
        Stretching each image to its own range is refused: it makes noise look like
        a person.

    Raises
    ------
    ValueError
        If a field is wrong or two disagree; the message names the field.

    Examples
    --------
    >>> ImageInput(size=(224, 224), scale=1 / 255, mean=(0.485, 0.456, 0.406)).channels
    'RGB'
    >>> ImageInput(longest=640, multiple=32, resize="letterbox", pad_value=300)
    Traceback (most recent call last):
        ...
    ValueError: card field input.pad_value must be an integer >= 0 and <= 255; got 300
    """

    name: str | None = ruled(optional(text()), default=None)
    size: tuple[int, int] | None = ruled(optional(each(_SIDE, length=2)), default=None)
    longest: int | None = ruled(optional(_SIDE), default=None)
    multiple: int = ruled(_SIDE, default=1)
    shortest: int | None = ruled(optional(_SIDE), default=None)
    resize: Literal["stretch", "letterbox", "pad"] = ruled(
        choice("stretch", "letterbox", "pad"), default="stretch"
    )
    anchor: Literal["center", "top-left"] = ruled(
        choice("center", "top-left"), default="center"
    )
    pad_value: int = ruled(whole(0, 255), default=0)
    interpolation: Resampling = ruled(
        choice("auto", "bilinear", "area"), default="auto"
    )
    layout: Literal["NCHW", "NHWC"] = ruled(choice("NCHW", "NHWC"), default="NCHW")
    channels: Literal["RGB", "BGR"] = ruled(choice("RGB", "BGR"), default="RGB")
    dtype: Literal["float32", "float16", "uint8"] = ruled(
        choice("float32", "float16", "uint8"), default="float32"
    )
    scale: float = ruled(real(0, above=True), default=1.0)
    mean: tuple[float, float, float] = ruled(
        each(real(), length=3), default=(0.0, 0.0, 0.0)
    )
    std: tuple[float, float, float] = ruled(
        each(real(0, above=True), length=3), default=(1.0, 1.0, 1.0)
    )
    extras: tuple[Literal["x", "y", "shape"], ...] = ruled(
        distinct(each(choice("x", "y", "shape"))), default=()
    )
    mean_mask: str | None = ruled(optional(text()), default=None)
    follow_face: bool = ruled(flag(), default=False)
    reference_face: tuple[float, float, float, float] | None = ruled(
        optional(each(real(), length=4)), default=None
    )
    per_image_normalization: Literal[False] = ruled(
        never("stretching each image to its own range makes noise look like a person"),
        default=False,
    )

    @property
    def depth(self) -> int:
        """Number of channels."""
        return 3 + len(self.extras)

    @classmethod
    def prefix(cls) -> str:
        """See `Part`."""
        return "input."

    def agree(self) -> None:
        """Refuse two sizes, none, or numbers that `dtype` cannot hold."""
        if (self.size is None) == (self.longest is None):
            want = "[height, width], or null with input.longest given instead"
            refuse("input.size", want, self.size)
        if self.size is not None and self.multiple != 1:
            want = "left out when input.size is given"
            refuse("input.multiple", want, self.multiple)
        if self.shortest is not None and self.shortest > (self.longest or 0):
            want = f"given with input.longest and <= it, {self.longest}"
            refuse("input.shortest", want, self.shortest)
        if self.longest is not None and self.longest < self.multiple:
            want = f">= input.multiple, {self.multiple}"
            refuse("input.longest", want, self.longest)
        self._check_extras()
        table = self.table()
        if self.dtype == "uint8" and not (table.min() >= 0 and table.max() <= 255):
            want = "float32 or float16 where values leave 0..255"
            refuse("input.dtype", want, self.dtype)

    def _check_extras(self) -> None:
        if ("shape" in self.extras) != (self.mean_mask is not None):
            want = 'given with "shape" in input.extras, and only then'
            refuse("input.mean_mask", want, self.mean_mask)
        if self.extras and self.dtype == "uint8":
            refuse("input.dtype", "float32 or float16 with input.extras", self.dtype)
        if self.follow_face and not self.extras:
            refuse("input.follow_face", "false without input.extras", True)
        if (self.reference_face is not None) != (
            self.follow_face and "shape" in self.extras
        ):
            want = 'given with input.follow_face and "shape" in input.extras, and only then'
            refuse("input.reference_face", want, self.reference_face)
        if self.reference_face is None:
            return
        try:
            check_face("input.reference_face", self.reference_face)
        except ValueError as error:
            msg = f"card field {error}"
            raise ValueError(msg) from None

    def table(self) -> Floats:
        """Return (3, 256): what the network sees of each pixel value, by channel."""
        pixels = np.arange(256) * self.scale
        mean, std = np.array(self.mean)[:, None], np.array(self.std)[:, None]
        table: Floats = (pixels - mean) / std
        return table
