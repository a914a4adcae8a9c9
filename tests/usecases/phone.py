"""Visits filled in on a phone, for tests of what becomes of them here."""

from __future__ import annotations

import re
from pathlib import Path

from app.domain.ids import EntityId, Kind
from app.queries import rows
from app.questionnaire.engine import Engine
from app.storage.tx import CIVIL_ZONE
from app.usecases import visits
from app.usecases.forms import current_form, model_of
from tests.questionnaire.visit_answers import ANSWERS


def answered(engine: Engine, **other: str) -> str:
    for path, text in {**ANSWERS, **other}.items():
        engine.answer(engine.at(f"/data/{path}")[0], text)
    return engine.to_xml()


def visit_xml(village, case: EntityId, number: int = 1, edited: str = "", **other: str) -> bytes:
    """The visit of a case as a phone that was given what is known would send it, with phone-like bytes."""
    text = answered(visits.open_visit(village.office, case).engine, **other)
    return as_phone(text, number, edited)


def blank_xml(village, number: int = 1, **other: str) -> bytes:
    """The visit of nobody we know, from a blank form."""
    now = village.clock.now().astimezone(CIVIL_ZONE)
    return as_phone(answered(Engine(model_of(current_form(village.office, "visit")), now), **other), number)


def instance(number: int) -> str:
    return f"uuid:{number:08d}-0000-4000-8000-000000000000"


def as_phone(text: str, number: int, edited: str = "") -> bytes:
    text, count = re.subn(r"uuid:[0-9a-f-]{36}", instance(number), text)
    assert count == 1
    if edited:
        text = re.sub(
            r"</((?:\w+:)?)instanceID>", rf"</\1instanceID><\1deprecatedID>{edited}</\1deprecatedID>", text
        )
    return b"<?xml version='1.0' ?>\r\n" + text.encode()


def sent(folder: Path, **files: bytes) -> Path:
    """One instance folder for each XML."""
    for name, xml in files.items():
        place = folder / name
        place.mkdir(parents=True)
        (place / f"{name}.xml").write_bytes(xml)
    return folder


def submissions(office, **equal):
    with office.workspace.read() as conn:
        return rows.where(conn, Kind.SUBMISSION, **equal)


def with_newcomer(xml: bytes, name: str) -> bytes:
    """The same with one more member: a row like the first, of another name, without an id and number."""
    found = re.search(rb"<member>.*?</member>", xml, re.DOTALL)
    assert found
    row = re.sub(rb"(<name>)[^<]*", rb"\g<1>" + name.encode(), re.sub(rb">[0-9a-f]{32}<", b"><", found[0]))
    row = re.sub(rb"(<id_number>)[^<]*", rb"\g<1>", row)
    row = re.sub(rb"(<relation>)[^<]*", rb"\g<1>03", row)
    return xml.replace(found[0], found[0] + row)
