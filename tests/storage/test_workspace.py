from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.domain.errors import BadInput, Refused, Unavailable
from app.domain.ids import EntityId, Kind
from app.domain.person import Actor
from app.storage import tables
from app.storage.backup import back_up, restore
from app.storage.digest import digest
from app.storage.drafts import Drafts
from app.storage.workspace import Workspace
from tests.storage.conftest import KEY, PlainJudge, SetClock, found, household


def reopen(workspace: Workspace) -> Workspace:
    workspace.close()
    return Workspace.open(workspace.folder, workspace.key, PlainJudge(), workspace.clock)


def value_of(workspace: Workspace, digest_only: bool = True) -> str:
    with workspace.read() as conn:
        return digest(conn)


def test_what_is_recorded_is_read_back(workspace: Workspace, actor: Actor) -> None:
    with workspace.write(actor) as tx:
        uid = household(tx)
        assert tx.load(Kind.HOUSEHOLD, uid)["group"] == "3组"
        assert [m["name"] for _, m in tx.children(Kind.MEMBER, "household", uid)] == ["吴福生"]
    assert len(tx.changes.entries) == 3
    with workspace.read() as conn:
        line = conn.execute(select(tables.household_line)).one()
        assert (line.head, line.team, line.size, line.head_id_tail) == ("吴福生", "3组", 1, "0010")
        case = conn.execute(select(tables.case_line)).one()
        assert (case.step, case.status) == ("apply", "active")
        assert {row.initials for row in conn.execute(select(tables.search_key))} == {"wfs"}


def test_an_unchanged_field_makes_no_entry(workspace: Workspace, actor: Actor) -> None:
    with workspace.write(actor) as tx:
        uid = household(tx)
    with workspace.write(actor) as tx:
        assert tx.record("household.edited", Kind.HOUSEHOLD, uid, {"group": "3组"}) is None
        assert tx.record("household.edited", Kind.HOUSEHOLD, uid, {"group": "4组", "code": "03-0001"})
    assert len(tx.changes.entries) == 1


def test_a_raised_error_changes_nothing(workspace: Workspace, actor: Actor) -> None:
    before = value_of(workspace)

    def add_and_fail() -> None:
        with workspace.write(actor) as tx:
            household(tx)
            tx.load(Kind.CASE, "0" * 32)

    with pytest.raises(Refused):
        add_and_fail()
    assert value_of(workspace) == before


def test_readers_cannot_write(workspace: Workspace) -> None:
    with pytest.raises(Unavailable) as caught, workspace.read() as conn:
        conn.execute(tables.meta.insert().values(key="x", value="y"))
    assert caught.value.code == "disk.read_only"
    # The pragma does not stick to the pooled connection.
    with workspace.bookkeeping() as conn:
        conn.execute(tables.meta.insert().values(key="x", value="y"))


def test_rebuild_gives_the_same_digest_and_rows(workspace: Workspace, actor: Actor) -> None:
    with workspace.write(actor) as tx:
        for name in ("吴福生", "石文斌", "阿苏·有呷"):
            household(tx, name)
    before = value_of(workspace)
    with workspace.read() as conn:
        rows = {t.name: sorted(map(tuple, conn.execute(select(t)))) for t in tables.projections.sorted_tables}
    workspace.rebuild()
    assert value_of(workspace) == before
    with workspace.read() as conn:
        again = {
            t.name: sorted(map(tuple, conn.execute(select(t)))) for t in tables.projections.sorted_tables
        }
    assert again == rows


def test_an_older_projection_is_rebuilt_on_open(workspace: Workspace, actor: Actor) -> None:
    with workspace.write(actor) as tx:
        household(tx)
    before = value_of(workspace)
    with workspace.bookkeeping() as conn:
        conn.execute(tables.meta.update().where(tables.meta.c.key == "projection").values(value="old"))
        conn.execute(tables.household_line.delete())
    again = reopen(workspace)
    with again.read() as conn:
        assert conn.execute(select(func.count()).select_from(tables.household_line)).scalar() == 1
    assert value_of(again) == before
    again.close()


def test_nothing_of_the_people_stands_readable_in_the_folder(workspace: Workspace, actor: Actor) -> None:
    with workspace.write(actor) as tx:
        household(tx, "哨兵名字")
    (workspace.folder / "keys.json").write_text("{}")
    back_up(workspace, reason="test")
    drafts = Drafts(workspace.folder, KEY)
    drafts.save("visit:1", "哨兵名字", workspace.clock.now())
    files = [path for path in workspace.folder.rglob("*") if path.is_file()]
    assert len(files) > 3
    for path in files:
        data = path.read_bytes()
        assert "哨兵名字".encode() not in data, path
        assert b"990101196001010010" not in data, path
    drafts.close()
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(workspace.folder / "workspace.db").execute("SELECT * FROM household_line")


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda path: path.unlink(), "workspace.missing"),
        (lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(4096)), "workspace.not_encrypted"),
        (lambda path: path.write_bytes(os.urandom(8192)), "workspace.damaged"),
    ],
)
def test_unusable_files_are_named_and_untouched(
    tmp_path: Path, clock: SetClock, spoil: object, code: str
) -> None:
    made = found(tmp_path / "w", clock)
    made.close()
    path = tmp_path / "w" / "workspace.db"
    spoil(path)  # type: ignore[operator]  # parametrised function
    before = path.read_bytes() if path.exists() else None
    with pytest.raises((BadInput, Unavailable)) as caught:
        Workspace.open(tmp_path / "w", KEY, PlainJudge(), clock)
    assert caught.value.code == code
    assert (path.read_bytes() if path.exists() else None) == before


def test_a_second_program_is_told_so(workspace: Workspace) -> None:
    with pytest.raises(Refused) as caught:
        Workspace.open(workspace.folder, KEY, PlainJudge(), workspace.clock)
    assert caught.value.code == "workspace.in_use"


def test_a_newer_schema_is_refused_and_untouched(workspace: Workspace) -> None:
    with workspace.bookkeeping() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Refused) as caught:
        reopen(workspace)
    assert caught.value.code == "workspace.newer_schema"


def test_an_existing_workspace_is_not_overwritten(workspace: Workspace, clock: SetClock) -> None:
    with pytest.raises(Refused) as caught:
        found(workspace.folder, clock)
    assert caught.value.code == "workspace.exists"


def test_a_backup_opens_elsewhere_with_the_original_gone(
    workspace: Workspace, actor: Actor, tmp_path: Path
) -> None:
    with workspace.write(actor) as tx:
        household(tx)
    (workspace.folder / "keys.json").write_text("{}")
    (workspace.folder / "attachments").mkdir()
    (workspace.folder / "attachments" / ("f" * 64)).write_bytes(b"sealed")
    before = value_of(workspace)
    made = back_up(workspace, reason="manual", folder=tmp_path / "stick")
    workspace.close()
    for path in sorted(workspace.folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    workspace.folder.rmdir()
    restore(made.path, tmp_path / "new")
    again = Workspace.open(tmp_path / "new", KEY, PlainJudge(), workspace.clock)
    assert value_of(again) == before
    assert (tmp_path / "new" / "attachments" / ("f" * 64)).read_bytes() == b"sealed"
    again.close()


def test_a_damaged_backup_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    (workspace.folder / "keys.json").write_text("{}")
    made = back_up(workspace, reason="manual", folder=tmp_path / "stick")
    data = bytearray(made.path.read_bytes())
    data[len(data) // 2] ^= 1
    made.path.write_bytes(bytes(data))
    with pytest.raises(BadInput) as caught:
        restore(made.path, tmp_path / "new")
    assert caught.value.code == "backup.damaged"
    assert not (tmp_path / "new").exists()


def test_a_moved_or_restored_folder_writes_a_new_stream(
    workspace: Workspace, actor: Actor, tmp_path: Path
) -> None:
    with workspace.write(actor) as tx:
        uid = household(tx)
    again = reopen(workspace)
    with again.write(actor) as tx:
        tx.record("household.edited", Kind.HOUSEHOLD, uid, {"group": "5组"})
    with again.read() as conn:
        assert conn.execute(select(func.count()).select_from(tables.stream)).scalar() == 1
    again.close()
    moved = workspace.folder.rename(tmp_path / "moved")
    third = Workspace.open(moved, KEY, PlainJudge(), workspace.clock)
    with third.write(actor) as tx:
        tx.record("household.edited", Kind.HOUSEHOLD, uid, {"group": "6组"})
    with third.read() as conn:
        assert conn.execute(select(func.count()).select_from(tables.stream)).scalar() == 2
    third.close()


def test_the_audit_is_a_chain(workspace: Workspace, actor: Actor) -> None:
    with workspace.write(actor) as tx:
        tx.audit("print", "notice", {"households": 3})
        tx.audit("export", "package", {"scope": "990101001201"})
    with workspace.read() as conn:
        rows = conn.execute(select(tables.audit).order_by(tables.audit.c.n)).all()
    assert [row.n for row in rows] == [1, 2]
    assert rows[0].link != rows[1].link


def test_drafts_survive_a_reopen(tmp_path: Path, clock: SetClock) -> None:
    drafts = Drafts(tmp_path, KEY)
    drafts.save("visit:1", "一", clock.now())
    drafts.save("visit:1", "二", clock.now())
    drafts.save("meeting:1", "三", clock.now())
    drafts.close()
    drafts = Drafts(tmp_path, KEY)
    assert drafts.load("visit:1") == ("二", drafts.load("visit:1")[1])  # type: ignore[index]  # saved above
    assert drafts.subjects("visit:") == {"visit:1"}
    drafts.discard("visit:1")
    assert drafts.load("visit:1") is None
    drafts.close()


def test_an_entity_of_another_kind_is_unknown(workspace: Workspace, actor: Actor) -> None:
    with workspace.write(actor) as tx:
        uid = household(tx)
        with pytest.raises(Refused):
            tx.load(Kind.CASE, uid)
        with pytest.raises(Refused):
            tx.scope_of(EntityId("9" * 32))
