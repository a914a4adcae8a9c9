"""The root of a county outlives its computer: sticks and a sheet keep it, either brings it back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.crypto.device_keys import root_keys
from app.domain.errors import BadInput, Refused, Unavailable
from app.domain.ids import Kind, Level
from app.domain.recovery_text import lines_of
from app.domain.trust_chain import valid_certificates
from app.files import enrolment as files
from app.files.package import PackageKind
from app.files.root_file import read_root_file
from app.storage.tx import set_meta
from app.usecases import devices, enrolment, exports, merges, roots, trust, workspaces
from app.usecases.devices import Reason
from app.usecases.office import Office
from tests.usecases.exchange import CHEAP, COUNTY, TOWNSHIP, Computers, count, digest_of, edit, household

LOCK = "根钥匙 只在保险柜 里放着"


def started(here: Computers, level: Level, scope: str, name: str) -> Office:
    setup = workspaces.Setup(level, scope, {scope: "本地"}, {"name": "石正华"}, here.passphrase, cost=CHEAP)
    here.opened[name] = workspaces.create(here.folder / name, setup, here.clock)
    return here.opened[name]


def secret_of(office: Office) -> bytes:
    return trust.issuing_keys(office.workspace).sign_secret


def audited(office: Office) -> list[tuple[str, str]]:
    with office.workspace.read() as conn:
        return [tuple(row) for row in conn.exec_driver_sql("SELECT action, detail FROM audit")]


@pytest.fixture
def sticks(tmp_path: Path) -> tuple[Path, Path]:
    made = (tmp_path / "stick-1", tmp_path / "stick-2")
    for folder in made:
        folder.mkdir()
    return made


def test_nothing_is_safe_until_two_sticks_and_a_sheet_that_was_read(
    computers: Computers, sticks: tuple[Path, Path]
) -> None:
    county = computers.office("county")
    assert (roots.kept(county).held, roots.kept(county).is_safe) == (True, False)
    roots.write_stick(county, sticks[0], LOCK, CHEAP)
    with pytest.raises(Refused, match=r"root\.same_stick"):
        roots.write_stick(county, sticks[0], LOCK, CHEAP)
    roots.write_stick(county, sticks[1], LOCK, CHEAP)
    assert roots.sheet(county).startswith(b"%PDF")
    roots.note_sheet(county, "print")
    lines = lines_of(secret_of(county), COUNTY)
    assert not roots.kept(county).is_safe
    with pytest.raises(BadInput, match=r"root\.line_wrong"):
        roots.confirm(county, 2, lines[2])
    roots.confirm(county, 2, lines[1].lower())
    done = roots.kept(county)
    assert done.is_safe
    assert (len(done.sticks), done.printed, done.confirmed) == (2, "2026-10-07", "2026-10-07")


def test_the_secret_is_nowhere_but_on_stick_and_sheet(
    computers: Computers, sticks: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    county = computers.office("county")
    path = roots.write_stick(county, sticks[0], LOCK, CHEAP)
    roots.sheet(county)
    roots.note_sheet(county, "print")
    roots.confirm(county, 1, lines_of(secret_of(county), COUNTY)[0])
    secret = secret_of(county)
    told = json.dumps(audited(county)) + caplog.text + path.read_text(encoding="utf-8")
    for word in (secret.hex(), *lines_of(secret, COUNTY), root_keys(secret).open_secret):
        assert word not in told
    assert {"root_stick", "root_print", "root_confirmed"} <= {action for action, _ in audited(county)}
    assert repr(root_keys(secret)) == f"DeviceKeys({root_keys(secret).device})"


@pytest.mark.parametrize("by", ["sheet", "stick"])
def test_a_new_county_computer_takes_the_root_back_and_every_certificate_stays_valid(
    computers: Computers, sticks: tuple[Path, Path], by: str
) -> None:
    county, township, village = (computers.office(name) for name in ("county", "township", "village-01"))
    path = roots.write_stick(county, sticks[0], LOCK, CHEAP)
    lines = lines_of(secret_of(county), COUNTY)
    # Sealed before anybody knew of the new computer, and opened with the root all the same.
    edit(village, household(village), address="县里换电脑以前写的")
    computers.send(village, township, PackageKind.UP)
    computers.later(minutes=1)
    [sent] = exports.export(township, computers.post, PackageKind.UP)
    old = trust.own_keys(county.workspace)
    fresh = started(computers, Level.COUNTY, COUNTY, "fresh")
    if by == "sheet":
        roots.restore_typed(fresh, " ".join(lines))
    else:
        roots.restore_file(fresh, path, LOCK)
    assert secret_of(fresh) == secret_of(county)
    assert not roots.kept(fresh).is_safe
    [outcome] = merges.merge_files(fresh, sent.files)
    assert (outcome.refused, outcome.held, outcome.waiting) == (None, 0, False)
    assert digest_of(fresh) == digest_of(township)
    # The township fills it with what is the county's own, and learns of it by the county's package.
    enrolment.accept(township, enrolment.write_starter(fresh, computers.post))
    filled = devices.fill(township, computers.post, COUNTY)
    [outcome] = merges.merge_files(fresh, filled.sent.files)
    assert (outcome.refused, outcome.held) == (None, 0)
    assert filled.code == ""
    # All of it, what the county itself had written included, and one entry of the new computer's own.
    assert count(fresh, "journal") == count(township, "journal") + 1
    # The lost one is stopped, and what it writes from now on is held at the township.
    devices.revoke(fresh, old.key, Reason.STOLEN)
    [down] = computers.send(fresh, township, PackageKind.DOWN)
    assert down.held == 0
    with county.workspace.write(county.actor) as tx:
        tx.record("person.added", Kind.PERSON, tx.new_id(), {"name": "冒名", "active": 1})
    computers.later(minutes=1)
    [late] = computers.send(county, township, PackageKind.DOWN)
    assert (late.new, late.held) == (1, 1)


def test_only_a_new_computer_of_the_same_place_takes_a_root(
    computers: Computers, sticks: tuple[Path, Path]
) -> None:
    county, township = computers.office("county"), computers.office("township")
    path = roots.write_stick(county, sticks[0], LOCK, CHEAP)
    text = " ".join(lines_of(secret_of(county), COUNTY))
    with pytest.raises(Refused, match=r"root\.in_use"):
        roots.restore_typed(county, text)
    with pytest.raises(BadInput, match=r"root\.sheet_other"):
        roots.restore_typed(township, text)
    with pytest.raises(BadInput, match=r"root\.sheet_other"):
        roots.restore_file(township, path, LOCK)
    with pytest.raises(Refused, match=r"root\.in_use"):
        roots.restore_typed(township, " ".join(lines_of(secret_of(county), TOWNSHIP)))
    fresh = started(computers, Level.COUNTY, COUNTY, "fresh")
    with pytest.raises(Refused, match=r"keys\.wrong_passphrase"):
        roots.restore_file(fresh, path, "猜一个 也不 对的 口令")
    village = computers.office("village-01")
    with pytest.raises(Refused, match=r"root\.village"):
        roots.restore_typed(village, " ".join(lines_of(secret_of(county), village.actor.scope)))
    for office in (township, village):
        assert roots.kept(office).is_safe
        with pytest.raises(Refused, match=r"root\.none"):
            roots.sheet(office)


def test_a_file_that_is_no_root_is_refused(computers: Computers, tmp_path: Path) -> None:
    fresh = started(computers, Level.COUNTY, COUNTY, "fresh")
    with pytest.raises(BadInput, match=r"enrol\.missing"):
        roots.restore_file(fresh, tmp_path / "none.hhroot", LOCK)
    with pytest.raises(Unavailable, match=r"package\.not_read"):
        roots.restore_file(fresh, tmp_path, LOCK)
    good = roots.write_stick(fresh, tmp_path, LOCK, CHEAP).read_bytes()
    bad = [b"", b"[]", b'{"fmt":"hhroot/1"}', b"x" * 5_000_000]
    bad += [good.replace(b'"slots":"', b'"slots":"!'), good.replace(b'"trust":{', b'"trust":7,"x":{')]
    for data in bad:
        with pytest.raises(BadInput, match=r"root\.not_a_file"):
            read_root_file(data, "x.hhroot")


def test_a_stick_that_cannot_be_written_leaves_nothing(computers: Computers, tmp_path: Path) -> None:
    county = computers.office("county")
    with pytest.raises(Unavailable):
        roots.write_stick(county, tmp_path / "gone", LOCK, CHEAP)
    assert roots.kept(county).sticks == ()


def test_a_root_as_earlier_programs_made_it_can_be_kept_too(computers: Computers) -> None:
    old = started(computers, Level.COUNTY, COUNTY, "old")
    device = trust.own_keys(old.workspace)
    with old.workspace.write(old.actor) as tx:
        root = files.make_root(device, Level.COUNTY, COUNTY, tx.today)
        trust.save_trust(tx.conn, files.found_trust(root))
        tx.conn.exec_driver_sql("DELETE FROM meta WHERE key = 'root'")
        set_meta(tx.conn, "x", "y")
    assert roots.kept(old).held
    roots.sheet(old)
    text = " ".join(lines_of(device.sign_secret, COUNTY))
    with old.workspace.read() as conn:
        recipients = {c.recipient for c in valid_certificates(trust.load_trust(conn))}
    assert recipients == {device.recipient, root_keys(device.sign_secret).recipient}
    fresh = started(computers, Level.COUNTY, COUNTY, "fresh")
    roots.restore_typed(fresh, text)
    assert trust.issuing_keys(fresh.workspace).key == device.key


def test_a_stick_that_reads_back_otherwise_is_not_counted(
    computers: Computers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    county = computers.office("county")
    monkeypatch.setattr(Path, "read_bytes", lambda _self: b"other bytes")
    with pytest.raises(Unavailable, match=r"root\.not_verified"):
        roots.write_stick(county, tmp_path, LOCK, CHEAP)
    assert roots.kept(county).sticks == ()
