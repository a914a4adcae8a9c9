"""The import of a roster over a real workspace, by clicks."""

# ruff: noqa: F811 -- the fixture is imported
from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtWidgets import QLabel

from app.domain.ids import Kind
from app.domain.synthetic import synthetic_people
from app.files.roster_template import render_roster
from app.files.workbook_in import read_workbook
from app.queries import rows
from app.ui import theme
from app.ui.pages.roster import RosterPage
from app.ui.pages.roster_mapping import shaded
from app.ui.stylesheet import apply
from tests.files.sheets import write
from tests.ui.pages.workroom import Workroom
from tests.usecases.conftest import village  # noqa: F401 - a fixture
from tests.usecases.village import VILLAGE, synthetic_id

PEOPLE = synthetic_people(5, 12, date(2026, 3, 1))
HEAD_ROW = ["户编号", "组", "姓名", "身份证号", "与户主关系"]


@pytest.fixture
def page(village, runner, ask, qtbot):
    made = RosterPage(Workroom(village).desk(), runner, ask)
    qtbot.addWidget(made)
    made.resize(1286, 728)
    made.show_for()
    made.show()
    return made


@pytest.fixture
def good(village, tmp_path):
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(render_roster(village.office.policy.lists, PEOPLE))
    return path


@pytest.fixture
def bad(tmp_path):
    number = synthetic_id(3)
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    lines = [
        HEAD_ROW,
        ["1", "三组", "吴福生", synthetic_id(1), "户主"],
        ["2", "三组", "钱多多", wrong, "邻居"],
    ]
    return write(tmp_path / "有错.xlsx", ("名单", lines))


@pytest.fixture
def odd(tmp_path):
    lines = [
        ["石板村"],
        ["组", "户内人", "证件", "和户主什么关系"],
        ["三组", "吴福生", synthetic_id(1), "户主"],
    ]
    return write(tmp_path / "乱.xlsx", ("名单", lines))


def said(page):
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def households(village):
    with village.office.workspace.read() as conn:
        return rows.where(conn, Kind.HOUSEHOLD, village=VILLAGE)


def test_a_good_file_is_read_at_once_and_taken_in(page, village, ask, good, qtbot):
    ask.answers = [good]
    with qtbot.waitSignals([page.waiting, page.waited]):
        page.choose.click()
    persons = sum(len(home.members) for home in PEOPLE)
    assert page.frame.primary.text() == f"导入 12 户 {persons} 人"
    assert page.frame.primary.isEnabled()
    assert households(village) == []
    told, asked = [], []
    page.said.connect(lambda text, _undo: told.append(text))
    page.asked.connect(lambda name, _subject: asked.append(name))
    with qtbot.waitSignals([page.progressed, page.waited]):
        page.frame.primary.click()
    assert told == [f"已导入 12 户 {persons} 人，导入前的数据已自动备份"]
    assert asked == ["households"]
    assert len(households(village)) == 12
    assert page.choose.isVisible()


def test_cases_are_opened_on_request(page, village, good, qtbot):
    page.take_file(good)
    page.open_cases.setChecked(True)
    with qtbot.waitSignal(page.asked) as asked:
        page.frame.primary.click()
    assert asked.args == ["home", None]
    with village.office.workspace.read() as conn:
        assert len(rows.where(conn, Kind.CASE)) == 12


def test_every_finding_is_listed_and_nothing_can_be_imported(page, village, bad, qtbot):
    page.take_file(bad)
    assert not page.frame.primary.isEnabled()
    assert page.found.rows.rowCount() == len(page.draft.problems)
    cells = (
        page.found.rows.data(page.found.rows.index(0, 3)),
        page.found.rows.data(page.found.rows.index(0, 1)),
    )
    assert cells == ("错误", "E")
    assert any(text.startswith("有 2 处错误") for text in said(page))
    first = page._whole.text()
    page.next_problem()
    assert page.found.currentIndex().row() == 1
    assert page._whole.text() != first
    page._on_primary()
    assert households(village) == []


def test_the_list_of_findings_is_saved(page, ask, bad, tmp_path, qtbot):
    page.take_file(bad)
    target = tmp_path / "清单.xlsx"
    ask.answers = [target]
    with qtbot.waitSignal(page.said) as told:
        page.copy.click()
    assert "清单.xlsx" in told.args[0]
    listed = read_workbook(target).sheets[0]
    assert any("身份证号末位" in row[-1] for row in listed.rows[1:])
    ask.answers = [None]
    page.copy.click()
    assert ask.asked == ["导出错误清单", "导出错误清单"]


def test_a_person_points_at_the_headings_and_names_the_columns(page, village, odd, qtbot):
    with qtbot.waitSignal(page.noticed):
        page.take_file(odd)
    assert page.frame.primary.text() == "试读"
    assert "请先在左边点表头那一行。" in said(page)
    page.mapping.rows.setCurrentIndex(page.mapping.rows.rows.index(1, 0))
    assert len(page.mapping.combos) == 4
    for column, target in enumerate(
        ("household.group", "member.name", "member.id_number", "member.relation")
    ):
        page.mapping.combos[column].set_value(target)
    page.frame.primary.click()
    assert page.frame.primary.text() == "导入 1 户 1 人"
    page.frame.primary.click()
    assert len(households(village)) == 1


def test_numbers_of_people_are_shaded_while_pointing(page, odd):
    page.take_file(odd)
    model = page.mapping.rows.rows
    shown = " ".join(str(model.data(model.index(row, 1))) for row in range(model.rowCount()))
    assert synthetic_id(1) not in shown
    assert "吴福生" in shown
    assert shaded("13800006620 三组") == "138****6620 三组"
    assert shaded("2026-03-01") == "2026-03-01"


def test_the_mapping_can_be_put_right_afterwards(page, good):
    page.take_file(good)
    page.remap.click()
    column = next(c for c, combo in page.mapping.combos.items() if combo.value() == "member.relation")
    page.mapping.combos[column].set_value("")
    page.frame.primary.click()
    assert [p.code for p in page.draft.errors] == ["roster.no_column"]


def test_an_old_number_is_confirmed_once(page, tmp_path):
    lines = [HEAD_ROW, ["1", "三组", "吴福生", "990101700101123", "户主"]]
    page.take_file(write(tmp_path / "老.xlsx", ("名单", lines)))
    assert not page.frame.primary.isEnabled()
    page.confirm_old.click()
    assert page.frame.primary.isEnabled()
    page.confirm_old.click()
    assert not page.frame.primary.isEnabled()


def test_what_cannot_be_opened_is_said_and_the_page_begins_anew(page, tmp_path, runner, qtbot):
    path = tmp_path / "不是表.xlsx"
    path.write_text("姓名,身份证号", encoding="utf-8")
    with qtbot.waitSignals([runner.failed, page.waited]):
        page.take_file(path)
    assert page.wish is None
    assert page.choose.isVisible()


def test_the_template_is_saved(page, ask, tmp_path, qtbot):
    ask.answers = [tmp_path / "模板.xlsx"]
    with qtbot.waitSignal(page.said):
        page.template.click()
    assert read_workbook(tmp_path / "模板.xlsx").sheets[0].name == "花名册"
    ask.answers = [None]
    page.template.click()


def test_no_file_no_change(page, ask):
    ask.answers = [None]
    page.choose.click()
    assert page.wish is None


@pytest.mark.parametrize("scale", [theme.NORMAL, theme.LARGE])
@pytest.mark.parametrize("file", ["", "good", "bad", "odd"])
def test_nothing_is_clipped(
    qapp,
    village,
    runner,
    ask,
    qtbot,
    request,
    scale,
    file,
    assert_no_clipped_labels,
    assert_accessible_names,
):
    apply(qapp, theme.Theme(scale=scale))
    made = RosterPage(Workroom(village).desk(), runner, ask)
    qtbot.addWidget(made)
    made.resize(1366 - theme.px(80), 728)
    made.show_for()
    made.show()
    if file:
        made.take_file(request.getfixturevalue(file))
    if file == "odd":
        made.mapping.rows.setCurrentIndex(made.mapping.rows.rows.index(1, 0))
    assert (made.width(), made.height()) == (1366 - theme.px(80), 728)
    assert_no_clipped_labels(made)
    assert_accessible_names(made)
