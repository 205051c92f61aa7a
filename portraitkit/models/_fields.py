"""Fields that check themselves, so that a card's errors name the field."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, Self, cast


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """What a field must be, in words, and how to read it."""

    want: str
    read: Callable[[Any], Any]


def ruled(rule: Rule, **default: Any) -> Any:
    """Declare a dataclass field that obeys `rule`."""
    return dataclasses.field(metadata={"rule": rule}, **default)


def refuse(where: str, want: str, got: object) -> NoReturn:
    """Refuse a card field: say which, what it must be, what it was."""
    msg = f"card field {where} must be {want}; got {got!r}"
    raise ValueError(msg) from None


class Part:
    """A frozen dataclass of `ruled` fields: a card, or a section of one."""

    __slots__ = ()

    @classmethod
    def prefix(cls) -> str:
        """Return what stands before a field's name in an error."""
        return ""

    def __post_init__(self) -> None:
        for field in dataclasses.fields(cast(Any, self)):
            rule, value = field.metadata["rule"], getattr(self, field.name)
            try:
                object.__setattr__(self, field.name, rule.read(value))
            except (TypeError, OverflowError):
                where = self.prefix() + field.name
                refuse(where, rule.want, value)
        self.agree()

    def agree(self) -> None:
        """Refuse fields that are each allowed but not together."""

    @classmethod
    def from_mapping(cls, values: object) -> Self:
        """Build from a JSON object; unknown and missing fields are refused."""
        where = cls.prefix().rstrip(".") or "card"
        if not isinstance(values, Mapping):
            msg = f"card field {where} must be a JSON object; got {values!r}"
            raise ValueError(msg)  # noqa: TRY004  a card is data: its errors are ValueErrors
        fields = dataclasses.fields(cast(Any, cls))
        known = {field.name for field in fields}
        for name in values:
            if name not in known:
                want = f"one of {', '.join(sorted(known))}"
                refuse(cls.prefix() + str(name), want, name)
        for field in fields:
            if _required(field) and field.name not in values:
                msg = f"card field {cls.prefix()}{field.name} is missing: it must be "
                raise ValueError(msg + field.metadata["rule"].want)
        return cls(**values)

    def to_mapping(self) -> dict[str, Any]:
        """Return the fields that differ from their defaults, as JSON values."""
        return {
            field.name: _plain(getattr(self, field.name))
            for field in dataclasses.fields(cast(Any, self))
            if _required(field) or getattr(self, field.name) != field.default
        }


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING


def _plain(value: object) -> object:
    if isinstance(value, Part):
        return value.to_mapping()
    return list(value) if isinstance(value, tuple) else value


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
