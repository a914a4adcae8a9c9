"""The self-check finds what is wrong, and only that."""

from __future__ import annotations

from sqlalchemy import select, update

from app.storage import tables
from app.usecases import checks
from tests.usecases.journal import standing

GOOD = {"file": True, "chains": True, "projections": True}


def test_the_program_has_all_its_parts():
    assert checks.check_program() == {"cipher": True, "packs": True, "fonts": True}


def test_a_workspace_at_work_holds_together(village):
    village.bring(village.open("吴福生"), "publicise")
    before = standing(village.office)
    assert checks.check_workspace(village.office) == GOOD
    assert standing(village.office) == before


def test_a_changed_entry_breaks_the_chain(village):
    village.add_home("吴福生")
    journal = tables.journal
    with village.office.workspace.bookkeeping() as conn:
        lid, body = conn.execute(select(journal.c.lid, journal.c.body).order_by(journal.c.lid.desc())).first()
        conn.execute(
            update(journal).where(journal.c.lid == lid).values(body=body.replace("吴福生", "吴福升"))
        )
    found = checks.check_workspace(village.office)
    assert (found["file"], found["chains"]) == (True, False)


def test_a_projection_that_left_the_journal_is_found_and_made_good(village):
    home = village.add_home("吴福生")
    with village.office.workspace.bookkeeping() as conn:
        conn.execute(update(tables.entity).where(tables.entity.c.uid == home).values(digest=b"x" * 32))
    assert checks.check_workspace(village.office) == {**GOOD, "projections": False}
    assert checks.check_workspace(village.office) == GOOD
