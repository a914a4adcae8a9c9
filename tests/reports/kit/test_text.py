"""The line breaker: nothing lost, no forbidden beginning or end, numbers whole."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.kit.fonts import Role, vendored, visible
from reports.kit.page import BODY_CHARACTERS, BODY_SIZE, BODY_TRACKING, OFFICIAL
from reports.kit.text import NO_END, NO_START, SQUEEZE, break_lines, may_break, one_line
from reports.kit.text import _atoms as atoms_of

CHAIN = vendored().chain(Role.FANG)
PIECES = st.one_of(
    st.sampled_from(list("户村民评议公示名单年月日一二三甲乙丙丁吉克阿依䶮𬭚")),
    st.sampled_from(list("，。、；：？！）》”’」】〕（《“‘「【〔·％ 　")),
    st.sampled_from(["——", "……", "2025", "12,345.60", "0834-1234567", "abc", " ", "a ”", "100%", "/", "-"]),
)
TEXTS = st.lists(PIECES, max_size=120).map("".join)


WHOLE = re.compile(r"——|……|[0-9A-Za-z]+(?:[.,:/+_-]+[0-9A-Za-z]+)*")


def solid(text):
    return text.replace(" ", "")


def breaks_lawfully(lines, index):
    """Whether the break after line ``index`` is lawful, judged by the marks alone."""
    before, after = lines[index].text.rstrip(" "), lines[index + 1].text.lstrip(" ")
    return after[0] not in NO_START and before[-1] not in NO_END


@settings(max_examples=300)
@given(text=TEXTS, room=st.floats(4, 40), indent=st.sampled_from([0.0, 2.0]))
def test_lines_keep_the_rules(text, room, indent):
    lines = break_lines(text, CHAIN, room, indent)

    assert solid("".join(line.text for line in lines)) == solid(visible(text))
    for line in lines:
        assert "".join(piece.text for piece in line.pieces) == line.text
        assert line.width <= line.room + SQUEEZE * line.gaps + 1e-6 or line.gaps == 0
        assert line.text == line.text.strip(" ")
    for index in range(len(lines) - 1):
        if not breaks_lawfully(lines, index):
            # Only where no lawful break was to be had: none inside that line.
            atoms = atoms_of(lines[index].text, CHAIN, room - indent)
            assert not any(may_break(atoms, end) for end in range(1, len(atoms)))


@settings(max_examples=300)
@given(text=TEXTS, room=st.floats(16, 40))
def test_numbers_and_words_stay_whole_on_a_line_they_fit(text, room):
    cuts = set()
    position = 0
    for line in break_lines(text, CHAIN, room):
        position += len(solid(line.text))
        cuts.add(position)
    for whole in WHOLE.finditer(text):
        if CHAIN.width(whole[0]) <= room:
            start = len(solid(text[: whole.start()]))
            assert not cuts & set(range(start + 1, start + len(whole[0])))


@settings(max_examples=300)
@given(text=TEXTS, room=st.floats(6, 40))
def test_justified_lines_end_at_the_same_place(text, room):
    for line in break_lines(text, CHAIN, room):
        tracking = line.tracking()
        if not line.last and line.gaps and tracking != 0:
            assert line.lead + line.extent(tracking) == pytest.approx(line.lead + line.room)
        assert tracking >= -SQUEEZE - 1e-6 or line.gaps == 0


def test_twenty_eight_characters_fill_the_width_of_the_standard():
    first, second = break_lines("村" * 56, CHAIN, BODY_CHARACTERS)
    assert len(first.text) == len(second.text) == 28
    room = OFFICIAL.measure / BODY_SIZE
    assert first.extent(first.tracking(room, BODY_TRACKING)) == pytest.approx(room)
    assert second.extent(second.tracking(room, BODY_TRACKING)) == pytest.approx(room)


def test_a_closing_mark_is_pulled_in_or_a_character_pushed_out_to_it():
    narrow = break_lines("村" * 5 + "。民", CHAIN, 5)
    assert [line.text for line in narrow] == ["村" * 4, "村。民"]
    wide = break_lines("村" * 28 + "。" + "民" * 5, CHAIN, 28)
    assert [line.text for line in wide] == ["村" * 28 + "。", "民" * 5]
    assert wide[0].tracking() < 0


def test_an_opening_mark_does_not_end_a_line_and_hangs_at_the_beginning_of_one():
    first, second = break_lines("村" * 9 + "（民）", CHAIN, 10)
    assert first.text == "村" * 9
    assert second.text == "（民）"
    assert second.lead == -0.5
    assert break_lines("（一）", CHAIN, 10, indent=2)[0].lead == 2


def test_neighbouring_marks_share_half_a_character():
    assert one_line("》（", CHAIN).width == pytest.approx(1.5)
    assert one_line("（《", CHAIN).width == pytest.approx(1.5)
    assert one_line("村》，村", CHAIN).width == pytest.approx(3.5)
    assert one_line("？！", CHAIN).width == pytest.approx(2)


def test_a_space_before_a_closing_mark_is_no_place_to_break():
    lines = break_lines("村村村 ”村", CHAIN, 3)
    assert all(line.text[0] != "”" for line in lines)


def test_a_word_longer_than_a_line_is_broken():
    lines = break_lines("1" * 50, CHAIN, 5)
    assert [len(line.text) for line in lines] == [10] * 5


def test_stretching_a_line_leaves_the_digits_of_a_number_together():
    line = break_lines("村民2025年评议、公示（第1次）名单和村规民约", CHAIN, 12.4)[0]
    number = next(piece for piece in line.pieces if piece.text == "2025")
    assert number.word
    assert line.tracking() > 0


def test_empty_text_has_no_lines():
    assert break_lines("", CHAIN, 10) == ()
    assert break_lines("  \u200b ", CHAIN, 10) == ()
    assert one_line("", CHAIN).pieces == ()
