"""Replay recorded traces: after every operation the full state is compared."""

from __future__ import annotations

import base64
import gzip
import json
import re
import traceback
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from app.domain.errors import AppError
from app.questionnaire.engine import Engine
from app.questionnaire.loader import load_form

SECONDS = re.compile(r"(?<=2026-11-2.T..:..:)\d\d\.\d{3}")  # the recorder's clock ran on while loading
UUID = re.compile(r"uuid:[0-9a-f-]{36}")


def canonical(xml: str) -> str:
    return SECONDS.sub(
        "SS",
        UUID.sub("uuid:X", etree.tostring(etree.fromstring(xml), method="c14n", exclusive=True).decode()),
    )


def media_of(trace: dict[str, Any]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for url, resource in trace["resources"].items():
        body = resource["body"]
        data = body.encode() if isinstance(body, str) else base64.b64decode(body["base64"])
        found[url.rpartition("/")[2]] = data
        found[url] = data
    return found


def _calm(value: object) -> str:
    return unicodedata.normalize("NFC", SECONDS.sub("SS", UUID.sub("X", str(value))))


def states(engine: Engine) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in engine.entries():
        state: dict[str, Any] = {"rel": entry.relevant, "ro": entry.readonly, "req": entry.required}
        if entry.repeat is None and entry.row_of is None and not entry.node.elements():
            state |= {"val": entry.value, "cv": entry.is_constraint_ok, "rv": entry.is_required_ok}
        yield entry.ref, state


def difference(engine: Engine, expected: dict[str, Any]) -> str:
    mine_xml, their_xml = canonical(engine.to_xml()), canonical(expected["xml"])
    if mine_xml != their_xml:
        at = next((i for i, (a, b) in enumerate(zip(mine_xml, their_xml, strict=False)) if a != b), 0)
        return f"xml …{mine_xml[max(0, at - 40) : at + 80]} <> …{their_xml[max(0, at - 40) : at + 80]}"
    found = dict(states(engine))
    for node in expected["nodes"]:
        mine = found.get(node["ref"])
        if mine is None:
            return f"no node {node['ref']}"
        for key, value in mine.items():
            if key in node and _calm(node[key]) != _calm(value):
                return f"{node['ref']} {key}: {value!r} <> {node[key]!r}"
        said = texts(engine, node)
        if said:
            return said
    return ""


def texts(engine: Engine, node: dict[str, Any]) -> str:
    entry = engine.entry(node["ref"])
    assert entry is not None
    if "label" in node and entry.control is not None:
        got = engine.wording.label(entry)
        if " ".join(got.split()) != " ".join((node["label"] or "").split()):
            return f"{node['ref']} label {got!r} <> {node['label']!r}"
    if "opts" in node and entry.relevant:
        mine = [[c.value, " ".join(c.label.split())] for c in engine.choices(entry)]
        theirs = [[v, " ".join((t or "").split())] for v, t in node["opts"]]
        if mine != theirs:
            return f"{node['ref']} opts {mine} <> {theirs}"
    return ""


def operate(engine: Engine, op: dict[str, Any]) -> None:
    if op.get("now"):
        engine.set_now(datetime.fromtimestamp(op["now"] / 1000, UTC))
    if op["op"] == "language":
        engine.set_language(op["value"])
        return
    entry = engine.entry(op["ref"])
    assert entry is not None, f"no entry {op['ref']}"
    if op["op"] == "answer":
        engine.answer(entry, op["value"] or "")
    elif op["op"] == "add_repeat":
        engine.add_row(entry)
    else:
        engine.remove_row(entry, op["index"])


def replay(trace: dict[str, Any]) -> str:
    """Empty when every state agrees, else the first difference."""
    zone = ZoneInfo(trace["tz"])
    now = datetime.fromtimestamp(trace["now_ms"] / 1000, UTC)
    try:
        engine = Engine(load_form(trace["form"], media_of(trace)), now, zone=zone)
        said = difference(engine, trace["init"])
        if said:
            return f"init: {said}"
        for number, op in enumerate(trace["ops"]):
            operate(engine, op)
            if op.get("after") is not None:
                said = difference(engine, op["after"])
                if said:
                    return f"op {number} {op['op']} {op.get('ref')}: {said}"
    except (AppError, AssertionError) as error:
        return f"error {error!r} {getattr(error, 'params', '')}"
    except Exception:  # noqa: BLE001 - a table of figures must show every failure
        return f"BUG {traceback.format_exc(limit=-3)}"
    return ""


def load_traces(folder: Path) -> list[dict[str, Any]]:
    with gzip.open(folder / "scenario_traces.jsonl.gz", "rt") as lines:
        return [json.loads(line) for line in lines]


def run_all(folder: Path) -> tuple[int, list[tuple[dict[str, Any], str]]]:
    traces = [t for t in load_traces(folder) if not t["nondeterministic"]]
    failed = [(t, said) for t in traces if (said := replay(t))]
    return len(traces), failed
