"""Strict reading of a TOML table: every key is asked for by type, and what nobody asked for is an error.

    table = open_toml(data, "pack.toml")
    name = table.text("name")
    for row in table.tables("step"): ...
    table.done()                       # an unknown key is an error here

Every error is ``BadInput`` with ``file`` and ``key``, the dotted path of the key with list places from 1.
"""

from __future__ import annotations

import tomllib
from datetime import date
from typing import TYPE_CHECKING, TypeGuard, TypeVar

from app.domain.errors import BadInput
from app.domain.parsed import is_list, is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from enum import StrEnum

    from app.domain.ids import Value

    E = TypeVar("E", bound=StrEnum)
    T = TypeVar("T")


def _is_text(one: object) -> TypeGuard[str]:
    return isinstance(one, str) and bool(one.strip())


def _is_value(one: object) -> TypeGuard[Value]:
    return type(one) is int or isinstance(one, str)


def _is_day(one: object) -> TypeGuard[date]:
    return type(one) is date


def open_toml(data: bytes, file: str) -> TomlTable:
    """Return the table of a whole file.

    Raises:
        BadInput: ``pack.not_toml`` (params ``file``, ``detail``: the parser's words, for a technician).
    """
    try:
        return TomlTable(file, "", tomllib.loads(data.decode("utf-8")))
    except UnicodeDecodeError as exc:
        raise BadInput("pack.not_toml", file=file, detail="UTF-8") from exc
    except tomllib.TOMLDecodeError as exc:
        raise BadInput("pack.not_toml", file=file, detail=str(exc)) from exc


class TomlTable:
    """One table of a file; ``place`` is its dotted path, "" for the whole file.

    Raises (every method): ``BadInput`` with ``file`` and ``key``: ``pack.missing``, ``pack.wrong_type``,
    ``pack.unknown_key`` and, where a choice is asked for, ``pack.bad_value`` (param ``value``).
    """

    def __init__(self, file: str, place: str, data: Mapping[str, object]) -> None:
        self.file = file
        self.place = place
        self._data = data
        self._asked: set[str] = set()

    def key(self, name: str) -> str:
        """Return the dotted path of a key."""
        return f"{self.place}.{name}" if self.place else name

    def has(self, name: str) -> bool:
        """Tell whether the key is there."""
        return name in self._data

    def names(self) -> tuple[str, ...]:
        """Return every key in order."""
        return tuple(self._data)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text that is not blank; ``default`` when the key is not there."""
        value = self._take(name, default)
        if not isinstance(value, str) or (not value.strip() and value != default):
            raise BadInput("pack.wrong_type", file=self.file, key=self.key(name))
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of different texts, none when the key is not there."""
        texts = self._all(name, _is_text)
        self.refuse_twice(name, texts)
        return texts

    def whole(self, name: str, default: int | None = None, least: int = 0, most: int = 10**12) -> int:
        """Return a whole number from ``least`` to ``most``."""
        value = self._take(name, default)
        if type(value) is not int:
            raise BadInput("pack.wrong_type", file=self.file, key=self.key(name))
        if not least <= value <= most:
            raise BadInput("pack.bad_value", file=self.file, key=self.key(name), value=value)
        return value

    def flag(self, name: str, default: bool | None = None) -> bool:
        """Return true or false."""
        value = self._take(name, default)
        if not isinstance(value, bool):
            raise BadInput("pack.wrong_type", file=self.file, key=self.key(name))
        return value

    def value(self, name: str) -> Value:
        """Return a value of a field: a whole number or a text, which may be empty."""
        value = self._take(name, None)
        if type(value) is not int and not isinstance(value, str):
            raise BadInput("pack.wrong_type", file=self.file, key=self.key(name))
        return value

    def values(self, name: str) -> tuple[Value, ...]:
        """Return a list of values of a field, none when the key is not there."""
        return self._all(name, _is_value)

    def day(self, name: str) -> date | None:
        """Return a date, None when the key is not there."""
        if not self.has(name):
            return None
        value = self._take(name, None)
        if type(value) is not date:
            raise BadInput("pack.wrong_type", file=self.file, key=self.key(name))
        return value

    def span(self) -> tuple[date | None, date | None]:
        """Return the dates ``from`` and ``to``, both included.

        Raises:
            BadInput: ``pack.bad_dates`` when ``to`` lies before ``from``.
        """
        first, last = self.day("from"), self.day("to")
        if first and last and last < first:
            raise BadInput("pack.bad_dates", file=self.file, key=self.key("to"))
        return first, last

    def days(self, name: str) -> tuple[date, ...]:
        """Return a list of dates, none when the key is not there."""
        return self._all(name, _is_day)

    def choice(self, name: str, kind: type[E], default: E | None = None) -> E:
        """Return a member of a closed set."""
        value = self._take(name, default)
        return self._member(name, kind, value)

    def choices(self, name: str, kind: type[E]) -> tuple[E, ...]:
        """Return members of a closed set, none when the key is not there."""
        return tuple(self._member(name, kind, value) for value in self.texts(name))

    def table(self, name: str) -> TomlTable | None:
        """Return the table below a key, None when the key is not there."""
        if not self.has(name):
            return None
        value = self._take(name, None)
        if not is_object(value):
            raise BadInput("pack.wrong_type", file=self.file, key=self.key(name))
        return TomlTable(self.file, self.key(name), value)

    def tables(self, name: str) -> tuple[TomlTable, ...]:
        """Return the tables of a list, none when the key is not there."""
        rows = self._all(name, is_object)
        return tuple(
            TomlTable(self.file, f"{self.key(name)}[{n}]", row) for n, row in enumerate(rows, start=1)
        )

    def refuse_twice(self, name: str, values: Iterable[object]) -> None:
        """Do nothing when the values of a key are all different.

        Raises:
            BadInput: ``pack.duplicate`` (param ``value``).
        """
        seen: set[object] = set()
        for value in values:
            if value in seen:
                raise BadInput("pack.duplicate", file=self.file, key=self.key(name), value=str(value))
            seen.add(value)

    def done(self) -> None:
        """Do nothing when every key was asked for.

        Raises:
            BadInput: ``pack.unknown_key``.
        """
        for name in self._data:
            if name not in self._asked:
                raise BadInput("pack.unknown_key", file=self.file, key=self.key(name))

    def _all(self, name: str, is_right: Callable[[object], TypeGuard[T]]) -> tuple[T, ...]:
        value = self._take(name, [])
        right = [one for one in value if is_right(one)] if is_list(value) else []
        if not is_list(value) or len(right) != len(value):
            raise BadInput("pack.wrong_type", file=self.file, key=self.key(name))
        return tuple(right)

    def _take(self, name: str, default: object) -> object:
        self._asked.add(name)
        value = self._data.get(name, default)
        if value is None:
            raise BadInput("pack.missing", file=self.file, key=self.key(name))
        return value

    def _member(self, name: str, kind: type[E], value: object) -> E:
        for member in kind:
            if value == member.value:
                return member
        raise BadInput("pack.bad_value", file=self.file, key=self.key(name), value=str(value))
