"""Whom a questionnaire from a phone is about."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.ids import Kind
from app.files.form_in import FormFile
from app.queries import rows
from app.questionnaire.corefields import CoreAnswer
from app.questionnaire.definition import HH_NS
from app.usecases.phone_matching import find_place, read_answers, with_member_ids
from tests.usecases.village import synthetic_id


@pytest.fixture
def case(village):
    """A case at the visit."""
    return village.bring(village.open("吴福生"), "visit")


def answers(*found, row="/data/m[1]"):
    return [
        CoreAnswer("" if field.startswith(("household", "case")) else row, field, value)
        for field, value in found
    ]


def test_what_names_a_household(village, case):
    home, other = village.homes["吴福生"], village.add_home("郑大山")
    with village.office.workspace.read() as conn:
        [(uid, member)] = rows.where(conn, Kind.MEMBER, household=home)
        [(_, neighbour)] = rows.where(conn, Kind.MEMBER, household=other)
        code = rows.get(conn, Kind.HOUSEHOLD, home)["code"]

        def place(*found, beside=""):
            one = find_place(conn, village.office, answers(*found), beside)
            return (one.household, one.case, one.head) if not one.why else one.why

        here = (home, case, "吴福生")
        assert place(("household.code", code)) == here
        assert place(("household.id", home)) == here
        assert place(("member.id", uid)) == here
        assert place(("member.id_number", str(member["id_number"]).lower())) == here
        assert place(("case.id", case)) == here
        assert place(beside=case) == here
        assert (
            place(("household.code", ""), ("member.id", "x"), ("household.id", "y")) == "phone.no_household"
        )
        assert place(("household.code", code), ("member.id_number", neighbour["id_number"])) == (
            "phone.several_households"
        )
        assert place(("household.id", other)) == "phone.no_case"


def test_two_open_cases_of_a_household_leave_the_choice_to_the_person(village, case):
    exit_case = village.open("吴福生", "exit")
    with village.office.workspace.read() as conn:
        named = answers(("household.id", village.homes["吴福生"]))
        assert find_place(conn, village.office, named).why == "phone.several_cases"
        assert find_place(conn, village.office, named, exit_case).case == exit_case


ENDED = """<h:html xmlns:h="http://www.w3.org/1999/xhtml" xmlns="http://www.w3.org/2002/xforms"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:hh="urn:babutong:fields"><h:head><model><instance>
<data id="wells" version="1"><end/><day/></data></instance>
<bind nodeset="/data/end" type="dateTime" jr:preload="timestamp" jr:preloadParams="end"/>
<bind nodeset="/data/day" type="date" calculate="today()" hh:field="case.visited_on"/>
</model></h:head><h:body/></h:html>"""


@pytest.mark.parametrize(
    ("end", "day", "finished"),
    [
        ("2026-02-27T23:30:00.000Z", "2026-02-28", date(2026, 2, 28)),
        ("", "2026-03-02", None),
        ("yesterday", "2026-03-02", None),
    ],
)
def test_the_day_of_a_form_is_the_day_it_was_finished(village, end, day, finished):
    form = FormFile("wells", "v1", "sha256:" + "0" * 64, ENDED.replace("urn:babutong:fields", HH_NS).encode())
    xml = f"<data id='wells' version='1'><end>{end}</end></data>".encode()
    carried = read_answers(village.office, form, xml)
    assert ([a.value for a in carried.answers], carried.finished) == ([day], finished)


def test_rows_are_known_by_number_or_name(village):
    home = village.add_home("郑大山", ["郑小山", "郑小山"])
    with village.office.workspace.read() as conn:
        people = rows.where(conn, Kind.MEMBER, household=home)
        by_relation = {v["relation"]: (uid, v) for uid, v in people}
        head, son = by_relation["01"], by_relation["03"]
        given = [
            *answers(("member.name", "郑大山"), row="1"),
            *answers(
                ("member.id", ""),
                ("member.name", "改了名"),
                ("member.id_number", son[1]["id_number"]),
                row="2",
            ),
            *answers(("member.id", head[0]), row="3"),
            *answers(("member.name", "郑小山"), row="4"),
            *answers(("member.name", "郑大山"), ("member.id_number", synthetic_id(77)), row="5"),
            CoreAnswer("", "household.address", "三组"),
        ]
        found = with_member_ids(conn, home, given)
    ids = {a.row: a.value for a in found if a.field == "member.id"}
    assert ids == {"1": head[0], "2": son[0], "3": head[0], "4": "", "5": ""}
    assert CoreAnswer("", "household.address", "三组") in found
