"""The starter file: what was written is read, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.domain.errors import BadInput
from app.files import starter
from app.files.enrolment import MAX_BYTES, Starter
from app.files.starter import StarterFile, read_starter, starter_bytes
from tests.trust_setting import TOWNSHIP, VILLAGE, usual

MADE = StarterFile(
    Starter({VILLAGE: "石板村", TOWNSHIP: "青坪镇"}, "s8/v1", 880_000, "县发〔2026〕3号"), usual().trust
)


def test_what_was_written_is_read() -> None:
    assert read_starter(starter_bytes(MADE), "青坪镇.hhstart") == MADE
    assert starter.SUFFIX == ".hhstart"


def _without(*path: str) -> Callable[[dict[str, Any]], object]:
    def change(doc: dict[str, Any]) -> object:
        for name in path[:-1]:
            doc = doc[name]
        return doc.pop(path[-1])

    return change


@pytest.mark.parametrize(
    "change",
    [
        _without("fmt"),
        _without("trust"),
        _without("starter"),
        _without("starter", "line_fen"),
        lambda doc: doc.update(fmt="hhstart/2"),
        lambda doc: doc.update(trust=[]),
        lambda doc: doc.update(starter=[]),
        lambda doc: doc["starter"].update(places=[VILLAGE]),
        lambda doc: doc["starter"]["places"].update({"9901": "石板村"}),
        lambda doc: doc["starter"]["places"].update({VILLAGE: "石" * 61}),
        lambda doc: doc["starter"]["places"].update({VILLAGE: "石板村\n"}),
        lambda doc: doc["starter"].update(pack=8),
        lambda doc: doc["starter"].update(line_fen=-1),
        lambda doc: doc["starter"].update(line_fen=10**12),
        lambda doc: doc["starter"].update(line_fen=True),
        lambda doc: doc["starter"].update(line_fen="8800"),
    ],
)
def test_a_file_of_another_form_is_no_starter(change: Callable[[dict[str, Any]], object]) -> None:
    doc = json.loads(starter_bytes(MADE))
    change(doc)
    with pytest.raises(BadInput) as caught:
        read_starter(json.dumps(doc).encode(), "x.hhstart")
    assert (caught.value.code, caught.value.params) == ("starter.not_one", {"file": "x.hhstart"})


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"[" * 100_000, b" " * (MAX_BYTES + 1)])
def test_anything_else_is_no_starter_either(data: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        read_starter(data, "x.hhstart")
    assert caught.value.code == "starter.not_one"


def test_whom_to_believe_is_read_as_strictly_as_elsewhere() -> None:
    doc = json.loads(starter_bytes(MADE))
    doc["trust"]["epoch"] = 9
    with pytest.raises(BadInput) as caught:
        read_starter(json.dumps(doc).encode(), "x.hhstart")
    assert caught.value.code == "trust.bad_shape"
