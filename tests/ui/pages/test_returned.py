"""Returns in the window: marked by the township, seen and put right by the village, sent up again."""

from __future__ import annotations

import pytest

from app.domain.ids import EntityId, Kind
from app.files.package import PackageKind
from app.queries import rows
from app.ui import theme
from app.ui.desk import StepSubject
from app.ui.stylesheet import apply
from app.usecases import cases, households
from app.usecases.demo_month import standing_at
from tests.usecases.exchange import COUNTY, TOWNSHIP, edit


def home_of(office, case):
    with office.workspace.read() as conn:
        return EntityId(str(rows.get(conn, Kind.CASE, case)["household"]))


def member_of(office, home):
    with office.workspace.read() as conn:
        return rows.where(conn, Kind.MEMBER, household=home)[0][0]


@pytest.fixture
def case(seats):
    """A case the township sent back with three marks; the village has read it."""
    township, village = seats.office("township"), seats.office("village-01")
    found = standing_at(township, "check", TOWNSHIP)[0]
    member = member_of(township, home_of(township, found))
    data = {
        "to": "visit",
        "reason": "户内信息与实际不符",
        "reason_code": "facts",
        "wrong": f"household.address member.name@{member} verdict.housing",
        "note:household.address": "门牌号不对",
    }
    seats.later(minutes=5)
    cases.act_on_case(township, found, "check.return", data)
    seats.send(township, village, PackageKind.DOWN)
    return found


@pytest.fixture
def page(seats, case, qtbot, ask):
    area = seats.window("village-01", qtbot, ask)
    area.go("returned")
    return area.page()


def cells(table):
    model = table.rows
    return [
        tuple(model.index(row, column).data() for column in range(model.columnCount()))
        for row in range(model.rowCount())
    ]


def test_the_village_sees_why_what_and_until_when(page, case):
    assert page.list.current_key() == case
    assert "户内信息与实际不符" in page._why.text()
    assert "乡镇" in page._who.text()
    assert [(row[1], row[2]) for row in cells(page.marks)] == [
        ("门牌号不对", "没改"),
        ("", "没改"),
        ("", "没改"),
    ]
    assert page._no_changes.isVisible()
    assert page.frame.primary.text() == "改好了，再次上报"


def test_it_leads_to_the_field_and_the_field_is_highlighted(page, seats, case):
    page.marks.opened.emit("household.address")
    household = seats.areas[-1].page()
    assert household._stack.currentWidget().isAncestorOf(household.facts)
    assert "门牌号不对" in household.facts.form._cells["address"].warning
    assert "门牌号" in household.strip.text() or "详细地址" in household.strip.text()
    office = seats.office("village-01")
    edit(office, home_of(office, case), address="三组18号")
    household.show_for(home_of(office, case))
    assert household.facts.form._cells["address"].warning == ""
    page = seats.areas[-1]
    page.go("returned")
    member = next(row for row in page.page()._lines[case].marks if row.kind == "member")
    page.page().marks.opened.emit(member.mark)
    assert "上级标出" in page.page().members.form._cells["name"].warning
    page.go("returned")
    page.page().marks.opened.emit("verdict.housing")
    assert page.page().sheet.card.case == case


def test_put_right_and_sent_up_again(page, seats, case, ask):
    office = seats.office("village-01")
    edit(office, home_of(office, case), address="三组18号")
    page.show_for()
    assert cells(page.marks)[0][2] == "已改"
    [change] = [row for row in cells(page.changes) if row[2] == "三组18号"]
    assert change[1]
    ask.answers = [None, "其余核对无误"]
    page.frame.primary.click()
    assert page.list.rows.rowCount() == 1
    page.frame.primary.click()
    assert page._empty.isVisible()
    assert "1 户" in page.sharing.text()
    page.sharing.click()
    assert type(seats.areas[-1].page()).__name__ == "SharingPage"


def test_the_township_sees_what_was_put_right(page, seats, case, qtbot, ask):
    office = seats.office("village-01")
    edit(office, home_of(office, case), address="三组18号")
    ask.answers = ["其余核对无误"]
    page.show_for()
    page.frame.primary.click()
    seats.send(office, seats.office("township"), PackageKind.UP)
    area = seats.window("township", qtbot, ask)
    area.go("returned", case)
    above = area.page()
    assert "三组18号" in [row[2] for row in cells(above.changes)]
    assert above.frame.primary.isHidden()
    area.go("returned", "0" * 32)


def test_the_township_marks_when_it_sends_back(seats, qtbot, ask):
    township = seats.office("township")
    case = standing_at(township, "check", TOWNSHIP)[0]
    area = seats.window("township", qtbot, ask)
    home = home_of(township, case)
    area.go("step", StepSubject(home, case, "check", "check.return"))
    card = area.page().act_card
    card.marks.tick("household.address", "门牌号不对")
    card.marks.tick("verdict.water")
    card.form.fill({"to": "visit", "reason": "不符", "reason_code": "facts"})
    card.confirm.click()
    with township.workspace.read() as conn:
        body = conn.exec_driver_sql("SELECT body FROM journal ORDER BY lid DESC LIMIT 1").scalar()
    assert '"wrong":"household.address verdict.water"' in body
    assert '"note:household.address":"门牌号不对"' in body


def changed_approval(seats):
    county, township, village = (seats.office(name) for name in ("county", "township", "village-01"))
    case = standing_at(county, "audit", COUNTY)[0]
    given = {"decider": county.actor.person, "approval_no": "演农〔2026〕9号"}
    cases.act_on_case(county, case, "audit.approve", given)
    seats.send(county, township, PackageKind.DOWN)
    seats.send(township, village, PackageKind.DOWN)
    home = home_of(village, case)
    seats.later(hours=1)
    edits = [households.Edit(Kind.MEMBER, member_of(village, home), {"name": "改名"})]
    households.edit(village, home, edits, "核对身份证")
    seats.send(village, township, PackageKind.UP)
    seats.send(township, county, PackageKind.UP)
    return case


def test_the_county_sees_the_change_and_stands_by_its_approval(seats, qtbot, ask):
    case = changed_approval(seats)
    village = seats.window("village-01", qtbot, ask)
    village.go("approval_changes", case)
    assert village.page().frame.primary.isHidden()
    assert "改名" in [row[2] for row in cells(village.page().changes)]
    area = seats.window("county", qtbot, ask)
    area.go("audits")
    area.page().changed.click()
    page = area.page()
    assert page.list.current_key() == case
    assert "改名" in [row[2] for row in cells(page.changes)]
    ask.answers = [None, "只改了错别字"]
    page.frame.primary.click()
    assert not page._empty.isVisible()
    page.frame.primary.click()
    assert page._empty.isVisible()


@pytest.mark.parametrize("scale", [theme.NORMAL, theme.LARGE])
@pytest.mark.parametrize("name", ["returned", "approval_changes"])
def test_nothing_is_clipped(
    seats, case, qtbot, ask, name, scale, qapp, assert_no_clipped_labels, assert_accessible_names
):
    if name == "approval_changes":
        changed_approval(seats)
    apply(qapp, theme.Theme(scale=scale))
    area = seats.window("village-01", qtbot, ask)
    area.go(name)
    assert_no_clipped_labels(area)
    assert_accessible_names(area)
