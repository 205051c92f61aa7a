"""What kernels and losses ask of an array of any library.

Made without NumPy, which the losses never import.
"""

import operator
import sys
from types import ModuleType
from typing import Any, SupportsIndex, TypeAlias

from array_api_compat import array_namespace

Array: TypeAlias = Any  # the standard has no public static type yet


def torch_of(array: Array) -> Any:
    """Return torch where `array` is one of its tensors, else None."""
    torch = sys.modules.get("torch")
    return torch if torch is not None and isinstance(array, torch.Tensor) else None


def namespace(array: Array) -> ModuleType:
    """Return the Array API namespace of `array`; TypeError if it has none."""
    if torch_of(array) is not None:
        # array_api_compat finds its namespaces through caches that torch.compile
        # warns about.
        import array_api_compat.torch as xp

        return xp
    return array_namespace(array)


def check_axis(name: str, array: Array, axis: SupportsIndex) -> int:
    """Return an axis of `array` as -ndim..-1; fractions and bools are refused."""
    try:
        if isinstance(axis, bool):
            raise TypeError
        number = operator.index(axis)
    except TypeError:
        msg = f"axis must be an integer; got {axis!r}"
        raise TypeError(msg) from None
    if not -array.ndim <= number < array.ndim:
        msg = (
            f"axis must be an axis of {name}, {-array.ndim}..{array.ndim - 1}; "
            f"got {number} for shape {tuple(array.shape)}"
        )
        raise ValueError(msg)
    return number if number < 0 else number - array.ndim
