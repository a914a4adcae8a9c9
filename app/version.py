"""The program's version, written into packages and papers."""

from __future__ import annotations

VERSION = "0.4.0"
