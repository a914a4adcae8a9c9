"""Core tables: the few that are the truth, and the projections made from the field definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    DDL,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)

from app.domain.fields import FIELDS
from app.domain.ids import Kind
from app.storage import triggers

if TYPE_CHECKING:
    from app.domain.field_types import FieldDef

truth = MetaData()
projections = MetaData()

stream = Table(
    "stream",
    truth,
    Column("sid", Integer, primary_key=True),
    Column("uid", Text, nullable=False),  # 32 hex digits
    Column("device", Text, nullable=False),
    Column("scope", Text, nullable=False),  # 12-digit code
    Column("parent_sid", Integer),  # set when this row is the second branch of a fork
    Column("fork_seq", Integer),
    Column("head_seq", Integer, nullable=False),
    Column("head", LargeBinary, nullable=False),  # 32-byte link
    Column("key", Text, nullable=False),  # public signing key of the writing device, hex
    Column("incarnation", Text, nullable=False),  # hex
    Column("seal", Text, nullable=False),  # the writing device's signature over the head, "" for our own
    Index("ix_stream_uid", "uid"),
)
entity = Table(
    "entity",
    truth,
    Column("eid", Integer, primary_key=True),
    Column("uid", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("digest", LargeBinary),  # of its folded heads; None until projected
    Index("ix_entity_scope", "scope", "uid"),
)
journal = Table(
    "journal",
    truth,
    Column("lid", Integer, primary_key=True),  # local arrival order, never exported
    Column("sid", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("id", Text, nullable=False),
    Column("eid", Integer, nullable=False),
    Column("state", Integer, nullable=False, default=0),
    Column("body", Text, nullable=False),  # the canonical bytes
    UniqueConstraint("sid", "seq"),
    Index("ix_journal_eid", "eid", "lid"),
    Index("ix_journal_state", "state", sqlite_where=text("state > 0")),
    Index("ix_journal_redacted", "sid", "seq", sqlite_where=text("state = 4")),
)
blob = Table(
    "blob",
    truth,
    Column("hash", Text, primary_key=True),  # "sha256:<hex>"
    Column("data", LargeBinary, nullable=False),
)
trust = Table(
    "trust",
    truth,
    Column("k", Integer, primary_key=True),  # always 1
    Column("epoch", Integer, nullable=False),
    Column("doc", LargeBinary, nullable=False),
)
device = Table(
    "device",
    truth,
    Column("k", Integer, primary_key=True),  # always 1
    Column("secret", LargeBinary, nullable=False),  # signing and sealing keys of this device
    Column("incarnation", LargeBinary, nullable=False),
)
meta = Table("meta", truth, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))
import_log = Table(
    "import_log",
    truth,
    Column("lid", Integer, primary_key=True),
    Column("package", Text, nullable=False),  # SHA-256 of the file
    Column("sender", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("new", Integer, nullable=False),
    Column("known", Integer, nullable=False),
    Column("first_lid", Integer),
    Column("last_lid", Integer),
    Column("summary", Text, nullable=False),
)
peer_ack = Table(
    "peer_ack",
    truth,
    Column("peer", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("entry", Text, primary_key=True),  # a forked stream has a receipt for each branch
    Column("at", Text, nullable=False),
)
waiting = Table(
    "waiting",
    truth,
    Column("package", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
audit = Table(
    "audit",
    truth,
    Column("n", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("link", Text, nullable=False),  # hash chain over the rows
)
# What the person at this computer must be told and has to set aside: a fork, a clone, a clock.
alert = Table(
    "alert",
    truth,
    Column("n", Integer, primary_key=True),
    Column("at", Text, nullable=False),  # ISO with zone
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),  # a stream, a device, a file
    Column("detail", Text, nullable=False),  # JSON
    Column("seen_at", Text, nullable=False),  # "" until somebody set it aside
)
# Lawfully deleted: entries, blobs and photos that must not come in again.
gone = Table(
    "gone",
    truth,
    Column("name", Text, primary_key=True),  # an entry's id or "sha256:<hex>"
    Column("by", Text, nullable=False),  # the entry that says so
)
witness = Table(
    "witness",
    truth,
    Column("k", Integer, primary_key=True),  # always 1
    Column("nonce", Text, nullable=False),
)


def _column(definition: FieldDef) -> Column[int] | Column[str]:
    if definition.type.is_integer:
        # A cleared number is the empty string; SQLite keeps it as text in an Integer column.
        return Column(definition.code, Integer)
    return Column(definition.code, Text)


_INDEXED = {
    Kind.HOUSEHOLD: ("alias_of", "came_from", "split_from"),
    Kind.MEMBER: ("household", "id_number"),
    Kind.INCOME: ("household",),
    Kind.EXPENSE: ("household",),
    Kind.CONDITIONS: ("household",),
    Kind.CASE: ("household", "publicity", "meeting", "round", "sample_in", "certificate"),
    Kind.HIT: ("case", "household"),
    Kind.OBJECTION: ("publicity", "case"),
    Kind.ATTACHMENT: ("case", "household", "submission"),
    Kind.SUBMISSION: ("case", "household", "replaces", "instance_id", "blob"),
    Kind.DOCUMENT: ("case", "household", "publicity"),
}


def _index(table: str, code: str) -> Index:
    # Rows without a value need no place in it, and most links are made late: a merge writes half as much.
    return Index(f"ix_{table}_{code}", code, sqlite_where=text(f'"{code}" IS NOT NULL'))


def _table(kind: Kind) -> Table:
    name = f"p_{kind}"
    return Table(
        name,
        projections,
        Column("eid", Integer, primary_key=True),
        Column("uid", Text, nullable=False, unique=True),
        Column("entity_scope", Text, nullable=False),  # 12-digit code of the stream it was born in
        *(_column(definition) for definition in FIELDS[kind].values()),
        Column("extra", Text, nullable=False, default="{}"),  # JSON of fields we do not know
        *(_index(name, code) for code in _INDEXED.get(kind, ()) if code in FIELDS[kind]),
    )


PROJECTED: dict[Kind, Table] = {kind: _table(kind) for kind in Kind}

conflict = Table(
    "conflict",
    projections,
    Column("eid", Integer, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("heads", Text, nullable=False),  # JSON list of entry ids
)
# Fields whose values ever stood against each other; a settled conflict keeps its row.
contested = Table(
    "contested",
    projections,
    Column("eid", Integer, primary_key=True),
    Column("field", Text, primary_key=True),
)
# What finished questionnaires say, made when somebody looks; a row counts while both names still fit.
answer_json = Table(
    "answer_json",
    projections,
    Column("eid", Integer, primary_key=True),  # of the submission
    Column("blob", Text, nullable=False),  # the XML it was read from
    Column("form", Text, nullable=False),  # hash of the version it was read with, "" without one
    Column("doc", Text, nullable=False),  # JSON
)
household_line = Table(
    "household_line",
    projections,
    Column("eid", Integer, primary_key=True),
    Column("uid", Text, nullable=False, unique=True),
    Column("village", Text, nullable=False),
    Column("team", Text, nullable=False),  # 村民小组
    Column("head", Text, nullable=False),
    Column("head_py", Text, nullable=False),  # pinyin, for sorting
    Column("head_id_tail", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("tags", Text, nullable=False),  # "list.code" of risks or causes, joined by spaces
    Column("conflicts", Integer, nullable=False),
    Column("contested", Integer, nullable=False),  # fields that are or ever were in conflict
    Column("sort", Text, nullable=False),  # village, zero-padded team, team, code
    Index("ix_household_line_sort", "sort", "eid", "status"),
    Index("ix_household_line_code", "village", "code", "uid"),
    Index("ix_household_line_conflict", "sort", sqlite_where=text("conflicts > 0")),
    Index("ix_household_line_contested", "sort", sqlite_where=text("contested > 0")),
)
case_line = Table(
    "case_line",
    projections,
    Column("eid", Integer, primary_key=True),
    Column("uid", Text, nullable=False, unique=True),
    Column("round", Text, nullable=False),
    Column("workflow", Text, nullable=False),
    Column("pack", Text, nullable=False),
    Column("household", Text, nullable=False),
    Column("village", Text, nullable=False),
    Column("stage", Text, nullable=False),  # the open steps, as the case holds them
    Column("step", Text, nullable=False),  # the first open step, "end" when closed
    Column("status", Text, nullable=False),
    Column("stage_on", Text, nullable=False),
    Column("due_on", Text, nullable=False),  # ISO date or ""
    Column("due_key", Text, nullable=False),  # due_on, NEVER when there is none, so that it sorts last
    Column("income_fen", Integer),  # total net income of the household in the case's round
    Column("per_head_fen", Integer),  # rounded, for the list only
    Column("persons", Integer, nullable=False),
    Column("code", Text, nullable=False),  # from here on as in household_line, so that lists need no join
    Column("head", Text, nullable=False),
    Column("head_py", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("tags", Text, nullable=False),
    Column("conflicts", Integer, nullable=False),
    Column("contested", Integer, nullable=False),
    Column("person", Text, nullable=False),  # person in charge of the visit
    Column("urgent", Integer, nullable=False),
    Column("stale", Integer, nullable=False),  # 1: evidence of a step is older than a return
    Column("stage_conflict", Integer, nullable=False),
    Column("changed_since", Integer, nullable=False),  # 1: changed after an approval saw it
    Column("sort", Text, nullable=False),
    Index("ix_case_line_step", "round", "workflow", "step", "due_key", "sort"),
    Index("ix_case_line_due", "round", "workflow", "due_key", "sort"),
    Index("ix_case_line_stale", "round", "workflow", "due_key", "sort", sqlite_where=text("stale = 1")),
    Index(
        "ix_case_line_conflict", "round", "workflow", "due_key", "sort", sqlite_where=text("conflicts > 0")
    ),
    *(
        Index(f"ix_case_line_{name}", "round", "workflow", "due_key", "sort", sqlite_where=text(condition))
        for name, condition in (
            ("contested", "contested > 0"),
            ("changed", "changed_since = 1"),
            ("returned", "status = 'returned'"),
        )
    ),
    # Cases with several open steps; packs without parallel steps have none.
    Index("ix_case_line_parallel", "round", "workflow", "stage", sqlite_where=text("instr(stage, ' ') > 0")),
    Index("ix_case_line_household", "household", "round", "workflow", "step", "due_key"),
)
# Cases and households by place, kept by triggers: the board must not read a hundred thousand lines.
board_count = Table(
    "board_count",
    projections,
    Column("round", Text, primary_key=True),
    Column("workflow", Text, primary_key=True),
    Column("village", Text, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("status", Text, primary_key=True),
    Column("due_on", Text, primary_key=True),
    Column("stale", Integer, primary_key=True),
    Column("in_conflict", Integer, primary_key=True),
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
)
village_count = Table(
    "village_count",
    projections,
    Column("village", Text, primary_key=True),
    Column("status", Text, primary_key=True),
    Column("households", Integer, nullable=False),
    Column("persons", Integer, nullable=False),
    sqlite_with_rowid=False,
)
NEVER = "~"
"""Sorts after every ISO date."""
search_key = Table(
    "search_key",
    projections,
    Column("eid", Integer, primary_key=True),  # of the member
    Column("n", Integer, primary_key=True),  # reading number: surnames may have two
    Column("home", Integer, nullable=False),  # local number of the household
    Column("village", Text, nullable=False),
    Column("name_norm", Text, nullable=False),
    Column("py", Text, nullable=False),
    Column("initials", Text, nullable=False),
    Column("id_rev", Text, nullable=False),
    # The village first: a merge then writes one corner of an index, not all of it; a search seeks in each.
    Index("ix_search_name", "village", "name_norm", "home"),
    Index("ix_search_py", "village", "py", "home"),
    Index("ix_search_initials", "village", "initials", "home"),
    Index("ix_search_id_rev", "village", "id_rev", "home"),
    Index("ix_search_home", "home"),
    sqlite_with_rowid=False,
)

for _table_of, _statement in (
    (case_line, triggers.CASE_ADDED),
    (case_line, triggers.CASE_GONE),
    (household_line, triggers.HOUSEHOLD_ADDED),
    (household_line, triggers.HOUSEHOLD_GONE),
):
    event.listen(_table_of, "after_create", DDL(_statement))  # type: ignore[no-untyped-call]  # SQLAlchemy's own
