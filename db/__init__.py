"""Schema migrations of the truth tables."""
