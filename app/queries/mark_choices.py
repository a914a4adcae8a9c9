"""What can be marked on a case that is sent back: the parts of the household as its pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.field_types import FieldType
from app.domain.fields import FIELDS
from app.domain.ids import Kind
from app.domain.returned import VERDICT, Mark
from app.queries import rows
from app.queries.verdicts import members_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from app.domain.ids import Value
    from app.queries.policy import Policy

_MONEY = (Kind.INCOME, Kind.EXPENSE)
_PAPERS = (Kind.SUBMISSION, Kind.ATTACHMENT, Kind.DOCUMENT)
_NOT_ASKED = frozenset({"village", "code", "status", "void", "void_reason"})


@dataclass(frozen=True, slots=True)
class MarkChoice:
    """One part to tick; ``group`` is the kind it is shown under.

    ``label`` is the key of its field's name, "" for a whole part, which is then called ``about`` (a member,
    an item, a dimension; "" for the part as such).
    """

    mark: str
    group: str
    label: str
    about: str = ""


def mark_choices(conn: Connection, policy: Policy, case: str) -> tuple[MarkChoice, ...]:
    """Return what can be marked on one case, in the order of the household's page.

    Raises:
        Refused: ``entity.unknown`` and the pack's codes.
    """
    values = rows.get(conn, Kind.CASE, case)
    household, round_id = rows.text(values, "household"), rows.text(values, "round")
    found = list(_fields(Kind.HOUSEHOLD))
    for uid, member in members_of(conn, household):
        name = rows.text(member, "name")
        found.append(MarkChoice(Mark(Kind.MEMBER, "", uid).text, Kind.MEMBER, "", name))
        found += _fields(Kind.MEMBER, uid, name)
    for kind in _MONEY:
        items = rows.where(conn, kind, household=household, round=round_id)
        found += [MarkChoice(Mark(kind, "", uid).text, kind, "", _item(policy, one)) for uid, one in items]
        found.append(MarkChoice(Mark(kind).text, kind, ""))
    found += _fields(Kind.CONDITIONS)
    found += _judged(policy, values)
    return (*found, *general_marks())


def general_marks() -> tuple[MarkChoice, ...]:
    """Return what can be marked on many cases at once: whole parts."""
    parts = (Kind.HOUSEHOLD, Kind.MEMBER, *_MONEY, Kind.CONDITIONS, *_PAPERS)
    return tuple(MarkChoice(Mark(kind).text, "whole", "", str(kind)) for kind in parts)


def _fields(kind: Kind, uid: str = "", about: str = "") -> Iterator[MarkChoice]:
    for code, definition in FIELDS[kind].items():
        if definition.type not in {FieldType.ID, FieldType.DIGEST} and code not in _NOT_ASKED:
            yield MarkChoice(Mark(kind, code, uid).text, kind, f"field.{kind}.{code}", about)


def _judged(policy: Policy, case: dict[str, Value]) -> list[MarkChoice]:
    dimensions = policy.pack(rows.text(case, "pack")).dimensions
    return [MarkChoice(Mark(VERDICT, one.id).text, VERDICT, "", one.name) for one in dimensions]


def _item(policy: Policy, item: dict[str, Value]) -> str:
    return rows.text(item, "name") or policy.codes("income_item").label(rows.text(item, "item"))
