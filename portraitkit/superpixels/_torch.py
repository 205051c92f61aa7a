"""Pooling of torch tensors, by operations that autograd and compile know."""

from typing import Any

import torch

moveaxis = torch.moveaxis


def floats(name: str, values: Any) -> Any:
    if values.is_complex():
        msg = f"{name} must be an array of real numbers; got {values.dtype}"
        raise TypeError(msg)
    return values if values.is_floating_point() else values.double()


def integers(name: str, values: Any, like: Any) -> Any:
    tensor = torch.as_tensor(values, device=like.device)
    fractional = tensor.is_floating_point() or tensor.is_complex()
    if fractional or tensor.dtype == torch.bool:
        msg = f"{name} must be an integer array; got {tensor.dtype}"
        raise TypeError(msg)
    return tensor.long()


def extent(values: Any) -> tuple[int, int] | None:
    if torch.compiler.is_compiling():
        return None
    if values.numel() == 0:
        return 0, -1
    least, most = values.aminmax()
    return int(least), int(most)


def pool(values: Any, labels: Any, n: int) -> Any:
    exact = values if values.dtype == torch.float64 else values.float()
    sums = _add(exact, _slots(labels, n), n)
    return (sums / sizes(labels, n, exact)[:, None]).to(values.dtype)


def sizes(labels: Any, n: int, like: Any) -> Any:
    ones = torch.ones_like(labels).to(like.dtype)
    return _add(ones, _slots(labels, n), n).clamp(min=1)


def paint(pooled: Any, labels: Any) -> Any:
    rows = torch.cat((pooled, pooled.new_zeros((1, *pooled.shape[1:]))))
    return rows.index_select(0, _slots(labels, len(pooled)))


def majority(classes: Any, labels: Any, n: int) -> Any:
    order = torch.argsort(classes, stable=True)
    order = order[torch.argsort(labels[order], stable=True)]
    kinds, slots = classes[order], _slots(labels[order], n)
    new = torch.ones_like(slots)
    new[1:] = ((kinds.diff() != 0) | (slots.diff() != 0)).long()
    run = new.cumsum(0) - 1
    count = torch.zeros_like(run).index_add(0, run, torch.ones_like(run))[run]
    most = count.new_zeros(n + 1).scatter_reduce(0, slots, count, "amax")
    worst = torch.iinfo(torch.int64).max
    names = torch.where(count == most[slots], kinds, worst)
    best = torch.full_like(most, worst).scatter_reduce(0, slots, names, "amin")
    return torch.where(best == worst, 0, best)[:n]


def repeat(rows: Any, n: int) -> Any:
    return rows[torch.arange(n, device=rows.device) % len(rows)]


def _slots(labels: Any, n: int) -> Any:
    """Send labels outside 0..n - 1 to slot n, which nobody reads."""
    return torch.where((labels >= 0) & (labels < n), labels, n)


def _add(values: Any, slots: Any, n: int) -> Any:
    sums = values.new_zeros((n + 1, *values.shape[1:]))
    if values.is_cuda:
        # index_add there adds in an order of its own; this sorts first.
        return sums.index_put((slots,), values, accumulate=True)[:n]
    return sums.index_add(0, slots, values)[:n]
