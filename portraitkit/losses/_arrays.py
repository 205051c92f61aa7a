"""What the Array API standard leaves to each library: constants, width, products.

Nothing here imports torch or jax by itself: an array of a library is the proof that
it is loaded.
"""

import sys
from types import ModuleType
from typing import Any, TypeAlias

from .._core.arrays import torch_of

Array: TypeAlias = Any  # the standard has no public static type yet
DType: TypeAlias = Any


def jax_of(array: Array) -> Any:
    """Return jax where `array` is one of its arrays or tracers, else None."""
    jax = sys.modules.get("jax")
    return jax if jax is not None and isinstance(array, jax.Array) else None


def constant(array: Array) -> Array:
    """Return `array` as something that no gradient flows into."""
    if torch_of(array) is not None:
        return array.detach()
    jax = jax_of(array)
    return array if jax is None else jax.lax.stop_gradient(array)


def working_dtype(xp: ModuleType, array: Array) -> DType:
    """Return float64 for float64 and float32 for all else: the losses' arithmetic."""
    return xp.float64 if array.dtype == xp.float64 else xp.float32


def widest_dtype(xp: ModuleType, array: Array) -> DType:
    """Return float64 where the library and the device of `array` have it."""
    jax = jax_of(array)
    if jax is not None and not jax.config.jax_enable_x64:
        return working_dtype(xp, array)
    if torch_of(array) is not None and array.device.type == "mps":
        return working_dtype(xp, array)
    return xp.float64


def product(a: Array, b: Array) -> Array:
    """Return the matrix product in the full precision of its operands.

    A trainer's autocast region would run it in 16 bits, and jax on a GPU in TF32.
    """
    torch, jax = torch_of(a), jax_of(a)
    if torch is not None:
        with torch.autocast(a.device.type, enabled=False):
            return a @ b
    return a @ b if jax is None else jax.numpy.matmul(a, b, precision="highest")


def device_of(array: Array) -> Any:
    """Return where new arrays go to meet `array`; None lets jax decide."""
    return None if jax_of(array) is not None else array.device


def to_integers(array: Array) -> list[int]:
    """Return the values of a one-dimensional `array`, waiting for its device."""
    if hasattr(array, "tolist"):  # every library but the standard's own has it
        return array.tolist()  # type: ignore[no-any-return]
    return [int(array[i]) for i in range(array.shape[0])]


def is_traced(array: Array) -> bool:
    """Whether `array` is a jax tracer: a shape without values."""
    jax = jax_of(array)
    return jax is not None and isinstance(array, jax.core.Tracer)


def on_host(array: Array) -> bool:
    """Whether the values of `array` can be read without waiting for a device."""
    torch, jax = torch_of(array), jax_of(array)
    if torch is not None:
        return array.device.type == "cpu" and not torch.compiler.is_compiling()
    if jax is not None:
        return not is_traced(array) and all(
            device.platform == "cpu" for device in array.devices()
        )
    return "cpu" in str(array.device).lower()


def seen_false(array: Array, condition: Array) -> bool:
    """Whether the 0-d `condition` on `array` is known to be False at this moment."""
    if not on_host(array):
        return False
    try:
        return not bool(condition)
    except (TypeError, RuntimeError):  # traced by jax.jit or torch.func.vmap: no value
        return False
