"""Questionnaires from phones in the window: look, take in, find the household, hand over."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from app.domain.ids import Kind
from app.ui.desks.sharing import Medium
from app.ui.texts import t
from app.ui.work_area import WorkArea
from app.usecases import households, phone_imports
from tests.files.odk_samples import PICTURE, collect, kobo, kobo_one
from tests.ui.pages.workroom import Workroom
from tests.usecases.conftest import village  # noqa: F401 - a fixture
from tests.usecases.phone import blank_xml, instance, sent, submissions, visit_xml


@pytest.fixture
def case(village):  # noqa: F811
    return village.bring(village.open("吴福生"), "visit")


@pytest.fixture
def area(village, runner, ask, qtbot):  # noqa: F811
    made = WorkArea(Workroom(village).desk(), runner, ask)
    qtbot.addWidget(made)
    made.resize(1366, 728)
    made.show()
    made.go("phone")
    return made


def cells(table):
    model = table.model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def taken(village, tmp_path, **files):  # noqa: F811
    return phone_imports.import_submissions(village.office, [sent(tmp_path / "phone", **files)])


def test_an_empty_page_says_what_to_do(area, assert_no_clipped_labels, assert_accessible_names):
    page = area.page()
    assert (page.claim.isVisible(), page.waiting_only.isVisible(), page.outgoing.send.isEnabled()) == (
        False,
        False,
        False,
    )
    assert_no_clipped_labels(area)
    assert_accessible_names(area)
    page.next_problem()


def test_from_the_sharing_page(seats, qtbot, ask):
    area = seats.window("village-01", qtbot, ask)
    area.go("sharing")
    area.page().phone.click()
    assert type(area.page()).__name__ == "PhonePage"


def test_a_folder_is_looked_at_and_then_taken_in(
    area,
    village,  # noqa: F811
    case,
    ask,
    tmp_path,
    assert_no_clipped_labels,
):
    path = sent(
        tmp_path / "phone",
        a=visit_xml(village, case),
        b=blank_xml(village, 2),
        c=b"<data>",
        d=collect(inside="<p>lost.jpg</p>"),
    )
    ask.answers = [path]
    area.page().incoming.folder.click()
    page = area.page()
    assert [row[-1] for row in cells(page.table)] == ["不导入", "归户", "待认领", "待认领"]
    assert "第 1 行" in page._text.text()
    assert_no_clipped_labels(area)
    page.table.setCurrentIndex(page.table.rows.index(1, 0))
    assert "吴福生" in page._text.text()
    page.table.setCurrentIndex(page.table.rows.index(3, 0))
    assert "lost.jpg" in page._text.text()
    assert page.frame.primary.text() == "导入 3 份"
    assert submissions(village.office) == []
    page.frame.primary.click()
    assert len(submissions(village.office)) == 3
    assert "2 份等着认领" in page._why.text()
    page.frame.primary.click()
    assert type(area.page()).__name__ == "PhonePage"
    assert len(cells(area.page().table)) == 3


def test_what_was_taken_in_before(area, village, case, ask, tmp_path):  # noqa: F811
    xml = visit_xml(village, case)
    path = sent(tmp_path / "phone", a=xml)
    phone_imports.import_submissions(village.office, [path])
    combined = tmp_path / "data.xml"
    combined.write_bytes(kobo(kobo_one(1, "<o:n/>"), root='<root xmlns:o="u:o">'))
    edited = sent(tmp_path / "edited", e=visit_xml(village, case, 3, instance(1)))
    ask.answers = [(path / "a" / "a.xml",), edited, (combined,), path, (combined,)]
    area.page().incoming.files.click()
    assert cells(area.page().table)[0][-1] == "以前收过"
    area.page().frame.primary.click()
    area.page().incoming.folder.click()
    assert "代替" in area.page()._text.text()
    area.page().frame.back_asked.emit()
    area.page().incoming.files.click()
    page = area.page()
    assert "第 2 行" in cells(page.table)[0][0]
    assert "公共声明" in page._text.text()
    page.frame.primary.click()
    assert page._why.text().startswith("已导入 1 份，其中 1 份")
    page.frame.primary.click()
    (path / "a" / "1.jpg").write_bytes(PICTURE)
    (path / "a2").mkdir()
    (path / "a2" / "x.xml").write_bytes(xml + b"\n")
    area.page().incoming.folder.click()
    assert [row[-1] for row in cells(area.page().table)] == ["补附件", "编号相同内容不同"]


def test_nothing_there(area, ask, tmp_path):
    (tmp_path / "x.csv").write_bytes(b"a,b\n")
    ask.answers = [(tmp_path / "x.csv",), (), None]
    area.page().incoming.files.click()
    assert ".csv" in area.page()._why.text()
    assert "x.csv" in area.page()._text.text()
    area.page().show_for(None)
    area.page().frame.primary.click()
    area.page().incoming.files.click()
    area.page().incoming.folder.click()
    assert type(area.page()).__name__ == "PhonePage"


def test_files_spoilt_between_the_look_and_the_import(area, ask, tmp_path):
    path = sent(tmp_path / "phone", a=collect())
    ask.answers = [path]
    area.page().incoming.folder.click()
    (path / "a" / "a.xml").write_bytes(b"<data>")
    area.page().frame.primary.click()
    assert "什么也没有导入" in area.page()._why.text()
    assert [row[-1] for row in cells(area.page().table)] == ["不导入"]
    assert "第 1 行" in area.page()._text.text()
    area.page().frame.primary.click()
    assert type(area.page()).__name__ == "PhonePage"


def test_a_drop_is_looked_at(area, tmp_path):
    path = sent(tmp_path / "phone", a=collect())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    page = area.page()
    keys = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(9, 9), *keys)
    page.dragEnterEvent(enter)
    assert enter.isAccepted()
    page.dropEvent(QDropEvent(QPointF(9, 9), *keys))
    assert len(cells(area.page().table)) == 1
    bare = QMimeData()
    bare.setText("x")
    enter = QDragEnterEvent(QPoint(9, 9), keys[0], bare, *keys[2:])
    enter.ignore()
    page.dragEnterEvent(enter)
    assert not enter.isAccepted()
    page.dropEvent(QDropEvent(QPointF(9, 9), keys[0], bare, *keys[2:]))


def test_a_waiting_one_finds_its_household(
    area,
    village,  # noqa: F811
    case,
    tmp_path,
    assert_no_clipped_labels,
    assert_accessible_names,
):
    taken(village, tmp_path, a=blank_xml(village), b=collect())
    area.page().show_for()
    page = area.page()
    assert page.waiting_only.text() == "只看待认领（2）"
    page.waiting_only.click()
    page.table.setCurrentIndex(page.table.rows.index(0, 0))
    page.next_problem()
    page.next_problem(backwards=True)
    uid = next(uid for uid, values in submissions(village.office) if values["form"] == "visit")
    page._turn_to(uid)
    assert page.claim.isVisible()
    page.claim.sought.emit("石没有")
    assert "石没有" in page.claim._none.text()
    page.claim.sought.emit("")
    page.claim.sought.emit("吴福生")
    assert [row[0] for row in cells(page.claim.table)] == ["吴福生"]
    assert_no_clipped_labels(area)
    assert_accessible_names(area)
    page.claim.claim.click()
    assert village.values(Kind.SUBMISSION, uid)["case"] == case
    assert page.waiting_only.text() == "只看待认领（1）"


def test_a_claim_without_the_form_says_that_nothing_was_read(area, village, case, tmp_path):  # noqa: F811
    taken(village, tmp_path, a=collect())
    page = area.page()
    page.show_for()
    said = []
    page.said.connect(lambda text, *_: said.append(text))
    page.claim.sought.emit("吴福生")
    page.claim.claim.click()
    [(_, values)] = submissions(village.office)
    assert (values["case"], said) == (case, [t("phone.claimed_unread")])


def test_taking_back(area, village, ask, tmp_path):  # noqa: F811
    taken(village, tmp_path, a=collect())
    page = area.page()
    page.show_for()
    page.waiting_only.click()
    ask.answers = [None, "选错了"]
    page.claim.void.click()
    page.claim.void.click()
    assert submissions(village.office) == []
    assert page.claim.isHidden()


def test_a_case_that_went_on_asks_for_a_reason(area, village, ask, runner, tmp_path):  # noqa: F811
    late = village.bring(village.open("郑大山"), "publicise")
    taken(
        village,
        tmp_path,
        a=blank_xml(village, **{"housing/house/house_grade": "D", "housing/house/house_safe": "0"}),
    )
    page = area.page()
    page.show_for()
    page.claim.sought.emit("郑大山")
    said = []
    runner.failed.connect(lambda error: said.append(error.code))
    ask.answers = [None, "手机补报"]
    page.claim.claim.click()
    assert village.stage(late) == "publicise"
    page.claim.claim.click()
    assert ([uid for uid, _ in submissions(village.office, case=late)] != [], said) == (True, [])
    taken(village, tmp_path / "2", a=collect())
    page._turn_to(next(uid for uid, values in submissions(village.office) if values["form"] == "wells"))
    page._on_claim("0" * 32)
    assert said == ["entity.unknown"]


def test_handing_over(area, village, case, ask, runner, tmp_path):  # noqa: F811
    taken(village, tmp_path, a=visit_xml(village, case))
    page = area.page()
    page._medium = None
    page.outgoing.folder.show_medium(None)
    page.show_for()
    page._show_medium(None)
    out = tmp_path / "out"
    out.mkdir()
    ask.answers = [None, out]
    page.outgoing.send.click()
    assert not list(out.iterdir())
    page.outgoing.zipped.setChecked(False)
    page.outgoing.send.click()
    assert len(list(out.rglob("submission.xml"))) == 1
    page.outgoing.send.click()
    assert "已经有了" in page.outgoing.said()
    page.outgoing.form.setCurrentIndex(page.outgoing.form.findData("visit"))
    page.outgoing.form_chosen.emit()
    assert page.outgoing.blank.isEnabled()
    page.outgoing.blank.click()
    assert list(out.rglob("visit.xml"))
    page.show_for()
    assert page.outgoing.chosen() == "visit"
    said = []
    runner.failed.connect(lambda error: said.append(error.code))
    page._show_medium(Medium(out / "gone" / "\0", removable=False))
    ask.answers = [out]
    page.outgoing.folder_asked.emit()
    assert page._medium == Medium(out, removable=False)


def test_a_cancelled_export_says_so(area, village, tmp_path, runner):  # noqa: F811
    taken(village, tmp_path, a=collect())
    page = area.page()
    page.show_for()
    said = []
    runner.failed.connect(lambda error: said.append(error.code))
    file = tmp_path / "file"
    file.write_bytes(b"")
    page._show_medium(Medium(file, removable=False))
    page.outgoing.zipped.setChecked(False)
    page.outgoing.send.click()
    assert said == ["phone.not_written"]


def test_content_that_has_not_arrived_cannot_be_claimed(area, village):  # noqa: F811
    with village.office.workspace.write(village.office.actor) as tx:
        tx.record(
            "submission.received", Kind.SUBMISSION, tx.new_id(), {"form": "x", "blob": "sha256:" + "0" * 64}
        )
    page = area.page()
    page.show_for()
    assert cells(page.table)[0][-1] == "内容未到"
    assert page.claim.isHidden()
    assert "1 个文件还没有到" in page.outgoing._summary.text()


def test_the_list_follows_what_others_write(area, village, case):  # noqa: F811
    page = area.page()
    changes = households.edit(
        village.office, village.homes["吴福生"], [households.Edit(Kind.HOUSEHOLD, "", {"address": "三组9号"})]
    )
    page.on_changed(changes)
    assert cells(page.table) == []
