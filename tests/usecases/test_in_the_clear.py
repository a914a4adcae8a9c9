"""Nothing about a person stands in the clear in any file the program writes (T12)."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from app import paths
from app.crypto.keyslots import Cost
from app.domain.errors import Unavailable
from app.domain.ids import Kind, Level
from app.files.package import PackageKind
from app.log import start_log
from app.storage import cipher
from app.storage.copying import copy_database
from app.storage.engine import machine_errors, open_engine
from app.usecases import backups, enrolment, exports, households, merges, workspaces
from app.usecases.clock import FixedClock
from tests.usecases.exchange import NOW, TOWNSHIP, VILLAGE
from tests.usecases.village import PASSPHRASE, synthetic_id

SENTINELS = {
    "name": "哨兵吴福生",
    "id_number": synthetic_id(7),
    "phone": "19912345678",
    "address": "三组哨兵沟十二号",
    "bank": "6217991234567890123",
    "draft": "哨兵草稿里的话",
}
_CODINGS = ("utf-8", "utf-16-le", "gb18030")


def hits(*folders: Path) -> dict[str, list[str]]:
    """Return, per sentinel, the files that hold it in any coding a Chinese computer knows."""
    found: dict[str, list[str]] = {}
    for folder in folders:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            data = path.read_bytes()
            for name, text in SENTINELS.items():
                if any(text.encode(coding) in data for coding in _CODINGS):
                    found.setdefault(name, []).append(path.name)
    return found


def office_of(folder: Path, level: Level, scope: str):
    # A request for enrolment says who asks: the clerk must see it. It says nothing else about anybody.
    person = {"name": "陈志明", "position": "村会计", "phone": SENTINELS["phone"]}
    setup = workspaces.Setup(level, scope, {scope: "石板村"}, person, PASSPHRASE, cost=Cost(1, 64, 1))
    return workspaces.create(folder, setup, FixedClock(NOW))


@pytest.fixture
def session(tmp_path, own_folders, monkeypatch):
    """A day's work: everything that writes files has written; the workspaces are still open."""
    temp = tmp_path / "temp"
    temp.mkdir()
    for variable in ("TMPDIR", "SQLITE_TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(variable, str(temp))
    log = start_log(paths.log_dir(), "babutong")
    village = office_of(tmp_path / "village", Level.VILLAGE, VILLAGE)
    township = office_of(tmp_path / "township", Level.TOWNSHIP, TOWNSHIP)
    (tmp_path / "post").mkdir()
    request = enrolment.request(village, tmp_path / "post")
    grant, _ = enrolment.grant(township, request, tmp_path / "post", enrolment.own_code(village))
    enrolment.accept(village, grant)
    member = {code: SENTINELS[code] for code in ("name", "id_number", "phone")}
    household = {"group": "三组", "address": SENTINELS["address"], "bank_account": SENTINELS["bank"]}
    made = households.add_household(village, household, [{**member, "sex": "1", "relation": "01"}])
    [home] = [uid for kind, uid in made.touched if kind is Kind.HOUSEHOLD]
    village.drafts.save("visit:1", SENTINELS["draft"], NOW)
    for sent in exports.export(village, tmp_path / "post", PackageKind.UP):
        merges.merge_files(township, sent.files)
    backups.back_up(village, tmp_path / "stick")
    backups.choose_second_place(village, tmp_path / "stick")
    backups.back_up_daily(village)
    crash(village, str(home))
    yield tmp_path, own_folders
    workspaces.close(village)
    workspaces.close(township)
    log.close()


def crash(office, home: str) -> None:
    """Let a bug be logged whose text quotes what was typed."""
    try:
        with office.workspace.bookkeeping() as conn:
            row = (SENTINELS["name"], SENTINELS["id_number"], SENTINELS["bank"], home)
            conn.exec_driver_sql(
                "INSERT INTO p_member (name, id_number, phone, household) VALUES (?, ?, ?, ?)", row
            )
    except Exception as error:
        logging.getLogger("app.ui.runner").error("a job crashed", exc_info=error)  # noqa: TRY400 -- as the runner does


@pytest.mark.logs_warnings
def test_no_file_of_a_days_work_holds_a_person(session, tmp_path):
    folder, home = session
    names = {path.suffix for path in folder.rglob("*") if path.is_file()}
    assert {".db", ".db-wal", ".hhpkg", ".hhbak", ".json"} <= names
    assert (home / "state" / "log" / "babutong.log").stat().st_size > 0
    assert hits(folder, home) == {}
    for path in folder.rglob("*.db"):
        assert path.read_bytes()[:16] != b"SQLite format 3\0"


@pytest.mark.logs_warnings
def test_a_plain_database_is_caught(session, tmp_path):
    """The control: the same search over the same tables without a key."""
    folder, _home = session
    key, _ = workspaces.unlock_key(folder / "village", PASSPHRASE)
    (folder / "plain").mkdir()
    copy_database(folder / "village" / "workspace.db", folder / "copy.db", key)
    conn = sqlcipher.connect(str(folder / "copy.db"))
    conn.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    conn.execute(f"ATTACH DATABASE '{folder / 'plain' / 'plain.db'}' AS plain KEY ''")
    conn.execute("SELECT sqlcipher_export('plain')")
    conn.close()
    assert set(hits(folder / "plain")) == {"name", "id_number", "phone", "address", "bank"}


def test_other_drivers_and_other_keys_are_refused(village):
    path = village.office.workspace.folder / "workspace.db"
    with pytest.raises(sqlite3.DatabaseError), sqlite3.connect(path) as conn:
        conn.execute("SELECT count(*) FROM journal")
    conn.close()
    with pytest.raises(Unavailable, match=r"workspace\.no_cipher"):
        cipher.prepare(sqlite3.connect(":memory:"), bytes(32))
    engine = open_engine(path, bytes(32))
    with pytest.raises(Unavailable, match=r"workspace\.damaged"), machine_errors(), engine.connect() as other:
        other.exec_driver_sql("SELECT count(*) FROM journal")
    engine.dispose()
