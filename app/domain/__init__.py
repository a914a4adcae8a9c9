"""Rules on plain values: the standard library only, no files, no clock, no chance."""
