"""Questionnaires from phones: looked at first, then taken in, byte for byte."""

from __future__ import annotations

import json
import zipfile

import pytest

from app.domain.changes import Changes
from app.domain.ids import Kind, Level
from app.files.odk_submission import ORIGINAL
from app.queries import rows
from app.queries.phone_submissions import State, SubmissionQuery, list_submissions, read_blob
from app.usecases import visits
from app.usecases.attachments import read_attachment, store_of
from app.usecases.forms import current_form
from app.usecases.office import Watch
from app.usecases.phone_claims import claim_submission
from app.usecases.phone_imports import check_import, import_submissions
from app.usecases.phone_plan import FormStanding, Standing
from tests.files.odk_samples import PICTURE, collect, kobo, kobo_one
from tests.usecases.expect import refused, written
from tests.usecases.journal import audited, standing
from tests.usecases.phone import blank_xml, instance, sent, visit_xml, with_newcomer


@pytest.fixture
def case(village):
    """A case at the visit."""
    return village.bring(village.open("吴福生"), "visit")


def standings(check):
    return [line.standing for line in check.lines]


def whys(check):
    return [line.why.code if line.why else "" for line in check.lines]


def test_a_visit_of_a_known_household_becomes_the_records(village, case, tmp_path):
    xml = visit_xml(village, case)
    path = sent(tmp_path / "phone", one=xml)
    before = standing(village.office)
    check = check_import(village.office, [path])
    assert standing(village.office) == before  # to look is no write
    [line] = check.lines
    assert (line.standing, line.form_standing, line.head) == (Standing.NEW, FormStanding.KNOWN, "吴福生")
    assert (line.household, line.case, line.why) == (village.homes["吴福生"], case, None)
    done = import_submissions(village.office, [path])
    found = written(village.office, done.changes)
    kinds = {body.kind for body in found}
    assert {"submission", "case", "income", "conditions"} <= kinds
    assert line.changes == len(found) - 2
    [uid] = done.submissions
    values = village.values(Kind.SUBMISSION, uid)
    form = current_form(village.office, "visit")
    assert {
        "household": line.household,
        "case": case,
        "form": "visit",
        "form_version": form.version,
        "form_hash": form.hash,
        "origin": "collect",
        "instance_id": instance(1),
        "finished_on": "2026-03-02",
    }.items() <= values.items()
    with village.office.workspace.read() as conn:
        assert read_blob(conn, str(values["blob"])) == xml
    assert village.values(Kind.CASE, case)["submission"] == uid
    members = [body for body in found if body.kind == "member" and body.op == "member.added"]
    assert members == []
    assert audited(village.office)[-1] == (
        "import",
        "submissions",
        json.dumps({"files": "phone", "new": 1}, sort_keys=True),
    )


def test_what_a_phone_says_equals_a_visit_made_here(village, case, tmp_path):
    xml = visit_xml(village, case)
    import_submissions(village.office, [sent(tmp_path / "p", one=xml)])
    with village.office.workspace.read() as conn:
        money = sorted(
            (v["category"], v.get("item", ""), v["amount_fen"])
            for _, v in rows.where(conn, Kind.INCOME, household=village.homes["吴福生"])
        )
    assert ("operating", "crops", 980_050) in money


def test_known_ones_are_left_out_and_late_photos_taken_in(village, case, tmp_path):
    path = sent(tmp_path / "phone", one=visit_xml(village, case))
    first = import_submissions(village.office, [path])
    assert standings(check_import(village.office, [path])) == [Standing.KNOWN]
    before = standing(village.office)
    none = import_submissions(village.office, [path])
    assert (none.changes, none.submissions) == (Changes(), ())
    assert standings(none.check) == [Standing.KNOWN]
    assert standing(village.office) == before
    (path / "one" / "house.jpg").write_bytes(PICTURE)
    assert standings(check_import(village.office, [path])) == [Standing.MEDIA]
    again = import_submissions(village.office, [path])
    assert again.submissions == ()
    [body] = written(village.office, again.changes)
    assert (body.op, body.changes["submission"]) == ("attachment.received", first.submissions[0])
    assert read_attachment(village.office, str(body.changes["file"])) == PICTURE
    assert (body.changes["name"], body.changes["mime"], body.changes["size"]) == (
        "house.jpg",
        "image/jpeg",
        len(PICTURE),
    )
    (path / "one" / "more.zzq").write_bytes(b"?")
    [body] = written(village.office, import_submissions(village.office, [path]).changes)
    assert body.changes["mime"] == "application/octet-stream"


def test_one_id_with_other_bytes_is_a_conflict_and_left_out(village, case, tmp_path):
    xml = visit_xml(village, case)
    other = xml.replace(b"\r\n", b"\n")
    path = sent(tmp_path / "phone", a=xml, b=other, c=xml)
    assert standings(check_import(village.office, [path])) == [
        Standing.NEW,
        Standing.CONFLICT,
        Standing.KNOWN,
    ]
    import_submissions(village.office, [path])
    again = sent(tmp_path / "later", b=other)
    check = check_import(village.office, [again])
    assert (standings(check), check.count(Standing.CONFLICT)) == ([Standing.CONFLICT], 1)
    before = standing(village.office)
    assert standings(import_submissions(village.office, [again]).check) == [Standing.CONFLICT]
    assert standing(village.office) == before


def test_a_visit_finished_here_is_known_when_it_comes_back(village, case, tmp_path):
    visit = visits.open_visit(village.office, case)
    for path, text in __import__(
        "tests.questionnaire.visit_answers"
    ).questionnaire.visit_answers.ANSWERS.items():
        visit.engine.answer(visit.engine.at(f"/data/{path}")[0], text)
    visits.finish_visit(village.office, visit)
    xml = visit.engine.to_xml().encode()
    check = check_import(village.office, [sent(tmp_path / "p", a=xml, b=xml + b"\n")])
    assert standings(check) == [Standing.KNOWN, Standing.CONFLICT]


def test_an_edited_one_takes_the_place_of_the_first(village, case, tmp_path):
    first = visit_xml(village, case)
    path = "income/income_operating/crops"
    second = visit_xml(village, case, 2, instance(1), **{path: "5000"})
    # The edited one comes first by name and is still put down second.
    both = sent(tmp_path / "phone", a=second, b=first)
    check = check_import(village.office, [both])
    assert [(line.instance_id, line.replaces) for line in check.lines] == [
        (instance(1), False),
        (instance(2), True),
    ]
    done = import_submissions(village.office, [both])
    assert village.values(Kind.SUBMISSION, done.submissions[1])["replaces"] == done.submissions[0]
    assert village.values(Kind.CASE, case)["submission"] == done.submissions[1]
    third = sent(tmp_path / "later", c=visit_xml(village, case, 3, instance(2), **{path: "7000"}))
    [line] = check_import(village.office, [third]).lines
    assert (line.replaces, line.case) == (True, case)
    import_submissions(village.office, [third])
    with village.office.workspace.read() as conn:
        states = {line.instance_id: line.state for line in list_submissions(conn, SubmissionQuery())}
        money = rows.where(conn, Kind.INCOME, household=village.homes["吴福生"], item="crops")
    assert states == {
        instance(1): State.REPLACED,
        instance(2): State.REPLACED,
        instance(3): State.CLAIMED,
    }
    assert [values["amount_fen"] for _, values in money] == [700_000]


def test_a_newcomer_told_of_twice_is_added_once(village, case, tmp_path):
    first = with_newcomer(visit_xml(village, case), "吴新来")
    second = with_newcomer(visit_xml(village, case, 2, instance(1)), "吴新来")
    import_submissions(village.office, [sent(tmp_path / "phone", a=first, b=second)])
    with village.office.workspace.read() as conn:
        people = rows.where(conn, Kind.MEMBER, household=village.homes["吴福生"])
    assert sorted(str(member["name"]) for _, member in people) == ["吴新来", "吴福生"]


def test_two_that_name_each_other_are_taken_as_they_come(village, tmp_path):
    def ring(one, other):
        return collect(instance=one, meta=f"<orx:deprecatedID>{other}</orx:deprecatedID>")

    path = sent(tmp_path / "phone", a=ring("uuid:a", "uuid:b"), b=ring("uuid:b", "uuid:a"))
    check = check_import(village.office, [path])
    assert [line.instance_id for line in check.lines] == ["uuid:a", "uuid:b"]
    assert len(import_submissions(village.office, [path]).submissions) == 2


def test_unknown_forms_and_versions_are_kept_and_only_put_down(village, case, tmp_path):
    old = blank_xml(village).replace(b'version="1"', b'version="0"')
    odd = collect("../../packs")
    path = sent(tmp_path / "phone", a=old, b=odd)
    check = check_import(village.office, [path])
    assert [line.form_standing for line in check.lines] == [FormStanding.VERSION, FormStanding.UNKNOWN]
    assert whys(check) == ["phone.unknown_version", "phone.unknown_form"]
    done = import_submissions(village.office, [path])
    assert village.values(Kind.SUBMISSION, done.submissions[0])["form_version"] == "0"
    claimed = claim_submission(village.office, done.submissions[1], case)
    [body] = written(village.office, claimed.changes)
    assert not claimed.is_read
    assert body.op == "submission.claimed"


def test_a_submission_its_form_cannot_open_waits_with_the_reason(village, tmp_path):
    odd = b"<other id='visit' version='1'><x/></other>"
    [line] = check_import(village.office, [sent(tmp_path / "p", a=odd)]).lines
    assert line.why is not None
    assert line.why.code == "questionnaire.other_form"
    done = import_submissions(village.office, [tmp_path / "p"])
    assert len(done.submissions) == 1


def test_answers_the_records_refuse_leave_it_waiting(village, case, tmp_path):
    township = village.at(Level.TOWNSHIP)
    [line] = check_import(township, [sent(tmp_path / "p", a=visit_xml(village, case))]).lines
    assert line.why is not None
    assert (line.why.code, line.case, line.household) == ("authority.for_village", "", "")
    done = import_submissions(township, [tmp_path / "p"])
    assert village.values(Kind.SUBMISSION, done.submissions[0]).get("case", "") == ""


def test_problems_do_not_keep_the_good_ones_out(village, tmp_path):
    path = sent(tmp_path / "phone", a=collect(), b=b"<data id='x'>")
    (path / "a" / "1.jpg").write_bytes(PICTURE)
    done = import_submissions(village.office, [path])
    assert (len(done.submissions), [e.code for e in done.check.problems]) == (1, ["phone.not_xml"])
    assert [body.op for body in written(village.office, done.changes)] == [
        "submission.received",
        "attachment.received",
    ]


def test_one_whose_photo_is_damaged_is_left_out(village, tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a/1.xml", collect(instance="uuid:a"))
        archive.writestr("a/1.jpg", PICTURE)
        archive.writestr("b/1.xml", collect(instance="uuid:b"))
    path.write_bytes(path.read_bytes().replace(PICTURE, PICTURE[::-1]))
    done = import_submissions(village.office, [path])
    assert ([e.code for e in done.check.problems], len(done.submissions)) == (["phone.bad_member"], 1)


def test_a_completed_slice_keeps_the_slice_as_it_was(village, tmp_path):
    part = kobo_one(1, "<orx:note>n</orx:note>")
    path = tmp_path / "data.xml"
    path.write_bytes(kobo(part, root='<root xmlns:orx="http://openrosa.org/xforms">'))
    done = import_submissions(village.office, [path])
    assert done.check.lines[0].completed
    with village.office.workspace.read() as conn:
        [(_, file)] = rows.where(conn, Kind.ATTACHMENT, submission=done.submissions[0])
    assert file["name"] == ORIGINAL
    assert store_of(village.office).get(str(file["file"])) == part


def test_without_an_id_the_content_decides(village, tmp_path):
    bare = b"<data id='wells'><a>1</a></data>"
    path = sent(tmp_path / "phone", a=bare, b=bare, c=bare.replace(b"1", b"2"))
    assert standings(check_import(village.office, [path])) == [Standing.NEW, Standing.KNOWN, Standing.NEW]
    assert len(import_submissions(village.office, [path]).submissions) == 2


def test_cancelling_writes_nothing(village, tmp_path):
    path = sent(tmp_path / "phone", a=collect())
    seen = []
    check_import(village.office, [path], Watch(report=lambda done, of: seen.append((done, of))))
    assert seen == [(0, 2), (1, 2), (2, 2)]
    for late in (0, 2):  # at once, or when the writing has begun
        asked = iter([False] * late + [True])
        with refused(village.office, "work.cancelled"):
            import_submissions(village.office, [path], Watch(cancelled=lambda asked=asked: next(asked)))


def test_content_that_is_no_form_or_not_here(village, case, tmp_path):
    """A submission of another program's making is nobody's twin; one whose bytes are not here cannot be read."""
    blank = {"form": "visit", "form_hash": current_form(village.office, "visit").hash}
    with village.office.workspace.write(village.office.actor) as tx:
        odd, absent = tx.new_id(), tx.new_id()
        tx.record("submission.finished", Kind.SUBMISSION, odd, {**blank, "blob": tx.put_blob(b"{}")})
        tx.record("submission.finished", Kind.SUBMISSION, absent, {**blank, "blob": "sha256:" + "0" * 64})
    assert standings(check_import(village.office, [sent(tmp_path / "p", a=blank_xml(village))])) == [
        Standing.NEW
    ]
    with refused(village.office, "phone.no_content"):
        claim_submission(village.office, absent, case)
