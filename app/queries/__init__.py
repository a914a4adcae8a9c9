"""Reads that return frozen dataclasses; no widget and no write here."""
