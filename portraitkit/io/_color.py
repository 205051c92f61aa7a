"""Any Pillow mode and color profile to 8-bit sRGB."""

import logging
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

from .._core.typing import Array, ImageU8
from ._decode import Picture
from .errors import ImageError

_log = logging.getLogger("portraitkit")
_STRIP = 128
_STEPS: dict[str, tuple[str, ...]] = {
    "L": (),
    "RGB": (),
    "CMYK": (),
    "LAB": (),
    "1": ("L",),
    "LA": ("L",),
    "La": ("LA", "L"),
    "P": ("RGBA", "RGB"),
    "PA": ("RGBA", "RGB"),
    "RGBa": ("RGBA", "RGB"),
}


def srgb_pixels(picture: Picture) -> ImageU8:
    """Return `picture` as (H, W, 3) uint8 sRGB, over white where transparent."""
    image = picture.image
    if image.mode in ("I", "F"):
        kind = "32-bit integer" if image.mode == "I" else "floating-point"
        msg = (
            f"{picture.name!r} holds {kind} samples, whose white is not known; "
            "save it with 8 or 16 bits"
        )
        raise ImageError(msg)
    if image.mode.startswith("I;16"):
        image = Image.fromarray(_to_8_bits(picture))
    profile = picture.image.info.get("icc_profile")
    colors = _to_srgb(_opaque(image), profile, picture.name)
    return _over_white(colors, _alpha(image))


def _to_8_bits(picture: Picture) -> ImageU8:
    white = 2**picture.bits - 1
    samples = np.asarray(picture.image).astype(np.uint32)
    if picture.white_is_zero:
        samples = white - samples
    scaled: ImageU8 = ((samples * 255 + white // 2) // white).astype(np.uint8)
    return scaled


def _opaque(image: Image.Image) -> Image.Image:
    """Return the colors alone, in a mode color profiles know."""
    for mode in _STEPS.get(image.mode, ("RGB",)):
        image = image.convert(mode)
    return image


def _alpha(image: Image.Image) -> Image.Image | None:
    if not image.has_transparency_data:
        return None
    if image.mode in ("LA", "La", "RGBA"):
        return image.getchannel(1 if len(image.mode) == 2 else 3)
    return image.convert("RGBA").getchannel("A")


def _over_white(colors: Image.Image, alpha: Image.Image | None) -> ImageU8:
    """Copy to an array, a strip at a time: Pillow's own way holds three copies."""
    width, height = colors.size
    pixels = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, _STRIP):
        box = (0, top, width, min(top + _STRIP, height))
        strip = np.asarray(colors.crop(box))
        if alpha is not None:
            strip = _mixed(strip, np.asarray(alpha.crop(box)))
        pixels[top : top + _STRIP] = strip
    return pixels


def _mixed(rgb: ImageU8, alpha: Array) -> Array:
    a = alpha[..., None].astype(np.uint16)
    return (rgb * a + 255 * (255 - a) + 127) // 255


def _to_srgb(image: Image.Image, profile: bytes | None, name: str) -> Image.Image:
    if profile:
        try:
            return _by_profile(image, ImageCms.getOpenProfile(BytesIO(profile)))
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            _log.info("%r: its color profile is unusable and was ignored", name)
    if image.mode == "LAB":
        return _by_profile(
            image, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        )
    return image if image.mode == "RGB" else image.convert("RGB")


def _by_profile(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    srgb = ImageCms.createProfile("sRGB")
    # The usual tables are coarse enough to move a gray of gamma 1.8 by 1.5 levels.
    fine = ImageCms.Flags.HIGHRESPRECALC
    transform = ImageCms.buildTransform(profile, srgb, image.mode, "RGB", flags=fine)
    if image.mode == "RGB" and _is_identity(transform):
        return image
    return transform.apply(image)


def _is_identity(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether `transform` moves no color of a grid by more than one level.

    The common sRGB profiles do, by rounding: pictures that are sRGB stay exact.
    """
    steps = np.linspace(0, 255, 18).astype(np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 18, 3)
    moved = np.asarray(transform.apply(Image.fromarray(grid)))
    return int(np.abs(moved.astype(np.int16) - grid).max()) <= 1
