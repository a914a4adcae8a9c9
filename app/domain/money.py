"""Money: whole fen inside, yuan for people."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from app.domain.errors import Refused

_YUAN: Final = re.compile(r"(-?)([0-9]+)(?:\.([0-9]*))?")
_LIMIT: Final = 12  # digits of yuan; keeps every sum inside 64 bits


def parse_yuan(text: str) -> int:
    """Return the fen of an amount in yuan such as "1,234.5", "１２００元" or "-3.20".

    Raises:
        Refused: ``money.not_a_number``, ``money.decimals`` (more than two), ``money.too_large``.
    """
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("¥").removesuffix("元")
    match = _YUAN.fullmatch(plain.replace(",", "").replace(" ", ""))
    if match is None:
        raise Refused("money.not_a_number")
    sign, yuan, decimals = match.group(1), match.group(2), (match.group(3) or "").rstrip("0")
    if len(decimals) > len("fj"):
        raise Refused("money.decimals")
    if len(yuan.lstrip("0")) > _LIMIT:
        raise Refused("money.too_large")
    fen = int(yuan) * 100 + int(decimals.ljust(2, "0"))
    return -fen if sign else fen


def yuan(fen: int) -> str:
    """Return an amount in yuan with two decimals and without grouping: 123450 -> "1234.50"."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02d}"


def yuan_grouped(fen: int) -> str:
    """Return an amount in yuan with two decimals and a comma every three digits."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"
