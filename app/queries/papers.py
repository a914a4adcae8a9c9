"""The two papers with a form of their own: the public notice and the exit certificate.

    notice_sheet(conn, policy, publicity_id, Imprint(places, today))
    certificate_sheet(conn, policy, case_id, Imprint(places, today), "990101001201-2026-0001")

What is read here is all that is printed: a notice's row has four columns and no field for more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.calendar import DayType, parse_date
from app.domain.errors import Refused
from app.domain.ids import Kind, Level
from app.domain.trust import parse_trust
from app.domain.trust_chain import certificates_by_device
from app.queries import rows
from app.queries.paper_rows import rows_of_cases, rows_where, totals
from app.queries.paper_words import Imprint, Wording, chinese_date, issuer_name
from app.storage import tables
from reports.certificate import CertificateSheet
from reports.notice import Contact, NoticeRow, NoticeSheet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy import Connection

    from app.domain.ids import Value
    from app.domain.pack import Pack
    from app.queries.paper_rows import PaperRow
    from app.queries.policy import Policy

    Values = Mapping[str, Value]

_NOTICE = "notice"
_CERTIFICATE = "certificate"
_LEVELS = (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY)


def _left_before(row: PaperRow, notice: Mapping[str, Value]) -> bool:
    """Tell whether a case ended before the notice hung: who withdrew is not put on a public board."""
    if rows.text(row.values, "status") not in _LEFT:
        return False
    posted = rows.text(notice, "posted_on")
    return not posted or rows.text(row.values, "stage_on") <= posted


_LEFT = frozenset({"withdrawn", "rejected", "refused", "closed"})


def notice_sheet(conn: Connection, policy: Policy, publicity: str, imprint: Imprint) -> NoticeSheet:
    """Return the notice of a publicity round, as it stands.

    Raises:
        Refused: ``entity.unknown``, ``publicity.struck``, ``publicity.no_cases``, ``pack.no_wording`` and
            ``pack.unknown``.
    """
    values = rows.get(conn, Kind.PUBLICITY, publicity)
    if values.get("void"):
        raise Refused("publicity.struck")
    listed = [row for row in rows_where(conn, "publicity", publicity) if not _left_before(row, values)]
    if not listed:
        raise Refused("publicity.no_cases")
    first = listed[0]
    pack = policy.pack(rows.text(first.values, "pack"))
    words = _notice_words(pack, rows.text(values, "workflow"))
    day = _notice_day(values, imprint)
    round_values = rows.find(conn, Kind.ROUND, rows.text(values, "round")) or {}
    names = imprint.names(first.village)
    households, persons = totals(listed)
    said: dict[str, Value] = {
        **names,
        "year": rows.number(round_values, "year") or day.year,
        "label": pack.label_on(day),
        "households": households,
        "persons": persons,
    }
    behalf = names["township"] if has_proxy(conn, first.village) else ""
    return NoticeSheet(
        title=words.text("title", **said),
        basis=_basis(conn, policy, words, values, said),
        result=words.text("result", **said),
        rows=tuple(
            NoticeRow(number, row.group, row.head, row.size) for number, row in enumerate(listed, start=1)
        ),
        period=_period(words, values),
        objections=words.paragraphs("objections"),
        contacts=_contacts(pack, words, imprint, values, first.village),
        issuer=issuer_name(pack, imprint, first.village, Level.VILLAGE, day),
        date=chinese_date(day.isoformat()),
        behalf=words.text("behalf", township=behalf) if behalf else "",
    )


def certificate_sheet(
    conn: Connection, policy: Policy, case: str, imprint: Imprint, number: str
) -> CertificateSheet:
    """Return the certificate of an exit case under a number.

    Raises:
        Refused: ``entity.unknown``, ``pack.no_wording`` and ``pack.unknown``.
    """
    rows.get(conn, Kind.CASE, case)
    (row,) = rows_of_cases(conn, [case])
    pack = policy.pack(rows.text(row.values, "pack"))
    words = Wording(pack, (_CERTIFICATE,))
    address = imprint.address(row.village, row.group)
    round_values = rows.find(conn, Kind.ROUND, rows.text(row.values, "round")) or {}
    today, hotline = imprint.today, pack.parameters.hotline
    said: dict[str, Value] = {
        **imprint.names(row.village),
        "no": number,
        "head": row.head,
        "size": row.size,
        "address": address,
        "year": today.year,
        "label": pack.label_on(today),
        "hotline": hotline,
        "date": chinese_date(today.isoformat()),
    }
    issuers = (issuer_name(pack, imprint, row.village, level, today) for level in _LEVELS)
    return CertificateSheet(
        title=words.text("title", **said),
        number=number,
        head=row.head,
        persons=row.size,
        address=address,
        body=words.paragraphs("body", **said),
        issuers=tuple(issuer for issuer in issuers if issuer),
        date=chinese_date(today.isoformat()),
        hotline=hotline,
        demo=round_values.get("line_demo") == 1,
    )


def has_proxy(conn: Connection, village: str) -> bool:
    """Tell whether another office writes this village's records on its behalf (代录)."""
    data = conn.execute(select(tables.trust.c.doc)).scalar()
    if data is None:
        return False
    held = [one for found in certificates_by_device(parse_trust(data)).values() for one in found]
    keys = [one.key for one in held if one.proxy and one.scope == village]
    query = select(tables.stream.c.sid).where(
        tables.stream.c.scope == village, tables.stream.c.key.in_(keys), tables.stream.c.head_seq > 0
    )
    return conn.execute(query).first() is not None


def _notice_words(pack: Pack, workflow: str) -> Wording:
    """Return the wording of a workflow's notice; what it does not word itself is that of identification."""
    return Wording(pack, (f"{_NOTICE}_{workflow}", _NOTICE))


def _notice_day(values: Values, imprint: Imprint) -> date:
    return (
        parse_date(values.get("posted_on"))
        or parse_date(values.get("from_on"))
        or parse_date(values.get("notice_on"))
        or imprint.today
    )


def _basis(conn: Connection, policy: Policy, words: Wording, values: Values, said: Values) -> tuple[str, ...]:
    """Return what the list rests on: the meeting, or only the checks where none was held (urgent path)."""
    meeting = rows.find(conn, Kind.MEETING, rows.text(values, "meeting"))
    if meeting is None:
        return words.paragraphs("basis_plain", **said)
    body = policy.codes("meeting_body").label(rows.text(meeting, "body"))
    held = chinese_date(meeting.get("held_on"))
    return words.paragraphs("basis", **said, body=body, held_on=held)


def _period(words: Wording, values: Values) -> str:
    working = values.get("day_type") == DayType.WORKING
    first, last = parse_date(values.get("from_on")), parse_date(values.get("to_on"))
    days, counted = rows.number(values, "days"), values.get("count_first") == 1
    natural_last = None if first is None else first + timedelta(days=days - int(counted))
    rolled = not working and last is not None and natural_last is not None and last > natural_last
    said: dict[str, Value] = {
        "days": days,
        "day_type": words.text("working" if working else "natural"),
        "first_day": "" if counted else words.text("first_day"),
        "from": chinese_date(values.get("from_on")),
        "to": chinese_date(values.get("to_on")),
        "rolled": words.text("rolled") if rolled else "",
    }
    return words.text("period", **said)


def _contacts(
    pack: Pack, words: Wording, imprint: Imprint, values: Values, village: str
) -> tuple[Contact, ...]:
    day = _notice_day(values, imprint)
    found = [
        Contact(
            # A number without its place's name is still a number to call.
            issuer_name(pack, imprint, village, level, day) or pack.issuer_on(level, day),
            rows.text(values, f"contact_{level}"),
        )
        for level in _LEVELS
    ]
    hotline = rows.text(values, "contact_hotline") or pack.parameters.hotline
    found.append(Contact(words.text("hotline"), hotline))
    return tuple(contact for contact in found if contact.value and contact.label)
