"""A questionnaire of a case that was sent back: what was marked stands by its question, with the reason."""

# ruff: noqa: F811 -- the fixture is imported
from __future__ import annotations

from app.domain.ids import Kind, Level
from app.queries import rows
from app.ui.desk import StepSubject
from app.ui.pages.visit import VisitPage
from app.usecases import cases, households
from app.usecases.households import Edit
from app.usecases.visit_marks import highlights
from tests.ui.pages.workroom import Workroom
from tests.usecases.conftest import village  # noqa: F401 - a fixture


def sent_back(village, wrong, **notes):
    """Send a case back to the home visit from the step after it."""
    case = village.bring(village.open("吴福生"), "compare")
    data = {"to": "visit", "reason": "户内信息与实际不符", "reason_code": "facts", "wrong": wrong, **notes}
    cases.act_on_case(village.at(Level.VILLAGE), case, "compare.return", data)
    return case


def opened(village, runner, ask, qtbot, case):
    page = VisitPage(Workroom(village).desk(), runner, ask)
    qtbot.addWidget(page)
    page.resize(1286, 728)
    page.show()
    page.show_for(StepSubject("", case, "visit"))
    return page


def test_marked_questions_carry_the_reason_and_their_page_is_named(village, runner, ask, qtbot):
    home = village.add_home("吴福生")
    note = {"note:household.address": "门牌号不对"}
    case = sent_back(village, "household.address conditions.house_grade", **note)
    page = opened(village, runner, ask, qtbot, case)
    at = {
        field.entry.core: (index, field.returned())
        for index in range(len(page.view.nav.buttons))
        for field in (page.view.show_section(index) or page.view.fields())
    }
    assert at["household.address"][1] == "上级标出：门牌号不对"
    assert at["conditions.house_grade"][1] == "上级标出：户内信息与实际不符"
    assert at["household.group"][1] == ""
    named = [button.index for button in page.view.nav.buttons if "退回 1 处" in button.line()]
    assert named == sorted({at["household.address"][0], at["conditions.house_grade"][0]})
    households.edit(village.office, home, [Edit(Kind.HOUSEHOLD, home, {"address": "二组8号"})])
    again = opened(village, runner, ask, qtbot, case)
    assert [one.field for one in again.visit.marks] == ["conditions.house_grade"]


def test_an_item_and_a_judgement_point_at_what_they_rest_on(village):
    village.add_home("吴福生")
    case = village.bring(village.open("吴福生"), "compare")
    assert highlights(village.office, case) == ()  # never sent back
    with village.office.workspace.read() as conn:
        home = rows.text(rows.get(conn, Kind.CASE, case), "household")
        item = rows.where(conn, Kind.INCOME, household=home)[0]
    data = {"to": "visit", "reason": "收入不实", "reason_code": "facts"}
    data["wrong"] = f"income@{item[0]} verdict.housing member submission"
    cases.act_on_case(village.office, case, "compare.return", data)
    found = {one.field: one.note for one in highlights(village.office, case)}
    assert f"income.{item[1]['category']}.{item[1]['item']}" in found
    assert "conditions.house_safe" in found
    assert {"member.*", "submission.*"} <= found.keys()
    assert set(found.values()) == {"收入不实"}
