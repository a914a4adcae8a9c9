from __future__ import annotations

import zipfile
from collections.abc import Generator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.person import Actor
from app.storage import backup, kept, tables
from app.storage.copies import SECOND, copies_holding, leaving_days, second_place
from app.storage.rotation import thin_out
from app.storage.workspace import Workspace
from tests.raw_pages import plain
from tests.storage.conftest import KEY, SetClock, found, household

SENTINEL = "待删名字甲乙丙"


def test_the_second_place_is_looked_at_when_it_is_there(
    shop: Workspace, actor: Actor, tmp_path: Path
) -> None:
    (shop.folder / "keys.json").write_text("{}")
    with shop.write(actor) as tx:
        household(tx, SENTINEL)
        tx.set_meta(SECOND, str(tmp_path / "stick"))
    with shop.read() as conn:
        away = second_place(conn)
    assert away is not None
    assert [copy.kind for copy in copies_holding(shop, entries(shop, SENTINEL))] == ["away"]
    held = backup.back_up(shop, reason="manual", folder=away).path
    assert [(c.kind, c.name) for c in copies_holding(shop, entries(shop, SENTINEL))] == [
        ("second", held.name)
    ]


@pytest.fixture
def shop(tmp_path: Path, clock: SetClock) -> Generator[Workspace]:
    made = found(tmp_path / "one", clock)
    yield made
    made.close()


def entries(workspace: Workspace, word: str) -> list[str]:
    table = tables.journal
    with workspace.read() as conn:
        return list(conn.execute(select(table.c.id).where(table.c.body.contains(word))).scalars())


def test_a_scrubbed_file_and_its_log_hold_nothing_deleted(shop: Workspace, actor: Actor) -> None:
    with shop.write(actor) as tx:
        for number in range(200):
            household(tx, f"{SENTINEL}{number}")
    with shop.bookkeeping() as conn:
        for name in ("journal", "p_member", "household_line", "case_line", "search_key"):
            conn.exec_driver_sql(f"DELETE FROM {name}")
    word = SENTINEL.encode()
    # The control: pages in the log still hold it, though no table does.
    assert word in plain(shop.folder / "workspace.db", KEY)
    assert shop.scrub()
    assert word not in plain(shop.folder / "workspace.db", KEY)
    assert (shop.folder / "workspace.db-wal").stat().st_size == 0


def test_a_reader_keeps_the_log_and_that_is_told(shop: Workspace, actor: Actor) -> None:
    with shop.write(actor) as tx:
        household(tx)
    with shop.read() as conn:
        conn.exec_driver_sql("SELECT count(*) FROM journal").scalar()
        assert not shop.scrub()
    assert shop.scrub()


def test_only_copies_that_hold_it_are_listed(shop: Workspace, actor: Actor, clock: SetClock) -> None:
    (shop.folder / "keys.json").write_text("{}")
    backup.back_up(shop, reason="manual")
    with shop.write(actor) as tx:
        household(tx, SENTINEL)
    wanted = entries(shop, SENTINEL)
    assert copies_holding(shop, wanted) == ()
    assert copies_holding(shop, ()) == ()
    clock.moment += timedelta(days=1)
    held = backup.back_up(shop, reason="daily").path
    kept.keep(shop.folder, KEY, "0001")
    (shop.folder / kept.FOLDER / "later-0009-1.db").write_bytes(b"torn")
    broken = held.with_name("backup-20260101-000000-x.hhbak")
    broken.write_bytes(b"no archive")
    found_ = {copy.name: copy for copy in copies_holding(shop, wanted)}
    assert found_.keys() == {held.name, broken.name, "before-0001.db", "later-0009-1.db"}
    assert found_[held.name].made_on == "2026-03-03"
    assert found_[held.name].leaves_on > "2026-03-10"
    assert found_["later-0009-1.db"].leaves_on == ""
    assert found_["before-0001.db"].leaves_on > found_["before-0001.db"].made_on
    assert not list(held.parent.glob("look*"))
    with zipfile.ZipFile(held) as archive:
        assert archive.testzip() is None


def test_a_backup_made_on_a_clock_set_back_is_kept(shop: Workspace) -> None:
    (shop.folder / "keys.json").write_text("{}")
    own = shop.folder / backup.FOLDER
    own.mkdir(exist_ok=True)
    for hour in (10, 11, 12, 13):
        (own / f"backup-20260302-{hour}5959-manual.hhbak").touch()
    made = backup.back_up(shop, reason="import")
    assert made.path.exists()
    assert made.size == made.path.stat().st_size > 0


def test_the_day_a_backup_leaves_is_the_day_the_rotation_lets_it_go(tmp_path: Path) -> None:
    today = date(2026, 3, 31)
    days = [today - timedelta(days=n) for n in (0, 1, 5, 9, 20)]
    for day in days:
        (tmp_path / f"backup-{day:%Y%m%d}-120000-daily.hhbak").touch()
    foretold = leaving_days(tmp_path, today)
    assert len(foretold) == len(days)
    for ahead in range(1, 70):
        day = today + timedelta(days=ahead)
        (tmp_path / f"backup-{day:%Y%m%d}-120000-daily.hhbak").touch()
        thin_out(tmp_path, day)
        for path, leaves in foretold.items():
            assert path.exists() == (day < leaves)
