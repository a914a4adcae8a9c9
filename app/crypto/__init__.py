"""Cryptography: suites behind one interface, device keys, key slots, files at rest."""
