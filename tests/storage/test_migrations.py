"""Migrations: they make the tables the program declares, in one step or not at all, after a backup."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

import db.migrations
from app.domain.errors import Refused, Unavailable
from app.storage import migrate, tables
from app.storage.backup import restore
from app.storage.digest import digest
from app.storage.engine import open_engine
from app.storage.revision import HEAD
from app.storage.workspace import Workspace
from tests.storage.conftest import KEY, PlainJudge, found, household

SCRIPTS = Path(db.migrations.__file__).parent
LATER = f"{int(HEAD) + 1:04}"
NEXT = '''"""Add a column, then do what the test says."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{down}"


def upgrade():
    op.add_column("meta", sa.Column("extra", sa.Text()))
    {then}
'''


def described(engine, name):
    """Columns, keys and indexes of a table as the database tells them."""
    seen = inspect(engine)
    columns = [
        (c["name"], str(c["type"]), c["nullable"], c["primary_key"] > 0, c["default"])
        for c in seen.get_columns(name)
    ]
    foreign = {
        (tuple(k["constrained_columns"]), k["referred_table"], tuple(k["referred_columns"]))
        for k in seen.get_foreign_keys(name)
    }
    unique = {tuple(k["column_names"]) for k in seen.get_unique_constraints(name)}
    indexes = {(i["name"], tuple(i["column_names"]), bool(i["unique"])) for i in seen.get_indexes(name)}
    return columns, foreign, unique, indexes


def snapshot(folder):
    """Entries, digest and schema of a workspace, read past the program's own opening."""
    with Reading(folder) as conn:
        schema = conn.exec_driver_sql("SELECT sql FROM sqlite_master ORDER BY name").scalars().all()
        return digest(conn), conn.exec_driver_sql("SELECT count(*) FROM journal").scalar(), schema


class Reading:
    """A raw engine over a closed workspace."""

    def __init__(self, folder):
        self.engine = open_engine(folder / "workspace.db", KEY)

    def __enter__(self):
        self.conn = self.engine.connect()
        return self.conn

    def __exit__(self, *_):
        self.conn.close()
        self.engine.dispose()


@pytest.fixture
def closed(tmp_path, clock, actor):
    """A closed workspace with one household."""
    made = found(tmp_path / "w", clock)
    with made.write(actor) as tx:
        household(tx)
    (made.folder / "keys.json").write_text("{}")
    made.close()
    return made.folder


@pytest.fixture
def newer(tmp_path, monkeypatch):
    """A program one revision ahead, whose script does what ``then`` says."""

    def install(then: str) -> None:
        scripts = tmp_path / "migrations"
        shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
        (scripts / "versions" / f"{LATER}_next.py").write_text(
            NEXT.format(then=then, revision=LATER, down=HEAD)
        )
        monkeypatch.setattr(db.migrations, "__file__", str(scripts / "__init__.py"))
        monkeypatch.setattr(migrate, "HEAD", LATER)

    return install


def reopened(folder, clock):
    return Workspace.open(folder, KEY, PlainJudge(), clock)


def test_the_scripts_make_the_tables_the_program_declares(closed):
    declared = create_engine("sqlite://")
    tables.truth.create_all(declared)
    with Reading(closed) as conn:
        names = set(inspect(conn).get_table_names())
        truth = set(tables.truth.tables)
        assert truth <= names
        assert names - truth == set(tables.projections.tables) | {"alembic_version"}
        for name in sorted(truth):
            assert described(conn, name) == described(declared, name), name


def test_head_is_the_newest_script():
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    directory = ScriptDirectory.from_config(config)
    assert directory.get_heads() == [HEAD]
    assert migrate.known_revisions() == {script.revision for script in directory.walk_revisions()}


def test_a_current_file_is_left_alone(closed, clock):
    reopened(closed, clock).close()
    assert not (closed / "backups").exists()


def test_an_older_file_is_backed_up_and_migrated(closed, clock, newer):
    before = snapshot(closed)
    newer("pass")
    opened = reopened(closed, clock)
    with opened.engine.connect() as conn:
        assert migrate.revision(conn) == LATER
        assert "extra" in {column["name"] for column in inspect(conn).get_columns("meta")}
        assert conn.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert conn.exec_driver_sql("PRAGMA foreign_key_check").first() is None
        assert digest(conn) == before[0]
    opened.close()
    [backup] = (closed / "backups").glob("*-migration.hhbak")
    restore(backup, closed.parent / "old")
    assert snapshot(closed.parent / "old") == before


@pytest.mark.parametrize(
    "then",
    [
        'op.execute("INSERT INTO nowhere VALUES (1)")',
        (
            'op.execute("CREATE TABLE child (eid INTEGER REFERENCES entity (eid))"); '
            'op.execute("INSERT INTO child VALUES (99999)")'
        ),
    ],
    ids=["a statement fails", "a foreign key is broken"],
)
def test_a_failing_migration_changes_nothing(closed, clock, newer, then):
    before = snapshot(closed)
    newer(then)
    with pytest.raises(Unavailable) as caught:
        reopened(closed, clock)
    assert caught.value.code == "workspace.migration_failed"
    assert snapshot(closed) == before
    assert len(list((closed / "backups").glob("*-migration.hhbak"))) == 1


def test_an_older_program_opens_the_file_again_after_a_failed_migration(closed, clock):
    with pytest.MonkeyPatch.context() as own:
        shutil.copytree(SCRIPTS, closed.parent / "m", ignore=shutil.ignore_patterns("__pycache__"))
        (closed.parent / "m" / "versions" / f"{LATER}_next.py").write_text(
            NEXT.format(then="1 / 0", revision=LATER, down=HEAD)
        )
        own.setattr(db.migrations, "__file__", str(closed.parent / "m" / "__init__.py"))
        own.setattr(migrate, "HEAD", LATER)
        with pytest.raises(ZeroDivisionError):  # our own mistake is reported as one
            reopened(closed, clock)
    opened = reopened(closed, clock)
    assert opened.standing().scope
    opened.close()


def test_a_file_of_a_newer_program_is_refused(closed, clock):
    with Reading(closed) as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        conn.commit()
    before = snapshot(closed)
    with pytest.raises(Refused) as caught:
        reopened(closed, clock)
    assert (caught.value.code, snapshot(closed)) == ("workspace.newer_schema", before)
