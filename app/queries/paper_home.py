"""Papers about one household or one meeting: the income sheet, the written notice, the minutes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.errors import Refused
from app.domain.identity import mask_id
from app.domain.ids import Kind, Level
from app.domain.lines import frozen_line
from app.domain.meeting import rule_for
from app.domain.money import yuan_grouped
from app.domain.workflow import END
from app.journal.authority import EntryState
from app.journal.entry import trusted
from app.queries import rows
from app.queries.paper_lists import foot
from app.queries.paper_rows import rows_of_cases, rows_where
from app.queries.paper_words import Imprint, Wording, chinese_date, issuer_name
from app.queries.verdicts import conditions_of, members_of, statement_of, verdicts_of
from app.storage import tables
from reports.plain_list import Align, Column, PlainListSheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

    from app.domain.ids import Value
    from app.domain.income import Statement
    from app.domain.workflow import Workflow
    from app.queries.paper_rows import PaperRow
    from app.queries.policy import Policy

_HERE = frozenset({"", "present"})
_RECORDED = frozenset({"save", "strike"})  # acts that record something and tell the household nothing
_Cells = tuple[str, str, str]


def household_sheet(conn: Connection, policy: Policy, imprint: Imprint, case: str) -> PlainListSheet:
    """Return the household of a case: its people and the arithmetic of its income, to be signed.

    Raises:
        Refused: ``entity.unknown``, ``pack.no_wording``, ``pack.unknown``.
    """
    sheet = _Home.of(conn, policy, case)
    words = sheet.words
    return PlainListSheet(
        title=words.text("title"),
        columns=(
            Column(words.text("item"), 3.4),
            Column(words.text("content"), 8, Align.LEFT),
            Column(words.text("value"), 4.6, Align.RIGHT),
        ),
        rows=tuple(sheet.rows()),
        subtitle=(_place_line(conn, imprint, sheet.row),),
        footer=foot(words, imprint),
    )


def minutes_sheet(conn: Connection, policy: Policy, imprint: Imprint, meeting: str) -> PlainListSheet:
    """Return the minutes of an appraisal meeting with the vote on every household.

    Raises:
        Refused: ``entity.unknown``, ``meeting.no_cases``, ``pack.no_wording``, ``pack.unknown``.
    """
    held = rows.get(conn, Kind.MEETING, meeting)
    listed = rows_where(conn, "meeting", meeting)
    if not listed:
        raise Refused("meeting.no_cases")
    pack = policy.pack(rows.text(listed[0].values, "pack"))
    words, appraisals = Wording(pack, ("minutes", "list")), policy.codes("appraisal")
    votes = ("votes_for", "votes_against", "votes_abstain")
    heads = (("no", 1.6), ("group", 3), ("head", 3.2), ("size", 2.2), *((vote, 1.8) for vote in votes))
    return PlainListSheet(
        title=words.text("title", body=policy.codes("meeting_body").label(rows.text(held, "body"))),
        columns=(
            *(Column(words.text(part), width) for part, width in heads),
            Column(words.text("recused"), 4, Align.LEFT),
            Column(words.text("appraisal"), 3.2),
        ),
        rows=tuple(
            (
                *(str(number), row.group, row.head, str(row.size)),
                *(rows.text(row.values, vote) for vote in votes),
                rows.text(row.values, "recused"),
                appraisals.label(rows.text(row.values, "appraisal")),
            )
            for number, row in enumerate(listed, start=1)
        ),
        subtitle=(_place_line(conn, imprint, replace(listed[0], group="")), *_minutes(words, held)),
        footer=foot(words, imprint),
    )


def slip_sheet(conn: Connection, policy: Policy, imprint: Imprint, case: str) -> PlainListSheet:
    """Return the written word to a household about its case's last return, rejection or the like.

    Raises:
        Refused: ``paper.nothing_to_tell`` when nothing was decided against it; ``entity.unknown`` and the
            pack's codes.
    """
    rows.get(conn, Kind.CASE, case)
    (row,) = rows_of_cases(conn, [case])
    pack = policy.pack(rows.text(row.values, "pack"))
    told = last_reasoned(conn, case)
    if told is None:
        raise Refused("paper.nothing_to_tell")
    words, workflow = Wording(pack, ("household_slip", "list")), policy.workflow(row.values)
    level = Level(str(told.get("level", Level.VILLAGE)))
    lines = (
        ("head", row.head),
        ("step", _step_name(workflow, told)),
        ("result", _action_label(workflow, str(told.get("action", "")))),
        ("reason", _reason(workflow, told)),
        ("on", chinese_date(told.get("on"))),
        ("issuer", issuer_name(pack, imprint, row.village, level, imprint.today)),
        ("notice", words.text("body", head=row.head, hotline=pack.parameters.hotline)),
    )
    return PlainListSheet(
        title=words.text("title"),
        columns=(Column(words.text("item"), 3), Column(words.text("content"), 13, Align.LEFT)),
        rows=tuple((words.text(part), text) for part, text in lines),
        subtitle=(_place_line(conn, imprint, row),),
        footer=foot(words, imprint),
    )


def last_reasoned(conn: Connection, case: str) -> Mapping[str, Value] | None:
    """Return the extras of the latest act on a case that gave a reason, None when there was none."""
    entity, journal = tables.entity, tables.journal
    query = (
        select(journal.c.body)
        .join(entity, entity.c.eid == journal.c.eid)
        .where(entity.c.uid == case, journal.c.state == int(EntryState.PROJECTED))
    )
    bodies = [trusted(body) for body in conn.execute(query).scalars()]
    acts = [
        body
        for body in bodies
        if {"reason", "reason_code"} & set(body.extras)
        and str(body.extras.get("action", "")).rpartition(".")[2] not in _RECORDED
    ]
    return max(acts, key=lambda body: (body.hlc, body.nonce)).extras if acts else None


@dataclass(frozen=True, slots=True)
class _Home:
    """One household in the round of one of its cases, turned into rows."""

    conn: Connection
    policy: Policy
    row: PaperRow
    words: Wording
    statement: Statement

    @classmethod
    def of(cls, conn: Connection, policy: Policy, case: str) -> _Home:
        rows.get(conn, Kind.CASE, case)
        (row,) = rows_of_cases(conn, [case])
        pack = policy.pack(rows.text(row.values, "pack"))
        statement = statement_of(conn, row.household, rows.text(row.values, "round"))
        return cls(conn, policy, row, Wording(pack, ("household_sheet", "list")), statement)

    def rows(self) -> Iterator[_Cells]:
        """Yield item, content and value: who lives there, how, and what they live on."""
        yield from self._house()
        yield from self._members()
        yield from self._living()
        yield from self._income()
        yield (self.words.text("signatures"), "\n\n", "")

    def _house(self) -> Iterator[_Cells]:
        home = rows.get(self.conn, Kind.HOUSEHOLD, self.row.household)
        # The official number begins with the village's code, which stands above; alone it is short.
        code = rows.text(home, "code").removeprefix(self.row.village)
        yield self.words.text("head"), self.row.head, ""
        yield self.words.text("code"), code[-8:], ""
        yield self.words.text("address"), rows.text(home, "address") or self.row.group, ""
        yield self.words.text("size"), "", f"{self.row.size}{self.words.text('person_unit')}"

    def _members(self) -> Iterator[_Cells]:
        relation, sex = self.policy.codes("relation"), self.policy.codes("sex")
        members = [
            member
            for _, member in members_of(self.conn, self.row.household)
            if rows.text(member, "status") in _HERE
        ]
        for member in sorted(members, key=lambda m: (rows.text(m, "relation"), rows.text(m, "born"))):
            said = (
                rows.text(member, "name"),
                relation.label(rows.text(member, "relation")),
                sex.label(rows.text(member, "sex")),
                chinese_date(member.get("born")),
            )
            number = mask_id(rows.text(member, "id_number"))
            yield self.words.text("member"), "　".join(part for part in said if part), number

    def _living(self) -> Iterator[_Cells]:
        if not conditions_of(self.conn, self.row.household, rows.text(self.row.values, "round")):
            return
        verdicts = self.policy.codes("verdict")
        for judged in verdicts_of(self.conn, self.policy, self.row.values):
            name = judged.dimension.name
            yield self.words.text("living"), name, verdicts.label(str(judged.state))

    def _income(self) -> Iterator[_Cells]:
        words, statement = self.words, self.statement
        year = words.text("per_year")
        if not statement.recorded:
            yield words.text("net"), words.text("not_recorded"), ""
            return
        for line in statement.lines:
            listname = "income_category" if line.sign > 0 else "expense_category"
            label = self.policy.codes(listname).label(line.category)
            detail = "　".join(f"{part.name} {yuan_grouped(part.fen)}" for part in line.parts if part.counted)
            sign = "" if line.sign > 0 or not line.fen else "－"
            yield label, detail, f"{sign}{yuan_grouped(line.fen)}{year}"
        if statement.left_out_fen:
            yield words.text("left_out"), "", f"{yuan_grouped(statement.left_out_fen)}{year}"
        yield words.text("net"), "", f"{yuan_grouped(statement.net_fen)}{year}"
        yield words.text("counted"), "", f"{statement.persons}{words.text('person_unit')}"
        if statement.per_head_fen is not None:
            per_head = f"{yuan_grouped(statement.per_head_fen)}{words.text('per_head_year')}"
            yield words.text("per_head"), "", per_head
        line_now = frozen_line(self.row.values)
        if line_now is None:
            yield words.text("line"), words.text("line_none"), ""
        else:
            amount = f"{yuan_grouped(line_now.fen)}{words.text('per_head_year')}"
            yield words.text("line"), line_now.doc, amount


def _place_line(conn: Connection, imprint: Imprint, row: PaperRow) -> str:
    round_values = rows.find(conn, Kind.ROUND, rows.text(row.values, "round")) or {}
    place = imprint.address(row.village, row.group)
    return "　".join(part for part in (place, rows.text(round_values, "name")) if part)


def _minutes(words: Wording, held: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the lines above the votes: when, where, who, how many, what was said."""
    rule = rule_for(words.pack.quorum, held)
    said: dict[str, Value] = {
        "held_on": chinese_date(held.get("held_on")),
        "where": rows.text(held, "place"),
        "chair": rows.text(held, "chair"),
        "recorder": rows.text(held, "recorder"),
        "supervisor": rows.text(held, "supervisor"),
        "eligible": rows.number(held, "eligible"),
        "present": rows.number(held, "present"),
        "rule": rule.name if rule else "",
    }
    lines = [words.text(part, **said) for part in ("held", "people", "attendance")]
    text = [line for line in rows.text(held, "minutes").splitlines() if line.strip()]
    return (*lines, *text)


def _step_name(workflow: Workflow, told: Mapping[str, Value]) -> str:
    names = {step.id: step.name for step in workflow.steps}
    steps = str(told.get("from", "")).split()
    return "、".join(names.get(step, step) for step in steps if step != END)


def _action_label(workflow: Workflow, action: str) -> str:
    step_id, _, outcome_id = action.rpartition(".")
    for step in workflow.steps:
        for outcome in step.outcomes:
            if (step.id, outcome.id) == (step_id, outcome_id):
                return outcome.label
    return next((label for verb, label in workflow.labels.items() if str(verb) == outcome_id), outcome_id)


def _reason(workflow: Workflow, told: Mapping[str, Value]) -> str:
    code = str(told.get("reason_code", ""))
    label = next((reason.label for reason in workflow.reasons if reason.id == code), code)
    return "：".join(part for part in (label, str(told.get("reason", ""))) if part)
