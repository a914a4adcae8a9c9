"""The authority matrix, whole: every op the product writes x level x where it stands, at writing and at merging.

The table is written out by hand, apart from the one in the program; the ops are read from the use cases, so that
a new one cannot be forgotten here.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from itertools import product

import pytest
from msgspec.structs import replace

from app.crypto.device_keys import verify_text
from app.domain.errors import Refused
from app.domain.ids import Kind, Level
from app.domain.trust import TrustDoc, ordered
from app.domain.trust_chain import merged, with_root
from app.journal.authority import Authority, EntryState, Place, refuse_unpermitted
from app.journal.entry import Body
from tests.architecture.sources import ROOT
from tests.trust_setting import (
    COUNTY,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    certificate,
    keys,
    usual,
)

V, T, C = Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY
ALL, ABOVE = {V, T, C}, {T, C}
STREAM = "5" * 32

OPS: dict[str, tuple[Kind, set[Level]]] = {
    "person.added": (Kind.PERSON, ALL),
    "person.edited": (Kind.PERSON, ALL),
    "duty.transfer": (Kind.PERSON, ALL),
    "duty.taken": (Kind.PERSON, ALL),
    "duty.case": (Kind.CASE, {V}),
    "round.opened": (Kind.ROUND, ALL),
    "round.closed": (Kind.ROUND, ALL),
    "round.line_set": (Kind.ROUND, ALL),
    "household.added": (Kind.HOUSEHOLD, {V}),
    "household.edited": (Kind.HOUSEHOLD, {V}),
    "household.imported": (Kind.HOUSEHOLD, {V}),
    "household.split": (Kind.HOUSEHOLD, {V}),
    "household.void": (Kind.HOUSEHOLD, {V}),
    "household.restored": (Kind.HOUSEHOLD, {V}),
    "household.alias": (Kind.HOUSEHOLD, {V, T}),
    "household.moved_away": (Kind.HOUSEHOLD, ABOVE),
    "household.moved_in": (Kind.HOUSEHOLD, ABOVE),
    "household.moved_undone": (Kind.HOUSEHOLD, ABOVE),
    "member.added": (Kind.MEMBER, {V}),
    "member.edited": (Kind.MEMBER, {V}),
    "member.imported": (Kind.MEMBER, {V}),
    "member.split": (Kind.MEMBER, {V}),
    "member.joined": (Kind.MEMBER, {V}),
    "member.moved_in": (Kind.MEMBER, ABOVE),
    "income.added": (Kind.INCOME, {V}),
    "income.edited": (Kind.INCOME, {V}),
    "income.imported": (Kind.INCOME, {V}),
    "income.split": (Kind.INCOME, {V}),
    "expense.added": (Kind.EXPENSE, {V}),
    "expense.edited": (Kind.EXPENSE, {V}),
    "expense.imported": (Kind.EXPENSE, {V}),
    "expense.split": (Kind.EXPENSE, {V}),
    "conditions.added": (Kind.CONDITIONS, {V}),
    "conditions.edited": (Kind.CONDITIONS, {V}),
    "conditions.imported": (Kind.CONDITIONS, {V}),
    "case.edited": (Kind.CASE, {V}),
    "case.visited": (Kind.CASE, ALL),
    "case.verdict_set": (Kind.CASE, ALL),
    "case.taken_along": (Kind.CASE, ALL),
    "hit.added": (Kind.HIT, ALL),
    "hit.judged": (Kind.HIT, ALL),
    "hit.struck": (Kind.HIT, ALL),
    "meeting.held": (Kind.MEETING, ALL),
    "meeting.struck": (Kind.MEETING, ALL),
    "publicity.planned": (Kind.PUBLICITY, ALL),
    "publicity.posted": (Kind.PUBLICITY, ALL),
    "publicity.taken_down": (Kind.PUBLICITY, ALL),
    "publicity.struck": (Kind.PUBLICITY, ALL),
    "objection.received": (Kind.OBJECTION, ALL),
    "objection.settled": (Kind.OBJECTION, ALL),
    "objection.struck": (Kind.OBJECTION, ALL),
    "sample.drawn": (Kind.SAMPLE, ABOVE),
    "sample.struck": (Kind.SAMPLE, ABOVE),
    "document.posted": (Kind.DOCUMENT, ALL),
    "document.issued": (Kind.DOCUMENT, ALL),
    "document.reprinted": (Kind.DOCUMENT, ALL),
    "document.voided": (Kind.DOCUMENT, ALL),
    "attachment.added": (Kind.ATTACHMENT, ALL),
    "attachment.received": (Kind.ATTACHMENT, ALL),
    "attachment.struck": (Kind.ATTACHMENT, ALL),
    "submission.finished": (Kind.SUBMISSION, ALL),
    "submission.received": (Kind.SUBMISSION, ALL),
    "submission.claimed": (Kind.SUBMISSION, ALL),
    "submission.struck": (Kind.SUBMISSION, ALL),
    "form.published": (Kind.FORM, {C}),
    "form.withdrawn": (Kind.FORM, {C}),
    "pack.published": (Kind.PACK, {C}),
}
"""Op -> the kind it is about and the levels that may write it, when it is no act of a step."""

ACTS = {
    "case.opened": None,
    "case.advanced": None,
    "case.saved": None,
    "case.returned": None,
    "case.withdrawn": None,
    "case.suspended": None,
    "case.resumed": None,
    "case.made_urgent": None,
    "case.struck": None,
    "case.reopened": None,
    "case.closed": None,
    "case.resolved": None,
    "case.corrected": None,
    "case.reconfirmed": None,
}
"""Ops of a case that move it: they name a level and belong to it."""

OF_ANY_KIND = {"conflict.resolved", "conflict.revised"}
PATTERNS = {r"\w+\.edited", r"\w+\.added", r"\w+\.split", r"\w+\.struck", r"\w+\.imported", r"\w+\.declined"}
GIVEN = {"done.op", "body.op", "op"}
"""Where the op is decided elsewhere: a transition's, a held entry's, a settled conflict's (of any kind)."""

WHERE = {VILLAGE: "own", TOWNSHIP: "above", COUNTY: "county", OTHER_VILLAGE: "beside", OTHER_TOWNSHIP: "far"}
HOLDS = {
    V: {VILLAGE},
    T: {VILLAGE, TOWNSHIP},
    C: {VILLAGE, TOWNSHIP, COUNTY, OTHER_VILLAGE, OTHER_TOWNSHIP},
}
HOLDER = {V: "village", T: "township", C: "county"}


def written_ops() -> set[str]:
    """Return the first argument of every ``record`` in the use cases; a pattern for an f-string."""
    found: set[str] = set()
    for path in sorted((ROOT / "app/usecases").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr == "record" and node.args:
                found.add(_op(node.args[0]))
    return found


def _op(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
        tail = "declined" if parts[-1] is None else str(parts[-1]).lstrip(".")
        return rf"\w+\.{tail}"
    return ast.unparse(node)


@cache
def authority() -> Authority:
    return Authority(usual().trust)


def entry(op: str, kind: Kind, **given: object) -> Body:
    return replace(Body("a" * 32, "e" * 32, str(kind), op, 1, "n", {}), **given)


def allowed_to_write(level: Level, body: Body) -> bool:
    try:
        refuse_unpermitted(level, body)
    except Refused:
        return False
    return True


def test_no_op_of_the_product_is_missing_here() -> None:
    written = written_ops()
    plain = {op for op in written if re.fullmatch(r"[a-z_]+\.[a-z_]+", op)} - GIVEN
    assert plain <= OPS.keys() | ACTS.keys() | OF_ANY_KIND
    assert written - plain <= PATTERNS | GIVEN
    # And nothing stands here that nobody writes, but for what a pattern makes and what is reserved.
    made = {op for op in OPS for pattern in PATTERNS if re.fullmatch(pattern, op)}
    assert OPS.keys() - plain - made == {"pack.published"}


def test_every_kind_is_written_by_some_op() -> None:
    assert {kind for kind, _levels in OPS.values()} == set(Kind)


@pytest.mark.parametrize(("op", "level", "scope"), list(product(OPS, Level, WHERE)))
def test_level_and_place_decide(op: str, level: Level, scope: str) -> None:
    kind, levels = OPS[op]
    body = entry(op, kind, changes={"note": "x"})
    assert allowed_to_write(level, body) is (level in levels)
    found = authority().state(Place(keys(HOLDER[level]).device, STREAM, scope, 1), body)
    may = level in levels and scope in HOLDS[level]
    assert found is (EntryState.PROJECTED if may else EntryState.UNAUTHORISED)


@pytest.mark.parametrize(("op", "level", "claimed", "scope"), list(product(ACTS, Level, Level, WHERE)))
def test_an_act_belongs_to_the_level_it_names(op: str, level: Level, claimed: Level, scope: str) -> None:
    body = entry(op, Kind.CASE, changes={"stage": "visit"}, extras={"level": str(claimed)})
    assert allowed_to_write(level, body) is (level is claimed)
    found = authority().state(Place(keys(HOLDER[level]).device, STREAM, scope, 1), body)
    may = level is claimed and scope in HOLDS[level]
    assert found is (EntryState.PROJECTED if may else EntryState.UNAUTHORISED)


@pytest.mark.parametrize("op", ACTS)
def test_an_act_without_a_level_moves_no_case(op: str) -> None:
    body = entry(op, Kind.CASE, changes={"stage": "end"})
    assert not any(allowed_to_write(level, body) for level in Level)


@pytest.mark.parametrize(("kind", "level"), list(product(Kind, Level)))
def test_an_op_of_a_later_program_is_judged_by_its_kind(kind: Kind, level: Level) -> None:
    ordinary = {
        Kind.HOUSEHOLD: {V},
        Kind.MEMBER: {V},
        Kind.INCOME: {V},
        Kind.EXPENSE: {V},
        Kind.CONDITIONS: {V},
        Kind.CASE: {V},
        Kind.SAMPLE: ABOVE,
        Kind.FORM: {C},
        Kind.PACK: {C},
    }
    revised = entry("conflict.revised", kind, changes={"note": "x"}, parents={"note": ("1" * 32,)})
    assert allowed_to_write(level, revised) is (level in ordinary.get(kind, ALL))
    body = entry(f"{kind}.tomorrow", kind, changes={"note": "x"})
    assert allowed_to_write(level, body) is (level in ordinary.get(kind, ALL))


@pytest.mark.parametrize("op", sorted(OPS))
def test_a_certificate_that_comes_late_makes_what_was_held_appear(op: str) -> None:
    kind, levels = OPS[op]
    level = min(levels, key=list(Level).index)
    given = usual()
    before = with_root(TrustDoc(), given.root, verify_text)
    place = Place(keys(HOLDER[level]).device, STREAM, VILLAGE, 1)
    body = entry(op, kind, changes={"note": "x"})
    if level is not C:
        assert Authority(before).state(place, body) is EntryState.UNAUTHORISED
    after = merged(before, ordered((), {given.township, given.village}, set(), set()), verify_text)
    assert Authority(after).state(place, body) is EntryState.PROJECTED


@pytest.mark.parametrize("op", sorted(OPS))
def test_a_proxy_writes_as_the_village_and_nowhere_else(op: str) -> None:
    kind, levels = OPS[op]
    proxy = certificate("helper", V, VILLAGE, "township", proxy=True)
    trust = merged(usual().trust, ordered((), {proxy}, set(), set()), verify_text)
    for scope in WHERE:
        found = Authority(trust).state(
            Place(keys("helper").device, STREAM, scope, 1), entry(op, kind, changes={"note": "x"})
        )
        assert (found is EntryState.PROJECTED) is (V in levels and scope == VILLAGE)
