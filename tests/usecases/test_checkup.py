"""体检: a whole workspace is found whole, and every kind of damage is named with what to do."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.errors import Refused
from app.files.package import PackageKind
from app.storage import backup, soundness
from app.ui.checkup_words import Act, State, lines_of, report
from app.usecases import attachments, backups, checkup, keys
from app.usecases.checks import Finding
from app.usecases.office import Office, Watch
from tests.usecases.exchange import edit, household
from tests.usecases.test_attachments import photo as photo  # noqa: PLC0414 -- a fixture


def looked(office: Office) -> dict[str, Finding]:
    return {one.name: one for one in checkup.check_up(office)}


def code(office: Office, name: str) -> str:
    return looked(office)[name].code


def run(office: Office, statement: str, *values: object) -> None:
    """Change the database as somebody with a tool and the passphrase could."""
    with office.workspace.bookkeeping() as conn:
        conn.exec_driver_sql(statement, values)


def test_a_workspace_at_work_is_whole_and_unchanged(computers):
    office = computers.office("township")
    before = soundness_of(office)
    steps: list[tuple[int, int]] = []
    found = checkup.check_up(office, Watch(lambda done, of: steps.append((done, of))))
    assert [one for one in found if not one.ok] == []
    assert steps == [(n, len(found)) for n in range(len(found) + 1)]
    assert soundness_of(office) == before


def soundness_of(office: Office) -> object:
    with office.workspace.read() as conn:
        return [
            conn.exec_driver_sql(f"SELECT count(*), total(length(CAST(eid AS TEXT))) FROM {name}").all()
            for name in ("journal", "household_line", "case_line", "entity")
        ]


def test_a_changed_list_is_found_and_made_anew(village):
    village.open("吴福生")
    run(village.office, "UPDATE p_member SET name = '吴富生'")
    found = looked(village.office)["projections"]
    assert (found.ok, found.code) == (False, "checkup.projections_differ")
    with village.office.workspace.read() as conn:  # the check itself repairs nothing
        assert conn.exec_driver_sql("SELECT name FROM p_member").scalar() == "吴富生"
    village.office.workspace.rebuild()
    assert code(village.office, "projections") == "checkup.projections_ok"
    with village.office.workspace.read() as conn:
        assert conn.exec_driver_sql("SELECT name FROM p_member").scalar() == "吴福生"


def test_a_changed_counter_is_found(village):
    village.open("吴福生")
    run(village.office, "UPDATE board_count SET n = n + 1")
    assert code(village.office, "projections") == "checkup.projections_differ"


def test_a_changed_entry_is_found(village):
    village.add_home("吴福生")
    run(village.office, "UPDATE journal SET body = replace(body, '三组', '四组')")
    assert code(village.office, "chains") == "checkup.chains_broken"


def test_a_changed_audit_is_found(village):
    backups.back_up(village.office)
    backups.back_up(village.office)
    assert code(village.office, "chains") == "checkup.chains_ok"
    run(village.office, "UPDATE audit SET person = 'somebody' WHERE n = 1")
    assert code(village.office, "chains") == "checkup.chains_broken"


def test_a_seal_that_does_not_fit_is_found(computers):
    office = computers.office("township")
    assert code(office, "chains") == "checkup.chains_ok"
    run(office, "UPDATE stream SET seal = replace(seal, substr(seal, 1, 8), 'deadbeef') WHERE seal <> ''")
    assert code(office, "chains") == "checkup.chains_broken"


def test_a_spoiled_page_is_found(village):
    for number in range(30):
        village.add_home("吴" + chr(0x4E00 + number))
    path = village.office.workspace.folder / "workspace.db"
    village.office.workspace._checkpoint()
    data = bytearray(path.read_bytes())
    data[-2000] ^= 1
    path.write_bytes(bytes(data))
    found = checkup.file_finding(village.office)
    assert (found.ok, found.code, found.params) == (
        False,
        "checkup.file_broken",
        {"count": found.params["count"]},
    )


def test_photos_that_are_missing_or_spoiled_are_counted(village, photo):
    case = village.open("吴福生")
    attachments.attach(village.office, case, "visit", photo)
    assert looked(village.office)["files"].params == {"count": 1}
    [kept] = (village.office.workspace.folder / "attachments").rglob("*.sealed")
    data = kept.read_bytes()
    kept.write_bytes(data[:-1] + b"x")
    assert code(village.office, "files") == "checkup.files_damaged"
    kept.unlink()
    found = looked(village.office)["files"]
    assert (found.ok, found.code, found.params) == (True, "checkup.files_missing", {"count": 1, "of": 1})


def test_blobs_that_are_missing_or_spoiled_are_counted(computers):
    office = computers.office("village-01")
    whole = looked(office)["files"]
    assert (whole.code, whole.params["count"] > 0) == ("checkup.files_ok", True)
    run(office, "UPDATE blob SET data = x'00'")
    assert code(office, "files") == "checkup.files_damaged"
    run(office, "DELETE FROM blob")
    assert code(office, "files") == "checkup.files_missing"


def test_space_place_and_clock(village, monkeypatch):
    office = village.office
    assert [code(office, name) for name in ("place", "space", "clock")] == [
        "checkup.place_ok",
        "checkup.space_ok",
        "checkup.clock_ok",
    ]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1_000_000))
    low = checkup.space_finding(office)
    assert (low.ok, low.code, low.params) == (False, "checkup.space_low", {"free_mb": 1, "needed_mb": 200})
    now = village.clock.moment
    village.add_home("吴福生")
    for moved, told in (
        (timedelta(hours=-2), "checkup.clock_back"),
        (timedelta(days=500), "checkup.clock_ahead"),
        (timedelta(days=-3000), "checkup.clock_wrong"),
    ):
        village.clock.moment = now + moved
        assert checkup.clock_finding(office).code == told


def test_a_bad_place_is_said_as_the_self_check_says_it(village, monkeypatch):
    monkeypatch.setattr("app.storage.place.objection_to", lambda _folder: "fat")
    found = checkup.place_finding(village.office)
    assert (found.ok, found.code) == (False, "check.place_fat")


def test_backups_are_opened_and_dated(village, tmp_path):
    office = village.office
    assert (code(office, "backup"), code(office, "away")) == ("checkup.backup_none", "checkup.away_none")
    made = backups.back_up(office)
    backups.back_up(office, tmp_path / "stick")
    assert (code(office, "backup"), code(office, "away")) == ("checkup.backup_ok", "checkup.away_ok")
    village.pass_days(8)
    found = looked(office)
    assert (found["backup"].code, found["backup"].params["days"]) == ("checkup.backup_old", 8)
    assert (found["away"].code, found["away"].params["days"]) == ("checkup.away_old", 8)
    made.path.write_bytes(made.path.read_bytes()[:-50])
    assert looked(office)["backup"].ok is False
    assert list(office.workspace.folder.glob("*.part")) == []


def test_backups_made_on_a_clock_set_ahead_are_told(village, tmp_path):
    office, now = village.office, village.clock.moment
    assert code(office, "backup_dates") == "checkup.backup_dates_ok"
    village.clock.moment = now + timedelta(days=3650)
    made = backups.back_up(office)
    backups.back_up(office, tmp_path / "stick")
    village.clock.moment = now
    found = looked(office)
    assert found["backup"].code == "checkup.backup_undated"
    assert found["away"].code == "checkup.away_ahead"
    told = {"count": 1, "file": made.path.name, "today": "2026-03-02"}
    assert (found["backup_dates"].code, found["backup_dates"].params) == ("checkup.backup_dates_ahead", told)
    backups.back_up(office)
    backups.back_up(office, tmp_path / "stick")
    found = looked(office)
    assert [found[name].code for name in ("backup", "backup_dates", "away")] == [
        "checkup.backup_ok",
        "checkup.backup_dates_ahead",
        "checkup.away_ok",
    ]


def test_a_backup_of_another_key_is_no_backup(village, tmp_path, computers):
    other = backups.back_up(computers.office("village-01"), tmp_path / "other")
    folder = village.office.workspace.folder / backup.FOLDER
    folder.mkdir()
    shutil.copy(other.path, folder)
    assert code(village.office, "backup") == "checkup.backup_damaged"


def test_what_nobody_acknowledged_is_counted_down_by_receipts(computers):
    village, township = computers.office("village-01"), computers.office("township")
    before = int(looked(village)["unsent"].params.get("count", 0))
    edit(village, household(village), address="新住址")
    assert looked(village)["unsent"].params["count"] == before + 1
    computers.send(village, township, PackageKind.UP)
    computers.send(township, village, PackageKind.DOWN)
    assert code(village, "unsent") == "checkup.unsent_ok"
    run(village, "UPDATE peer_ack SET entry = 'another'")  # of a branch that is not ours
    assert looked(village)["unsent"].params["count"] > before
    assert code(computers.office("county"), "unsent") in {"checkup.unsent_top", "checkup.unsent_ok"}


def test_the_county_is_told_that_nobody_is_above_it(computers):
    county = computers.office("county")
    run(county, "DELETE FROM peer_ack")
    assert code(county, "unsent") == "checkup.unsent_top"


def test_the_recovery_slot_is_looked_for(village):
    assert code(village.office, "recovery") == "checkup.recovery_none"
    folder = village.office.workspace.folder
    doc = json.loads((folder / keys.KEYS).read_text(encoding="utf-8"))
    doc["recoveries"] = [{"recipients": ["ab" * 32], "sealed": "AAAA", "slot": "a" * 16}]
    (folder / keys.KEYS).write_text(json.dumps(doc), encoding="utf-8")
    assert code(village.office, "recovery") == "checkup.recovery_ok"


def test_spoiled_drafts_are_said(village, monkeypatch):
    village.office.drafts.save("visit:1", "<data/>", village.clock.moment)
    assert looked(village.office)["drafts"].params == {"count": 1}
    monkeypatch.setattr(type(village.office.drafts), "faults", lambda _drafts: 2)
    assert code(village.office, "drafts") == "checkup.drafts_broken"


@pytest.mark.parametrize("after", [0, 1, 3, 8, 12])
def test_it_can_be_stopped_anywhere(computers, after):
    office = computers.office("village-01")
    asked = iter(range(10_000))
    with pytest.raises(Refused) as stopped:
        checkup.check_up(office, Watch(cancelled=lambda: next(asked) >= after))
    assert stopped.value.code == "work.cancelled"
    assert code(office, "projections") == "checkup.projections_ok"


def test_reading_the_files_is_stopped_too(computers):
    with pytest.raises(Refused, match=r"work\.cancelled"):
        checkup.files_finding(computers.office("village-01"), lambda: True)


def test_a_trial_rebuild_is_stopped_in_its_middle(computers):
    office = computers.office("village-01")
    with pytest.raises(Refused, match=r"work\.cancelled"):
        soundness.differing_projections(office.workspace, office.workspace.deriver, lambda: True)
    assert code(office, "projections") == "checkup.projections_ok"


def test_in_words_the_worst_comes_first(village):
    run(village.office, "DELETE FROM village_count")
    village.add_home("吴福生")
    run(village.office, "UPDATE p_member SET name = '别人'")
    lines = lines_of(checkup.check_up(village.office))
    order = [line.state for line in lines]
    assert order == sorted(order, key=list(State).index)
    assert (lines[0].name, lines[0].act) == ("projections", Act.REBUILD)
    assert all(line.advice for line in lines if line.state is not State.GOOD)


def test_the_report_names_no_user_of_the_computer(village, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: village.office.workspace.folder.parent)
    monkeypatch.setattr("app.storage.place.objection_to", lambda _folder: "fat")
    text = report(lines_of(checkup.check_up(village.office)), "2026-03-02T10:00", "1.0", "石板村")
    assert str(village.office.workspace.folder.parent) not in text
    assert "“~/village”" in text
    assert "石板村" in text
