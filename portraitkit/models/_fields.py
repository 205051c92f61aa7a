"""Fields that check themselves, so that a card's errors name the field."""

from __future__ import annotations

import dataclasses
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
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value
