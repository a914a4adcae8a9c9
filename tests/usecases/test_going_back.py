"""Forth to a newer form of the database, back to the older program, and forth again: nothing typed is lost."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

import db.migrations
from app.domain.errors import Refused, Unavailable
from app.domain.ids import Kind
from app.storage import kept, migrate, tables
from app.storage.lock import WorkspaceLock
from app.storage.revision import HEAD
from app.usecases import backups, checks, households, workspaces
from tests.usecases.exchange import digest_of
from tests.usecases.journal import audited
from tests.usecases.test_workspaces import CLOCK, fingerprint
from tests.usecases.village import PASSPHRASE, found_village

SCRIPTS = Path(db.migrations.__file__).parent
NOW, LATER, THIRD = HEAD, f"{int(HEAD) + 1:04}", f"{int(HEAD) + 2:04}"
NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "{0}"
down_revision = "{1}"


def upgrade():
    op.add_column("import_log", sa.Column("extra_{0}", sa.Text(), server_default=""))
"""


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Be a program of a revision from now on: ``program(LATER)`` has one migration more than ``NOW``."""

    def be(revision: str) -> None:
        scripts = tmp_path / f"program-{revision}"
        if not scripts.exists():
            shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
            for number in range(int(NOW) + 1, int(revision) + 1):
                text = NEXT.format(f"{number:04}", f"{number - 1:04}")
                (scripts / "versions" / f"{number:04}_next.py").write_text(text)
        monkeypatch.setattr(db.migrations, "__file__", str(scripts / "__init__.py"))
        monkeypatch.setattr(migrate, "HEAD", revision)

    yield be
    be(NOW)


@pytest.fixture
def folder(tmp_path):
    """A closed workspace of the revision there is, with the household of 吴福生."""
    made = found_village(tmp_path / "w")
    made.add_home("吴福生")
    workspaces.close(made.office)
    return tmp_path / "w"


class Opened:
    """An office for the length of a block."""

    def __init__(self, folder: Path, clock=CLOCK) -> None:
        self.office = workspaces.unlock(folder, PASSPHRASE, clock)

    def __enter__(self):
        return self.office

    def __exit__(self, *_):
        workspaces.close(self.office)


def refusal(code: str, work) -> None:
    with pytest.raises(Refused) as caught:
        work()
    assert caught.value.code == code


def heads(office) -> list[str]:
    with office.workspace.read() as conn:
        return sorted(
            row[0] for row in conn.exec_driver_sql("SELECT name FROM p_member WHERE relation = '01'")
        )


def add(office, name: str) -> None:
    head = {"name": name, "sex": "1", "relation": "01", "born": "1970-03-05"}
    households.add_household(office, {"group": "二组"}, [head])


def address(office, text: str | None = None) -> str:
    """Read, or with a text write, the address of the first household."""
    with office.workspace.read() as conn:
        uid, now = conn.exec_driver_sql("SELECT uid, address FROM p_household ORDER BY rowid").first()
    if text is not None:
        households.edit(office, uid, [households.Edit(Kind.HOUSEHOLD, uid, {"address": text})])
    return now or ""


def links_hold(conn) -> bool:
    """Every row of the audit is chained to the one before."""
    before = ""
    for at, person, action, subject, detail, link in conn.exec_driver_sql(
        "SELECT at, person, action, subject, detail, link FROM audit ORDER BY n"
    ):
        text = json.dumps([before, action, at, detail, person, subject], ensure_ascii=False)
        before = hashlib.sha256(text.encode()).hexdigest()
        if before != link:
            return False
    return True


def kept_names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "kept").iterdir())


def test_forth_back_and_forth_again_keeps_all_that_was_typed(folder, program):
    program(LATER)
    with Opened(folder) as office:
        add(office, "石小梅")
        address(office, "新校旁")
    assert kept_names(folder) == [f"before-{NOW}.db"]

    program(NOW)
    refusal("workspace.newer_schema_kept", lambda: workspaces.unlock(folder, PASSPHRASE, CLOCK))
    workspaces.take_back(folder, PASSPHRASE, NOW)
    assert kept_names(folder) == [f"before-{NOW}.db", f"later-{LATER}-1.db"]
    with Opened(folder) as office:
        assert (heads(office), address(office)) == (["吴福生"], "三组12号")
        add(office, "韦大山")

    program(LATER)
    with Opened(folder) as office:
        assert heads(office) == ["吴福生", "石小梅", "韦大山"]
        assert address(office) == "新校旁"
        assert checks.check_workspace(office) == dict.fromkeys(("file", "chains", "projections"), True)
        assert [subject for action, subject, _ in audited(office) if action == "rejoin"] == ["workspace"]
        whole = digest_of(office)
    assert kept_names(folder) == [f"before-{NOW}.db"]
    with Opened(folder) as office:
        assert digest_of(office) == whole


def test_what_was_noted_of_prints_and_exports_comes_back_too(folder, program, tmp_path):
    program(LATER)
    with Opened(folder) as office:
        backups.back_up(office, tmp_path / "stick")
    program(NOW)
    workspaces.take_back(folder, PASSPHRASE, NOW)
    with Opened(folder) as office:
        assert "backup" not in [action for action, *_ in audited(office)]
    program(LATER)
    for _ in range(2):
        with Opened(folder) as office:
            assert [action for action, *_ in audited(office)].count("backup") == 1
            with office.workspace.read() as conn:
                assert links_hold(conn)


def test_twice_back_and_then_two_steps_forward(folder, program):
    for name in ("石小梅", "韦大山"):
        program(LATER)
        with Opened(folder) as office:
            add(office, name)
        program(NOW)
        workspaces.take_back(folder, PASSPHRASE, NOW)
    # The second time forward took the first copy in again, so one copy holds both.
    assert kept_names(folder) == [f"before-{NOW}.db", f"later-{LATER}-1.db"]
    program(THIRD)
    with Opened(folder) as office:
        assert heads(office) == ["吴福生", "石小梅", "韦大山"]
        with office.workspace.read() as conn:
            assert migrate.revision(conn) == THIRD
    assert not kept.later(folder)


def test_both_values_of_one_field_written_on_both_sides_stay(folder, program):
    program(LATER)
    with Opened(folder) as office:
        address(office, "新校旁")
    program(NOW)
    workspaces.take_back(folder, PASSPHRASE, NOW)
    with Opened(folder) as office:
        address(office, "旧校旁")
    program(LATER)
    with Opened(folder) as office, office.workspace.read() as conn:
        [(field,)] = conn.exec_driver_sql("SELECT field FROM conflict").all()
        assert field == "address"


def test_a_copy_of_a_program_still_newer_waits(folder, program):
    program(THIRD)
    with Opened(folder) as office:
        add(office, "石小梅")
    program(NOW)
    workspaces.take_back(folder, PASSPHRASE, NOW)
    program(LATER)
    with Opened(folder) as office:
        assert heads(office) == ["吴福生"]
    assert [path.name for path in kept.later(folder)] == [f"later-{THIRD}-1.db"]
    program(THIRD)
    with Opened(folder) as office:
        assert heads(office) == ["吴福生", "石小梅"]


def test_going_back_without_a_copy_changes_nothing(folder, program):
    before = fingerprint(folder)
    refusal("workspace.nothing_kept", lambda: workspaces.take_back(folder, PASSPHRASE, "0000"))
    assert fingerprint(folder) == before


def test_going_back_while_it_is_open_elsewhere_is_refused(folder, program):
    program(LATER)
    Opened(folder).__exit__()
    lock = WorkspaceLock(folder)
    before = fingerprint(folder)
    refusal("workspace.in_use", lambda: workspaces.take_back(folder, PASSPHRASE, NOW))
    lock.release()
    assert fingerprint(folder) == before


@pytest.mark.logs_warnings
def test_a_copy_that_cannot_be_read_does_not_lock_the_workspace(folder, program):
    program(LATER)
    Opened(folder).__exit__()
    program(NOW)
    workspaces.take_back(folder, PASSPHRASE, NOW)
    [later] = kept.later(folder)
    later.write_bytes(os.urandom(later.stat().st_size))
    program(LATER)
    with Opened(folder) as office:
        assert heads(office) == ["吴福生"]
    assert kept_names(folder) == [f"before-{NOW}.db", f"later-{LATER}-1.damaged"]


def test_a_log_left_by_a_power_cut_is_not_taken_for_the_copys_own(folder, program):
    """A migration that died: its half-made copy and log are still there when the program starts again."""
    shutil.copyfile(folder / "workspace.db", folder / "workspace.db.new")
    (folder / "workspace.db.new-wal").write_bytes(os.urandom(5000))
    program(LATER)
    with Opened(folder) as office:
        assert heads(office) == ["吴福生"]
    assert not list(folder.glob("workspace.db.new*"))


def test_no_room_for_the_copies_is_said_before_anything_is_written(folder, program, monkeypatch):
    program(LATER)
    usage = shutil.disk_usage(folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage._replace(free=1000))
    before = fingerprint(folder)
    with pytest.raises(Unavailable) as caught:
        workspaces.unlock(folder, PASSPHRASE, CLOCK)
    assert caught.value.code == "disk.full"
    assert {k: v for k, v in fingerprint(folder).items() if k in before} == before


def test_a_copy_nobody_went_back_to_for_three_months_goes(folder, program):
    program(LATER)
    Opened(folder).__exit__()
    copy = kept.before(folder, NOW)
    old = (CLOCK.now() - timedelta(days=91)).timestamp()
    os.utime(copy, (old, old))
    Opened(folder).__exit__()
    assert not copy.exists()
    with pytest.raises(Refused):
        workspaces.take_back(folder, PASSPHRASE, NOW)


def test_the_kept_copy_is_as_closed_as_the_database(folder, program):
    program(LATER)
    Opened(folder).__exit__()
    copy = kept.before(folder, NOW)
    assert not copy.read_bytes().startswith(b"SQLite format 3")
    assert stat.S_IMODE(copy.stat().st_mode) == stat.S_IMODE((folder / "workspace.db").stat().st_mode)


def test_a_disk_that_fails_while_a_copy_is_taken_in_keeps_it_for_the_next_time(folder, program, monkeypatch):
    program(LATER)
    with Opened(folder) as office:
        add(office, "石小梅")
    program(NOW)
    workspaces.take_back(folder, PASSPHRASE, NOW)
    program(LATER)

    copyfile = shutil.copyfile

    def failing(source, target):
        if Path(source).name.startswith("later-"):
            raise OSError(errno.ENOSPC, "no room")
        return copyfile(source, target)

    with monkeypatch.context() as broken:
        broken.setattr(shutil, "copyfile", failing)
        with pytest.raises(Unavailable) as caught:
            workspaces.unlock(folder, PASSPHRASE, CLOCK)
    assert caught.value.code == "disk.full"
    assert [path.name for path in kept.later(folder)] == [f"later-{LATER}-1.db"]
    with Opened(folder) as office:
        assert heads(office) == ["吴福生", "石小梅"]


def test_papers_and_packages_that_waited_come_back_too(folder, program):
    paper = {"hash": "sha256:" + "a" * 64, "data": b"<xml/>"}
    program(LATER)
    with Opened(folder) as office, office.workspace.bookkeeping() as conn:
        columns = {
            column.name: 0 if column.type.python_type is int else "x" for column in tables.blob.columns
        }
        conn.execute(insert(tables.blob).values({**columns, **paper}))
    program(NOW)
    workspaces.take_back(folder, PASSPHRASE, NOW)
    with Opened(folder) as office, office.workspace.read() as conn:
        assert conn.execute(select(tables.blob.c.hash)).scalars().all() == []
    program(LATER)
    with Opened(folder) as office, office.workspace.read() as conn:
        assert conn.execute(select(tables.blob.c.hash, tables.blob.c.data)).all() == [tuple(paper.values())]
