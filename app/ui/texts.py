"""Words for keys and sentences for error codes; no Qt, so the command line uses it too.

The tables are flat JSON files ``i18n/<language>/<area>.json``; the area is the part of a key or
code before its first dot. A table is read on first use, so that the start reads only its own.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.errors import AppError

LANGUAGE = "zh"

# Path arithmetic instead of importlib.resources: that import alone costs a tenth of the start.
_TABLES = Path(__file__).parent / "i18n"


@lru_cache(maxsize=64)
def table(area: str) -> Mapping[str, str]:
    """Return the sentence table of an area; empty when the area has none."""
    path = _TABLES / LANGUAGE / f"{area}.json"
    if not path.is_file():
        return {}
    words: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return words


def t(key: str, **params: str | int) -> str:
    """Return the words of ``key`` with its ``{params}`` filled in.

    Raises:
        KeyError: a key or a parameter that does not exist; that is a bug, found by the tests.
    """
    words = table(key.partition(".")[0])[key]
    return words.format(**params) if params else words


def has(key: str) -> bool:
    """Tell whether ``key`` has words, for keys that are put together from data."""
    return key in table(key.partition(".")[0])


def sentence(error: AppError) -> str:
    """Return what a person is told about ``error``: what happened, where and what to do.

    An error without a sentence is a gap in the tables; the person gets the code to read out
    instead of nothing.
    """
    if not has(error.code):
        return t("failure.no_sentence", code=error.code)
    return table(error.code.partition(".")[0])[error.code].format(**error.params)
