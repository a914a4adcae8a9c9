"""Which household and case a questionnaire from a phone is about, by what the answers carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.calendar import CHINA
from app.domain.ids import Kind, is_entity_id
from app.domain.stage import read_state
from app.queries import rows
from app.queries.verdicts import members_of
from app.questionnaire.corefields import CoreAnswer, core_fields, own_amounts
from app.questionnaire.engine import Engine
from app.storage.derive import head_of as derived_head
from app.usecases.forms import model_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy import Connection

    from app.files.form_in import FormFile
    from app.questionnaire.definition import FormModel
    from app.usecases.office import Office

_END = "end"  # the preload that says when the questionnaire was finished


@dataclass(frozen=True, slots=True)
class Carried:
    """What a submission brings for the records; ``finished`` is its own civil date, None when it has none.

    ``own`` are the amounts its form asks of each member.
    """

    answers: tuple[CoreAnswer, ...]
    finished: date | None
    own: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """The household and case, both "" when ``why`` (a code) says what hindered; ``head`` is for showing."""

    household: str = ""
    case: str = ""
    head: str = ""
    why: str = ""


def read_answers(office: Office, form: FormFile, xml: bytes) -> Carried:
    """Return the core answers of a submission read under its own version.

    What the form calculates from the day is calculated for the day it was finished.

    Raises:
        BadInput: ``questionnaire.other_form`` and what else a damaged submission raises.
    """
    model = model_of(form)
    now = office.workspace.clock.now().astimezone(CHINA)
    engine = Engine(model, now, xml)
    ended = _ended(engine, model)
    if ended is not None:
        engine = Engine(model, ended, xml)
    return Carried(core_fields(engine), ended.date() if ended is not None else None, own_amounts(model))


def _ended(engine: Engine, model: FormModel) -> datetime | None:
    for bind in model.binds.values():
        if bind.preload == "timestamp" and bind.preload_params == _END:
            for entry in engine.at(bind.path):
                try:
                    return datetime.fromisoformat(entry.value).astimezone(CHINA)
                except ValueError:
                    continue
    return None


def find_place(conn: Connection, office: Office, answers: Sequence[CoreAnswer], case: str = "") -> Found:
    """Return the one household and open case the answers name by id, number or ID number.

    ``case`` is a case the file names beside its answers; why nothing was found: ``phone.no_household``,
    ``phone.several_households``, ``phone.no_case``, ``phone.several_cases``.
    """
    named = {str(a.value) for a in answers if a.field == "case.id"} | {case}
    own = rows.many(conn, Kind.CASE, (uid for uid in named if is_entity_id(uid)))
    homes = {str(values.get("household", "")) for values in own.values()} | _homes(conn, answers)
    homes -= {""}
    if len(homes) != 1:
        return Found(why="phone.several_households" if homes else "phone.no_household")
    home = homes.pop()
    cases = sorted(own) if len(own) == 1 else open_cases(conn, office, home)
    if len(cases) != 1:
        return Found(why="phone.several_cases" if cases else "phone.no_case")
    return Found(home, cases[0], _head(conn, home))


def open_cases(conn: Connection, office: Office, household: str) -> list[str]:
    """Return the cases of a household that are still on their way."""
    found = rows.where(conn, Kind.CASE, household=household)
    return [
        uid
        for uid, values in found
        if read_state(office.policy.workflow(values), values).stage_on is not None
    ]


def _head(conn: Connection, household: str) -> str:
    people = [(0, uid, values) for uid, values in members_of(conn, household)]
    return rows.text(derived_head(people), "name")


def with_member_ids(
    conn: Connection, household: str, answers: Sequence[CoreAnswer]
) -> tuple[CoreAnswer, ...]:
    """Return the answers, rows of known members marked as theirs: by ID number or a name that is unique.

    A form filled in from nothing does not know the ids of the members; without them everybody would be added
    a second time.
    """
    people = members_of(conn, household)
    by_number = {rows.text(m, "id_number"): uid for uid, m in people if m.get("id_number")}
    names = [rows.text(m, "name") for _, m in people]
    by_name = {rows.text(m, "name"): (uid, m) for uid, m in people if names.count(rows.text(m, "name")) == 1}
    said = {(a.row, a.field): str(a.value).strip() for a in answers}
    uids = {uid for uid, _ in people}

    def known(row: str) -> str:
        uid = said.get((row, "member.id"), "")
        number = said.get((row, "member.id_number"), "").upper()
        if uid in uids or number in by_number:
            return uid if uid in uids else by_number[number]
        named, member = by_name.get(said.get((row, "member.name"), ""), ("", {}))
        # Two numbers are two persons, whatever their names.
        return "" if number and member.get("id_number") else named

    rest = [a for a in answers if not (a.row and a.field == "member.id")]
    listed = dict.fromkeys(a.row for a in answers if a.row and a.field.startswith("member."))
    return (*rest, *(CoreAnswer(row, "member.id", known(row)) for row in listed))


def _homes(conn: Connection, answers: Iterable[CoreAnswer]) -> set[str]:
    homes: set[str] = set()
    for answer in answers:
        text = str(answer.value).strip()
        if text:
            homes |= set(_homes_named(conn, answer.field, text))
    return homes


def _homes_named(conn: Connection, field: str, text: str) -> Iterable[str]:
    if field == "household.id" and is_entity_id(text):
        yield from rows.many(conn, Kind.HOUSEHOLD, [text])
    elif field == "household.code":
        yield from (uid for uid, _ in rows.where(conn, Kind.HOUSEHOLD, code=text))
    elif field == "member.id" and is_entity_id(text):
        yield from (rows.text(m, "household") for m in rows.many(conn, Kind.MEMBER, [text]).values())
    elif field == "member.id_number":
        found = rows.where(conn, Kind.MEMBER, id_number=text.upper())
        yield from (rows.text(m, "household") for _, m in found)
