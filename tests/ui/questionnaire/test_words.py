"""How numbers are read aloud, moments are read, and Markdown becomes rich text."""

from __future__ import annotations

from datetime import date, time

import pytest

from app.ui.questionnaire.combos import initials, matches
from app.ui.questionnaire.markdown import has_marks, plain, rich
from app.ui.questionnaire.moments import read_clock, read_day, read_moment
from app.ui.questionnaire.numbers import spoken
from app.ui.questionnaire.ranges import Scale


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0", "零"),
        ("10", "十"),
        ("12", "十二"),
        ("110", "一百一十"),
        ("1005", "一千零五"),
        ("18600", "一万八千六百"),
        ("100000", "十万"),
        ("100300", "十万零三百"),
        ("1050000", "一百零五万"),
        ("200000003", "二亿零三"),
        ("120005000", "一亿二千万五千"),
        ("4650.50", "四千六百五十点五"),
        ("7.00", "七"),
        ("-5", ""),
        ("多", ""),
        ("", ""),
    ],
)
def test_amounts_are_read_aloud(text, said):
    assert spoken(text) == said


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("9:30", time(9, 30)),
        ("930", time(9, 30)),
        ("0930", time(9, 30)),
        ("９点３０分", time(9, 30)),
        ("9点", time(9)),
        ("21:05:30", time(21, 5, 30)),
        ("9", None),
        ("25:00", None),
        ("早上", None),
    ],
)
def test_times_are_read_however_they_are_written(text, read):
    assert read_clock(text) == read


def test_days_and_moments():
    assert read_day("２０２６年１０月５日") == date(2026, 10, 5)
    assert read_day("2026-02-30") is None
    assert read_day("x") is None
    assert read_moment("2026.10.5 9:30") == (date(2026, 10, 5), time(9, 30))
    assert read_moment("2026-10-05T09:30") == (date(2026, 10, 5), time(9, 30))
    assert read_moment("2026-10-05") is None


def test_markdown_becomes_rich_text_and_answers_stay_text():
    assert rich("**重**要") == "<b>重</b>要"
    assert rich("*斜* _体_ __粗__") == "<i>斜</i> <i>体</i> <b>粗</b>"
    assert rich("a_b_c 3*4*5") == "a_b_c 3<i>4</i>5"
    assert rich("# 大\n- 一") == '<span style="font-size:x-large; font-weight:700">大</span><br>・一'
    assert rich(r"\*不斜\*") == "*不斜*"
    assert rich("<script>&") == "&lt;script&gt;&amp;"
    assert rich('<span style="color:red">红</span>') == '<span style="color:red">红</span>'
    assert rich("[词](http://x)") == "<u>词</u> (http://x)"
    assert plain("**<b>** & \"x\" 'y'") == "<b> & \"x\" 'y'"
    assert plain("没有记号 < 5") == "没有记号 < 5"
    assert not has_marks("2 * 3 < 7")
    assert rich("您好，****，请*看*。") == "您好，，请<i>看</i>。"


def test_lists_are_searched_by_words_and_initials():
    assert initials("王家湾") == "wjw"
    assert matches("王家湾村", "家湾")
    assert matches("王家湾村", "JW")
    assert not matches("王家湾村", "李")
    assert not matches("王家湾村", "1")
    assert matches("Room 1", "1")


def test_a_scale_may_go_down_and_in_fractions():
    assert [c.value for c in Scale(5, 1, 2).choices()] == ["5", "3", "1"]
    assert [c.value for c in Scale(0, 1, 0.25).choices()] == ["0", "0.25", "0.5", "0.75", "1"]
    assert Scale(0, 1, 0.25).place("0.5") == 2
    assert Scale(0, 3, 0).last == 3
