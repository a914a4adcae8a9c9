"""Writes: one function an action, one transaction, one Changes value."""
