"""Waiting submissions are claimed; what nothing was built on is taken back."""

from __future__ import annotations

import pytest

from app.domain.ids import EntityId, Kind
from app.queries.phone_submissions import State, SubmissionQuery, list_submissions
from app.usecases.phone_claims import claim_submission, void_submissions
from app.usecases.phone_imports import import_submissions
from tests.files.odk_samples import PICTURE, collect
from tests.usecases.expect import refused, written
from tests.usecases.phone import blank_xml, sent, submissions, visit_xml


@pytest.fixture
def case(village):
    """A case at the visit."""
    return village.bring(village.open("吴福生"), "visit")


def whys(check):
    return [line.why.code if line.why else "" for line in check.lines]


def test_what_names_no_household_waits_and_is_claimed(village, case, tmp_path):
    xml = blank_xml(village)
    done = import_submissions(village.office, [sent(tmp_path / "phone", one=xml)])
    assert whys(done.check) == ["phone.no_household"]
    [uid] = done.submissions
    with village.office.workspace.read() as conn:
        [line] = list_submissions(conn, SubmissionQuery())
    assert (line.state, line.head, line.has_content) == (State.WAITING, "", True)
    claimed = claim_submission(village.office, uid, case)
    ops = {body.op for body in written(village.office, claimed.changes)}
    assert claimed.is_read
    assert {"submission.claimed", "case.visited", "income.added"} <= ops
    assert village.values(Kind.CASE, case)["submission"] == uid
    with refused(village.office, "phone.claimed"):
        claim_submission(village.office, uid, case)


def test_taking_back_what_nothing_was_built_on(village, case, tmp_path):
    path = sent(tmp_path / "phone", a=collect(instance="uuid:a"), b=collect(instance="uuid:b"))
    (path / "a" / "1.jpg").write_bytes(PICTURE)
    done = import_submissions(village.office, [path])
    with refused(village.office, "workflow.reason_needed"):
        void_submissions(village.office, done.submissions, " ")
    changes = void_submissions(village.office, done.submissions, "选错了文件夹")
    assert len(written(village.office, changes)) == 3
    assert submissions(village.office) == []
    with village.office.workspace.read() as conn:
        assert list_submissions(conn, SubmissionQuery()) == ()
        shown = list_submissions(conn, SubmissionQuery(with_void=True))
    assert {line.state for line in shown} == {State.VOID}
    with refused(village.office, "phone.void"):
        claim_submission(village.office, done.submissions[0], case)
    # Taken back is not known any more: the files can be taken in again.
    assert len(import_submissions(village.office, [path]).submissions) == 2


def test_what_was_built_on_stays(village, case, tmp_path):
    edited = collect(instance="uuid:b", meta="<orx:deprecatedID>uuid:a</orx:deprecatedID>")
    path = sent(tmp_path / "phone", a=collect(instance="uuid:a"), b=edited, c=visit_xml(village, case))
    done = import_submissions(village.office, [path])
    by_id = {values["instance_id"]: uid for uid, values in submissions(village.office)}
    with refused(village.office, "phone.built_on", count=1):
        void_submissions(village.office, [EntityId(by_id["uuid:a"])], "错")
    with refused(village.office, "phone.built_on", count=1):
        void_submissions(village.office, done.submissions, "错")
    both = [EntityId(by_id["uuid:a"]), EntityId(by_id["uuid:b"])]
    assert len(void_submissions(village.office, both, "错").entries) == 2
