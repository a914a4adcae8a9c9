"""Versions of questionnaires: published by the county, carried down, chosen, withdrawn, never changed."""

from __future__ import annotations

import pytest

from app.domain.errors import BadInput, Refused
from app.domain.ids import Kind, Level
from app.files.form_in import shipped_form, shipped_forms
from app.files.package import PackageKind
from app.questionnaire.loader import load_form
from app.usecases import forms
from app.usecases.forms import NewForm
from tests.usecases.exchange import TOWNSHIP, VILLAGE
from tests.usecases.expect import refused, written
from tests.usecases.form_books import workbook


def new(form_id="visit", version="9", **other):
    return NewForm(
        workbook(form_id, version, **other), f"{form_id}.xlsx", {"villages.csv": b"name,label\n1,one\n"}
    )


def line(office, version):
    return next(one for one in forms.form_lines(office) if one.version == version)


def test_every_shipped_version_says_of_itself_what_its_folder_says():
    for form_id in shipped_forms():
        form = shipped_form(form_id)
        model = load_form(form.xform, form.media)
        assert (model.form_id, model.version) == (form.id, form.version) == (form_id, form.version)


def test_a_published_version_reaches_the_villages_and_serves_them(computers):
    county, township, village = (computers.office(n) for n in ("county", "township", "village-01"))
    [body] = written(county, forms.publish(county, new()))
    assert (body.kind, body.changes["name"], body.changes["version"], body.changes["number"]) == (
        "form",
        "visit",
        "9",
        1,
    )
    assert forms.current_form(village, "visit") == shipped_form("visit")
    computers.send(county, township, PackageKind.DOWN, TOWNSHIP)
    computers.send(township, village, PackageKind.DOWN, VILLAGE)
    arrived = forms.current_form(village, "visit")
    assert arrived.version == "9"
    assert arrived.media == {"villages.csv": b"name,label\n1,one\n"}
    assert forms.model_of(arrived).title == "小问卷"
    assert forms.form_of(village, "visit", arrived.hash) == arrived
    assert [one.current for one in forms.form_lines(village) if one.form == "visit"] == [False, True]
    assert forms.form_of(village, "visit", shipped_form("visit").hash) == shipped_form("visit")


def test_the_latest_publication_counts_and_a_withdrawn_one_falls_back(village):
    county = village.at(Level.COUNTY)
    forms.publish(county, new(version="9"))
    village.pass_days(1)
    forms.publish(county, new(version="10"))
    assert forms.current_form(county, "visit").version == "10"
    taken = line(county, "10")
    [body] = written(county, forms.withdraw(county, taken.uid, " 问题写错了 "))
    assert body.changes == {"withdrawn": 1, "withdrawn_reason": "问题写错了"}
    assert forms.current_form(county, "visit").version == "9"
    assert (line(county, "10").withdrawn, line(county, "9").current) == (True, True)
    assert forms.form_of(county, "visit", taken.hash).version == "10"  # what was filled in still opens
    forms.withdraw(county, line(county, "9").uid, "换回原来的")
    assert forms.current_form(county, "visit") == shipped_form("visit")
    assert line(county, "1").current
    with refused(county, "form.reason_needed"):
        forms.withdraw(county, taken.uid, "  ")


def test_a_form_of_the_countys_own_is_known_by_its_id(village):
    county = village.at(Level.COUNTY)
    with refused(county, "questionnaire.unknown_form", form="own"):
        forms.current_form(county, "own")
    forms.publish(county, new("own", "1"))
    assert forms.current_form(county, "own").id == "own"
    with refused(county, "questionnaire.unknown_version", form="own"):
        forms.form_of(county, "own", "sha256:" + "0" * 64)


def test_a_version_is_published_once_and_by_the_county_only(village):
    county = village.at(Level.COUNTY)
    book = new(version="9")
    forms.publish(county, book)
    with refused(county, "form.published_already", version="9"):
        forms.publish(county, book)
    with refused(county, "form.version_exists", form="visit", version="9"):
        forms.publish(county, new(version="9", title="另一份"))
    with refused(county, "form.version_exists", form="visit", version="1"):
        forms.publish(county, new(version="1"))
    with refused(village.office, "authority.for_county"):
        forms.publish(village.office, new(version="11"))
    with pytest.raises(BadInput, match=r"form\.no_version"):
        forms.publish(county, new(version=""))


def test_an_entry_whose_files_have_not_arrived_is_told_and_not_used(village):
    county = village.at(Level.COUNTY)
    forms.publish(county, new(version="9"))
    with county.workspace.bookkeeping() as conn:
        conn.exec_driver_sql("DELETE FROM blob")
    found = line(county, "9")
    assert (found.arrived, found.current) == (False, False)
    assert forms.current_form(county, "visit") == shipped_form("visit")
    with pytest.raises(Refused, match=r"questionnaire\.unknown_version"):
        forms.form_of(county, "visit", found.hash)


def test_publishing_is_in_the_audit(village):
    county = village.at(Level.COUNTY)
    forms.publish(county, new(version="9"))
    with county.workspace.read() as conn:
        rows = conn.exec_driver_sql("SELECT action, detail FROM audit ORDER BY n DESC LIMIT 1").all()
    assert rows[0][0] == "publish"
    assert '"version": "9"' in rows[0][1]
    with refused(county, "entity.unknown", kind=str(Kind.FORM)):
        forms.withdraw(county, "0" * 32, "x")
