"""Item models: an array of ids and pages of frozen lines."""
