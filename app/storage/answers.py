"""What finished questionnaires say, kept so that it is read once; any row may be dropped and made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from app.storage import tables

if TYPE_CHECKING:
    from sqlalchemy import Connection


def find_answers(conn: Connection, uid: str, blob: str, form: str) -> str | None:
    """Return the kept JSON of a submission, None when it was not read from this XML with this version yet."""
    table = tables.answer_json
    query = select(table.c.doc).join(tables.entity, tables.entity.c.eid == table.c.eid)
    query = query.where(tables.entity.c.uid == uid, table.c.blob == blob, table.c.form == form)
    found: str | None = conn.execute(query).scalar()
    return found


def keep_answers(conn: Connection, uid: str, blob: str, form: str, doc: str) -> None:
    """Keep the JSON of a submission in the place of what was kept before."""
    table = tables.answer_json
    eid = conn.execute(select(tables.entity.c.eid).where(tables.entity.c.uid == uid)).scalar_one()
    conn.execute(delete(table).where(table.c.eid == eid))
    conn.execute(insert(table).values(eid=eid, blob=blob, form=form, doc=doc))
