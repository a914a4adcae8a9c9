"""Plain lists of cases: of a step, still missing, for comparison, sample, audit; each one page of the kit.

    step_list(conn, policy, imprint, case_ids)      # PlainListSheet

Numbers of identity are masked; every page carries who printed it and when.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.evidence import missing
from app.domain.identity import mask_id
from app.domain.ids import Kind
from app.domain.stage import read_state
from app.queries import rows
from app.queries.case_facts import case_view
from app.queries.paper_rows import rows_of_cases, rows_where, totals
from app.queries.paper_words import Imprint, Wording, chinese_date
from app.queries.verdicts import members_of
from reports.plain_list import Align, Column, PlainListSheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from app.domain.ids import Value
    from app.domain.pack import Pack
    from app.queries.paper_rows import PaperRow
    from app.queries.policy import Policy

_HERE = frozenset({"", "present"})
_SHARED = "list"


@dataclass(frozen=True, slots=True)
class Listing:
    """What every list of cases is made from; ``words`` look into the list's own wording first."""

    conn: Connection
    policy: Policy
    imprint: Imprint
    cases: Sequence[PaperRow]
    words: Wording

    @property
    def pack(self) -> Pack:
        """The pack of the first case."""
        return self.words.pack

    def step_name(self, row: PaperRow) -> str:
        """Return the names of the open steps of a case; of a closed one what it came to."""
        workflow = self.policy.workflow(row.values)
        state = read_state(workflow, row.values)
        if not state.open:
            return self.policy.codes("case_status").label(str(state.status))
        return "、".join(workflow.step(step).short for step in state.open)

    def home(self, number: int, row: PaperRow) -> tuple[str, ...]:
        """Return the cells every list begins with; the village only where there are several."""
        village = (self.imprint.name(row.village),) if self.many_villages else ()
        return (str(number), *village, row.group, row.head, str(row.size))

    @property
    def many_villages(self) -> bool:
        """Tell whether the cases lie in more than one village."""
        return len({row.village for row in self.cases}) > 1

    def sheet(self, columns: Iterable[Column], cells: Iterable[tuple[str, ...]]) -> PlainListSheet:
        """Return the list: household columns, then the list's own, one row a case."""
        village = (Column(self.words.text("village"), 3),) if self.many_villages else ()
        head = (
            Column(self.words.text("no"), 1.6),
            *village,
            Column(self.words.text("group"), 3),
            Column(self.words.text("head"), 3.2),
            Column(self.words.text("size"), 2.2),
        )
        numbered = enumerate(zip(self.cases, cells, strict=True), start=1)
        return PlainListSheet(
            title=self.words.text("title", **self._said()),
            columns=(*head, *columns),
            rows=tuple((*self.home(number, row), *own) for number, (row, own) in numbered),
            subtitle=(self.words.text("summary", **self._said()),),
            footer=foot(self.words, self.imprint),
        )

    def _said(self) -> dict[str, Value]:
        first = self.cases[0]
        round_values = rows.find(self.conn, Kind.ROUND, rows.text(first.values, "round")) or {}
        households, persons = totals(self.cases)
        place = self.imprint.names(first.village)
        steps = list(dict.fromkeys(self.step_name(row) for row in self.cases))
        return {
            "place": place["township"] + ("" if self.many_villages else place["village"]),
            "round": rows.text(round_values, "name"),
            "households": households,
            "persons": persons,
            "step": steps[0] if len(steps) == 1 else "",  # a title of eight steps says nothing
        }


def step_list(conn: Connection, policy: Policy, imprint: Imprint, cases: Sequence[str]) -> PlainListSheet:
    """Return the households of these cases with their step and its limit.

    Raises:
        Refused: ``paper.nobody``, ``pack.no_wording``, ``pack.unknown``; so for every list of cases.
    """
    listing = _listing(conn, policy, imprint, rows_of_cases(conn, cases), "step_list")
    words = listing.words
    columns = (Column(words.text("step"), 3), Column(words.text("since"), 4), Column(words.text("due"), 4))
    return listing.sheet(
        columns,
        (
            (listing.step_name(row), chinese_date(row.values.get("stage_on")), chinese_date(row.due_on))
            for row in listing.cases
        ),
    )


def missing_list(conn: Connection, policy: Policy, imprint: Imprint, cases: Sequence[str]) -> PlainListSheet:
    """Return what each case still lacks to go on (还差)."""
    listing = _listing(conn, policy, imprint, rows_of_cases(conn, cases), "missing_list")
    columns = (
        Column(listing.words.text("step"), 2.4),
        Column(listing.words.text("missing"), 12, Align.LEFT),
    )
    return listing.sheet(columns, ((listing.step_name(row), _lacking(listing, row)) for row in listing.cases))


def compare_list(conn: Connection, policy: Policy, imprint: Imprint, cases: Sequence[str]) -> PlainListSheet:
    """Return the members to compare, with masked numbers, and what was found."""
    listing = _listing(conn, policy, imprint, rows_of_cases(conn, cases), "compare_list")
    words = listing.words
    made = listing.sheet((), (() for _ in listing.cases))
    own = (
        Column(words.text("name"), 3.2),
        Column(words.text("relation"), 2.8),
        Column(words.text("id_number"), 5.6),
        Column(words.text("auth_no"), 3.4),
        Column(words.text("hits"), 9, Align.LEFT),
    )
    cells = [
        (*made.rows[place], *person)
        for place, row in enumerate(listing.cases)
        for person in _compared(listing, row)
    ]
    return replace(made, columns=(*made.columns, *own), rows=tuple(cells), landscape=True)


def sample_list(conn: Connection, policy: Policy, imprint: Imprint, sample: str) -> PlainListSheet:
    """Return the households of a sample with the draw, so that anybody can draw it again."""
    drawn = rows.get(conn, Kind.SAMPLE, sample)
    cases = rows.text(drawn, "cases").split()
    listing = _listing(conn, policy, imprint, rows_of_cases(conn, cases), "sample_list")
    words, results = listing.words, policy.codes("sample_result")
    made = listing.sheet(
        (Column(words.text("result"), 5), Column(words.text("signed"), 4)),
        ((results.label(rows.text(row.values, "sample_result")), "") for row in listing.cases),
    )
    said: dict[str, Value] = {
        "date": chinese_date(drawn.get("drawn_on")),
        "population": len(rows_where(conn, "sample_in", sample)),
        "size": len(cases),
        "rate": rows.number(drawn, "rate"),
        "seed": rows.text(drawn, "seed"),
    }
    return replace(made, subtitle=(*made.subtitle, words.text("drawn", **said)))


def audit_list(conn: Connection, policy: Policy, imprint: Imprint, cases: Sequence[str]) -> PlainListSheet:
    """Return the county's list: the township's opinion and the decision on each household."""
    listing = _listing(conn, policy, imprint, rows_of_cases(conn, cases), "audit_list")
    words, decisions = listing.words, policy.codes("decision")
    columns = (
        Column(words.text("opinion"), 7, Align.LEFT),
        Column(words.text("decision"), 3.4),
        Column(words.text("approval_no"), 5),
        Column(words.text("decided_on"), 4.2),
    )
    made = listing.sheet(
        columns,
        (
            (
                rows.text(row.values, "check_opinion"),
                decisions.label(rows.text(row.values, "decision")),
                rows.text(row.values, "approval_no"),
                chinese_date(row.values.get("decided_on")),
            )
            for row in listing.cases
        ),
    )
    return replace(made, landscape=True)


def foot(words: Wording, imprint: Imprint) -> str:
    """Return the print mark of an inner paper."""
    date = chinese_date(imprint.today.isoformat())
    return words.text("foot", person=imprint.person, date=date)


def _listing(
    conn: Connection, policy: Policy, imprint: Imprint, cases: Sequence[PaperRow], paper: str
) -> Listing:
    if not cases:
        raise Refused("paper.nobody")
    pack = policy.pack(rows.text(cases[0].values, "pack"))
    return Listing(conn, policy, imprint, cases, Wording(pack, (paper, _SHARED)))


def _lacking(listing: Listing, row: PaperRow) -> str:
    """Return the labels of what the open steps lack, each for the way forward that lacks least."""
    workflow = listing.policy.workflow(row.values)
    state = read_state(workflow, row.values)
    view = case_view(listing.conn, row.case, listing.policy, row.values)
    found: dict[str, None] = {}
    for step in (workflow.step(one) for one in state.open):
        ways = [
            missing(step, outcome, view, state, listing.imprint.today)
            for outcome in step.outcomes
            if outcome.leads.is_forward
        ]
        least = min(ways, key=len, default=())
        found |= dict.fromkeys(str(dict(fault.params).get("what", "")) for fault in least)
    return "、".join(found) or listing.words.text("nothing")


def _compared(listing: Listing, row: PaperRow) -> Iterable[tuple[str, ...]]:
    """Yield the cells of each present member; what concerns the whole household stands with the first."""
    relations = listing.policy.codes("relation")
    hits = [hit for _, hit in rows.where(listing.conn, Kind.HIT, case=row.case)]
    members = [
        (uid, member)
        for uid, member in members_of(listing.conn, row.household)
        if rows.text(member, "status") in _HERE
    ]
    ordered = sorted(members, key=lambda one: (rows.text(one[1], "relation"), rows.text(one[1], "born")))
    for place, (uid, member) in enumerate(ordered):
        own = [hit for hit in hits if rows.text(hit, "member") in ({uid, ""} if place == 0 else {uid})]
        yield (
            rows.text(member, "name"),
            relations.label(rows.text(member, "relation")),
            mask_id(rows.text(member, "id_number")),
            rows.text(row.values, "auth_no"),
            "\n".join(_hit_text(listing, hit) for hit in own),
        )


def _hit_text(listing: Listing, hit: dict[str, Value]) -> str:
    """Return one hit in words; of a sensitive register only that there is one."""
    register = listing.pack.registers.get(rows.text(hit, "register"))
    name = register.name if register else rows.text(hit, "register")
    verdict = rows.text(hit, "verdict")
    label = listing.policy.codes("hit_verdict").label(verdict) if verdict else listing.words.text("unjudged")
    item = "" if register is not None and register.sensitive else rows.text(hit, "item")
    return "　".join(part for part in (name, item, label) if part)
