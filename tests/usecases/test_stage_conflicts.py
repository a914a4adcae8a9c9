"""流程冲突 over three levels: the earlier step stands, and only the level of the later step settles it."""

from __future__ import annotations

import pytest

from app.domain.action import Acting
from app.domain.calendar import civil_date
from app.domain.ids import EntityId
from app.files.package import PackageKind
from app.queries.case import actions_of
from app.usecases import cases
from app.usecases.office import Office
from tests.usecases.exchange import TOWNSHIP, Computers, digest_of
from tests.usecases.expect import refused
from tests.usecases.test_conflicts import case_at, fields_in_conflict, heads, resolve, standing_of
from tests.usecases.test_forked_streams import cloned


def approve(office: Office, case: EntityId) -> None:
    with office.workspace.read() as conn:
        query = "SELECT uid FROM p_person WHERE entity_scope = ? ORDER BY name"
        first, second = conn.exec_driver_sql(query, (TOWNSHIP,)).scalars().all()[:2]
    given = {
        "checker1": first,
        "checker2": second,
        "check_opinion": "同意上报",
        "sample_result": "consistent",
    }
    cases.act_on_case(office, case, "check.approve", given)


def send_back(office: Office, case: EntityId) -> None:
    given = {"reason": "公示照片看不清", "reason_code": "notice", "to": "publicise"}
    cases.act_on_case(office, case, "check.return", given)


def strike(office: Office, case: EntityId) -> None:
    given = {"reason": "评议人数录错", "reason_code": "mistake"}
    cases.act_on_case(office, case, "appraise.strike", given)


def offered(computers: Computers, office: Office, case: EntityId) -> set[str]:
    acting = Acting(office.level, str(office.actor.person), civil_date(computers.clock.now()))
    with office.workspace.read() as conn:
        return {str(one.action) for one in actions_of(conn, office.policy, case, acting)}


def line_of(office: Office, case: EntityId) -> tuple[str, int]:
    with office.workspace.read() as conn:
        row = conn.exec_driver_sql("SELECT step, stage_conflict FROM case_line WHERE uid = ?", (case,)).one()
        return row.step, row.stage_conflict


def test_the_village_goes_back_while_the_township_approves(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    county = computers.office("county")
    case = case_at(village, "check")
    approve(township, case)
    strike(village, case)
    computers.send(village, township, PackageKind.UP)
    computers.send(township, village, PackageKind.DOWN)
    computers.send(township, county, PackageKind.UP)
    for office in (village, township, county):
        assert set(heads(office, case)) == {"appraise", "audit"}
        assert line_of(office, case) == ("appraise", 1)
    assert [offered(computers, office, case) for office in (village, township, county)] == [
        set(),
        set(),
        {"resolve"},
    ]
    for office in (village, township):
        with refused(office, "workflow.for_county"):
            resolve(office, case, "audit")
    resolve(county, case, "appraise")
    computers.send(county, township, PackageKind.DOWN)
    computers.send(township, village, PackageKind.DOWN)
    for office in (village, township, county):
        assert (line_of(office, case), fields_in_conflict(office, case)) == (("appraise", 0), [])
    assert digest_of(village) == digest_of(township) == digest_of(county)


@pytest.mark.parametrize("taken", ["audit", "publicise", "appraise"])
def test_three_heads_of_which_two_come_from_a_copied_computer(computers: Computers, taken: str) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    county = computers.office("county")
    copy = cloned(computers, township, "copy", "township")
    case = case_at(village, "check")
    approve(township, case)
    send_back(copy, case)
    strike(village, case)
    computers.send(village, township, PackageKind.UP)
    computers.send(township, county, PackageKind.UP)
    [outcome] = computers.send(copy, county, PackageKind.UP)
    assert outcome.forked == 1
    assert set(heads(county, case)) == {"appraise", "audit", "publicise"}
    assert (line_of(county, case), offered(computers, county, case)) == (("appraise", 1), {"resolve"})
    resolve(county, case, taken)
    assert offered(computers, county, case) >= ({"audit.return"} if taken == "audit" else set())
    for office in (township, copy):
        computers.send(county, office, PackageKind.DOWN)
    computers.send(township, village, PackageKind.DOWN)
    for office in (village, township, copy, county):
        assert (line_of(office, case), fields_in_conflict(office, case)) == ((taken, 0), [])
        assert standing_of(office, case)[0] == taken
    assert digest_of(village) == digest_of(township) == digest_of(copy) == digest_of(county)


def test_a_conflict_of_two_steps_of_one_level_is_settled_there(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    case = case_at(village, "check")
    send_back(township, case)
    strike(village, case)
    computers.send(village, township, PackageKind.UP)
    computers.send(township, village, PackageKind.DOWN)
    assert offered(computers, township, case) == set()
    assert offered(computers, village, case) == {"resolve"}  # 公示 is the village's own step
    resolve(village, case, "publicise")
    computers.send(village, township, PackageKind.UP)
    for office in (village, township):
        assert (line_of(office, case), fields_in_conflict(office, case)) == (("publicise", 0), [])
