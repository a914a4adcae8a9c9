"""Handing over: untouched bytes as they came, and nothing leaves that was not told."""

from __future__ import annotations

import gzip
import json
import os
import zipfile
from itertools import zip_longest
from pathlib import Path

import pytest

from app.domain.errors import Refused
from app.domain.ids import Kind
from app.files.odk_submission import read_head
from app.queries.phone_submissions import SubmissionQuery
from app.usecases import visits
from app.usecases.attachments import store_of
from app.usecases.forms import current_form
from app.usecases.office import Watch
from app.usecases.phone_claims import void_submissions
from app.usecases.phone_exports import ExportSummary, check_export, export_blank, export_submissions
from app.usecases.phone_imports import check_import, import_submissions
from app.usecases.phone_plan import Standing
from tests.files.odk_samples import PICTURE, collect, kobo, kobo_one
from tests.usecases.journal import audited
from tests.usecases.phone import answered, instance, sent, submissions, visit_xml
from tests.usecases.village import TOWNSHIP, VILLAGE

WHERE = os.environ.get("BABUTONG_CASES", "")


@pytest.fixture
def case(village):
    """A case at the visit."""
    return village.bring(village.open("吴福生"), "visit")


def tree(where: Path) -> dict[str, bytes]:
    return {
        path.relative_to(where).as_posix(): path.read_bytes() for path in where.rglob("*") if path.is_file()
    }


def test_what_came_in_goes_out_as_it_was(village, case, tmp_path):
    xml, other = visit_xml(village, case), collect(instance="uuid:w")
    path = sent(tmp_path / "phone", a=xml, b=other)
    (path / "b" / "1.jpg").write_bytes(PICTURE)
    import_submissions(village.office, [path])
    everything = SubmissionQuery()
    assert check_export(village.office, everything) == ExportSummary(
        submissions=2,
        households=1,
        waiting=1,
        replaced=0,
        files=1,
        size=len(xml) + len(other) + len(PICTURE),
        without_content=0,
        files_missing=0,
    )
    done = export_submissions(village.office, everything, tmp_path / "out")
    assert (done.written, done.target) == (2, tmp_path / "out")
    assert tree(tmp_path / "out") == {
        f"visit/instances/uuid{instance(1)[5:]}/submission.xml": xml,
        "wells/instances/uuidw/submission.xml": other,
        "wells/instances/uuidw/1.jpg": PICTURE,
    }
    action, subject, detail = audited(village.office)[-1]
    assert (action, subject, json.loads(detail)) == (
        "export",
        "submissions",
        {"file": "out", "submissions": 2, "households": 1},
    )
    zipped = export_submissions(village.office, SubmissionQuery(form="wells"), tmp_path, zipped=True)
    assert zipped.target.name == "wells-20260302.zip"
    with zipfile.ZipFile(zipped.target) as archive:
        assert archive.read("wells/instances/uuidw/submission.xml") == other
    # What was written is known when it is read again.
    again = check_import(village.office, [tmp_path / "out", zipped.target])
    assert {line.standing for line in again.lines} == {Standing.KNOWN}


def test_a_visit_finished_here_leaves_by_its_own_id(village, case, tmp_path):
    visit = visits.open_visit(village.office, case)
    answered(visit.engine)
    visits.finish_visit(village.office, visit)
    export_submissions(village.office, SubmissionQuery(form="visit"), tmp_path / "out")
    [(name, data)] = tree(tmp_path / "out").items()
    assert data == visit.engine.to_xml().encode()
    assert name.startswith("visit/instances/uuid")
    assert data.decode().count(f"uuid:{name.split('/')[2][4:]}") == 1


def test_what_is_chosen(village, case, tmp_path):
    path = sent(tmp_path / "phone", a=visit_xml(village, case), b=collect())
    import_submissions(village.office, [path])
    home = village.homes["吴福生"]
    uid = submissions(village.office, form="wells")[0][0]

    def count(**query):
        return check_export(village.office, SubmissionQuery(**query)).submissions

    assert count(from_on="2026-03-02", to_on="2026-03-02") == 2
    assert (count(from_on="2026-03-03"), count(to_on="2026-03-01")) == (0, 0)
    assert (count(households=(home,)), count(uids=(uid,)), count(scope=VILLAGE)) == (1, 1, 2)
    township = village.at(next(level for level in village.people if level == "township"))
    assert check_export(township, SubmissionQuery(scope="990101001202")).submissions == 0
    with pytest.raises(Refused) as caught:
        check_export(village.office, SubmissionQuery(scope=TOWNSHIP))
    assert caught.value.code == "region.outside"
    with pytest.raises(Refused) as caught:
        export_submissions(village.office, SubmissionQuery(form="none"), tmp_path / "out")
    assert caught.value.code == "phone.nothing_to_export"
    with pytest.raises(Refused):
        export_submissions(
            village.office, SubmissionQuery(), tmp_path / "out", watch=Watch(cancelled=lambda: True)
        )
    assert not (tmp_path / "out").exists()


def test_what_has_not_arrived_stays_behind_and_is_told(village, tmp_path):
    path = sent(tmp_path / "phone", a=collect())
    (path / "a" / "1.jpg").write_bytes(PICTURE)
    import_submissions(village.office, [path])
    with village.office.workspace.write(village.office.actor) as tx:
        fields = {"form": "wells", "blob": "sha256:" + "0" * 64}
        tx.record("submission.received", Kind.SUBMISSION, tx.new_id(), fields)
    for kept in (village.office.workspace.folder).rglob("*.sealed"):
        kept.unlink()
    assert list(store_of(village.office).names()) == []
    found = check_export(village.office, SubmissionQuery())
    assert (found.submissions, found.files, found.without_content, found.files_missing) == (1, 0, 1, 1)


@pytest.mark.parametrize("zipped", [False, True])
def test_a_hostile_name_of_an_attachment_stays_below_the_target(village, tmp_path, zipped):
    answer = "../../../../../etc/passwd.jpg"
    path = sent(tmp_path / "phone", a=collect(inside=f"<photo>{answer}</photo>"))
    (path / "a" / "1.jpg").write_bytes(PICTURE)
    done = import_submissions(village.office, [path])
    with village.office.workspace.write(village.office.actor) as tx:
        [(uid, _)] = tx.children(Kind.ATTACHMENT, "submission", done.submissions[0])
        tx.record("attachment.received", Kind.ATTACHMENT, uid, {"name": answer})
    top = tmp_path / "top"
    out = top / "a" / "b"
    told = export_submissions(village.office, SubmissionQuery(), out, zipped=zipped)
    assert all(name.startswith("a/b/") for name in tree(top))
    found = unzipped(told.target) if zipped else tree(out)
    assert sorted(found.values()) == sorted([collect(inside=f"<photo>{answer}</photo>"), PICTURE])
    assert not any(".." in Path(name).parts or Path(name).is_absolute() for name in found)


def test_a_completed_slice_leaves_as_it_was_completed(village, tmp_path):
    path = tmp_path / "data.xml"
    part = kobo_one(1, "<orx:note>n</orx:note>")
    path.write_bytes(kobo(part, root='<root xmlns:orx="http://openrosa.org/xforms">'))
    import_submissions(village.office, [path])
    export_submissions(village.office, SubmissionQuery(), tmp_path / "out")
    [data] = tree(tmp_path / "out").values()
    assert data == part.replace(b"<aXy7 ", b'<aXy7 xmlns:orx="http://openrosa.org/xforms" ', 1)


def test_a_blank_form_for_phones(village, tmp_path):
    form = current_form(village.office, "visit")
    done = export_blank(village.office, "visit", tmp_path / "out")
    assert done.written == 1
    found = tree(tmp_path / "out")
    assert found[f"visit-{form.version}/forms/visit.xml"] == form.xform
    media = {name.rpartition("/")[2]: data for name, data in found.items() if "/visit-media/" in name}
    assert media == dict(form.media)
    zipped = export_blank(village.office, "visit", tmp_path, zipped=True)
    assert zipped.target.name == "visit-1-blank-20260302.zip"
    again = export_blank(village.office, "visit", tmp_path / "out")
    assert (again.written, again.same) == (0, done.written)


def unzipped(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.skipif(not WHERE, reason="BABUTONG_CASES does not name the folder of recorded cases")
def test_every_recorded_submission_comes_back_byte_for_byte(village, tmp_path, figure):
    with gzip.open(Path(WHERE) / "scenario_traces.jsonl.gz", "rt", encoding="utf-8") as file:
        traces = [json.loads(line) for line in file]
    texts = {op["after"]["xml"].encode() for trace in traces for op in trace["ops"] if op.get("after")}
    by_id: dict[str, list[bytes]] = {}
    for xml in sorted(texts):
        by_id.setdefault(read_head(xml).instance_id, []).append(xml)
    rounds = list(zip_longest(*by_id.values()))  # the steps of one trace share an id: one of each a round
    for number, some in enumerate(rounds):
        wanted = {xml for xml in some if xml is not None}
        inbox, out = tmp_path / f"in{number}", tmp_path / f"out{number}"
        sent(inbox, **{f"i{at:04d}": xml for at, xml in enumerate(sorted(wanted))})
        done = import_submissions(village.office, [inbox])
        assert (done.check.problems, len(done.submissions)) == ((), len(wanted))
        written = export_submissions(village.office, SubmissionQuery(), out, zipped=number > 0)
        found = tree(out) if number == 0 else unzipped(written.target)
        assert set(found.values()) == wanted
        void_submissions(village.office, done.submissions, "下一轮")
    told = f"in {len(rounds)} rounds"
    figure("recorded submissions that came back byte for byte", len(texts), told, limit=None)
