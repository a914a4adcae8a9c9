"""Paper: plain values in, PDF bytes out. A leaf: imports nothing else of the program."""
