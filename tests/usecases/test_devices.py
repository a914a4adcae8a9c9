"""A computer that was lost: what it delivered counts, what turns up later is looked through by hand."""

from __future__ import annotations

import pytest

from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Level
from app.domain.trust_chain import revoked_keys
from app.files.package import PackageKind
from app.queries import rows
from app.queries.devices import DeviceState
from app.queries.held import Review, held_lines, open_count
from app.usecases import cases, devices, enrolment, exports, held, households, merges, trust, workspaces
from app.usecases.devices import Reason
from app.usecases.office import Office
from tests.usecases.exchange import (
    CHEAP,
    COUNTY,
    TOWNSHIP,
    VILLAGE,
    Computers,
    count,
    digest_of,
    edit,
    household,
    value,
)

HEAD = {"name": "石文斌", "sex": "1", "relation": "01", "born": "1970-01-01"}


def line_of(office: Office, of: Office) -> devices.DeviceLine:
    key = trust.own_keys(of.workspace).key
    return next(line for line in devices.devices(office) if line.key == key)


def key_of(office: Office) -> str:
    return trust.own_keys(office.workspace).key


def open_held(office: Office) -> list:
    with office.workspace.read() as conn:
        return [one for one in held_lines(conn, office.policy) if one.review is Review.OPEN]


def new_laptop(here: Computers, by: Office, scope: str = VILLAGE, name: str = "new") -> Office:
    """Set up another computer of an area and enrol it by files."""
    level = Level.VILLAGE if scope == VILLAGE else Level.TOWNSHIP
    setup = workspaces.Setup(level, scope, {scope: "本地"}, {"name": "石正华"}, here.passphrase, cost=CHEAP)
    made = here.opened[name] = workspaces.create(here.folder / name, setup, here.clock)
    asked = enrolment.request(made, here.post)
    granted, _ = enrolment.grant(by, asked, here.post, enrolment.own_code(made))
    enrolment.accept(made, granted)
    return made


def test_what_came_before_counts_and_what_comes_after_waits_for_a_look(computers: Computers) -> None:
    village, township, county = (computers.office(name) for name in ("village-01", "township", "county"))
    first, second = household(village, 0), household(village, 1)
    edit(village, first, address="丢失以前写的")
    computers.send(village, township, PackageKind.UP)
    before = digest_of(township)
    expected = devices.outlook(township, key_of(village))
    done = devices.revoke(township, key_of(village), Reason.LOST)
    assert done == expected
    assert (done.entries, done.up_to[:10]) == (line_of(township, village).entries, "2026-10-07")
    assert len(done.ends) >= 1
    assert digest_of(township) == before
    line = line_of(township, village)
    assert (line.state, line.reason, line.liftable) == (DeviceState.REVOKED, "lost", True)
    edit(village, second, address="丢失以后写的")
    [outcome] = computers.send(village, township, PackageKind.UP)
    assert (outcome.new, outcome.held) == (1, 1)
    assert digest_of(township) == before
    [one] = open_held(township)
    assert [(f.label, f.text) for f in one.fields] == [("field.household.address", "丢失以后写的")]
    assert (one.household, one.village, one.head != "", one.at[:10]) == (second, VILLAGE, True, "2026-10-07")
    # The statement travels up with the next package, and the county holds the same entry back.
    computers.send(township, county, PackageKind.UP)
    assert digest_of(county) == digest_of(township)
    assert value(county, second, "address") != "丢失以后写的"


def test_a_late_entry_is_taken_over_by_proxy_and_counts_everywhere(computers: Computers) -> None:
    village, township, county = (computers.office(name) for name in ("village-01", "township", "county"))
    home = household(village)
    devices.revoke(township, key_of(village), Reason.BROKEN)
    edit(village, home, address="其实是对的")
    households.add_household(village, {"group": "一组"}, [HEAD])
    computers.send(village, township, PackageKind.UP)
    lines = open_held(township)
    assert {one.kind for one in lines} >= {"household", "member"}
    assert home in {one.household for one in lines}
    done = held.adopt(township, [one.entry for one in lines])
    assert (Kind.HOUSEHOLD, home) in done.touched
    assert value(township, home, "address") == "其实是对的"
    with township.workspace.read() as conn:
        assert open_count(conn) == 0
        assert {one.review for one in held_lines(conn, township.policy)} == {Review.ADOPTED}
    with pytest.raises(Refused, match=r"held\.unknown"):
        held.adopt(township, [lines[0].entry])
    computers.send(township, county, PackageKind.UP)
    assert digest_of(county) == digest_of(township)
    assert value(county, home, "address") == "其实是对的"
    assert count(county, "household_line") == count(township, "household_line") == 13


def test_what_is_not_taken_over_stays_held(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    devices.revoke(township, key_of(village), Reason.STOLEN)
    home = household(village)
    edit(village, home, address="不可信")
    computers.send(village, township, PackageKind.UP)
    before = digest_of(township)
    [one] = open_held(township)
    held.decline(township, [one.entry])
    assert open_held(township) == []
    assert digest_of(township) == before
    with pytest.raises(Refused, match=r"held\.unknown"):
        held.decline(township, [one.entry])
    assert held.declined_before(township, [one.entry]) == (one.entry,)
    assert held.declined_before(township, []) == ()
    held.adopt(township, [one.entry])  # a second thought
    assert held.declined_before(township, [one.entry]) == ()
    assert value(township, home, "address") == "不可信"


def test_a_mistake_is_taken_back_whatever_arrives_first(computers: Computers) -> None:
    village, township, county = (computers.office(name) for name in ("village-01", "township", "county"))
    devices.revoke(township, key_of(village), Reason.LOST)
    edit(village, household(village), address="没有丢")
    computers.send(village, township, PackageKind.UP)
    computers.later(minutes=1)
    [stopped] = exports.export(township, computers.post, PackageKind.UP)
    devices.lift(township, key_of(village))
    assert line_of(township, village).state is DeviceState.ACTIVE
    assert value(township, household(village), "address") == "没有丢"
    computers.later(minutes=1)
    [lifted] = exports.export(township, computers.post, PackageKind.UP)
    for files in (lifted.files, stopped.files):
        assert [one.refused for one in merges.merge_files(county, files)] == [None]
    assert digest_of(county) == digest_of(township)
    with pytest.raises(Refused, match=r"trust\.not_revoked"):
        devices.lift(township, key_of(village))
    devices.revoke(township, key_of(village), Reason.LOST)
    assert line_of(township, village).state is DeviceState.REVOKED


def test_nothing_is_sealed_to_a_stopped_computer(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    devices.revoke(township, key_of(village), Reason.LOST)
    with township.workspace.read() as conn:
        assert revoked_keys(trust.load_trust(conn)) == {key_of(village)}
    with pytest.raises(Refused, match=r"sync\.nobody"):
        exports.export(township, computers.post, PackageKind.DOWN, VILLAGE)


def test_only_who_certified_a_computer_stops_it_and_nobody_stops_his_own(computers: Computers) -> None:
    village, township, county = (computers.office(name) for name in ("village-01", "township", "county"))
    with pytest.raises(Refused, match=r"trust\.not_yours"):
        devices.revoke(village, key_of(township), Reason.LOST)
    with pytest.raises(Refused, match=r"trust\.own_device"):
        devices.outlook(township, key_of(township))
    with pytest.raises(Refused, match=r"trust\.not_yours"):
        devices.revoke(township, key_of(county), Reason.LOST)
    assert not line_of(township, township).revocable


def test_a_new_computer_is_filled_in_one_go(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    computers.send(village, township, PackageKind.UP)
    devices.revoke(township, key_of(village), Reason.LOST)
    with pytest.raises(Refused, match=r"sync\.nobody_there"):
        devices.fill(township, computers.post, VILLAGE)
    fresh = new_laptop(computers, township)
    filled = devices.fill(township, computers.post, VILLAGE)
    [outcome] = merges.merge_files(fresh, filled.sent.files)
    assert (outcome.refused, outcome.held, outcome.kind) == (None, 0, "boot")
    assert devices.filled_code(fresh) == filled.code
    edit(fresh, household(fresh), address="新电脑写的")
    [sent] = computers.send(fresh, township, PackageKind.UP)
    assert sent.held == 0
    assert value(township, household(fresh), "address") == "新电脑写的"
    assert digest_of(fresh) == digest_of(township)
    line = line_of(township, fresh)
    assert (line.person, line.machine != "", line.delivered_at[:10]) == ("石正华", True, "2026-10-07")


def test_a_second_computer_of_the_township_is_filled_with_all_of_it(computers: Computers) -> None:
    township = computers.office("township")
    fresh = new_laptop(computers, township, TOWNSHIP)
    filled = devices.fill(township, computers.post, TOWNSHIP)
    [outcome] = merges.merge_files(fresh, filled.sent.files)
    assert (outcome.refused, outcome.held) == (None, 0)
    assert devices.filled_code(fresh) == filled.code


def test_a_county_that_lost_everything_gets_back_what_the_township_holds(computers: Computers) -> None:
    township, county = computers.office("township"), computers.office("county")
    filled = devices.fill(township, computers.post, COUNTY)
    [outcome] = merges.merge_files(county, filled.sent.files)
    assert (outcome.refused, outcome.new) == (None, 0)
    assert outcome.known == count(township, "journal")


def test_stopping_twice_is_said_and_changes_nothing_more(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    first = devices.revoke(township, key_of(village), Reason.LOST)
    with township.workspace.read() as conn:
        epoch = trust.load_trust(conn).epoch
    with pytest.raises(Refused, match=r"trust\.already_revoked"):
        devices.revoke(township, key_of(village), Reason.STOLEN)
    with township.workspace.read() as conn:
        assert trust.load_trust(conn).epoch == epoch
    assert first.entries == line_of(township, village).entries
    assert line_of(township, village).reason == "lost"


def test_a_computer_that_never_wrote_is_stopped_with_nothing_that_counts(computers: Computers) -> None:
    township = computers.office("township")
    fresh = new_laptop(computers, township)
    seen = devices.revoke(township, key_of(fresh), Reason.BROKEN)
    assert (seen.entries, seen.up_to, seen.ends) == (0, "", ())
    [outcome] = computers.send(fresh, township, PackageKind.UP)
    assert outcome.held == outcome.new == 1
    with pytest.raises(Refused, match=r"sync\.nobody_there"):
        devices.fill(township, computers.post, TOWNSHIP)


def late_steps(computers: Computers) -> tuple[Office, Office, list]:
    """A stopped laptop sends a correction that reopens a case, and then suspends that case."""
    village, township = computers.office("village-01"), computers.office("township")
    devices.revoke(township, key_of(village), Reason.LOST)
    with village.workspace.read() as conn:
        ahead = [uid for uid, one in rows.where(conn, Kind.CASE) if one["stage"] == "publicise"]
        home = str(rows.get(conn, Kind.CASE, ahead[0])["household"])
    edit(village, EntityId(home), group="九组")
    computers.later(minutes=1)
    cases.act_on_case(village, EntityId(ahead[0]), "suspend", {"reason": "户主外出"})
    computers.send(village, township, PackageKind.UP)
    steps = [one for one in open_held(township) if one.of_step]
    assert [one.op for one in steps] == ["case.corrected", "case.suspended"]
    assert steps[0].fields[0].text != ""
    return village, township, steps


def test_the_acts_of_a_step_are_taken_over_one_after_another(computers: Computers) -> None:
    village, township, steps = late_steps(computers)
    held.adopt(township, [one.entry for one in steps])
    with township.workspace.read() as conn, village.workspace.read() as theirs:
        case = rows.get(conn, Kind.CASE, steps[0].entity)
        assert case["status"] == "suspended"
        assert case["stage"] == rows.get(theirs, Kind.CASE, steps[0].entity)["stage"]


def test_an_act_that_builds_on_one_not_taken_over_is_refused(computers: Computers) -> None:
    _village, township, (first, second) = late_steps(computers)
    held.decline(township, [first.entry])
    before = digest_of(township)
    with pytest.raises(Refused, match=r"held\.moved_on"):
        held.adopt(township, [second.entry])
    assert digest_of(township) == before


def test_late_entries_are_looked_through_at_their_own_level(computers: Computers) -> None:
    village, township, county = (computers.office(name) for name in ("village-01", "township", "county"))
    fresh = new_laptop(computers, township)
    devices.revoke(township, key_of(village), Reason.LOST)
    home = household(village)
    edit(village, home, address="村里自己核对")
    computers.send(village, township, PackageKind.UP)
    computers.send(township, county, PackageKind.UP)
    merges.merge_files(fresh, devices.fill(township, computers.post, VILLAGE).sent.files)
    [entry] = [one.entry for one in open_held(county)]
    with pytest.raises(Refused, match=r"held\.other_level"):
        held.adopt(county, [entry])
    with pytest.raises(Refused, match=r"held\.unknown"):
        held.adopt(fresh, [])
    held.adopt(fresh, [entry])
    computers.send(fresh, township, PackageKind.UP)
    assert value(township, home, "address") == "村里自己核对"
    assert open_held(township) == []


def test_what_a_stolen_office_certifies_later_is_void(computers: Computers) -> None:
    village, township, county = (computers.office(name) for name in ("village-01", "township", "county"))
    computers.send(township, county, PackageKind.UP)
    before = digest_of(county)
    devices.revoke(county, key_of(township), Reason.STOLEN)
    # What it had certified until then stands ...
    assert line_of(county, village).state is DeviceState.ACTIVE
    assert digest_of(county) == before
    # ... what the thief certifies afterwards does not.
    thief = new_laptop(computers, township, name="thief")
    computers.send(township, county, PackageKind.UP)
    assert key_of(thief) not in {line.key for line in devices.devices(county)}
    edit(village, household(village), address="照常工作")
    computers.later(minutes=1)
    [sent] = exports.export(village, computers.post, PackageKind.UP)
    [outcome] = merges.merge_files(county, sent.files)
    assert (outcome.refused, outcome.held) == (None, 0)
    devices.lift(county, key_of(township))
    computers.send(township, county, PackageKind.UP)
    assert key_of(thief) in {line.key for line in devices.devices(county)}
