from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.fault import Severity
from app.domain.names import CHANGES, MAX_CHARACTERS, is_rare, read_name

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=25)
DOTS = "•・‧∙⋅●﹒．.｡。˙･"


@pytest.mark.parametrize("dot", DOTS)
def test_every_dot_becomes_the_separator_and_is_told(dot: str) -> None:
    name = read_name(f"阿依古丽{dot}买买提")
    assert name.text == "阿依古丽·买买提"
    assert [fault.code for fault in name.faults] == ["names.separator_changed"]
    assert dict(name.faults[0].params) == {"name": "阿依古丽·买买提"}


@given(HAN)
def test_a_plain_name_stays(text: str) -> None:
    assert read_name(text).text == text
    assert read_name(text).faults == ()


@given(st.text(max_size=60))
def test_reading_twice_changes_nothing_more(text: str) -> None:
    once = read_name(text)
    assert read_name(once.text).text == once.text
    assert not {fault.code for fault in read_name(once.text).faults} & CHANGES


@given(st.text(max_size=60))
def test_what_is_accepted_can_be_printed_on_one_line(text: str) -> None:
    name = read_name(text)
    if not any(fault.severity is Severity.ERROR for fault in name.faults):
        assert name.text
        assert not any(unicodedata.category(c) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"} for c in name.text)


@pytest.mark.parametrize(
    ("raw", "text", "codes"),
    [
        ("", "", ["names.missing"]),
        (" \u3000", "", ["names.spaces_removed", "names.missing"]),
        ("张 三", "张三", ["names.spaces_removed"]),
        ("\u200b张三\ufeff", "张三", ["names.spaces_removed"]),
        ("⼀⼁", "一丨", ["names.radical_replaced"]),
        ("张\ue863", "张䶮", ["names.private_replaced", "names.rare"]),
        ("张\ue816", "张\U00020087", ["names.private_replaced", "names.rare"]),
        ("Ａli", "Ali", ["names.width_changed"]),
        ("John  Smith", "John Smith", ["names.spaces_removed"]),
        ("·张三·", "张三", ["names.separator_changed"]),
        ("张", "张", ["names.single"]),
        ("张三1", "张三1", ["names.characters"]),
        ("张三（小）", "张三（小）", ["names.characters", "names.characters"]),
        ("张\ue000", "张\ue000", ["names.private_character"]),
        ("张" * (MAX_CHARACTERS + 1), "张" * (MAX_CHARACTERS + 1), ["names.long"]),
        ("李㛃", "李㛃", ["names.rare"]),
        ("李𬭚", "李𬭚", ["names.rare"]),
        ("李\U000323b0", "李\U000323b0", ["names.rare"]),
        ("张三\ud800", "张三\ud800", ["names.characters"]),
    ],
)
def test_each_fault(raw: str, text: str, codes: list[str]) -> None:
    name = read_name(raw)
    assert name.text == text
    assert [fault.code for fault in name.faults] == codes


def test_errors_stop_and_changes_do_not() -> None:
    stopping = {
        fault.code
        for raw in ("", "张\ue000", "张三1", "张" * 60, "张 三", "⼀二")
        for fault in read_name(raw).faults
        if fault.severity is Severity.ERROR
    }
    assert stopping == {"names.missing", "names.private_character", "names.characters", "names.long"}


def test_an_unprintable_character_is_named_by_its_number() -> None:
    (fault,) = (f for f in read_name("张三\ud800").faults if f.code == "names.characters")
    assert dict(fault.params) == {"character": "U+D800"}


def test_rare() -> None:
    assert [is_rare(c) for c in "䶮㛃𬭚"] == [True] * 3
    assert [is_rare(c) for c in "张A·"] == [False] * 3
