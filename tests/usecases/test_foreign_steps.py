"""An altered program at a village opens the township's step by itself: nothing above is built on that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.action import Acting
from app.domain.errors import Refused
from app.domain.foreign import StageAct, foreign_step
from app.domain.ids import EntityId, Kind, Level, Value
from app.domain.stage import read_state
from app.usecases import cases
from tests.acceptance.offices import Offices

PACK = "s8/v1"


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Offices]:
    with Offices.founded(tmp_path, PACK) as made:
        yield made


def forged(three: Offices, case: EntityId, onto: str, claimed: str) -> None:
    """Write what the use cases of an honest program refuse: a step of another level, done by the village."""
    desk = three.at(Level.VILLAGE)
    fields: dict[str, Value] = {"stage": onto, "status": "active", "stage_on": three.today.isoformat()}
    fields["opened"] = f"{onto}={three.today.isoformat()}"
    extras: dict[str, Value] = {"level": "village", "from": claimed, "action": f"{claimed}.pass"}
    with desk.workspace.write(desk.actor) as tx:
        tx.record("case.advanced", Kind.CASE, case, fields, extras=extras)


def checked(three: Offices, case: EntityId) -> None:
    """Bring a case to the county the honest way; all three know it."""
    three.bring(case, "check")
    three.up()
    three.forward([case])
    three.up()
    three.down()


def test_the_county_does_not_approve_what_no_township_checked(three: Offices) -> None:
    case = three.open("吴福生")
    three.bring(case, "check")
    forged(three, case, "audit", "publicise")
    three.up()
    assert three.seen_at(Level.COUNTY, case)["stage"] == "audit"
    with pytest.raises(Refused, match=r"workflow\.foreign_step") as caught:
        three.forward([case])
    assert "step" in dict(caught.value.params)
    assert three.seen_at(Level.COUNTY, case)["stage"] == "audit"


def test_a_check_before_a_return_does_not_count_after_it(three: Offices) -> None:
    case = three.open("吴福生")
    checked(three, case)
    acting = Acting(Level.COUNTY, three.at(Level.COUNTY).actor.person, three.today)
    back = next(one for one in three.actions(case, acting) if "publicise" in one.targets)
    given = {"to": "publicise", "reason": "重做", "reason_code": back.reasons[0].id if back.reasons else ""}
    cases.act_on_case(three.at(Level.COUNTY), case, back.id, given)
    three.down()
    forged(three, case, "audit", "publicise")
    three.up()
    with pytest.raises(Refused, match=r"workflow\.foreign_step"):
        three.forward([case])


def test_honest_work_goes_through(three: Offices) -> None:
    case = three.open("吴福生")
    checked(three, case)
    three.forward([case])
    assert three.seen_at(Level.COUNTY, case)["status"] == "approved"


def test_what_was_lawfully_deleted_is_not_held_against_a_case(three: Offices) -> None:
    case = three.open("吴福生")
    workflow = three.office.policy.workflow(three.values(Kind.CASE, case))
    values = {**three.values(Kind.CASE, case), "stage": "audit", "opened": ""}
    state = read_state(workflow, values)
    acts = {"a": StageAct("case.advanced", "village", "publicise", "audit", ("gone",))}
    found = foreign_step(workflow, state, acts, ["a"])
    assert found is not None
    assert found.level is Level.TOWNSHIP
    erased = {**acts, "b": StageAct("redact", "", "", "end", (), unknown=True)}
    assert foreign_step(workflow, state, erased, ["a"]) is None
