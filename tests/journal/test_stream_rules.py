"""The judgement of a whole stream is that of each of its entries."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from itertools import product

import pytest

from app.crypto.device_keys import verify_text
from app.domain.bound_id import bound_id
from app.domain.ids import Kind, Level, Value
from app.domain.trust import Revocation, StreamEnd, TrustDoc, ordered
from app.domain.trust_chain import merged
from app.journal.authority import Authority, EntryState, Place
from app.journal.entry import Body
from tests.trust_setting import VILLAGE, keys, usual

ELSEWHERE = "990101001202"
STREAM = "5" * 32
KINDS = ("household", "member", "case", "hit", "clue")
OPS = ("household.moved_in", "case.visited", "conflict.resolved", "entry.redacted", "anything.new")
HOMES = ("e" * 32, *(str(bound_id(Kind.HOUSEHOLD, scope, bytes(8))) for scope in (VILLAGE, ELSEWHERE)))
CASES = tuple(str(bound_id(Kind.CASE, scope, bytes(8))) for scope in (VILLAGE, ELSEWHERE))
STANDING: tuple[dict[str, Value], ...] = (
    {"note": "x"},
    {"stage": "visit"},
    {"stage": "end"},
    {"stage": "visit", "status": "active"},
    {"stage": "visit", "status": "approved"},
    {"stage": "end", "status": "approved"},
    {"status": "active"},
    {"status": "approved"},
    {"decision": "agree"},
)
LINKS: tuple[dict[str, Value], ...] = (
    {},
    *({"household": home} for home in (*HOMES, "", 5)),
    *({"case": case} for case in CASES),
    {"household": HOMES[1], "case": CASES[1]},
)
EXTRAS: tuple[dict[str, Value], ...] = ({}, {"level": "village"}, {"level": "county"})
TWO = ("1" * 32, "2" * 32)


def bodies() -> Iterator[Body]:
    about = (HOMES[0], HOMES[1], CASES[0], CASES[1])
    for kind, op, uid, standing, links in product(KINDS, OPS, about, STANDING, LINKS):
        changes = {**standing, **links}
        for extras, version in ((EXTRAS[0], 1), (EXTRAS[1], 1), (EXTRAS[2], 1), (EXTRAS[0], 2)):
            parents = dict.fromkeys(changes, TWO) if op == "conflict.resolved" and extras else {}
            yield Body("a" * 32, uid, kind, op, 1, "n", changes, parents, extras, version)


def revoked() -> TrustDoc:
    ends = (StreamEnd(STREAM, 5000, "b" * 32),)
    made = Revocation(keys("village").key, ends, keys("township").key, "2026-03-01", "lost")
    news = dataclasses.replace(made, signature=keys("township").sign(made.signed_part()))
    return merged(usual().trust, ordered((), set(), {news}, set()), verify_text)


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("trust", [usual().trust, revoked()], ids=["usual", "revoked"])
def test_a_stream_is_judged_as_each_of_its_entries(level: Level, trust: TrustDoc) -> None:
    entries = list(bodies())
    random.Random(level).shuffle(entries)
    device, rules = keys(str(level)).device, Authority(trust)
    whole = rules.of_stream(device, STREAM, VILLAGE)
    found: set[EntryState] = set()
    for number, body in enumerate(entries, start=1):
        state = rules.state(Place(device, STREAM, VILLAGE, number), body)
        assert whole.state(number, body) is state
        found.add(state)
    assert found >= {EntryState.PROJECTED, EntryState.UNAUTHORISED, EntryState.UNKNOWN}
