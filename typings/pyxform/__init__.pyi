# Only what the program uses; the library brings no types.
