from __future__ import annotations

import dataclasses
from itertools import product

import pytest
from msgspec.structs import replace

from app.crypto.device_keys import verify_text
from app.domain.errors import Refused
from app.domain.ids import Kind, Level
from app.domain.trust import Revocation, StreamEnd, TrustDoc, ordered
from app.domain.trust_chain import merged
from app.journal.authority import MATRIX, Authority, EntryState, OwnRole, Place, permits, refuse_unpermitted
from app.journal.entry import Body
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
S = "5" * 32

# Written out by hand, independently of the table in the program.
EXPECTED = {
    Kind.PERSON: {V, T, C},
    Kind.ROUND: {V, T, C},
    Kind.HOUSEHOLD: {V},
    Kind.MEMBER: {V},
    Kind.INCOME: {V},
    Kind.EXPENSE: {V},
    Kind.CONDITIONS: {V},
    Kind.CASE: {V},
    Kind.HIT: {V, T, C},
    Kind.MEETING: {V, T, C},
    Kind.PUBLICITY: {V, T, C},
    Kind.OBJECTION: {V, T, C},
    Kind.SAMPLE: {T, C},
    Kind.DOCUMENT: {V, T, C},
    Kind.ATTACHMENT: {V, T, C},
    Kind.SUBMISSION: {V, T, C},
    Kind.FORM: {C},
    Kind.PACK: {C},
}
SCOPES = [VILLAGE, TOWNSHIP, COUNTY, OTHER_VILLAGE, OTHER_TOWNSHIP]
WITHIN = {
    V: {VILLAGE},
    T: {VILLAGE, TOWNSHIP},
    C: {VILLAGE, TOWNSHIP, COUNTY, OTHER_VILLAGE, OTHER_TOWNSHIP},
}
HOLDER = {V: "village", T: "township", C: "county"}


def body(kind: str, op: str = "", changes=None, extras=None, version: int = 1) -> Body:
    return Body(
        "a" * 32, "e" * 32, kind, op or f"{kind}.edited", 1, "n", changes or {}, {}, extras or {}, version
    )


def place(device: str, scope: str = VILLAGE, number: int = 1, stream: str = S) -> Place:
    return Place(keys(device).device, stream, scope, number)


def test_every_kind_stands_in_the_matrix() -> None:
    assert set(MATRIX) == set(Kind) == set(EXPECTED)
    assert all("" in rules for rules in MATRIX.values())


@pytest.mark.parametrize(("level", "kind", "scope"), list(product(Level, Kind, SCOPES)))
def test_role_scope_kind(level: Level, kind: Kind, scope: str) -> None:
    may = level in EXPECTED[kind] and scope in WITHIN[level]
    found = Authority(usual().trust).state(place(HOLDER[level], scope), body(kind))
    assert found is (EntryState.PROJECTED if may else EntryState.UNAUTHORISED)


@pytest.mark.parametrize(("level", "claimed"), list(product(Level, [*Level, "emperor", 1, ""])))
def test_a_transition_belongs_to_the_level_it_claims(level: Level, claimed: str | int) -> None:
    assert permits(level, body("case", "case.advanced", extras={"level": claimed})) is (level == claimed)


@pytest.mark.parametrize(("level", "may"), [(V, False), (T, True), (C, True)])
def test_no_village_approves(level: Level, may: bool) -> None:
    approval = body("case", "case.advanced", {"status": "approved"}, {"level": str(level)})
    assert permits(level, approval) is may
    signed = {"status": "approved", "stage": "end", "decision": "approve"}
    assert permits(level, body("case", "case.advanced", signed, {"level": str(level)})) is may


def test_a_village_closes_a_case_that_was_decided_above() -> None:
    closing = body("case", "case.advanced", {"status": "approved", "stage": "end"}, {"level": "village"})
    assert permits(V, closing)


@pytest.mark.parametrize(
    ("op", "kind", "levels"),
    [
        ("household.moved", Kind.HOUSEHOLD, {T, C}),
        ("household.aliased", Kind.HOUSEHOLD, {V, T}),
        ("household.added", Kind.HOUSEHOLD, {V}),
        ("member.moved", Kind.MEMBER, {T, C}),
    ],
)
def test_the_longest_beginning_of_the_op_decides(op: str, kind: Kind, levels: set[Level]) -> None:
    assert {level for level in Level if permits(level, body(kind, op))} == levels


@pytest.mark.parametrize("op", ["case.visited", "case.verdict_set", "case.taken_along"])
def test_what_may_come_from_above_never_moves_a_case(op: str) -> None:
    for level in Level:
        assert permits(level, body("case", op, {"override_income": "pass"}))
        assert not permits(level, body("case", op, {"stage": "end"}))
        assert not permits(level, body("case", "case.edited", {"status": "active"}))


@pytest.mark.parametrize("kind", [Kind.HOUSEHOLD, Kind.CASE, Kind.FORM])
def test_a_conflict_is_settled_by_whoever_has_both_sides(kind: Kind) -> None:
    both, one = {"group": ("1" * 32, "2" * 32)}, {"group": ("1" * 32,)}
    settled = replace(body(kind, "conflict.resolved", {"group": "3"}), parents=both)
    assert all(permits(level, settled) for level in Level)
    for less in (one, {}):
        pretended = replace(settled, parents=less)
        assert {level for level in Level if permits(level, pretended)} == EXPECTED[kind]
    stage = replace(body("case", "conflict.resolved", {"stage": "end"}), parents={"stage": both["group"]})
    assert not any(permits(level, stage) for level in Level)


@pytest.mark.parametrize(
    ("level", "entry", "code"),
    [
        (T, body("household"), "authority.for_village"),
        (V, body("sample"), "authority.for_township"),
        (V, body("pack"), "authority.for_county"),
        (T, body("pack"), "authority.for_county"),
        (V, body("case", "case.edited", {"stage": "end"}), "authority.for_nobody"),
        (
            V,
            body("case", "case.advanced", {"status": "approved"}, {"level": "village"}),
            "authority.for_nobody",
        ),
    ],
)
def test_whose_business_it_is_is_said_before_it_is_written(level: Level, entry: Body, code: str) -> None:
    with pytest.raises(Refused) as caught:
        refuse_unpermitted(level, entry)
    assert caught.value.code == code
    refuse_unpermitted(V, body("household"))


def test_what_a_later_program_writes_is_kept_unknown() -> None:
    authority = Authority(usual().trust)
    assert authority.state(place("village"), body("clue")) is EntryState.UNKNOWN
    assert authority.state(place("village"), body("household", version=2)) is EntryState.UNKNOWN


def test_a_stranger_waits_until_the_certificate_arrives() -> None:
    trust = usual().trust
    entry = body("household")
    assert Authority(trust).state(place("laptop2"), entry) is EntryState.UNAUTHORISED
    assert not Authority(trust).is_known(keys("laptop2").device)
    news = ordered((), {certificate("laptop2", V, VILLAGE, "township")}, set(), set())
    later = Authority(merged(trust, news, verify_text))
    assert later.state(place("laptop2"), entry) is EntryState.PROJECTED
    assert later.is_known(keys("laptop2").device)


def test_this_computer_counts_in_its_claimed_role_until_it_is_certified() -> None:
    own = OwnRole(keys("laptop2").device, V, VILLAGE)
    alone = Authority(TrustDoc(), own)
    assert alone.state(place("laptop2"), body("household")) is EntryState.PROJECTED
    assert alone.state(place("laptop2", OTHER_VILLAGE), body("household")) is EntryState.UNAUTHORISED
    assert alone.state(place("village"), body("household")) is EntryState.UNAUTHORISED
    elsewhere = ordered((), {certificate("laptop2", V, OTHER_VILLAGE, "county")}, set(), set())
    certified = Authority(merged(usual().trust, elsewhere, verify_text), own)
    assert certified.state(place("laptop2"), body("household")) is EntryState.UNAUTHORISED
    assert certified.state(place("laptop2", OTHER_VILLAGE), body("household")) is EntryState.PROJECTED


def test_a_township_writes_for_a_village_only_by_proxy() -> None:
    trust = usual().trust
    assert Authority(trust).state(place("township"), body("household")) is EntryState.UNAUTHORISED
    proxy = ordered((), {certificate("township", V, VILLAGE, "township", proxy=True)}, set(), set())
    both = Authority(merged(trust, proxy, verify_text))
    assert both.state(place("township"), body("household")) is EntryState.PROJECTED
    assert both.state(place("township"), body("sample")) is EntryState.PROJECTED
    assert both.state(place("township", "990101001202"), body("household")) is EntryState.UNAUTHORISED


def revoked(*ends: StreamEnd) -> Revocation:
    made = Revocation(keys("village").key, ends, keys("township").key, "2026-03-01", "lost")
    return dataclasses.replace(made, signature=keys("township").sign(made.signed_part()))


def test_a_revoked_device_counts_up_to_the_entries_named() -> None:
    news = ordered((), set(), {revoked(StreamEnd(S, 3, "b" * 32))}, set())
    authority = Authority(merged(usual().trust, news, verify_text))
    states = [authority.state(place("village", number=n), body("household")) for n in (1, 3, 4)]
    assert states == [EntryState.PROJECTED, EntryState.PROJECTED, EntryState.REVOKED]
    assert authority.state(place("village", stream="6" * 32), body("household")) is EntryState.REVOKED


def test_two_revocations_leave_what_both_leave() -> None:
    both = {
        revoked(StreamEnd(S, 3, "b" * 32), StreamEnd("6" * 32, 9, "c" * 32)),
        revoked(StreamEnd(S, 2, "d" * 32)),
    }
    authority = Authority(merged(usual().trust, ordered((), set(), both, set()), verify_text))
    states = [authority.state(place("village", number=n), body("household")) for n in (2, 3)]
    assert states == [EntryState.PROJECTED, EntryState.REVOKED]
    assert authority.state(place("village", stream="6" * 32), body("household")) is EntryState.REVOKED
