"""What numba makes of the operations on lanes: their types, and LLVM's vectors."""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import lower_builtin, models, register_model, type_callable

from . import meaning as lanes
from .meaning import LANES

BIT, BYTE, HALF, LONG = (ir.IntType(n) for n in (1, 8, 32, 64))


class LanesType(types.Type):
    """`LANES` integers of so many bits each; of 1 bit, a choice."""

    def __init__(self, bits: int) -> None:
        self.bits = bits
        super().__init__(name=f"Lanes({bits})")


@register_model(LanesType)
class LanesModel(models.PrimitiveModel):
    """Lanes are one vector of LLVM's."""

    def __init__(self, manager: Any, kind: LanesType) -> None:
        super().__init__(manager, kind, _vector(kind.bits))  # type: ignore[no-untyped-call]


CHOICE = LanesType(1)


def _vector(bits: int) -> Any:
    return ir.VectorType(ir.IntType(bits), LANES)


def _register(
    func: Callable[..., Any],
    args: tuple[Any, ...],
    result: Callable[..., Any],
    build: Callable[..., Any],
) -> None:
    """Tell numba that `build` makes the code of `func`.

    `result`, with as many parameters, turns the arguments' types into the result's, or None if they do not go
    together; `build` gets (context, builder, signature, values).
    """
    type_callable(func)(lambda _context: result)
    lower_builtin(func, *args)(build)


# ---- from and to arrays


def _of_elements(array: Any) -> LanesType | None:
    flat = isinstance(array, types.Array) and array.ndim == 1 and array.layout == "C"
    return LanesType(array.dtype.bitwidth) if flat else None


def _at_index(array: Any, _index: Any) -> LanesType | None:
    return _of_elements(array)


def _nothing(array: Any, _at: Any, kind: Any) -> Any:
    return types.none if _of_elements(array) == kind else None


def _place(context: Any, builder: Any, signature: Any, values: Any) -> tuple[Any, int]:
    """Return a pointer to the lanes at an index of an array, and its alignment."""
    kind = signature.args[0]
    array = context.make_array(kind)(context, builder, values[0])
    at = context.cast(builder, values[1], signature.args[1], types.int64)
    if context.enable_boundscheck:
        last = builder.sub(array.nitems, LONG(LANES))
        low = builder.icmp_signed("<", at, LONG(0))
        high = builder.icmp_signed(">", at, last)
        with builder.if_then(builder.or_(low, high), likely=False):
            message = ("lanes are out of bounds",)
            context.call_conv.return_user_exc(builder, IndexError, message)
    pointer = builder.gep(array.data, [at])
    bits = kind.dtype.bitwidth
    return builder.bitcast(pointer, _vector(bits).as_pointer()), bits // 8


def _load(context: Any, builder: Any, signature: Any, values: Any) -> Any:
    pointer, align = _place(context, builder, signature, values)
    value = builder.load(pointer)
    value.align = align
    return value


def _store(context: Any, builder: Any, signature: Any, values: Any) -> Any:
    pointer, align = _place(context, builder, signature, values)
    builder.store(values[2], pointer, align=align)
    return context.get_dummy_value()


def _hint(array: Any, _at: Any) -> Any:
    return types.none if _of_elements(array) else None


def _prefetch(context: Any, builder: Any, signature: Any, values: Any) -> Any:
    array = context.make_array(signature.args[0])(context, builder, values[0])
    at = context.cast(builder, values[1], signature.args[1], types.int64)
    pointer = builder.bitcast(builder.gep(array.data, [at]), BYTE.as_pointer())
    # To read, soon, and often; into the cache of data.
    how = [HALF(n) for n in (0, 3, 1)]
    kind = ir.FunctionType(ir.VoidType(), [pointer.type, *(n.type for n in how)])
    func = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
    builder.call(func, [pointer, *how])
    return context.get_dummy_value()


def _spread(context: Any, builder: Any, signature: Any, values: Any) -> Any:
    wide = context.cast(builder, values[1], signature.args[1], types.int64)
    kind = _vector(signature.return_type.bits)
    none = ir.Constant(kind, ir.Undefined)
    zero = HALF(0)
    one = builder.insert_element(none, builder.trunc(wide, kind.element), zero)
    zeros = ir.Constant(ir.VectorType(HALF, LANES), None)
    return builder.shuffle_vector(one, none, zeros)


def _ramp(_context: Any, _builder: Any, signature: Any, _values: Any) -> Any:
    return ir.Constant(_vector(signature.return_type.bits), list(range(LANES)))


_register(lanes.load, (types.Array, types.Integer), _at_index, _load)
_register(lanes.store, (types.Array, types.Integer, LanesType), _nothing, _store)
_register(lanes.prefetch, (types.Array, types.Integer), _hint, _prefetch)
_register(lanes.spread, (types.Array, types.Integer), _at_index, _spread)
_register(lanes.ramp, (types.Array,), _of_elements, _ramp)


# ---- lanes to lanes


def _equal(a: Any, b: Any) -> Any:
    return a if a == b else None


def _chosen(where: Any, a: Any, b: Any) -> Any:
    return a if where == CHOICE and a == b else None


def _compared(a: Any, b: Any) -> Any:
    return CHOICE if a == b else None


def _in_lanes(
    func: Callable[..., Any],
    n: int,
    result: Callable[..., Any],
    build: Callable[..., Any],
) -> None:
    """Register `build` (builder, values) for a function of `n` lanes."""
    kinds = (LanesType,) * n
    _register(func, kinds, result, lambda _c, builder, _s, v: build(builder, *v))


def _call(builder: Any, name: str, result: Any, *values: Any) -> Any:
    """Call LLVM's function of that name for the type of the first value."""
    kind = values[0].type
    vector = isinstance(kind, ir.VectorType)
    suffix = f"v{LANES}i{kind.element.width}" if vector else f"i{kind.width}"
    kinds = ir.FunctionType(result, [value.type for value in values])
    full = f"llvm.{name}.{suffix}"
    func = cgutils.get_or_insert_function(builder.module, kinds, full)
    return builder.call(func, values)


_in_lanes(lanes.plus, 2, _equal, lambda builder, a, b: builder.add(a, b))
_in_lanes(lanes.minus, 2, _equal, lambda builder, a, b: builder.sub(a, b))
_in_lanes(lanes.times, 2, _equal, lambda builder, a, b: builder.mul(a, b))
for _func, _name in ((lanes.capped_sum, "uadd.sat"), (lanes.least, "umin")):
    _in_lanes(
        _func, 2, _equal, lambda builder, a, b, n=_name: _call(builder, n, a.type, a, b)
    )
_in_lanes(
    lanes.magnitude,
    1,
    lambda a: a,
    lambda builder, a: _call(builder, "abs", a.type, a, BIT(0)),
)
for _func, _name in ((lanes.below, "<"), (lanes.same, "=="), (lanes.differ, "!=")):
    _in_lanes(
        _func,
        2,
        _compared,
        lambda builder, a, b, n=_name: builder.icmp_unsigned(n, a, b),
    )
_in_lanes(
    lanes.choose, 3, _chosen, lambda builder, where, a, b: builder.select(where, a, b)
)


# ---- lanes to numbers


def _bits(builder: Any, where: Any) -> Any:
    return builder.zext(builder.bitcast(where, ir.IntType(LANES)), LONG)


def _total(builder: Any, a: Any) -> Any:
    wide = builder.zext(a, _vector(64 if a.type.element.width > 16 else 32))
    added = _call(builder, "vector.reduce.add", wide.type.element, wide)
    return added if added.type == LONG else builder.zext(added, LONG)


def _first_bit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
    wide = context.cast(builder, values[0], signature.args[0], types.int64)
    return _call(builder, "cttz", LONG, wide, BIT(0))


def _number(_kind: Any) -> Any:
    return types.int64


_in_lanes(lanes.bits, 1, _number, _bits)
_in_lanes(lanes.total, 1, _number, _total)
_register(lanes.first_bit, (types.Integer,), _number, _first_bit)
