"""Members of a household: their fields and what can be wrong with one of them.

faults = member_faults(tidied(values).values, lists, today)
refuse_errors(faults)      # warnings are shown, they never stop the write
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from app.domain.calendar import parse_date
from app.domain.fault import Fault, error, warning
from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.identity import agreement, disability_faults, normalise, phone_faults, read_identity
from app.domain.ids import Kind, Value
from app.domain.names import CHANGES, read_name

if TYPE_CHECKING:
    from datetime import date

    from app.domain.codes import CodeLists

_f = partial(FieldDef, Kind.MEMBER)

MEMBER_FIELDS = field_table(
    _f("household", FieldType.ID),
    _f("name", FieldType.TEXT),
    _f("sex", FieldType.CODE, codelist="sex"),
    _f("id_type", FieldType.CODE, codelist="id_type"),
    _f("id_number", FieldType.TEXT, sensitive=True),
    _f("born", FieldType.DATE),
    _f("relation", FieldType.CODE, codelist="relation"),
    _f("ethnicity", FieldType.CODE, codelist="ethnicity"),
    _f("education", FieldType.CODE, codelist="education"),
    _f("school", FieldType.CODE, codelist="school"),
    _f("not_in_school_reason", FieldType.CODE, codelist="not_in_school_reason"),
    _f("health", FieldType.CODES, sensitive=True, codelist="health"),
    _f("labour", FieldType.CODE, codelist="labour"),
    _f("insurance", FieldType.CODES, codelist="insurance"),
    _f("pension", FieldType.CODE, codelist="pension"),
    _f("dibao", FieldType.FLAG),
    _f("tekun", FieldType.FLAG),
    _f("disability_no", FieldType.TEXT, sensitive=True),
    _f("disability_benefit", FieldType.FLAG, sensitive=True),
    _f("phone", FieldType.TEXT, sensitive=True),
    _f("away", FieldType.FLAG),
    _f("work_place", FieldType.TEXT),
    _f("work_months", FieldType.NUMBER, unit="month"),
    _f("monthly_wage_fen", FieldType.FEN),
    _f("shares_income", FieldType.FLAG),  # counts in the divisor of the income per head; empty means yes
    _f("status", FieldType.CODE, codelist="member_status"),
    _f("status_on", FieldType.DATE),
    _f("status_reason", FieldType.CODE, codelist="status_reason"),
    _f("joined_on", FieldType.DATE),
    _f("joined_reason", FieldType.CODE, codelist="joined_reason"),
    _f("note", FieldType.TEXT),
)


WORKING_AGE: Final = 16
_SCHOOL_NONE: Final = "99"
_COMPULSORY: Final = range(6, 15)  # years of age in compulsory education
_HEALTHY: Final = "1"
_OTHER_PAPERS: Final = frozenset(
    {"03", "04", "99"}
)  # numbers of other countries and places follow other rules
_RELATION: Final = "relation"
_SCHOOL: Final = "school"
_HEALTH: Final = "health"

Values = Mapping[str, Value]


def member_faults(values: Values, lists: CodeLists, today: date) -> tuple[Fault, ...]:
    """Return what is wrong or doubtful about one member's field values.

    The values are expected as ``tidied`` gives them; a 15-digit number is taken for confirmed. Codes
    beside those of ``names.read_name`` and ``identity.read_identity``: ``member.sex_missing``,
    ``member.relation_missing``, ``member.born_missing``, ``member.born_future``,
    ``member.unknown_code`` (params ``title``, ``value``) are errors; ``member.relation_sex``,
    ``member.education_and_school``, ``member.school_age``, ``member.dropout``, ``member.insurance_both``,
    ``member.child_labour``, ``member.health_none_and_ill``, ``member.no_card`` are warnings.
    """
    return (
        *_identity_faults(values, today),
        *_missing(values),
        *_unknown_codes(values, lists),
        *_relation_faults(values, lists),
        *_school_faults(values, lists, today),
        *_health_faults(values, lists),
        *_labour_faults(values, lists, today),
    )


def age_on(born: str, day: date) -> int | None:
    """Return the full years between an ISO birth date and a day, or None without a date."""
    birth = parse_date(born)
    if birth is None:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


@dataclass(frozen=True, slots=True)
class Tidied:
    """Values in the form they are kept, and warnings that tell what was changed on the way."""

    values: Mapping[str, Value]
    notes: tuple[Fault, ...] = ()


def is_dropout(values: Values, today: date) -> bool:
    """Tell whether a child of compulsory school age is recorded as out of school, whatever the reason."""
    age = age_on(_text(values, "born"), today)
    return age is not None and age in _COMPULSORY and _text(values, _SCHOOL) == _SCHOOL_NONE


def tidied(values: Values) -> Tidied:
    """Return a member's values with name, numbers and phone normalised.

    Sex and birth date are filled in from the identity number where they are empty; nothing else is
    guessed.
    """
    name = read_name(_text(values, "name"))
    identity = read_identity(_text(values, "id_number"), old_confirmed=True)
    kept = dict(values)
    told = {"name": name.text, "id_number": identity.number}
    told |= {code: normalise(_text(values, code)) for code in ("phone", "disability_no")}
    kept |= {code: text for code, text in told.items() if text or code in values}
    for code, text in (("born", identity.born), ("sex", identity.sex)):
        if text and not kept.get(code):
            kept[code] = text
    notes = [fault for fault in name.faults if fault.code in CHANGES]
    notes += [fault for fault in identity.faults if fault.code == "identity.repaired"]
    return Tidied(kept, tuple(notes))


def _identity_faults(values: Values, today: date) -> tuple[Fault, ...]:
    number = _text(values, "id_number")
    if _text(values, "id_type") in _OTHER_PAPERS and number:
        return name_faults(values)
    identity = read_identity(number, today, old_confirmed=True)
    return (
        *name_faults(values),
        *identity.faults,
        *agreement(identity, _text(values, "sex"), _text(values, "born")),
        *disability_faults(_text(values, "disability_no"), number),
        *phone_faults(_text(values, "phone")),
    )


def name_faults(values: Values) -> tuple[Fault, ...]:
    """Return what is wrong or doubtful about the member's name."""
    return read_name(_text(values, "name")).faults


def _missing(values: Values) -> list[Fault]:
    needed = ("sex", "relation", "born")
    return [error(f"member.{code}_missing", code) for code in needed if not values.get(code)]


def _unknown_codes(values: Values, lists: CodeLists) -> list[Fault]:
    faults: list[Fault] = []
    for code, definition in MEMBER_FIELDS.items():
        known = lists.get(definition.codelist)
        if known is None:
            continue
        faults += [
            error("member.unknown_code", code, title=known.title, value=word)
            for word in _text(values, code).split()
            if known.get(word) is None
        ]
    return faults


def _relation_faults(values: Values, lists: CodeLists) -> list[Fault]:
    implied = lists[_RELATION].trait(_text(values, _RELATION), "sex")
    sex = _text(values, "sex")
    if implied and sex and implied != sex:
        return [
            warning(
                "member.relation_sex", _RELATION, relation=lists[_RELATION].label(_text(values, _RELATION))
            )
        ]
    return []


def _school_faults(values: Values, lists: CodeLists, today: date) -> list[Fault]:
    school, age = _text(values, _SCHOOL), age_on(_text(values, "born"), today)
    in_school = school not in {"", _SCHOOL_NONE}
    faults: list[Fault] = []
    if in_school and lists[_SCHOOL].trait(school, "stage") != "preschool" and values.get("education"):
        faults.append(warning("member.education_and_school", "education"))
    youngest, oldest = (lists[_SCHOOL].trait(school, end) for end in ("age_from", "age_to"))
    if age is None:
        return faults
    if isinstance(youngest, int) and isinstance(oldest, int) and not youngest <= age <= oldest + 1:
        faults.append(warning("member.school_age", _SCHOOL, age=age, school=lists[_SCHOOL].label(school)))
    if is_dropout(values, today) and not values.get("not_in_school_reason"):
        faults.append(warning("member.dropout", _SCHOOL, age=age))
    return faults


def _health_faults(values: Values, lists: CodeLists) -> list[Fault]:
    states = _text(values, _HEALTH).split()
    faults: list[Fault] = []
    if _HEALTHY in states and len(states) > 1:
        faults.append(warning("member.health_none_and_ill", _HEALTH))
    disabled = any(lists[_HEALTH].trait(state, "disabled") for state in states)
    if disabled and not values.get("disability_no"):
        faults.append(warning("member.no_card", "disability_no"))
    insured = _text(values, "insurance").split()
    if {"resident_medical", "employee_medical"} <= set(insured) or ("none" in insured and len(insured) > 1):
        faults.append(warning("member.insurance_both", "insurance"))
    return faults


def _labour_faults(values: Values, lists: CodeLists, today: date) -> list[Fault]:
    age = age_on(_text(values, "born"), today)
    labour = _text(values, "labour")
    if age is not None and age < WORKING_AGE and lists["labour"].trait(labour, "able"):
        return [warning("member.child_labour", "labour", age=age)]
    return []


def _text(values: Values, code: str) -> str:
    return str(values.get(code, ""))
