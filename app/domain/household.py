"""Households: who lives where, since when they are looked after, and who belongs together.

faults = household_faults(values, members, lists, today)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from app.domain.errors import Refused
from app.domain.fault import Fault, error, warning
from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.identity import phone_faults
from app.domain.ids import Kind, Level, Value
from app.domain.member import age_on
from app.domain.region import checked_code, level_of

if TYPE_CHECKING:
    from datetime import date

    from app.domain.codes import CodeLists

HEAD: Final = "01"
"""Code of the head in the list ``relation``."""

ELSEWHERE: Final = frozenset({"moved", "void", "alias"})
"""Who lives on under another number, or should never have been here, is not written about any more."""

MAX_OTHER_CAUSES: Final = 2
MAX_RISKS: Final = 5
_PRESENT: Final = frozenset({"", "present"})

Values = Mapping[str, Value]

_f = partial(FieldDef, Kind.HOUSEHOLD)

HOUSEHOLD_FIELDS = field_table(
    _f("code", FieldType.TEXT),  # the official household number, if one was given
    _f("village", FieldType.TEXT),  # 12-digit code of the administrative village
    _f("group", FieldType.TEXT),  # villagers' group
    _f("address", FieldType.TEXT),
    _f("bank_name", FieldType.TEXT),
    _f("bank_account", FieldType.TEXT, sensitive=True),
    _f("household_type", FieldType.CODE, codelist="household_type"),
    _f("object_class", FieldType.CODE, codelist="object_class"),
    _f("main_cause", FieldType.CODE, codelist="cause"),
    _f("other_causes", FieldType.CODES, codelist="cause"),  # at most two
    _f("risks", FieldType.CODES, codelist="risk"),  # at most five
    _f("identified_on", FieldType.DATE),
    _f("exited_on", FieldType.DATE),
    _f("status", FieldType.CODE, codelist="household_status"),
    _f("status_on", FieldType.DATE),
    _f("status_reason", FieldType.TEXT),
    _f("alias_of", FieldType.ID),  # the household this second registration belongs to
    _f("came_from", FieldType.ID),  # the household of the old village after a move
    _f("came_with", FieldType.TEXT),  # the papers it had there, one after the other
    _f("split_from", FieldType.ID),  # the household it was part of before (分户)
    _f("note", FieldType.TEXT),
)


def present_members(members: Iterable[Values]) -> list[Values]:
    """Return the members who live in the household now."""
    return [member for member in members if member.get("status", "") in _PRESENT]


def head_of(members: Iterable[Values]) -> Values:
    """Return the head's values: the first present member with relation "01", else the first; or nothing."""
    present = present_members(members)
    heads = [member for member in present if member.get("relation") == HEAD]
    for head in heads or present:
        return head
    return {}


def household_faults(
    values: Values, members: Sequence[Values], lists: CodeLists, today: date
) -> tuple[Fault, ...]:
    """Return what is wrong or doubtful about a household as a whole; its members are checked by themselves.

    Errors: ``household.no_member``, ``household.no_head``, ``household.heads`` (param ``count``),
    ``household.same_id`` (param ``name``), ``household.village`` and the codes of ``checked_code``,
    ``household.unknown_code`` (params ``title``, ``value``), ``household.too_many_causes``,
    ``household.too_many_risks`` (param ``limit``). Warnings: ``household.group_missing``,
    ``household.couple_sex``, ``household.older_child`` and ``household.younger_parent`` (param ``name``),
    ``household.same_name`` (param ``name``), ``household.cause_twice``, ``household.no_phone``.
    """
    present = present_members(members)
    return (
        *_place_faults(values),
        *_code_faults(values, lists),
        *_head_faults(present, lists),
        *_twice_faults(present),
        *_age_faults(present, lists, today),
        *_phone_faults(present),
    )


def _place_faults(values: Values) -> list[Fault]:
    faults: list[Fault] = []
    try:
        if level_of(checked_code(_text(values, "village"))) is not Level.VILLAGE:
            faults.append(error("household.village", "village"))
    except Refused as exc:
        faults.append(error(exc.code, "village", **exc.params))
    if not _text(values, "group").strip():
        faults.append(warning("household.group_missing", "group"))
    return faults


def _code_faults(values: Values, lists: CodeLists) -> list[Fault]:
    faults: list[Fault] = []
    for code, definition in HOUSEHOLD_FIELDS.items():
        known = lists.get(definition.codelist)
        words = _text(values, code).split() if known else []
        faults += [
            error("household.unknown_code", code, title=known.title, value=word)
            for word in words
            if known is not None and known.get(word) is None
        ]
    others = _text(values, "other_causes").split()
    if len(others) > MAX_OTHER_CAUSES:
        faults.append(error("household.too_many_causes", "other_causes", limit=MAX_OTHER_CAUSES))
    if _text(values, "main_cause") in others:
        faults.append(warning("household.cause_twice", "other_causes"))
    if len(_text(values, "risks").split()) > MAX_RISKS:
        faults.append(error("household.too_many_risks", "risks", limit=MAX_RISKS))
    return faults


def _head_faults(present: Sequence[Values], lists: CodeLists) -> list[Fault]:
    if not present:
        return [error("household.no_member")]
    heads = [member for member in present if member.get("relation") == HEAD]
    if not heads:
        return [error("household.no_head", "relation")]
    if len(heads) > 1:
        return [error("household.heads", "relation", count=len(heads))]
    relation = lists["relation"]
    spouses = [m for m in present if relation.trait(_text(m, "relation"), "spouse")]
    sex = _text(heads[0], "sex")
    if sex and any(_text(spouse, "sex") == sex for spouse in spouses):
        return [warning("household.couple_sex", "sex")]
    return []


def _twice_faults(present: Sequence[Values]) -> list[Fault]:
    numbers = Counter(_text(member, "id_number") for member in present)
    names = Counter(_text(member, "name") for member in present)
    found: dict[tuple[str, str], Fault] = {}
    for member in present:
        number, name = _text(member, "id_number"), _text(member, "name")
        if number and numbers[number] > 1:
            found["id", number] = error("household.same_id", "id_number", name=name)
        elif name and names[name] > 1:
            found["name", name] = warning("household.same_name", "name", name=name)
    return list(found.values())


def _age_faults(present: Sequence[Values], lists: CodeLists, today: date) -> list[Fault]:
    head_age = age_on(_text(head_of(present), "born"), today)
    if head_age is None:
        return []
    faults: list[Fault] = []
    for member in present:
        age = age_on(_text(member, "born"), today)
        generation = lists["relation"].trait(_text(member, "relation"), "generation")
        if age is None or not isinstance(generation, int):
            continue
        if generation < 0 and age >= head_age and _is_own_line(member):
            faults.append(warning("household.older_child", "born", name=_text(member, "name")))
        if generation > 0 and age <= head_age and _is_own_line(member):
            faults.append(warning("household.younger_parent", "born", name=_text(member, "name")))
    return faults


def _is_own_line(member: Values) -> bool:
    """Tell whether a relation fixes who is older; uncles and nephews can be of any age."""
    return _text(member, "relation") not in {"23", "24", "25"}


def _phone_faults(present: Sequence[Values]) -> list[Fault]:
    phones = [_text(member, "phone") for member in present]
    sound = [phone for phone in phones if phone and not phone_faults(phone)]
    return [] if sound or not present else [warning("household.no_phone", "phone")]


def _text(values: Values, code: str) -> str:
    return str(values.get(code, ""))
