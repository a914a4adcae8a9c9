"""Finished questionnaires: looked at, changed, kept when replaced; nothing is overwritten unasked."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select

from app.domain.ids import EntityId, Kind
from app.queries.submissions import blob_of, submission_line, submission_lines
from app.questionnaire.answers import AnswerKind
from app.questionnaire.metablock import instance_in
from app.storage import tables
from app.usecases import households, submissions, upgrades, visits
from app.usecases.households import Edit
from tests.questionnaire.visit_answers import ANSWERS
from tests.usecases.expect import refused, written
from tests.usecases.journal import audited, standing

CROPS = "income/income_operating/crops"


def fill(visit, answers=ANSWERS):
    for path, text in answers.items():
        visit.engine.answer(visit.engine.at(f"/data/{path}")[0], text)


def finish(village, case):
    """Fill in the questionnaire of a case whole; return its id."""
    visit = visits.open_visit(village.office, case)
    fill(visit)
    visits.finish_visit(village.office, visit)
    return str(village.values(Kind.CASE, case)["submission"])


@pytest.fixture
def case(village):
    """A case at the visit, its household of two."""
    village.add_home("吴福生", ["吴小军"])
    return village.bring(village.open("吴福生"), "visit")


@pytest.fixture
def finished(village, case):
    """Its finished questionnaire."""
    return finish(village, case)


def xml_of(village, uid):
    with village.office.workspace.read() as conn:
        return blob_of(conn, uid)


def lines_of(village):
    with village.office.workspace.read() as conn:
        return submission_lines(conn, household=village.homes["吴福生"])


def edit_group(village, group):
    edit = Edit(Kind.HOUSEHOLD, "", {"group": group})
    households.edit(village.office, village.homes["吴福生"], [edit])


# ---- kept as it is, and looked at --------------------------------------------------------------------------


def test_a_finished_questionnaire_is_kept_with_its_id(village, finished):
    xml = xml_of(village, finished)
    values = village.values(Kind.SUBMISSION, finished)
    assert instance_in(xml) == values["instance"]
    assert str(values["instance"]).startswith("uuid:")
    [line] = lines_of(village)
    assert (line.id, line.by, line.at[:10], line.arrived, line.replaced_by) == (
        finished,
        village.office.actor.name or line.by,
        "2026-03-02",
        True,
        "",
    )


def test_it_is_shown_with_labels_and_kept_in_a_projection(village, finished):
    before = standing(village.office)
    sheet = submissions.show_submission(village.office, finished)
    found = {one.ref: one for top in sheet.answers for one in top.walk()}
    assert sheet.title == "入户核查表"
    assert found["/data/basic/respondent"].text == "吴福生"
    assert found["/data/housing/water/water_source"].text == "净化自来水"
    assert found["/data/family/member"].kind is AnswerKind.REPEAT
    assert (sheet.newer, sheet.draft_at, sheet.has_form, sheet.orphans) == ("", "", True, ())
    assert standing(village.office) == before  # a projection is no record
    with village.office.workspace.read() as conn:
        docs = list(conn.execute(select(tables.answer_json.c.doc)).scalars())
    assert len(docs) == 1
    assert json.loads(docs[0])
    assert submissions.show_submission(village.office, finished) == sheet
    village.office.workspace.rebuild()
    with village.office.workspace.read() as conn:
        assert conn.execute(select(func.count()).select_from(tables.answer_json)).scalar() == 0
    assert standing(village.office) == before
    assert submissions.show_submission(village.office, finished) == sheet


def test_what_is_sensitive_is_masked_until_asked_for(village, case):
    visit = visits.open_visit(village.office, case)
    fill(visit, {**ANSWERS, "basic/respondent": "吴福生 19900000001"})
    visits.finish_visit(village.office, visit)
    uid = str(village.values(Kind.CASE, case)["submission"])

    def shown(sheet):
        found = {one.ref: one for top in sheet.answers for one in top.walk()}
        return found["/data/basic/respondent"].text, found["/data/family/member[1]/health"].text

    assert shown(submissions.show_submission(village.office, uid)) == (
        "吴福生 ***********",
        "***",
    )
    assert shown(submissions.show_submission(village.office, uid, clear=True)) == (
        "吴福生 19900000001",
        "健康",
    )
    assert audited(village.office)[-1][:2] == ("reveal", uid)


def test_without_its_version_it_is_shown_raw(village, own_forms):
    own_forms.take_shipped("visit")
    case = village.bring(village.open("吴福生"), "visit")
    visit = visits.open_visit(village.office, case)
    fill(visit)
    visits.finish_visit(village.office, visit)
    uid = str(village.values(Kind.CASE, case)["submission"])
    own_forms.add_version("visit", [("入户核查表", "新表")])
    own_forms.withdraw("visit", "v1")
    sheet = submissions.show_submission(village.office, uid)
    found = {one.ref: one for top in sheet.answers for one in top.walk()}
    assert (sheet.has_form, sheet.title, sheet.newer) == (False, "", "2")
    assert found["/data/housing/water/water_source"].text == "tap"
    with refused(village.office, "questionnaire.unknown_version"):
        submissions.change_submission(village.office, uid)
    own_forms.withdraw("visit", "v2")
    (own_forms.folder / "visit").rmdir()
    assert submissions.show_submission(village.office, uid).newer == ""


def lose_file(village):
    with village.office.workspace.bookkeeping() as conn:
        conn.execute(delete(tables.blob))


def test_without_its_file_it_is_listed_and_cannot_be_opened(village, finished):
    lose_file(village)
    sheet = submissions.show_submission(village.office, finished)
    assert (sheet.line.arrived, sheet.answers) == (False, ())
    with refused(village.office, "submission.no_file"):
        submissions.change_submission(village.office, finished)
    with refused(village.office, "entity.unknown"):
        submissions.show_submission(village.office, "0" * 32)


# ---- changed -----------------------------------------------------------------------------------------------


def test_a_change_is_a_new_submission_and_the_old_one_stays(village, case, finished):
    visit = submissions.change_submission(village.office, finished)
    fill(visit, {CROPS: "9900"})
    found = written(village.office, visits.finish_visit(village.office, visit))
    old, new = xml_of(village, finished).decode(), ""
    [submission] = [b for b in found if b.kind == "submission"]
    new = xml_of(village, submission.entity).decode()
    assert submission.changes["replaces"] == finished
    assert [(b.op, b.changes) for b in found if b.kind == "income"] == [
        ("income.edited", {"amount_fen": 990_000})
    ]
    assert {b.kind for b in found} == {"income", "submission", "case"}
    before = instance_in(old)
    assert f"<deprecatedID>{before}</deprecatedID>" in new
    assert village.values(Kind.CASE, case)["submission"] == submission.entity
    newest, oldest = lines_of(village)
    assert (newest.replaces, oldest.replaced_by) == (finished, newest.id)
    with village.office.workspace.read() as conn:
        assert submission_line(conn, finished).replaced_by == newest.id
    with refused(village.office, "submission.replaced"):
        submissions.change_submission(village.office, finished)


def test_opening_and_finishing_without_a_change_writes_nothing(village, finished):
    before = standing(village.office)
    visit = submissions.change_submission(village.office, finished)
    assert visits.look_ahead(village.office, visit) == visits.Ahead(unchanged=True)
    visits.save_draft(village.office, visit)
    assert visits.finish_visit(village.office, visit).entries == ()
    assert standing(village.office) == before
    assert submissions.show_submission(village.office, finished).draft_at == ""


def test_a_begun_change_goes_on_where_it_was_left(village, case, finished):
    visit = submissions.change_submission(village.office, finished)
    fill(visit, {CROPS: "9900"})
    visits.save_draft(village.office, visit)
    assert submissions.show_submission(village.office, finished).draft_at != ""
    again = submissions.change_submission(village.office, finished)
    assert (again.replaces, again.is_unchanged, again.draft_at != "") == (finished, False, True)
    assert visits.open_visit(village.office, case).replaces == finished
    fill(again, {CROPS: "9800.5"})
    assert again.is_unchanged
    fill(again, {CROPS: "9700"})
    found = written(village.office, visits.finish_visit(village.office, again))
    [submission] = [b for b in found if b.kind == "submission"]
    assert xml_of(village, submission.entity) != xml_of(village, finished)


def test_two_people_do_not_replace_the_same_questionnaire(village, finished):
    first = submissions.change_submission(village.office, finished)
    second = submissions.change_submission(village.office, finished)
    fill(first, {CROPS: "9900"})
    fill(second, {"basic/respondent": "吴小军"})
    visits.finish_visit(village.office, first)
    with refused(village.office, "submission.replaced"):
        visits.finish_visit(village.office, second)


# ---- answers without a place -------------------------------------------------------------------------------


def test_answers_without_a_place_are_saved_as_a_table(village, own_forms, tmp_path):
    own_forms.take_shipped("visit")
    case = village.bring(village.open("吴福生"), "visit")
    visit = visits.open_visit(village.office, case)
    fill(visit, {**ANSWERS, "basic/respondent": "=1+1"})
    visits.finish_visit(village.office, visit)
    uid = str(village.values(Kind.CASE, case)["submission"])
    path = tmp_path / "没有位置.csv"
    with refused(village.office, "submission.no_orphans"):
        submissions.save_orphans(village.office, uid, ["a", "b", "c", "d", "e"], path)
    own_forms.add_version(
        "visit", [("/data/basic/respondent", "/data/basic/told_by"), ("<respondent/>", "<told_by/>")]
    )
    newer = upgrades.upgrade_submission(village.office, uid)
    fill(newer, {"basic/told_by": "吴小军"})
    visits.finish_visit(village.office, newer)
    latest = str(village.values(Kind.CASE, case)["submission"])
    [orphan] = [o for o in submissions.show_submission(village.office, latest).orphans if o.asked]
    assert (orphan.label, orphan.value) == ("受访人姓名", "=1+1")
    assert submissions.save_orphans(village.office, latest, ["问题", "答案", "值", "位置", "版本"], path) == 1
    assert path.read_text(encoding="utf-8-sig").splitlines() == [
        "问题,答案,值,位置,版本",
        "受访人姓名,'=1+1,'=1+1,/data/basic/respondent,1",
    ]
    assert audited(village.office)[-1][:2] == ("orphans", latest)


def test_an_imported_submission_without_an_id_gets_one(village, case):
    visit = visits.open_visit(village.office, case)
    fill(visit)
    entry = visit.engine.at("/data/meta/instanceID")[0]
    visit.engine.put(entry, "")
    visits.finish_visit(village.office, replace(visit))
    uid = EntityId(str(village.values(Kind.CASE, case)["submission"]))
    assert instance_in(xml_of(village, uid)).startswith("uuid:")
