"""The loop behind `superpixels.lab`: exact dtypes in, nothing checked."""

from ..._core.jit import compiled
from ..._core.lanes import prefetch
from ..._core.typing import Array, Bytes, Ints, Ints32

AHEAD, LINE = 2, 64
"""Rows from which memory is asked for early, and bytes of it that come at a time."""


@compiled
def fill(
    pixels: Bytes,
    width: int,
    top: int,
    left: int,
    start: Ints32,
    name: Ints32,
    first: Ints,
    light: Ints,
    shades: Ints,
    planes: Array,
) -> None:
    """Write the Lab of a frame of RGB `pixels` (H * width * 3,) to `planes`, by tables.

    `planes` (3, height, pitch) holds L, a and b of the frame.
    The frame's first pixel is in row `top` and column `left`. Only the runs of names
    >= 0 (see `connected`) are written: nobody has the pixels of the rest. `light`
    (3, 256): what a byte of R, G or B adds to X, Y and Z, in units of 2**-20 and fields
    of 21 bits. `shades` (3, 4097): what X, Y and Z in units of 2**-12 add to L, a and b,
    in units of 2**-11 and the same fields.
    """
    height, pitch = planes.shape[1], planes.shape[2]
    lab, plane = planes.reshape(planes.size), height * pitch
    for y in range(height):
        move = (top + y) * width + left - (y + 1) * pitch
        for i in range(first[y], first[y + 1]):
            if name[i] < 0:
                continue
            n = start[i + 1] - start[i]
            here, there = 3 * (start[i] + move), start[i] - pitch
            # Short runs, far apart: what comes two rows later is asked for now.
            ahead = here + 3 * AHEAD * width
            for at in range(ahead, ahead + 3 * n + LINE, LINE):
                prefetch(pixels, at)
            rgb = pixels[here : here + 3 * n]
            light_row, a = (
                lab[there : there + n],
                lab[plane + there : plane + there + n],
            )
            b = lab[2 * plane + there : 2 * plane + there + n]
            for x in range(n):
                xyz = (
                    light[0, rgb[3 * x]]
                    + light[1, rgb[3 * x + 1]]
                    + light[2, rgb[3 * x + 2]]
                )
                shade = (
                    shades[0, (xyz >> 8) & 8191]
                    + shades[1, (xyz >> 29) & 8191]
                    + shades[2, xyz >> 50]
                )
                light_row[x] = (shade >> 11) & 1023
                a[x] = (shade >> 32) & 1023
                b[x] = shade >> 53
