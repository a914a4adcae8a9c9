"""One file a revision, self-contained."""
