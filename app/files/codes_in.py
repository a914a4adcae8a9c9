"""Read the code lists of a pack (codes.toml)."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from app.domain.codes import Code, CodeList, CodeLists, plain
from app.domain.errors import BadInput
from app.domain.parsed import is_list, is_object

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from app.domain.ids import Value

_CODE: Final = re.compile(r"[0-9A-Za-z_]{1,32}")
_LINE: Final = re.compile(r"at line ([0-9]+)")
_END: Final = 0
_NAME: Final = re.compile(r"[a-z][a-z_]{0,31}")
_LIST_KEYS: Final = frozenset({"title", "source", "codes"})
_CODE_KEYS: Final = frozenset({"code", "label", "aliases", "valid_from", "valid_to", "traits"})


def read_codes(path: Path | Traversable) -> CodeLists:
    """Return the lists of a codes.toml by name.

    Raises:
        BadInput: the codes of ``parse_codes``, or ``codes.unreadable`` (param ``file``).
    """
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise BadInput("codes.unreadable", file=path.name) from exc
    return parse_codes(data, path.name)


def parse_codes(data: bytes, file: str) -> CodeLists:
    """Return the lists in the bytes of a codes.toml; ``file`` is the name told in an error.

    Raises:
        BadInput: ``codes.not_toml`` (params ``file``, ``line``; 0 stands for the end); with params
            ``file`` and ``key``: ``codes.unknown_key``, ``codes.missing``, ``codes.wrong_type``,
            ``codes.bad_code``,
            ``codes.duplicate`` (a code or a label stands twice), ``codes.dates``.
    """
    try:
        document = tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as exc:
        raise BadInput("codes.not_toml", file=file, line=1 + data[: exc.start].count(b"\n")) from exc
    except tomllib.TOMLDecodeError as exc:
        line = _LINE.search(str(exc))
        raise BadInput("codes.not_toml", file=file, line=int(line.group(1)) if line else _END) from exc
    return MappingProxyType({name: _read_list(file, name, table) for name, table in document.items()})


def _read_list(file: str, name: str, table: object) -> CodeList:
    if not _NAME.fullmatch(name):
        raise BadInput("codes.bad_code", file=file, key=name)
    found = _table(file, name, table, _LIST_KEYS)
    title = _text(file, f"{name}.title", found.get("title"))
    _text(file, f"{name}.source", found.get("source", "-"))
    rows = found.get("codes")
    if not is_list(rows) or not rows:
        raise BadInput("codes.missing", file=file, key=f"{name}.codes")
    codes = tuple(_read_code(file, f"{name}.codes[{n}]", row) for n, row in enumerate(rows, start=1))
    _check_unique(file, name, codes)
    return CodeList(name, title, codes)


def _read_code(file: str, key: str, row: object) -> Code:
    found = _table(file, key, row, _CODE_KEYS)
    code = _text(file, f"{key}.code", found.get("code"))
    if not _CODE.fullmatch(code):
        raise BadInput("codes.bad_code", file=file, key=f"{key}.code")
    aliases = found.get("aliases", [])
    if not is_list(aliases):
        raise BadInput("codes.wrong_type", file=file, key=f"{key}.aliases")
    first, last = (_day(file, f"{key}.{end}", found.get(end)) for end in ("valid_from", "valid_to"))
    if first and last and last < first:
        raise BadInput("codes.dates", file=file, key=key)
    return Code(
        code,
        _text(file, f"{key}.label", found.get("label")),
        tuple(_text(file, f"{key}.aliases", alias) for alias in aliases),
        first,
        last,
        _traits(file, f"{key}.traits", found.get("traits", {})),
    )


def _traits(file: str, key: str, value: object) -> Mapping[str, Value]:
    if not is_object(value):
        raise BadInput("codes.wrong_type", file=file, key=key)
    traits: dict[str, Value] = {}
    for name, fact in value.items():
        if isinstance(fact, bool) or not isinstance(fact, int | str):
            raise BadInput("codes.wrong_type", file=file, key=f"{key}.{name}")
        traits[name] = fact
    return MappingProxyType(traits)


def _check_unique(file: str, name: str, codes: tuple[Code, ...]) -> None:
    seen: set[str] = set()
    for code in codes:
        for word in (code.code, "label " + plain(code.label)):
            if word in seen:
                raise BadInput("codes.duplicate", file=file, key=f"{name}.{code.code}")
            seen.add(word)


def _table(file: str, key: str, value: object, allowed: frozenset[str]) -> dict[str, object]:
    if not is_object(value):
        raise BadInput("codes.wrong_type", file=file, key=key)
    for unknown in sorted(set(value) - allowed):
        raise BadInput("codes.unknown_key", file=file, key=f"{key}.{unknown}")
    return value


def _text(file: str, key: str, value: object) -> str:
    if value is None:
        raise BadInput("codes.missing", file=file, key=key)
    if not isinstance(value, str) or not value.strip():
        raise BadInput("codes.wrong_type", file=file, key=key)
    return value


def _day(file: str, key: str, value: object) -> date | None:
    if value is None:
        return None
    if type(value) is not date:
        raise BadInput("codes.wrong_type", file=file, key=key)
    return value
