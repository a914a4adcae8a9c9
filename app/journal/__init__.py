"""The journal, pure: entries, chain, registers, fold, clock, authority."""
