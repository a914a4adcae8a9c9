"""Small forms written as tables, as XLSForm authors write them."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from textwrap import dedent

from app.questionnaire.compile import compile_workbook
from app.questionnaire.definition import FormModel
from app.questionnaire.engine import Engine
from app.questionnaire.loader import load_form
from app.questionnaire.state import Entry

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)  # 10:30 in Beijing


def form_of(table: str, media: dict[str, bytes] | None = None) -> FormModel:
    """Load a form from a Markdown table of its sheets."""
    return load_form(compile_workbook(dedent(table).encode(), "form.md").xform_xml, media)


def engine_of(table: str, answers: str | None = None, media: dict[str, bytes] | None = None) -> Engine:
    """Open a form."""
    return Engine(form_of(table, media), NOW, answers, rng=random.Random(7))


def at(engine: Engine, ref: str) -> Entry:
    """The entry of a path below /data."""
    entry = engine.entry(f"/data/{ref}")
    assert entry is not None, f"no {ref}"
    return entry


def answer(engine: Engine, ref: str, value: str):
    """Answer a question."""
    return engine.answer(at(engine, ref), value)


def value(engine: Engine, ref: str) -> str:
    """The answer of a question."""
    return at(engine, ref).value


SHELL = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:hh="http://babutong/household">
<h:head><h:title>t</h:title><model>{model}</model></h:head><h:body>{body}</h:body></h:html>"""


def opened(
    model: str, body: str = "", *, media: dict[str, bytes] | None = None, answers: str | None = None
) -> Engine:
    form = load_form(SHELL.format(model=model, body=body), media)
    return Engine(form, NOW, answers, rng=random.Random(3))
