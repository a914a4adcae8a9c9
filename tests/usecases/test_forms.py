"""Versions of questionnaires: published by the county, carried down, chosen, withdrawn, never changed."""

from __future__ import annotations

import pytest

from app.domain.errors import BadInput, Refused, Unavailable
from app.domain.ids import Kind, Level
from app.files.form_in import shipped_forms, shipped_versions
from app.files.form_source import read_source
from app.files.package import PackageKind
from app.questionnaire.loader import load_form
from app.usecases import form_publishing as publishing
from app.usecases import forms
from tests.usecases.exchange import TOWNSHIP, VILLAGE
from tests.usecases.expect import refused, written
from tests.usecases.form_books import ROWS, save, source


@pytest.fixture
def new(tmp_path):
    def made(form_id="visit", version="9", **other):
        return source(tmp_path / "forms", form_id, version, **other)

    return made


def line(office, version):
    return next(one for one in forms.form_lines(office) if one.version == version)


def test_every_shipped_version_says_of_itself_what_its_folder_says():
    for form_id in shipped_forms():
        form = shipped_versions(form_id)[-1]
        model = load_form(form.xform, form.media)
        assert (model.form_id, model.version) == (form.id, form.version) == (form_id, form.version)


def test_a_published_version_reaches_the_villages_and_serves_them(computers, new):
    county, township, village = (computers.office(n) for n in ("county", "township", "village-01"))
    [body] = written(county, publishing.publish(county, new()))
    assert (body.kind, body.changes["name"], body.changes["version"], body.changes["number"]) == (
        "form",
        "visit",
        "9",
        1,
    )
    assert forms.current_form(village, "visit") == shipped_versions("visit")[-1]
    computers.send(county, township, PackageKind.DOWN, TOWNSHIP)
    computers.send(township, village, PackageKind.DOWN, VILLAGE)
    arrived = forms.current_form(village, "visit")
    assert arrived.version == "9"
    assert arrived.media == {"villages.csv": b"name,label\n1,one\n"}
    assert forms.model_of(arrived).title == "小问卷"
    assert forms.form_of(village, "visit", arrived.hash) == arrived
    assert [one.current for one in forms.form_lines(village) if one.form == "visit"] == [False, True]
    assert (
        forms.form_of(village, "visit", shipped_versions("visit")[-1].hash) == shipped_versions("visit")[-1]
    )


def test_the_latest_publication_counts_and_a_withdrawn_one_falls_back(village, new):
    county = village.at(Level.COUNTY)
    publishing.publish(county, new(version="9"))
    village.pass_days(1)
    publishing.publish(county, new(version="10"))
    assert forms.current_form(county, "visit").version == "10"
    taken = line(county, "10")
    [body] = written(county, publishing.withdraw(county, taken.uid, " 问题写错了 "))
    assert body.changes == {"withdrawn": 1, "withdrawn_reason": "问题写错了"}
    assert forms.current_form(county, "visit").version == "9"
    assert (line(county, "10").withdrawn, line(county, "9").current) == (True, True)
    assert forms.form_of(county, "visit", taken.hash).version == "10"  # what was filled in still opens
    publishing.withdraw(county, line(county, "9").uid, "换回原来的")
    assert forms.current_form(county, "visit") == shipped_versions("visit")[-1]
    assert line(county, "1").current
    with refused(county, "form.reason_needed"):
        publishing.withdraw(county, taken.uid, "  ")


def test_a_form_of_the_countys_own_is_known_by_its_id(village, new):
    county = village.at(Level.COUNTY)
    with refused(county, "questionnaire.unknown_form", form="own"):
        forms.current_form(county, "own")
    publishing.publish(county, new("own", "1"))
    assert forms.current_form(county, "own").id == "own"
    with refused(county, "questionnaire.unknown_version", form="own"):
        forms.form_of(county, "own", "sha256:" + "0" * 64)


def test_a_version_is_published_once_and_by_the_county_only(village, new):
    county = village.at(Level.COUNTY)
    book = new(version="9")
    publishing.publish(county, book)
    with refused(county, "form.published_already", version="9"):
        publishing.publish(county, book)
    with refused(county, "form.version_exists", form="visit", version="9"):
        publishing.publish(county, new(version="9", title="另一份"))
    with refused(county, "form.version_exists", form="visit", version="1"):
        publishing.publish(county, new(version="1"))
    with refused(village.office, "authority.for_county"):
        publishing.publish(village.office, new(version="11"))


def test_an_entry_whose_files_have_not_arrived_is_told_and_not_used(village, new):
    county = village.at(Level.COUNTY)
    publishing.publish(county, new(version="9"))
    with county.workspace.bookkeeping() as conn:
        conn.exec_driver_sql("DELETE FROM blob")
    found = line(county, "9")
    assert (found.arrived, found.current) == (False, False)
    assert forms.current_form(county, "visit") == shipped_versions("visit")[-1]
    with pytest.raises(Refused, match=r"questionnaire\.unknown_version"):
        forms.form_of(county, "visit", found.hash)


def test_publishing_is_in_the_audit(village, new):
    county = village.at(Level.COUNTY)
    publishing.publish(county, new(version="9"))
    with county.workspace.read() as conn:
        rows = conn.exec_driver_sql("SELECT action, detail FROM audit ORDER BY n DESC LIMIT 1").all()
    assert rows[0][0] == "publish"
    assert '"version": "9"' in rows[0][1]
    with refused(county, "entity.unknown", kind=str(Kind.FORM)):
        publishing.withdraw(county, "0" * 32, "x")


def test_a_workbook_with_errors_is_shown_but_not_published(village, new):
    county = village.at(Level.COUNTY)
    wrong = new(rows=[*ROWS, ("calculate", "x", "", ""), ("text", "respondent", "再问一次", "")])
    found = publishing.examine(county, wrong)
    assert not found.checked.publishable
    assert (found.title, found.replaces, found.differences) == ("入户核查表", "1", None)
    assert publishing.error_count(found.checked) >= 1
    with pytest.raises(BadInput) as caught:
        publishing.publish(county, wrong)
    assert (caught.value.code, caught.value.params["file"]) == ("form.has_errors", "visit-9.xlsx")


def test_what_a_new_version_breaks_is_told_before(village, new):
    county = village.at(Level.COUNTY)
    first = publishing.examine(county, new("own", "1"))
    assert (first.title, first.replaces, first.differences) == ("小问卷", "", ())
    publishing.publish(county, new("own", "1"))
    second = publishing.examine(county, new("own", "2", rows=[ROWS[0], ("decimal", "size", "几口人", "")]))
    assert (second.replaces, second.checked.publishable) == ("1", True)
    assert {(d.path, d.breaking) for d in second.differences} == {
        ("/data/size", True),
        ("/data/village", True),
    }


def test_an_examined_workbook_that_does_not_open_says_why_in_its_findings(village, new):
    broken = new(rows=[*ROWS, ("integer", "wrong", "坏的", ""), ("note", "n", "${wrong", "")])
    found = publishing.examine(village.at(Level.COUNTY), broken)
    assert not found.checked.publishable
    assert found.checked.findings


def test_full_width_signs_are_put_right_by_one_click(village, tmp_path):
    folder = tmp_path / "forms"
    path = save(folder, "own", "1", rows=[("text", "ａ", "甲", ""), ("text", "b", "乙", "")])
    fixed, count = publishing.repair(read_source(path))
    assert count == 1
    path.write_bytes(fixed)
    assert publishing.examine(village.at(Level.COUNTY), read_source(path)).checked.publishable
    csv = folder / "form.csv"
    csv.write_text("survey\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"lint\.fix_only_xlsx"):
        publishing.repair(read_source(csv))


def test_a_form_that_converts_but_does_not_open_says_why_in_its_findings(village, new):
    circle = new(rows=[*ROWS, ("calculate", "x", "", "", "${y} + 1"), ("calculate", "y", "", "", "${x} + 1")])
    found = publishing.examine(village.at(Level.COUNTY), circle)
    assert found.checked.xform_xml is not None
    assert (found.title, found.replaces, found.differences) == ("入户核查表", "1", None)
    assert any(one.code == "lint.cycle" for one in found.checked.findings)


def test_a_workbook_is_given_with_its_lists_unless_their_folder_cannot_be_made(village, new, tmp_path):
    county = village.at(Level.COUNTY)
    publishing.publish(county, new("own", "1"))
    target = tmp_path / "out" / "own.xlsx"
    target.parent.mkdir()
    digest = next(f for f in forms.form_lines(county) if f.form == "own").hash
    publishing.save_form(county, "own", digest, target)
    assert (tmp_path / "out" / "own-media" / "villages.csv").read_bytes() == b"name,label\n1,one\n"
    other = tmp_path / "out" / "other.xlsx"
    other.with_name("other-media").write_bytes(b"a file of that name")
    with pytest.raises(Unavailable) as caught:
        publishing.save_form(county, "own", digest, other)
    assert (caught.value.code, caught.value.params["file"]) == ("workbook.cannot_write", "other-media")
