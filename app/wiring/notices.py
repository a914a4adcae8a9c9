"""Public notices and objections, filled from the open office."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from app.domain.ids import EntityId, Kind
from app.ui.desks.notices import NoticesDesk, PeriodShown
from app.wiring.batch import told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.changes import Changes
    from app.domain.ids import Value
    from app.domain.objection import Answer
    from app.queries.publicity import ObjectionLine, PublicityLine
    from app.ui.desks.batch import BatchDone
    from app.ui.desks.notices import Posting
    from app.wiring.room import Room

_CONTACTS = ("contact_village", "contact_township", "contact_county", "contact_hotline")


def notices_desk(room: Room) -> NoticesDesk:
    """Return the callables of the notices page."""
    return NoticesDesk(
        notices=partial(_notices, room),
        objections=partial(_objections, room),
        period=partial(_period, room),
        contacts=partial(_contacts, room),
        plan=partial(_plan, room),
        post=partial(_post, room),
        take_down=partial(_take_down, room),
        conclude=partial(_conclude, room),
        strike=partial(_strike, room),
        object=partial(_object, room),
        settle=partial(_settle, room),
    )


def _notices(room: Room, round_id: str) -> Sequence[PublicityLine]:
    from app.queries.publicity import publicity_rounds

    with room.read() as conn:
        return publicity_rounds(conn, room.look(), round_id)


def _objections(room: Room, publicity: str) -> Sequence[ObjectionLine]:
    from app.queries.publicity import objections

    with room.read() as conn:
        return objections(conn, room.look(), publicity)


def _period(room: Room, case: str, day: str) -> PeriodShown:
    from app.domain.calendar import DayType
    from app.queries import rows
    from app.usecases.publicity import period_of, rule_of

    with room.read() as conn:
        values = rows.get(conn, Kind.CASE, case)
    rule = rule_of(room.office, values)
    period = period_of(room.office, values, date.fromisoformat(day))
    first = period.first if rule.count_first_day else period.first + timedelta(days=1)
    return PeriodShown(
        days=rule.days,
        natural=rule.day_type is DayType.NATURAL,
        posted=period.first.isoformat(),
        first=first.isoformat(),
        last=period.last.isoformat(),
        unknown_year=period.unknown_year,
        place=rule.place,
    )


def _contacts(room: Room, round_id: str) -> Mapping[str, Value]:
    """Return the contacts of the latest notice of a round, else of any round, else the pack's hotline."""
    from app.queries import rows
    from app.queries.board import round_lines

    with room.read() as conn:
        pack = room.policy.pack(str(rows.get(conn, Kind.ROUND, round_id)["pack"]))
        for line in (round_id, *(one.id for one in round_lines(conn, room.facts.scope))):
            found = [values for _, values in rows.where(conn, Kind.PUBLICITY, round=line)]
            if found:
                last = max(found, key=lambda values: str(values.get("notice_on", "")))
                return {code: last.get(code, "") for code in _CONTACTS}
    return {"contact_hotline": pack.parameters.hotline}


def _plan(room: Room, cases: Sequence[str], day: str, contacts: Mapping[str, Value]) -> Changes:
    from app.usecases.publicity import plan_publicity

    uids = [EntityId(case) for case in cases]
    return plan_publicity(room.office, uids, date.fromisoformat(day), contacts)


def _post(room: Room, posting: Posting) -> Changes:
    from app.usecases.publicity import post_publicity

    on = date.fromisoformat(posting.on)
    return post_publicity(room.office, EntityId(posting.publicity), on, posting.where, posting.by)


def _take_down(room: Room, publicity: str, on: str, result: str) -> Changes:
    from app.usecases.publicity import take_down

    return take_down(room.office, EntityId(publicity), date.fromisoformat(on), result)


def _conclude(room: Room, publicity: str) -> BatchDone:
    from app.usecases.publicity import conclude_publicity

    return told(room, conclude_publicity(room.office, EntityId(publicity)))


def _strike(room: Room, publicity: str, reason: str) -> Changes:
    from app.usecases.publicity import strike_publicity

    return strike_publicity(room.office, EntityId(publicity), reason)


def _object(room: Room, publicity: str, case: str, fields: Mapping[str, Value]) -> Changes:
    from app.usecases.objections import add_objection

    return add_objection(room.office, EntityId(publicity), EntityId(case), fields)


def _settle(room: Room, objection: str, answer: Answer) -> Changes:
    from app.usecases.objections import settle_objection

    return settle_objection(room.office, EntityId(objection), answer)
