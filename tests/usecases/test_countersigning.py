"""A township that began alone, with its villages, comes under its county: nothing is enrolled anew."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from app.domain.errors import Refused
from app.domain.ids import Level
from app.domain.trust_chain import valid_certificates
from app.files.package import PackageKind
from app.usecases import devices, enrolment, exports, households, merges, roots, trust, workspaces
from app.usecases.office import Office
from tests.usecases.exchange import CHEAP, COUNTY, Computers, count, digest_of

TOWNSHIP, VILLAGE = "990101003000", "990101003201"
HEAD = {"name": "石文斌", "sex": "1", "relation": "01", "born": "1970-01-01"}
PLACES = {TOWNSHIP: "青石乡", VILLAGE: "青石村", COUNTY: "演示县"}


def founded(here: Computers, level: Level, scope: str, name: str) -> Office:
    setup = workspaces.Setup(level, scope, PLACES, {"name": "石正华"}, here.passphrase, cost=CHEAP)
    here.opened[name] = workspaces.create(here.folder / name, setup, here.clock)
    return here.opened[name]


def enrolled(asking: Office, granting: Office, post: Path) -> None:
    asked = enrolment.request(asking, post)
    assert enrolment.read_request(granting, asked).code == enrolment.own_code(asking)
    grant, _ = enrolment.grant(granting, asked, post, enrolment.own_code(asking))
    enrolment.accept(asking, grant)


@pytest.fixture
def alone(computers: Computers) -> tuple[Office, Office, Office]:
    """A township with a village of its own, at work; and the demonstration's county that knows neither."""
    township = founded(computers, Level.TOWNSHIP, TOWNSHIP, "alone")
    village = founded(computers, Level.VILLAGE, VILLAGE, "its-village")
    enrolled(village, township, computers.post)
    households.add_household(village, {"group": "一组"}, [HEAD])
    computers.send(village, township, PackageKind.UP)
    return computers.office("county"), township, village


def test_what_was_written_before_counts_at_the_county(
    computers: Computers, alone: tuple[Office, Office, Office]
) -> None:
    county, township, village = alone
    with pytest.raises(Refused, match=r"sync\.not_enrolled"):
        exports.export(township, computers.post, PackageKind.UP)
    enrolled(township, county, computers.post)
    [outcome] = computers.send(township, county, PackageKind.UP)
    assert (outcome.waiting, outcome.held, outcome.new > 0) == (False, 0, True)
    assert digest_of(county, TOWNSHIP) == digest_of(township, TOWNSHIP)
    # The village's own certificate, given out by the lone township, is believed at the county.
    key = trust.own_keys(village.workspace).key
    assert key in {line.key for line in devices.devices(county)}
    # The endorsement goes down with the next package, and the village seals to the county from then on.
    computers.send(township, village, PackageKind.DOWN)
    with village.workspace.read() as conn:
        believed = {c.scope for c in valid_certificates(trust.load_trust(conn)) if c.is_root}
    assert believed == {TOWNSHIP, COUNTY}
    households.add_household(village, {"group": "二组"}, [{**HEAD, "name": "石文武"}])
    computers.later(minutes=1)
    [sent] = exports.export(village, computers.post, PackageKind.UP)
    [direct] = merges.merge_files(county, sent.files)
    assert (direct.refused, direct.held, direct.waiting) == (None, 0, False)
    assert count(county, "household_line") == 14
    assert roots.kept(township).held


def test_a_second_village_is_enrolled_with_the_same_root_afterwards(
    computers: Computers, alone: tuple[Office, Office, Office]
) -> None:
    county, township, _village = alone
    enrolled(township, county, computers.post)
    second = founded(computers, Level.VILLAGE, "990101003202", "second-village")
    enrolled(second, township, computers.post)
    [up] = computers.send(second, township, PackageKind.UP)
    [on] = computers.send(township, county, PackageKind.UP)
    assert (up.held, on.held) == (0, 0)
    assert digest_of(county, "990101003202") == digest_of(second, "990101003202")


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_the_order_of_arrival_does_not_matter(
    computers: Computers, alone: tuple[Office, Office, Office], order: tuple[int, ...]
) -> None:
    county, township, village = alone
    computers.later(minutes=1)
    [early] = exports.export(village, computers.post, PackageKind.UP)
    asked = enrolment.request(township, computers.post)
    grant, _ = enrolment.grant(county, asked, computers.post, enrolment.own_code(township))
    enrolment.accept(township, grant)
    computers.later(minutes=1)
    [first] = exports.export(township, computers.post, PackageKind.UP)
    households.add_household(village, {"group": "二组"}, [{**HEAD, "name": "石文武"}])
    computers.send(village, township, PackageKind.UP)
    computers.later(minutes=1)
    [second] = exports.export(township, computers.post, PackageKind.UP)
    files = [early.files, first.files, second.files]
    for number in order:
        # The village's own is sealed to the township alone: the county cannot read it, whenever it comes.
        outcomes = merges.merge_files(county, files[number])
        assert all((one.refused is None) is (number != 0) for one in outcomes)
    assert digest_of(county, TOWNSHIP) == digest_of(township, TOWNSHIP)
    with county.workspace.read() as conn, township.workspace.read() as other:
        theirs = {c.key for c in valid_certificates(trust.load_trust(other))}
        assert theirs <= {c.key for c in valid_certificates(trust.load_trust(conn))}


def test_a_lone_township_outlives_its_computer_too(
    computers: Computers, alone: tuple[Office, Office, Office]
) -> None:
    _county, township, village = alone
    stick = roots.write_stick(township, computers.post, "根钥匙 只在保险柜 里放着", CHEAP)
    fresh = founded(computers, Level.TOWNSHIP, TOWNSHIP, "fresh")
    roots.restore_file(fresh, stick, "根钥匙 只在保险柜 里放着")
    [outcome] = computers.send(village, fresh, PackageKind.UP)
    assert (outcome.waiting, outcome.held) == (False, 0)
    assert count(fresh, "household_line") == 1
    old = trust.own_keys(township.workspace).key
    devices.revoke(fresh, old, devices.Reason.LOST)
    computers.send(fresh, village, PackageKind.DOWN)
    with village.workspace.read() as conn:
        doc = trust.load_trust(conn)
    assert {one.key for one in doc.revocations} == {old}


def test_a_township_that_certified_nobody_gives_its_own_root_up(computers: Computers) -> None:
    county = computers.office("county")
    township = founded(computers, Level.TOWNSHIP, TOWNSHIP, "new-township")
    assert roots.kept(township).held
    enrolled(township, county, computers.post)
    assert not roots.kept(township).held
    with township.workspace.read() as conn:
        assert {c.scope for c in valid_certificates(trust.load_trust(conn)) if c.is_root} == {COUNTY}
    village = founded(computers, Level.VILLAGE, VILLAGE, "new-village")
    enrolled(village, township, computers.post)
    [outcome] = computers.send(village, township, PackageKind.UP)
    assert outcome.held == 0


def test_a_certificate_is_renewed_by_the_same_files_and_keeps_its_streams(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    computers.later(days=500)
    [line] = [one for one in devices.devices(village) if one.ours]
    assert line.state == "expiring"
    before = count(township, "stream")
    enrolled(village, township, computers.post)
    [line] = [one for one in devices.devices(village) if one.ours]
    assert line.state == "active"
    households.add_household(village, {"group": "一组"}, [HEAD])
    [outcome] = computers.send(village, township, PackageKind.UP)
    assert outcome.held == 0
    assert count(township, "stream") <= before + 1  # the copy of the demonstration writes a stream of its own
    computers.later(days=600)
    [line] = [one for one in devices.devices(village) if one.ours]
    assert line.state == "expired"
