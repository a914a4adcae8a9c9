"""``checkup`` and ``backups``: documented keys, exit codes, the technician's report."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout

import pytest

from app.cli import main
from app.usecases import workspaces
from tests.usecases.village import PASSPHRASE, found_village


def run(*arguments: object) -> tuple[int, str, str]:
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = main([*map(str, arguments)])
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def closed(tmp_path):
    """A closed workspace, the options that open it and stop the clock."""
    village = found_village(tmp_path / "village")
    village.add_home("吴福生")
    workspaces.close(village.office)
    (tmp_path / "passphrase.txt").write_text(PASSPHRASE + "\n", encoding="utf-8")
    where = ["--workspace", village.office.workspace.folder, "--now", "2026-03-02T10:00"]
    return [*where, "--passphrase-file", tmp_path / "passphrase.txt"]


def test_a_line_a_finding_and_a_report(closed, tmp_path):
    code, out, err = run("checkup", *closed, "--out", tmp_path / "report.txt")
    assert (code, err) == (0, "")
    assert "[正常] 名单: 名单和记录一致。" in out.splitlines()
    assert out.splitlines()[0].startswith("[提醒] ")
    text = (tmp_path / "report.txt").read_text(encoding="utf-8")
    assert text.startswith("八步通体检结果\n时间 2026-03-02T10:00+08:00，版本 ")
    assert "吴福生" not in text
    code, out, _err = run("checkup", *closed, "--json")
    found = json.loads(out)
    assert (code, found["ok"]) == (0, True)
    assert set(found["findings"][0]) == {"name", "state", "sentence", "advice"}
    code, _out, _err = run("checkup", *closed, "--out", tmp_path / "none" / "report.txt")
    assert code == 3


def test_something_wrong_ends_with_one(closed):
    office = workspaces.unlock(closed[1], PASSPHRASE, workspaces_clock())
    with office.workspace.bookkeeping() as conn:
        conn.exec_driver_sql("UPDATE p_member SET name = '别人'")
    workspaces.close(office)
    code, out, err = run("checkup", *closed)
    assert code == 1
    assert out.splitlines()[0].startswith("[有问题] 名单: ")
    assert err == "体检有问题：名单。数据没有改动；怎么办写在上面每一项后面。\n"


def workspaces_clock():
    from app.cli.desk import parse_now

    return parse_now("2026-03-02T10:00")


def test_the_daily_backup_from_a_script(closed, tmp_path):
    place = tmp_path / "usb"
    place.mkdir()
    code, out, _err = run("backups", "second", place, *closed, "--json")
    assert (code, json.loads(out)) == (0, {"folder": str(place)})
    code, out, _err = run("backups", "daily", *closed, "--json")
    done = json.loads(out)
    assert (code, done["absent_days"], done["second"].startswith(str(place))) == (0, 0, True)
    code, out, _err = run("backups", "show", done["second"], "--json")
    told = json.loads(out)
    assert (code, told["place"], told["households"], told["photos_missing"]) == (0, "石板村", 1, 0)
    code, out, _err = run("backups", "daily", *closed, "--json")
    assert json.loads(out) == {"file": "", "second": "", "absent_days": 0}
    code, out, _err = run("backups", "second", "--none", *closed, "--json")
    assert json.loads(out) == {"folder": ""}


def test_trouble_with_the_daily_backup_ends_with_one(closed, monkeypatch):
    import shutil

    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))
    code, _out, err = run("backups", "daily", *closed, "--json")
    assert code == 1
    assert "这一步要" in err
