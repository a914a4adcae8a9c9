"""Alembic's scripts; importable so that they ship."""
