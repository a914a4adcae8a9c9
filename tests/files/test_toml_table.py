from __future__ import annotations

from datetime import date
from enum import StrEnum

import pytest

from app.domain.errors import BadInput
from app.files.toml_table import open_toml


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


TEXT = """
name = "甲"
blank = " "
empty = ""
number = 3
yes = true
day = 2026-03-09
moment = 2026-03-09T10:00:00
texts = ["a", "b"]
twice = ["a", "a"]
mixed = ["a", 1]
days = [2026-03-09]
values = ["", 1]
from = 2026-01-01
to = 2025-01-01
colour = "red"
colours = ["blue", "red"]
[inner]
key = 1
[[row]]
name = "一"
[[row]]
name = "二"
"""


def table():
    return open_toml(TEXT.encode(), "x.toml")


def test_what_is_there_is_read_by_type():
    read = table()
    assert read.text("name") == "甲"
    assert read.text("nothing", "other") == "other"
    assert read.text("empty", "") == ""
    assert read.whole("number", least=3, most=3) == 3
    assert read.whole("nothing", 7) == 7
    assert read.flag("yes") is True
    assert read.flag("nothing", default=False) is False
    assert read.day("day") == date(2026, 3, 9)
    assert read.day("nothing") is None
    assert read.texts("texts") == ("a", "b")
    assert read.texts("nothing") == ()
    assert read.days("days") == (date(2026, 3, 9),)
    assert read.days("nothing") == ()
    assert read.values("values") == ("", 1)
    assert read.value("empty") == ""
    assert read.value("number") == 3
    assert read.choice("colour", Colour) is Colour.RED
    assert read.choice("nothing", Colour, Colour.BLUE) is Colour.BLUE
    assert read.choices("colours", Colour) == (Colour.BLUE, Colour.RED)
    assert read.table("inner").whole("key") == 1
    assert read.table("nothing") is None
    assert [row.text("name") for row in read.tables("row")] == ["一", "二"]
    assert read.tables("nothing") == ()


@pytest.mark.parametrize(
    ("ask", "code", "key"),
    [
        (lambda t: t.text("nothing"), "pack.missing", "nothing"),
        (lambda t: t.text("number"), "pack.wrong_type", "number"),
        (lambda t: t.text("blank"), "pack.wrong_type", "blank"),
        (lambda t: t.text("empty"), "pack.wrong_type", "empty"),
        (lambda t: t.texts("name"), "pack.wrong_type", "name"),
        (lambda t: t.texts("mixed"), "pack.wrong_type", "mixed"),
        (lambda t: t.texts("twice"), "pack.duplicate", "twice"),
        (lambda t: t.whole("yes"), "pack.wrong_type", "yes"),
        (lambda t: t.whole("name"), "pack.wrong_type", "name"),
        (lambda t: t.whole("number", most=2), "pack.bad_value", "number"),
        (lambda t: t.whole("number", least=4), "pack.bad_value", "number"),
        (lambda t: t.flag("number"), "pack.wrong_type", "number"),
        (lambda t: t.value("yes"), "pack.wrong_type", "yes"),
        (lambda t: t.values("name"), "pack.wrong_type", "name"),
        (lambda t: t.values("days"), "pack.wrong_type", "days"),
        (lambda t: t.day("name"), "pack.wrong_type", "name"),
        (lambda t: t.day("moment"), "pack.wrong_type", "moment"),
        (lambda t: t.days("day"), "pack.wrong_type", "day"),
        (lambda t: t.days("texts"), "pack.wrong_type", "texts"),
        (lambda t: t.span(), "pack.bad_dates", "to"),
        (lambda t: t.choice("name", Colour), "pack.bad_value", "name"),
        (lambda t: t.choice("number", Colour), "pack.bad_value", "number"),
        (lambda t: t.choices("texts", Colour), "pack.bad_value", "texts"),
        (lambda t: t.table("name"), "pack.wrong_type", "name"),
        (lambda t: t.tables("texts"), "pack.wrong_type", "texts"),
        (lambda t: t.tables("name"), "pack.wrong_type", "name"),
        (lambda t: t.table("inner").text("other"), "pack.missing", "inner.other"),
        (lambda t: t.table("inner").done(), "pack.unknown_key", "inner.key"),
        (lambda t: t.tables("row")[1].whole("name"), "pack.wrong_type", "row[2].name"),
        (lambda t: t.done(), "pack.unknown_key", "name"),
    ],
)
def test_every_fault_names_file_and_key(ask, code, key):
    with pytest.raises(BadInput) as caught:
        ask(table())
    assert (caught.value.code, caught.value.params["file"], caught.value.params["key"]) == (
        code,
        "x.toml",
        key,
    )


def test_a_table_that_was_asked_for_everything_is_done():
    read = open_toml(b"a = 1", "x.toml")
    read.whole("a")
    read.done()
    assert read.names() == ("a",)


@pytest.mark.parametrize("data", [b"a = ", b"\xff", b"a = 1\na = 2"])
def test_what_is_no_toml(data):
    with pytest.raises(BadInput) as caught:
        open_toml(data, "x.toml")
    assert (caught.value.code, caught.value.params["file"]) == ("pack.not_toml", "x.toml")
