"""Real workbooks: each compiles, loads, opens, and its answers can be written and read again."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from app.questionnaire.compile import compile_workbook
from app.questionnaire.engine import Engine
from app.questionnaire.loader import load_form
from app.questionnaire.trial.record import Outcome, why

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def try_workbook(name: str, data: bytes, media: Mapping[str, bytes], now: datetime) -> str:
    """Say what is lacking; nothing when the workbook goes all the way. Lists not given are empty.

    Raises:
        AppError: what the compiler, the loader or the engine refuses.
    """
    form = load_form(compile_workbook(data, name).xform_xml, media)
    engine = Engine(form, now)
    again = Engine(form, now, engine.to_xml(everything=True))
    if _UUID.sub("X", again.to_xml()) != _UUID.sub("X", engine.to_xml()):
        return "other answers after writing and reading"
    return ""


def run_workbooks(
    listed: Mapping[str, bool], read: Callable[[str], bytes], media: Mapping[str, bytes], now: datetime
) -> Outcome:
    """Try every workbook of a list that says of each whether pyxform converts it."""
    outcome = Outcome()

    def tried(name: str) -> str:
        return try_workbook(name, read(name), media, now)

    for name, converts in listed.items():
        if converts:
            outcome.note(name, why(partial(tried, name)))
        else:
            outcome.quarantined += 1
    return outcome
