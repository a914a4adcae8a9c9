"""The quick reader: no SQLAlchemy, no writing, clear words for a wrong key and a newer file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from app.domain.errors import Refused, Unavailable
from app.storage import migrate, revision
from app.storage.quick import QuickReader
from app.storage.workspace import Workspace
from tests.storage.conftest import KEY, VILLAGE


def test_it_reads_what_the_workspace_wrote(workspace: Workspace) -> None:
    with QuickReader(workspace.folder, KEY) as reader:
        assert reader.is_current()
        assert reader.revision() == revision.HEAD == migrate.HEAD
        assert (reader.meta("scope"), reader.meta("level"), reader.meta("nothing")) == (
            VILLAGE,
            "village",
            "",
        )
        assert reader.exec_driver_sql("SELECT 1 + ?", (2,)) == [(3,)]


def test_the_newest_script_is_the_revision() -> None:
    assert max(migrate.known_revisions()) == revision.HEAD


def test_an_older_file_is_not_current(workspace: Workspace) -> None:
    with workspace.bookkeeping() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    with QuickReader(workspace.folder, KEY) as reader:
        assert not reader.is_current()
    with workspace.bookkeeping() as conn:
        conn.exec_driver_sql("DELETE FROM alembic_version")
    with QuickReader(workspace.folder, KEY) as reader, pytest.raises(Unavailable) as caught:
        reader.revision()
    assert caught.value.code == "workspace.damaged"


def test_a_wrong_key_and_a_damaged_file(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        QuickReader(workspace.folder, bytes(32))
    assert caught.value.code == "workspace.damaged"
    (tmp_path / "workspace.db").write_bytes(b"not a database" * 1000)
    with pytest.raises(Unavailable) as caught:
        QuickReader(tmp_path, KEY)
    assert caught.value.code == "workspace.damaged"


def test_it_cannot_write(workspace: Workspace) -> None:
    with QuickReader(workspace.folder, KEY) as reader:
        with pytest.raises(Unavailable) as caught:
            reader.exec_driver_sql("DELETE FROM meta")
        assert caught.value.code == "disk.read_only"
        assert reader.meta("scope") == VILLAGE
        with pytest.raises(Refused) as refused:
            reader.exec_driver_sql("SELECT * FROM no_such_table")
        assert refused.value.code == "workspace.newer_schema"


def test_the_first_reads_import_nothing_heavy() -> None:
    script = (
        "import sys, app.storage.quick, app.queries.board, app.queries.household_list, app.queries.case_card,"
        " app.queries.persons, app.queries.policy;"
        "print(sorted({name.split('.')[0] for name in sys.modules} &"
        " {'sqlalchemy', 'alembic', 'openpyxl', 'reportlab', 'pypinyin', 'pyxform', 'PIL', 'lxml'}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_slip_of_ours_is_not_put_on_the_machine(workspace: Workspace) -> None:
    with QuickReader(workspace.folder, KEY) as reader, pytest.raises(sqlcipher.OperationalError):
        reader.exec_driver_sql("SELEC 1")
