"""Loops behind `superpixels.clustering`: exact dtypes in, nothing checked.

Everything is a whole number of at most 16 bits, so that 32 pixels are worked on at
once and results are the same on every machine. `planes` (3, H, pitch) holds L, a and b;
`labels` (H + 2, pitch) a superpixel's number or -1, with a row of -1 above and below
the picture and at least a column of it to the right: row y is ``labels[y + 1]``.
"""

from ..._core.jit import compiled
from ..._core.lanes import (
    LANES,
    below,
    bits,
    capped_sum,
    choose,
    differ,
    first_bit,
    least,
    load,
    magnitude,
    minus,
    plus,
    ramp,
    same,
    spread,
    store,
    times,
    total,
)
from ..._core.typing import Array, Ints, Ints32

FAR = 2**16 - 1


@compiled
def list_rivals(share: Ints, rivals: Ints32) -> None:
    """Write the first center of each center's part, and how many that has, to (2, K)."""
    first = 0
    for p in range(share.size):
        for k in range(first, first + share[p]):
            rivals[0, k], rivals[1, k] = first, share[p]
        first += share[p]


@compiled
def offer(
    planes: Array,
    centers: Ints32,
    rivals: Ints32,
    chosen: Ints32,
    near: Array,
    reach: int,
    span: int,
    top: int,
    bottom: int,
    step: int,
    best: Array,
    labels: Array,
) -> None:
    """Give each center the pixels of its window to which it is nearest so far."""
    height, pitch = planes.shape[1], planes.shape[2]
    lab, names = planes.reshape(planes.size), labels.reshape(labels.size)
    plane, stride, middle = height * pitch, step * pitch, near.size // 2
    cap, never = spread(lab, 255), spread(lab, FAR)
    for k in chosen:
        cy, cx = centers[k, 3], centers[k, 4]
        skipped = max(cy - reach - top + step - 1, 0) // step
        last = min(cy + reach + 1, bottom)
        if last <= top + skipped * step:
            continue
        light = spread(lab, centers[k, 0])
        a, b = spread(lab, centers[k, 1]), spread(lab, centers[k, 2])
        name = spread(names, k)
        first, number = spread(names, rivals[0, k]), spread(names, rivals[1, k])
        left = min(max(cx - span // 2, 0), pitch - span)
        for x in range(left, left + span, LANES):
            across = load(near, x - cx + middle)
            at = (top + skipped * step) * pitch + x
            here = skipped * pitch + x
            for y in range(top + skipped * step, last, step):
                d0 = minus(load(lab, at), light)
                d1 = least(magnitude(minus(load(lab, at + plane), a)), cap)
                d2 = least(magnitude(minus(load(lab, at + 2 * plane), b)), cap)
                d = capped_sum(across, spread(near, near[y - cy + middle]))
                d = capped_sum(d, times(d0, d0))
                d = capped_sum(d, times(d1, d1))
                d = capped_sum(d, times(d2, d2))
                now, old = load(names, at + pitch), load(best, here)
                d = choose(below(minus(now, first), number), d, never)
                store(best, here, least(d, old))
                store(names, at + pitch, choose(below(d, old), name, now))
                at += stride
                here += pitch


@compiled
def tally(
    planes: Array,
    centers: Ints32,
    chosen: Ints32,
    reach: int,
    span: int,
    top: int,
    bottom: int,
    step: int,
    labels: Array,
    sums: Ints,
) -> None:
    """Add what each center has of its window to its row of `sums` (K, 6)."""
    height, pitch = planes.shape[1], planes.shape[2]
    lab, names = planes.reshape(planes.size), labels.reshape(labels.size)
    plane, stride = height * pitch, step * pitch
    zero, one = spread(lab, 0), spread(lab, 1)
    for k in chosen:
        cy, cx = centers[k, 3], centers[k, 4]
        first = top + max(cy - reach - top + step - 1, 0) // step * step
        last = min(cy + reach + 1, bottom)
        if last <= first:
            continue
        name = spread(names, k)
        left = min(max(cx - span // 2, 0), pitch - span)
        for x in range(left, left + span, LANES):
            s0 = s1 = s2 = down = n = zero
            at = first * pitch + x
            for y in range(first, last, step):
                mine = same(load(names, at + pitch), name)
                s0 = plus(s0, choose(mine, load(lab, at), zero))
                s1 = plus(s1, choose(mine, load(lab, at + plane), zero))
                s2 = plus(s2, choose(mine, load(lab, at + 2 * plane), zero))
                down = plus(down, choose(mine, spread(lab, y - first), zero))
                n = plus(n, choose(mine, one, zero))
                at += stride
            pixels = total(n)
            sums[k, 0] += total(s0)
            sums[k, 1] += total(s1)
            sums[k, 2] += total(s2)
            sums[k, 3] += total(down) + pixels * first
            sums[k, 4] += total(times(n, ramp(lab))) + pixels * x
            sums[k, 5] += pixels


@compiled
def average(planes: Array, start: int, step: int, labels: Array, sums: Ints) -> None:
    """Add the pixels of each label in rows `start`, + `step`, ... to `sums` (K, 6)."""
    width = planes.shape[2]
    flat = labels.reshape(labels.size)
    none = spread(flat, -1)
    for y in range(start, planes.shape[1], step):
        x = 0
        while x < width:
            k = labels[y + 1, x]
            if k < 0:
                others = bits(differ(load(flat, (y + 1) * width + x), none))
                x += first_bit(others) if others != 0 else LANES
                continue
            first = x
            s0 = s1 = s2 = 0
            while x < width and labels[y + 1, x] == k:
                s0 += int(planes[0, y, x])
                s1 += int(planes[1, y, x])
                s2 += int(planes[2, y, x])
                x += 1
            n = x - first
            sums[k, 0] += s0
            sums[k, 1] += s1
            sums[k, 2] += s2
            sums[k, 3] += n * y
            sums[k, 4] += n * (first + x - 1) // 2
            sums[k, 5] += n


@compiled
def settle(sums: Ints, centers: Ints32) -> None:
    """Move centers to the rounded means of `sums`, and empty these."""
    for k in range(centers.shape[0]):
        n = sums[k, 5]
        if n > 0:
            for c in range(5):
                centers[k, c] = (2 * sums[k, c] + n) // (2 * n)
                sums[k, c] = 0
            sums[k, 5] = 0


@compiled
def sort(
    centers: Ints32, reach: int, start: int, tall: int, begin: Ints32, order: Ints32
) -> None:
    """List the centers by the band in which their windows begin.

    Band i's are ``order[begin[i] : begin[i + 1]]``; the last of `begin` is spare.
    """
    begin[:] = 0
    for k in range(centers.shape[0]):
        begin[max(centers[k, 3] - reach - start, 0) // tall + 2] += 1
    for i in range(2, begin.size):
        begin[i] += begin[i - 1]
    for k in range(centers.shape[0]):
        band = max(centers[k, 3] - reach - start, 0) // tall
        order[begin[band + 1]] = k
        begin[band + 1] += 1


@compiled
def assign(
    planes: Array,
    centers: Ints32,
    rivals: Ints32,
    near: Array,
    reach: int,
    span: int,
    start: int,
    step: int,
    counted: bool,
    band: int,
    order: Ints32,
    begin: Ints32,
    best: Array,
    labels: Array,
    sums: Ints,
) -> None:
    """Give every pixel of some rows the nearest center whose window holds it.

    A pixel that no center reaches keeps its label. What each center has is added to
    its row of `sums` if it is `counted`. Of equals, the center whose window begins in
    an earlier band of `band` such rows has it, then the first. As many bands as `best`
    has room for are worked on at once.
    """
    height, pitch = planes.shape[1], planes.shape[2]
    tall, group = band * step, best.size // (band * pitch)
    sort(centers, reach, start, tall, begin, order)
    back = 2 * reach // tall + 1
    for i in range(0, (height - start + tall - 1) // tall, group):
        top = start + i * tall
        bottom = min(top + group * tall, height)
        best[: (bottom - top + step - 1) // step * pitch] = FAR
        chosen = order[begin[max(i - back, 0)] : begin[min(i + group, begin.size - 1)]]
        offer(
            planes, centers, rivals, chosen, near, reach, span, top, bottom, step,
            best, labels,
        )  # fmt: skip
        if counted:
            tally(planes, centers, chosen, reach, span, top, bottom, step, labels, sums)


@compiled
def refine(
    planes: Array,
    rivals: Ints32,
    near: Array,
    reach: int,
    span: int,
    stride: int,
    n_iter: int,
    band: int,
    centers: Ints32,
    order: Ints32,
    begin: Ints32,
    best: Array,
    sums: Ints,
    labels: Array,
) -> None:
    """Move the borders of `labels` in `n_iter` rounds.

    All rounds but the last look at one row in `stride`, each at others.
    """
    average(planes, 0, stride, labels, sums)
    for i in range(n_iter):
        settle(sums, centers)
        last = i == n_iter - 1
        start, step = (0, 1) if last else (i % stride, stride)
        assign(
            planes, centers, rivals, near, reach, span, start, step, not last, band,
            order, begin, best, labels, sums,
        )  # fmt: skip
