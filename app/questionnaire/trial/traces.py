"""Traces of filled forms: after every operation the whole state must be the recorded one."""

from __future__ import annotations

import base64
import re
import unicodedata
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from lxml import etree

from app.questionnaire.engine import Engine
from app.questionnaire.loader import load_form
from app.questionnaire.trial.record import Outcome, why
from app.questionnaire.xpath.node import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.questionnaire.state import Entry
    from app.questionnaire.trial.record import Record

_UUID = re.compile(r"(?:uuid:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SPAN_MS = 30_000
"""While a form was loaded the recorder's clock ran on by less than this."""


class _Clock:
    """Makes moments around the recorder's clock comparable by their minute."""

    def __init__(self, now_ms: float) -> None:
        self._now_ms = now_ms

    def calm(self, text: str) -> str:
        """The text without what no two runs share: random ids, seconds of the moment of the run."""
        return unicodedata.normalize("NFC", _MOMENT.sub(self._near, _UUID.sub("uuid:X", text)))

    def _near(self, found: re.Match[str]) -> str:
        moment = datetime.fromisoformat(found[0])
        apart = abs(moment.timestamp() * 1000 - self._now_ms) if moment.tzinfo is not None else _SPAN_MS
        return "NOW" if apart < _SPAN_MS else found[0]


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:\d\d)")


def _canonical(xml: str) -> str:
    return etree.tostring(parse_xml(xml), method="c14n", exclusive=True).decode()


def _words(text: str) -> str:
    return " ".join(text.split())


def _media(resources: Record) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for url in resources.keys():  # noqa: SIM118 - a record is no dict
        resource = resources.record(url)
        body = resource.get("body")
        data = (
            body.encode()
            if isinstance(body, str)
            else base64.b64decode(resource.record("body").text("base64"))
        )
        found[url.rpartition("/")[2]] = found[url] = data
    return found


def _state(engine: Engine, entry: Entry) -> dict[str, object]:
    """What can be told of an entry, by the keys of the records."""
    words = engine.wording
    state: dict[str, object] = {
        "rel": entry.relevant,
        "ro": entry.readonly,
        "req": entry.required,
    }
    control = entry.control if entry.row_of is None else None
    if control is not None:
        state["label"] = words.label(entry)
        state["hint"] = words.hint(entry)
    if entry.repeat is None and entry.row_of is None and not entry.node.elements():
        state |= {"val": entry.value, "cv": entry.is_constraint_ok, "rv": entry.is_required_ok}
        state["msg"] = (
            words.constraint_message(entry) if entry.is_required_ok else words.required_message(entry)
        )
        if entry.relevant:
            state["opts"] = [[c.value, c.label] for c in engine.choices(entry)]
    return state


def _plain(key: str, value: object, clock: _Clock) -> object:
    """A value as it is compared: blanks and null alike, white space in words folded."""
    if key == "opts" and isinstance(value, list):
        pairs = cast("list[list[object]]", value)
        return [[str(code), _words(str(label or ""))] for code, label in pairs]
    if key in {"label", "hint", "msg"}:
        return _words(str(value or ""))
    return clock.calm(value) if isinstance(value, str) else value


def _difference(engine: Engine, expected: Record, clock: _Clock) -> str:
    mine, theirs = (clock.calm(_canonical(x)) for x in (engine.to_xml(), expected.text("xml")))
    if mine != theirs:
        at = next((i for i, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), len(mine))
        return f"xml …{mine[max(0, at - 40) : at + 60]} instead of …{theirs[max(0, at - 40) : at + 60]}"
    entries = {entry.ref: entry for entry in engine.entries()}
    for node in expected.records("nodes"):
        ref = node.text("ref")
        entry = entries.get(ref)
        if entry is None:
            return f"no node {ref}"
        for key, value in _state(engine, entry).items():
            got, want = _plain(key, value, clock), _plain(key, node.get(key), clock)
            if key in node and got != want:
                return f"{ref} {key}: {got!r} instead of {want!r}"
    return ""


def _operate(engine: Engine, op: Record) -> str:
    """Do what the recorded user did; says what is missing."""
    name = op.text("op")
    if op.number("now"):
        engine.set_now(datetime.fromtimestamp(op.number("now") / 1000, UTC))
    if name == "language":
        engine.set_language(op.text("value"))
        return ""
    entry = engine.entry(op.text("ref"))
    if entry is None:
        return f"no node {op.text('ref')}"
    if name == "answer":
        engine.answer(entry, op.text("value"))
    elif name == "add_repeat":
        engine.add_row(entry)
    else:
        engine.remove_row(entry, int(op.number("index")))
    return ""


def replay(trace: Record) -> str:
    """Fill in as recorded; "" when every state agrees, else the first difference.

    Raises:
        AppError: what the engine refuses.
    """
    now_ms = trace.number("now_ms")
    form = load_form(trace.text("form"), _media(trace.record("resources")))
    engine = Engine(form, datetime.fromtimestamp(now_ms / 1000, UTC), zone=ZoneInfo(trace.text("tz")))
    said = _difference(engine, trace.record("init"), _Clock(now_ms))
    if said:
        return f"opening: {said}"
    for number, op in enumerate(trace.records("ops"), 1):
        said = _operate(engine, op)
        if not said and op.get("after") is not None:
            said = _difference(engine, op.record("after"), _Clock(op.number("now") or now_ms))
        if said:
            return f"operation {number} ({op.text('op')}): {said}"
    return ""


def run_traces(traces: Iterable[Record]) -> Outcome:
    """Replay every trace that has but one outcome."""
    outcome = Outcome()
    for trace in traces:
        if trace.flag("nondeterministic") or trace.get("quarantine") is not None:
            outcome.quarantined += 1
        else:
            outcome.note(trace.text("id"), why(partial(replay, trace)))
    return outcome
