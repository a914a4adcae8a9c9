"""The starter file a township hands out: names of places, the line, and whom to believe.

With it a village can begin, and seal its first package to the township, before it is enrolled.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.errors import BadInput
from app.domain.parsed import is_object
from app.domain.trust import TrustDoc, canonical, parse_trust
from app.files.enrolment import MAX_BYTES, Starter

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = "hhstart/1"
SUFFIX = ".hhstart"
_SCOPE = re.compile(r"[0-9]{12}")
_LABEL = re.compile(r"[^\x00-\x1f\x7f]{0,60}")


@dataclass(frozen=True, slots=True)
class StarterFile:
    """What the file holds; ``trust`` names its issuer as root."""

    starter: Starter
    trust: TrustDoc


def starter_bytes(made: StarterFile) -> bytes:
    """Return the bytes of a starter file."""
    return canonical(
        {
            "fmt": FORMAT,
            "starter": {
                "line_doc": made.starter.line_doc,
                "line_fen": made.starter.line_fen,
                "pack": made.starter.pack,
                "places": dict(made.starter.places),
            },
            "trust": json.loads(made.trust.to_bytes()),
        }
    )


def read_starter(data: bytes, file: str) -> StarterFile:
    """Read a starter file.

    Raises:
        BadInput: ``starter.not_one`` (param ``file``) and the codes of ``parse_trust``.
    """
    wrong = BadInput("starter.not_one", file=file)
    if len(data) > MAX_BYTES:
        raise wrong
    try:
        doc = json.loads(data)
        inner = doc["starter"]
        places = {_checked(code, _SCOPE): _checked(name, _LABEL) for code, name in inner["places"].items()}
        starter = Starter(
            places,
            _checked(inner["pack"], _LABEL),
            _fen(inner["line_fen"]),
            _checked(inner["line_doc"], _LABEL),
        )
        right, trust = doc["fmt"] == FORMAT, _object(doc["trust"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise wrong from error
    if not right:
        raise wrong
    return StarterFile(starter, parse_trust(canonical(trust)))


def _checked(value: object, shape: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise ValueError("not of the shape")
    return value


def _fen(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**12:
        raise ValueError("not an amount")
    return value


def _object(value: object) -> Mapping[str, object]:
    if not is_object(value):
        raise TypeError("not an object")
    return value
