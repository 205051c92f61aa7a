"""What a card's field may be: rules that read one kind of value each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, cast

from ._fields import Part, Rule

Value = TypeVar("Value")


class Table(Mapping[str, Value]):
    """A mapping that does not change, so that a card can be hashed."""

    __slots__ = ("_pairs",)

    def __init__(self, pairs: Mapping[str, Value]) -> None:
        self._pairs = dict(pairs)

    def __getitem__(self, key: str) -> Value:
        return self._pairs[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def __hash__(self) -> int:
        return hash(frozenset(self._pairs.items()))

    def __repr__(self) -> str:
        return repr(self._pairs)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError
    return value


def _whole(value: object, low: int, high: float = math.inf) -> int:
    if type(value) is not int or not low <= value <= high:
        raise TypeError
    return value


def _real(value: object, low: float, high: float, *, above: bool) -> float:
    if type(value) not in (int, float):
        raise TypeError
    number = float(cast(float, value))
    if (
        not math.isfinite(number)
        or not low <= number <= high
        or (above and number == low)
    ):
        raise TypeError
    return number


def _tuple(value: object, length: int | None = None) -> tuple[object, ...]:
    if not isinstance(value, list | tuple) or length not in (None, len(value)):
        raise TypeError
    return tuple(value)


def text() -> Rule:
    """Take words, not empty."""
    return Rule("a string, not empty", _text)


def optional(rule: Rule) -> Rule:
    """Take null, or what `rule` says."""
    return Rule(
        f"{rule.want}, or null",
        lambda value: None if value is None else rule.read(value),
    )


def choice(*words: str) -> Rule:
    """Take one of `words`."""

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise TypeError
        return value

    return Rule("one of " + ", ".join(f'"{word}"' for word in words), read)


def whole(low: int, high: float = math.inf) -> Rule:
    """Take an integer within `low`..`high`."""
    upper = "" if high == math.inf else f" and <= {high}"
    return Rule(f"an integer >= {low}{upper}", lambda value: _whole(value, low, high))


def real(
    low: float = -math.inf, high: float = math.inf, *, above: bool = False
) -> Rule:
    """Take a finite number within `low`..`high`; `above`: not `low` itself."""
    sign = ">" if above else ">="
    lower = "" if low == -math.inf else f" {sign} {low:g}"
    upper = "" if high == math.inf else f" and <= {high:g}"

    def read(value: object) -> float:
        return _real(value, low, high, above=above)

    return Rule(f"a finite number{lower}{upper}", read)


def each(rule: Rule, *, length: int | None = None, least: int = 0) -> Rule:
    """Take a list whose items all obey `rule`."""

    def read(value: object) -> tuple[Any, ...]:
        items = tuple(rule.read(item) for item in _tuple(value, length))
        if len(items) < least:
            raise TypeError
        return items

    count = length if length is not None else f"{least} or more"
    return Rule(f"a list of {count}, each {rule.want}", read)


def flag() -> Rule:
    """Take true or false."""

    def read(value: object) -> bool:
        if not isinstance(value, bool):
            raise TypeError
        return value

    return Rule("true or false", read)


def never(reason: str) -> Rule:
    """Take false alone, and say why."""

    def read(value: object) -> bool:
        if value is not False:
            raise TypeError
        return False

    return Rule(f"false: {reason}", read)


def names() -> Rule:
    """Take the name of one output of a graph, or a list of several."""

    def read(value: object) -> tuple[str, ...]:
        if isinstance(value, str):
            value = [value]
        return tuple(_text(item) for item in _tuple(value))

    return Rule("a string, not empty, or a list of such", read)


def distinct(rule: Rule) -> Rule:
    """Take a list as `rule` says, without repeats."""

    def read(value: object) -> tuple[Any, ...]:
        items: tuple[Any, ...] = rule.read(value)
        if len(set(items)) < len(items):
            raise TypeError
        return items

    return Rule(f"{rule.want}, no two alike", read)


def table(rule: Rule) -> Rule:
    """Take a JSON object whose values all obey `rule`."""

    def read(value: object) -> Table[Any]:
        if not isinstance(value, Mapping) or not value:
            raise TypeError
        return Table({_text(key): rule.read(inner) for key, inner in value.items()})

    return Rule(f"a JSON object, not empty, each value {rule.want}", read)


def either(first: Rule, second: Rule) -> Rule:
    """Take what one of two rules takes."""

    def read(value: object) -> Any:
        try:
            return first.read(value)
        except (TypeError, OverflowError):
            return second.read(value)

    return Rule(f"{first.want} or {second.want}", read)


def section(kind: type[Part]) -> Rule:
    """Take a JSON object that is a section of a card."""

    def read(value: object) -> Part:
        return value if isinstance(value, kind) else kind.from_mapping(value)

    return Rule("a JSON object", read)
