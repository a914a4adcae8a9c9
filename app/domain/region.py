"""The 12-digit statistical region code: 2 province, 2 prefecture, 2 county, 3 township, 3 village.

    level_of("530102001201")            # Level.VILLAGE
    parent_of("530102001201")           # "530102001000"
    is_within("530102001000", "530102001201")

No national list ships: codes are checked for their structure only.
Source: GB/T 2260 (6 digits), GB/T 10114 (3 digits), statistical village codes (3 digits).
"""

from __future__ import annotations

from typing import Final

from app.domain.errors import Refused
from app.domain.ids import Level

CODE_LENGTH: Final = 12
_COUNTY, _TOWNSHIP = 6, 9
# Where a code's parts end; a part of zeros means that the code names the area above it.
_PARTS: Final = ((9, 12), (6, 9), (4, 6), (2, 4), (0, 2))

# First and last number of each group of provinces.
_GROUPS: Final = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))

PROVINCES: Final = frozenset(str(n) for first, last in _GROUPS for n in range(first, last + 1))
"""First two digits in use; 99 is never assigned and serves demonstrations and tests."""

_DEMO_PROVINCE: Final = "99"


def checked_code(text: str) -> str:
    """Return a 12-digit code of a county, township or village without surrounding spaces.

    Raises:
        Refused: ``region.length`` (params ``length``), ``region.digits``, ``region.province``
            (param ``digits``) or ``region.too_wide`` for a code above the county.
    """
    code = place_code(text)
    level_of(code)
    return code


def place_code(text: str) -> str:
    """Return the 12-digit code of any place, a province's too; the other codes of ``checked_code``."""
    code = text.strip()
    if not (code.isascii() and code.isdigit()):
        raise Refused("region.digits")
    if len(code) != CODE_LENGTH:
        raise Refused("region.length", length=len(code))
    if code[:2] not in PROVINCES and code[:2] != _DEMO_PROVINCE:
        raise Refused("region.province", digits=code[:2])
    return code


def level_of(code: str) -> Level:
    """Return the level a well-formed code names.

    A prefecture without counties (such as 441900) stands at county level with its townships below.

    Raises:
        Refused: ``region.too_wide`` for the code of a province or of the whole country.
    """
    length = len(significant(code))
    if length == CODE_LENGTH:
        return Level.VILLAGE
    if length == _TOWNSHIP:
        return Level.TOWNSHIP
    if length in {_COUNTY, 4}:
        return Level.COUNTY
    raise Refused("region.too_wide")


def significant(code: str) -> str:
    """Return the digits of a code without the zero parts at its end."""
    for start, end in _PARTS:
        if code[start:end].strip("0"):
            return code[:end]
    return ""


def is_within(scope: str, code: str) -> bool:
    """Tell whether the area ``code`` lies in ``scope`` or is it; an empty scope contains nothing."""
    prefix = significant(scope)
    return bool(prefix) and code.startswith(prefix)


def parent_of(code: str) -> str:
    """Return the code of the area above: village to township, township to county; "" above a county."""
    level = level_of(code)
    if level is Level.VILLAGE:
        return township_of(code)
    if level is Level.TOWNSHIP:
        return county_of(code)
    return ""


def township_of(code: str) -> str:
    """Return the 12-digit code of the township a village or township code lies in."""
    return code[:_TOWNSHIP].ljust(CODE_LENGTH, "0")


def county_of(code: str) -> str:
    """Return the 12-digit code of the county a code lies in."""
    return code[:_COUNTY].ljust(CODE_LENGTH, "0")
