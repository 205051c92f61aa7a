"""Loops behind `instance.walker`: exact dtypes in, nothing checked."""

from ..._core.jit import compiled
from ..._core.typing import Floats, Ints, Ints32


@compiled
def _multiply(
    indptr: Ints, indices: Ints32, pull: Floats, weight: Floats, free: Ints,
    x: Floats, out: Floats,
) -> None:  # fmt: skip
    """Write the Laplacian of the free nodes times `x`; `x` is 0 on the others."""
    for k in free:
        total = weight[k] * x[k]
        for i in range(indptr[k], indptr[k + 1]):
            total -= pull[i] * x[indices[i]]
        out[k] = total


@compiled
def walk(
    indptr: Ints, indices: Ints32, pull: Floats, weight: Floats, free: Ints,
    start: Floats, tolerance: float, x: Floats, work: Floats,
) -> int:  # fmt: skip
    """Solve for the chance `x` that a walk from each free node ends in `start`.

    Conjugate gradients, preconditioned by the diagonal `weight`, the sum of the
    `pull` of a node's edges. `start` (K,) is 1 at the seeds walked to; `x` comes in
    as a guess, 0 where nothing is known and 0 on nodes that are not free. `work`
    (4, K) is working space. Returns the number of rounds.
    """
    residual, step, image, scaled = work[0], work[1], work[2], work[3]
    step[:] = 0
    _multiply(indptr, indices, pull, weight, free, x, image)
    power = 0.0
    scale = 0.0
    for k in free:
        total = 0.0
        for i in range(indptr[k], indptr[k + 1]):
            total += pull[i] * start[indices[i]]
        if weight[k] > 0:
            scale += total * total / weight[k]
        residual[k] = total - image[k]
        scaled[k] = residual[k] / weight[k] if weight[k] > 0 else 0.0
        step[k] = scaled[k]
        power += residual[k] * scaled[k]
    rounds = 0
    if scale == 0:  # Nobody is beside a seed: a guess would be worn down to zero.
        for k in free:
            x[k] = 0
        return rounds
    goal = scale * tolerance * tolerance
    while power > goal and rounds < 4 * free.size:
        _multiply(indptr, indices, pull, weight, free, step, image)
        bend = 0.0
        for k in free:
            bend += step[k] * image[k]
        if bend <= 0:
            break
        length = power / bend
        before = power
        power = 0.0
        for k in free:
            x[k] += length * step[k]
            residual[k] -= length * image[k]
            scaled[k] = residual[k] / weight[k] if weight[k] > 0 else 0.0
            power += residual[k] * scaled[k]
        for k in free:
            step[k] = scaled[k] + power / before * step[k]
        rounds += 1
    return rounds
