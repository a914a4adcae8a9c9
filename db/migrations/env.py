"""Run migrations on the connection the program hands over; there is no offline mode."""

from __future__ import annotations

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=True, transaction_per_migration=False)
# The caller owns the transaction: all migrations commit together or not at all.
context.run_migrations()
