"""Two laptops: a field with two values is shown, and what is written names both."""

from __future__ import annotations

from app.domain.ids import Kind
from app.domain.submission import Settled
from app.queries import rows
from app.usecases import submissions, visits
from tests.usecases.expect import written
from tests.usecases.test_conflicts import (  # noqa: F401 - a fixture among them
    case_at,
    count,
    edit,
    pair,
    swap,
    value,
)
from tests.usecases.test_submissions import CROPS, fill


def test_a_field_with_two_values_asks_and_the_answer_names_both(computers, pair):  # noqa: F811
    one, two = pair
    case = case_at(one, "visit")
    with one.workspace.read() as conn:
        home = str(rows.get(conn, Kind.CASE, case)["household"])
    visit = visits.open_visit(one, case)
    fill(visit)
    fill(visit, {"verdict/signed_on": visit.engine.at("/data/basic/visited_on")[0].stored})
    visits.finish_visit(one, visit)
    swap(computers, one, two)
    edit(one, home, address="一组1号")
    edit(two, home, address="一组2号")
    swap(computers, one, two)
    with two.workspace.read() as conn:
        uid = str(rows.get(conn, Kind.CASE, case)["submission"])
    change = submissions.change_submission(two, uid)
    fill(change, {"basic/address": "一组3号", CROPS: "9801"})
    [clash] = visits.look_ahead(two, change).clashes
    assert (clash.cell, set(clash.recorded), len(clash.heads)) == (
        ("household.address", ""),
        {"一组1号", "一组2号"},
        2,
    )
    settled = Settled(take={clash.cell: clash.heads})
    found = written(two, visits.finish_visit(two, change, settled))
    [body] = [b for b in found if b.kind == "household"]
    assert sorted(body.parents["address"]) == sorted(clash.heads)
    assert count(two, "conflict") == 0
    swap(computers, one, two)
    assert value(one, home, "address") == "一组3号"
