"""A newer version of a questionnaire: drafts stay openable, a rehearsal first, then one at a time."""

from __future__ import annotations

import pytest

from app.queries.submissions import blob_of
from app.questionnaire.metablock import instance_in
from app.questionnaire.upgrade import orphans_of
from app.usecases import submissions, upgrades, visits
from app.usecases.forms import current_form, form_of, versions_of
from app.usecases.office import Watch
from tests.questionnaire.visit_answers import ANSWERS
from tests.usecases.expect import refused, written
from tests.usecases.journal import standing
from tests.usecases.test_submissions import CROPS, fill, finish, lose_file

NEWER = [
    ("/data/basic/respondent", "/data/basic/told_by"),
    ("<respondent/>", "<told_by/>"),
    ("<item><itextId>house_structure-2</itextId><name>brick_wood</name></item>", ""),
    (
        'nodeset="/data/verdict/certainty" type="int"',
        'nodeset="/data/verdict/certainty" type="int" required="true()"',
    ),
    (". &gt;= 0 and . &lt;= 10000000 and abs", ". &lt;= 9000 and abs"),
]


@pytest.fixture
def case(village, own_forms):
    own_forms.take_shipped("visit")
    return village.bring(village.open("吴福生"), "visit")


def changes(forms):
    text = (forms.folder / "visit" / "v1" / "visit.xml").read_text(encoding="utf-8")
    assert all(old in text for old, _ in NEWER)
    return NEWER


def rehearsed(village, watch=None):
    return upgrades.rehearse(village.office, "visit", current_form(village.office, "visit"), watch)


def test_versions_are_found_by_their_hash(village, case, own_forms):
    own_forms.add_version("visit", changes(own_forms))
    one, two = versions_of(village.office, "visit")
    assert current_form(village.office, "visit") == two
    assert form_of(village.office, "visit", one.hash) == one


def test_a_draft_opens_under_the_version_it_was_begun_with(village, case, own_forms):
    visit = visits.open_visit(village.office, case)
    fill(visit, {"basic/respondent": "吴福生"})
    visits.save_draft(village.office, visit)
    own_forms.add_version("visit", changes(own_forms))
    again = visits.open_visit(village.office, case)
    assert (again.version.version, again.newer) == ("1", "2")
    assert again.engine.at("/data/basic/respondent")[0].stored == "吴福生"


def test_a_draft_of_an_older_program_opens_under_the_version_it_fits(village, case, own_forms):
    visit = visits.open_visit(village.office, case)
    fill(visit, {"basic/respondent": "吴福生"})
    text = visit.engine.to_xml(everything=True)
    own_forms.add_version("visit", changes(own_forms))
    now = village.office.workspace.clock.now()
    village.office.drafts.save(f"visit:{case}", text, now)
    again = visits.open_visit(village.office, case)
    assert (again.version.version, again.engine.at("/data/basic/respondent")[0].stored) == ("1", "吴福生")
    strange = text.replace(' version="1"', ' version="old"')
    village.office.drafts.save(f"visit:{case}", strange, now)
    assert visits.open_visit(village.office, case).version.version == "2"
    village.office.drafts.save(f"visit:{case}", text, now)
    newer = upgrades.upgrade_draft(village.office, case, "visit")
    assert (newer.version.version, newer.upgraded, newer.newer) == ("2", False, "")
    assert [o.value for o in orphans_of(newer.engine.to_xml()) if o.asked] == ["吴福生"]


def test_a_rehearsal_says_what_would_be_lost_and_needed(village, case, own_forms):
    finish(village, case)
    other = village.bring(village.open("郑有田"), "visit")
    draft = visits.open_visit(village.office, other)
    fill(draft, {"basic/respondent": "郑有田"})
    visits.save_draft(village.office, draft)
    own_forms.add_version("visit", changes(own_forms))
    before, seen = standing(village.office), []
    found = rehearsed(village, Watch(lambda done, of: seen.append((done, of))))
    assert standing(village.office) == before
    assert seen == [(0, 2), (1, 2), (2, 2)]
    assert (found.finished, found.drafts, found.unread, found.version, found.is_smooth) == (
        1,
        1,
        0,
        "2",
        False,
    )
    [orphaned] = found.orphaned
    assert (orphaned.path, orphaned.label, orphaned.count) == ("/data/basic/respondent", "受访人姓名", 2)
    assert set(orphaned.examples) == {"吴福生", "郑有田"}
    assert [(one.path, one.label, one.count) for one in found.unoffered] == [
        ("/data/housing/house/house_structure", "住房结构：砖瓦砖木或砖石窑洞", 1)
    ]
    assert {one.path: one.count for one in found.required}["/data/basic/told_by"] == 2
    assert [one.path for one in found.broken] == ["/data/income/income_operating/crops"]


def test_a_rehearsal_counts_what_it_cannot_read_and_can_be_stopped(village, case, own_forms):
    finish(village, case)
    village.office.drafts.save(
        "visit:" + "0" * 32, "<data id='other' version='1'/>", village.office.workspace.clock.now()
    )
    own_forms.add_version("visit", changes(own_forms))
    lose_file(village)
    assert rehearsed(village).unread == 2
    own_forms.withdraw("visit", "v1")
    assert rehearsed(village).unread == 1  # the draft is of no version any more, so it is of the newest
    with refused(village.office, "work.cancelled"):
        rehearsed(village, Watch(cancelled=lambda: True))


def test_a_smooth_rehearsal_says_so(village, case, own_forms):
    assert rehearsed(village).is_smooth
    finish(village, case)
    assert rehearsed(village).finished == 0  # it is of this version already
    own_forms.add_version("visit", [("<h:title>入户核查表", "<h:title>入户核查表（新）")])
    assert (rehearsed(village).finished, rehearsed(village).is_smooth) == (1, True)


def test_a_finished_questionnaire_goes_to_the_newest_version(village, case, own_forms):
    uid = finish(village, case)
    with refused(village.office, "submission.newest"):
        upgrades.upgrade_submission(village.office, uid)
    own_forms.add_version("visit", changes(own_forms))
    assert submissions.show_submission(village.office, uid).newer == "2"
    visit = upgrades.upgrade_submission(village.office, uid)
    assert (visit.version.version, visit.replaces, visit.upgraded, visit.newer) == ("2", uid, True, "")
    with refused(village.office, "questionnaire.incomplete"):
        visits.finish_visit(village.office, visit)
    fill(visit, {"basic/told_by": "吴小军", "housing/house/house_structure": "brick_concrete", CROPS: "9000"})
    required = visit.engine.at("/data/verdict/certainty")[0]
    if required.required:
        fill(visit, {"verdict/certainty": "5"})
    visits.save_draft(village.office, visit)
    with refused(village.office, "submission.has_draft"):
        upgrades.upgrade_submission(village.office, uid)
    again = visits.open_visit(village.office, case)
    assert (again.upgraded, again.replaces) == (True, uid)
    found = written(village.office, visits.finish_visit(village.office, again))
    [submission] = [b for b in found if b.kind == "submission"]
    assert (submission.changes["replaces"], submission.changes["form_version"]) == (uid, "2")
    assert [b.changes for b in found if b.kind == "income"] == [{"amount_fen": 900_000}]
    with village.office.workspace.read() as conn:
        old, new = blob_of(conn, uid), blob_of(conn, submission.entity)
    assert f"<deprecatedID>{instance_in(old)}</deprecatedID>" in new.decode()
    assert {o.value for o in orphans_of(new) if o.asked} == {"吴福生", "brick_wood"}
    with refused(village.office, "submission.replaced"):
        upgrades.upgrade_submission(village.office, uid)


def test_a_begun_change_goes_to_the_newest_version_with_the_rest(village, case, own_forms):
    uid = finish(village, case)
    with refused(village.office, "submission.no_draft"):
        upgrades.upgrade_draft(village.office, case, "visit")
    visit = submissions.change_submission(village.office, uid)
    fill(visit, {CROPS: "8000"})
    visits.save_draft(village.office, visit)
    with refused(village.office, "submission.newest"):
        upgrades.upgrade_draft(village.office, case, "visit")
    own_forms.add_version("visit", changes(own_forms))
    newer = upgrades.upgrade_draft(village.office, case, "visit")
    assert (newer.replaces, newer.upgraded, newer.before) == (uid, True, None)
    assert newer.engine.at("/data/income/income_operating/crops")[0].stored == "8000"
    with village.office.workspace.read() as conn:
        assert instance_in(blob_of(conn, uid)) in newer.engine.to_xml()
    assert set(ANSWERS)  # the rest is carried: the questionnaire lacks only what is new
