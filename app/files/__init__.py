"""Foreign formats, values in and out, no database."""
