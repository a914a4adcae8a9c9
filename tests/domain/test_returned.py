"""Marks of a return: their spelling, what they name, and what a later program may have added."""

from __future__ import annotations

from app.domain.returned import Mark, parse_mark, read_marks

MEMBER = "a" * 32


def test_a_mark_keeps_its_spelling() -> None:
    for text in ("household", "member@" + MEMBER, "member.phone", "member.phone@" + MEMBER, "verdict.income"):
        assert parse_mark(text).text == text


def test_a_mark_names_a_field_a_whole_entity_or_every_entity_of_a_kind() -> None:
    assert Mark("member", "phone", MEMBER).names("member", MEMBER, "phone")
    assert not Mark("member", "phone", MEMBER).names("member", "b" * 32, "phone")
    assert not Mark("member", "phone", MEMBER).names("member", MEMBER, "name")
    assert Mark("income").names("income", MEMBER, "amount_fen")
    assert not Mark("income").names("expense", MEMBER, "amount_fen")


def test_marks_of_a_later_program_are_left_out() -> None:
    extras = {
        "wrong": "household.address moon.phase",
        "note:household.address": "门牌号",
        "note:moon.phase": "x",
    }
    assert read_marks(extras) == ((Mark("household", "address"), "门牌号"),)
