"""Add alerts, the names of what was lawfully deleted, an index of what is not shown, receipts by branch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables and the way to entries that are only digests; widen the key of the receipts."""
    op.create_table(
        "alert",
        sa.Column("n", sa.Integer(), primary_key=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
    )
    op.create_index("ix_journal_redacted", "journal", ["sid", "seq"], sqlite_where=sa.text("state = 4"))
    op.create_table(
        "gone",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("by", sa.Text(), nullable=False),
    )
    op.create_index("ix_journal_state", "journal", ["state"], sqlite_where=sa.text("state > 0"))
    op.rename_table("peer_ack", "peer_ack_before")
    op.create_table(
        "peer_ack",
        sa.Column("peer", sa.Text(), primary_key=True),
        sa.Column("stream", sa.Text(), primary_key=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Text(), primary_key=True),
        sa.Column("at", sa.Text(), nullable=False),
    )
    op.execute(
        "INSERT INTO peer_ack (peer, stream, seq, entry, at) "
        "SELECT peer, stream, seq, entry, at FROM peer_ack_before"
    )
    op.drop_table("peer_ack_before")
