"""``bind::hh:field``: known, fitting, once, at the right place."""

from __future__ import annotations

import pytest

from tests.questionnaire.lint.books import Book, check, errors, places, question

FIELD = "bind::hh:field"


def core(book: Book) -> list[tuple[str, int]]:
    return [(f.code, f.row) for f in check(book).findings]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (3, "household.group"),
        (7, "income.wage.wage_away"),
        (7, "expense.medical"),
        (19, "case.visited_on"),
        (21, "conditions.notes"),
        (8, "check.per_head"),
        (12, "known.member_name"),
        (3, "known.household.group"),
        (3, "attachment.house"),
    ],
)
def test_what_fits(row: int, field: str) -> None:
    assert core(Book().put("survey", row, FIELD, field)) == []


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        (3, "household.gruop", "lint.field_near"),
        (3, "nothing.like.it", "lint.field_unknown"),
        (3, "income.wages.x", "lint.field_near"),
        (3, "known.household.nothing_of_it", "lint.field_near"),
        (8, "income.wage.wage_away", "lint.field_total"),
        (16, "expense.medical", "lint.field_total"),
        (3, "expense.medical", "lint.field_type"),
        (3, "conditions.livestock", "lint.field_type"),
        (3, "conditions.farmland", "lint.field_type"),
        (3, "case.visited_on", "lint.field_type"),
        (3, "household.main_cause", "lint.field_type"),
        (3, "household.risks", "lint.field_type"),
        (12, "member.name", "lint.field_no_row"),
        (3, "member.name", "lint.field_no_row"),
        (12, "household.group", "lint.field_in_repeat"),
    ],
)
def test_what_does_not(row: int, field: str, code: str) -> None:
    assert core(Book().put("survey", row, FIELD, field)) == [(code, row)]


def test_members_stand_in_a_repeat_with_their_id() -> None:
    book = Book().put("survey", 12, FIELD, "member.name").put("survey", 14, "type", "hidden")
    book.put("survey", 14, FIELD, "member.id").put("survey", 14, "calculation", None)
    assert errors(check(book)) == []


def test_a_field_twice() -> None:
    book = Book().put("survey", 3, FIELD, "household.group").put("survey", 21, FIELD, "household.group")
    assert [(f.code, f.row, f.params["rows"]) for f in check(book).findings] == [
        ("lint.field_twice", 3, "21"),
        ("lint.field_twice", 21, "3"),
    ]


def test_photos_may_be_many() -> None:
    book = Book().add("survey", question("image", "p1", "照片"), question("image", "p2", "照片"))
    for row in (22, 23):
        book.put("survey", row, FIELD, "attachment.house")
    assert places(check(book)) == []
