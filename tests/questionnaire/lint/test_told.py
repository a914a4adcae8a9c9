"""What the converter or the loader says is passed on once, with its place as far as it tells."""

from __future__ import annotations

from app.domain.errors import BadInput
from app.questionnaire.lint.cells import Spot, read_book
from app.questionnaire.lint.check import _loads
from app.questionnaire.lint.finding import Report
from app.questionnaire.lint.told import tell_error, tell_warnings
from tests.questionnaire.lint.books import Book, check, places

BOOK = read_book(Book().data(), "trial.xlsx")


def refusal(sheet: str, row: int, column: str = "", word: str = "") -> BadInput:
    return BadInput(
        "questionnaire.workbook", file="a", sheet=sheet, row=row, column=column, word=word, said="said so"
    )


def told(report: Report) -> list[tuple[str, int, str]]:
    return [(f.sheet, f.row, f.column) for f in report.findings]


def test_a_refusal_has_its_place() -> None:
    for error, place in (
        (refusal("survey", 6, "relevant"), ("survey", 6, "F")),
        (refusal("survey", 6, "nothing"), ("survey", 6, "")),
        (refusal("osm", 3), ("osm", 3, "")),
        (refusal("survey", 0, word="mage"), ("survey", 13, "")),
        (refusal("survey", 0, word="nobody"), ("survey", 0, "")),
    ):
        report = Report()
        tell_error(report, BOOK, error)
        assert told(report) == [place]
        assert report.findings[0].params == {"said": "said so"}


def test_a_refusal_is_no_news_where_an_error_stands() -> None:
    report = Report()
    report.error("lint.no_type", Spot("survey", 6))
    tell_error(report, BOOK, refusal("survey", 6))
    tell_error(report, BOOK, refusal("survey", 0))
    assert len(report.findings) == 1
    tell_error(report, BOOK, refusal("survey", 7))
    assert told(report)[1:] == [("survey", 7, "")]


def test_warnings_have_their_place_and_some_are_no_news() -> None:
    report = Report()
    tell_warnings(
        report,
        BOOK,
        [
            "[row : 9] On the 'choices' sheet, strange.",
            "something else",
            "[row : 3] Use the max-pixels parameter",
        ],
    )
    assert told(report) == [("choices", 9, ""), ("survey", 0, "")]


def test_what_converts_but_does_not_open() -> None:
    report = Report()
    _loads(report, "<nothing/>", {})
    assert [f.code for f in report.findings] == ["lint.not_loaded"]


def test_names_no_path_may_have_do_not_stop_the_look_for_circles() -> None:
    book = Book().put("survey", 2, "name", "ba sic").put("survey", 8, "calculation", "${monthly} + 1")
    assert places(check(book))[0] == ("lint.name_form", "survey", 2, "B")
