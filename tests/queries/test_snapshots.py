"""What a correction is measured by."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.domain.correction import ChangeKind, Snapshot, changed_kinds
from app.domain.ids import EntityId, Kind
from app.queries.snapshots import snapshot
from app.storage.tx import Tx
from tests.queries.conftest import Place

Change = Callable[[Place, Tx, EntityId], object]


def edit(**fields: int | str) -> Change:
    return lambda _place, tx, home: tx.record("household.edited", Kind.HOUSEHOLD, home, fields)


def head(**fields: int | str) -> Change:
    def change(_place: Place, tx: Tx, home: EntityId) -> object:
        member = tx.children(Kind.MEMBER, "household", home)[0][0]
        return tx.record("member.edited", Kind.MEMBER, member, fields)

    return change


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (edit(note="换了电话"), set()),
        (edit(group="9组"), {ChangeKind.PUBLISHED}),
        (head(name="王秀英"), {ChangeKind.PUBLISHED}),
        (head(phone="13800001234"), set()),
        (head(status="left"), {ChangeKind.PUBLISHED, ChangeKind.COMPOSITION}),
        (
            lambda place, tx, home: place.member(tx, home, "王小丙", shares_income=0),
            {ChangeKind.PUBLISHED, ChangeKind.COMPOSITION},
        ),
        (lambda place, tx, home: place.income(tx, home, 1), {ChangeKind.INCOME}),
        (
            lambda place, tx, home: place.income(tx, home, 900_000),
            {ChangeKind.INCOME, ChangeKind.VERDICT, ChangeKind.LINE_SIDE},
        ),
        (lambda place, tx, home: place.income(tx, home, 900_000, round="e" * 32), set()),
        (
            lambda place, tx, home: place.conditions(tx, home, food=0, livestock=3, checked_on="2026-03-02"),
            {ChangeKind.ASSETS, ChangeKind.VERDICT},
        ),
    ],
)
def test_what_a_change_touches(place: Place, change: Change, expected: set[ChangeKind]) -> None:
    with place.workspace.write(place.actor) as tx:
        home = place.household(tx, "王秀兰", members=2)
        case = place.case(tx, home, income_steady=1)
        place.income(tx, home, 100_000)
        place.conditions(tx, home, food=1)
    before = taken(place, case)
    with place.workspace.write(place.actor) as tx:
        change(place, tx, home)
    assert changed_kinds(before, taken(place, case)) == expected


def taken(place: Place, case: EntityId) -> Snapshot:
    with place.workspace.write(place.actor) as tx:
        return snapshot(tx.conn, place.policy, case, tx.load(Kind.CASE, case))


def test_without_money_or_line_no_side_is_known(place: Place) -> None:
    with place.workspace.write(place.actor) as tx:
        home = place.household(tx, "王秀兰")
        case = place.case(tx, home)
        plain = place.case(tx, home, line_fen="")
    assert taken(place, case).below == ""
    with place.workspace.write(place.actor) as tx:
        place.income(tx, home, 100)
    assert taken(place, case).below == 1
    assert taken(place, plain).below == ""
