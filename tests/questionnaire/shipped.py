"""The questionnaires that ship, opened and filled in."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from app.domain.ids import Value
from app.questionnaire.checking import errors
from app.questionnaire.corefields import core_fields
from app.questionnaire.definition import FormModel
from app.questionnaire.engine import Engine
from app.questionnaire.loader import load_form
from tests.questionnaire.forms import NOW

FORMS = Path(__file__).resolve().parents[2] / "forms" / "questionnaires"


@cache
def shipped(form_id: str) -> FormModel:
    """The compiled form."""
    return load_form((FORMS / form_id / "v1" / f"{form_id}.xml").read_bytes())


def opened(form_id: str) -> Engine:
    """A fresh form."""
    return Engine(shipped(form_id), NOW, rng=random.Random(3))


def fill(engine: Engine, answers: Mapping[str, str]) -> None:
    """Answer questions by their path with positions below /data."""
    for path, text in answers.items():
        entry = engine.entry(f"/data/{path}")
        assert entry is not None, path
        engine.answer(entry, text)


def told(engine: Engine) -> dict[str, str]:
    """What is still wrong, by path below /data."""
    return {problem.ref.removeprefix("/data/"): problem.message for problem in errors(engine)}


def fields(engine: Engine) -> dict[str, Value]:
    """Core fields outside of repeats."""
    return {answer.field: answer.value for answer in core_fields(engine) if not answer.row}


def stored(engine: Engine, path: str) -> str:
    """An answer by its path below /data."""
    entry = engine.entry(f"/data/{path}")
    assert entry is not None, path
    return entry.value
