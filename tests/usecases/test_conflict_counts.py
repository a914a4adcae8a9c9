"""No conflict is settled in silence: what the queue shows is what a plain model of the journal computes."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest

from app.domain.ids import EntityId, Kind
from app.domain.stage import STANDING_FIELDS
from app.files.package import PackageKind
from app.queries import rows
from app.queries.conflicts import conflicts
from app.usecases import conflicts as settling
from app.usecases import households
from tests.usecases.exchange import VILLAGE, Computers, digest_of

FIELDS = {
    Kind.HOUSEHOLD: ("address", "bank_name", "note"),
    Kind.MEMBER: ("work_place", "phone"),
}


def computed(office):
    """Every field with two unnamed writes of different values, counted from the entries alone."""
    with office.workspace.read() as conn:
        bodies = [
            (entry, json.loads(body))
            for entry, body in conn.exec_driver_sql("SELECT id, body FROM journal WHERE state = 0")
        ]
    named = {
        (body["e"], code, parent) for _, body in bodies for code, ids in body["p"].items() for parent in ids
    }
    values: dict[tuple[str, str, str], set[object]] = {}
    for entry, body in bodies:
        for code, value in body["c"].items():
            if (body["e"], code, entry) not in named:
                values.setdefault((body["t"], body["e"], code), set()).add(value)
    return {key for key, found in values.items() if len(found) > 1}


def shown(office):
    with office.workspace.read() as conn:
        return Counter(
            (line.kind, line.entity, line.field) for line in conflicts(conn, office.policy, VILLAGE)
        )


def one_write(dice, office):
    with office.workspace.read() as conn:
        homes = conn.exec_driver_sql("SELECT uid FROM household_line ORDER BY uid").scalars().all()
        home = EntityId(dice.choice(homes[:2]))
        member = dice.choice(rows.where(conn, Kind.MEMBER, household=home))[0]
    kind = dice.choice(list(FIELDS))
    code = dice.choice(FIELDS[kind])
    text = (
        dice.choice(["", "甲", "乙", "丙", "丁", "戊"])
        if code != "phone"
        else dice.choice(["", "13800000000"])
    )
    uid = home if kind is Kind.HOUSEHOLD else member
    households.edit(office, home, [households.Edit(kind, uid, {code: text})], "随机更正")


def settle_one(dice, office):
    with office.workspace.read() as conn:
        found = [line for line in conflicts(conn, office.policy, VILLAGE) if not line.of_stage]
    if found:
        line = dice.choice(found)
        take = dice.choice(line.heads).entry
        settling.resolve_conflicts(
            office, [settling.Settlement(EntityId(line.entity), line.field, take=take)]
        )


@pytest.mark.parametrize("seed", range(4))
def test_as_many_are_shown_as_a_model_computes(computers: Computers, seed):
    dice = random.Random(seed)
    pair = [computers.office("village-01"), computers.office("second", "village-01")]
    met = 0
    for _ in range(4):
        for office in pair:
            for _ in range(12):
                one_write(dice, office)
        computers.send(pair[0], pair[1], PackageKind.PEER)
        computers.send(pair[1], pair[0], PackageKind.PEER)
        assert digest_of(pair[0]) == digest_of(pair[1])
        for office in pair:
            wanted = computed(office)
            assert not any(kind == "case" and code in STANDING_FIELDS for kind, _, code in wanted)
            assert shown(office) == Counter(wanted)
        met += len(computed(pair[0]))
        for _ in range(2):
            settle_one(dice, dice.choice(pair))
    assert met > 6
