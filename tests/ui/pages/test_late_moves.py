"""An edit that came after a household had moved away: the alert leads to both records, and it is carried over."""

from __future__ import annotations

from app.domain.ids import Kind
from app.files.package import PackageKind
from app.queries.late_moves import new_home_of
from app.usecases import belonging, households
from app.usecases.belonging import Move
from app.usecases.households import Edit
from app.usecases.workspaces import name_places
from tests.usecases.exchange import value
from tests.usecases.test_late_moves import OTHER, settled, told


def test_from_the_alert_to_the_new_record(seats, qtbot, ask):
    village, township = seats.office("village-01"), seats.office("township")
    name_places(township, {OTHER: "新田村"})
    home = settled(village)
    households.edit(village, home, [Edit(Kind.HOUSEHOLD, home, {"note": "低保户", "bank_name": "农商行"})])
    belonging.move(township, home, Move(OTHER, "2026-10-01", reason="全家搬迁"))
    seats.later(minutes=5)
    seats.send(village, township, PackageKind.UP)
    area = seats.window("township", qtbot, ask)
    area.go("sharing")
    strip = area.page().alerts
    strip.known.click()  # that the workspace was copied for the test
    assert "又写了它" in strip.text.text()
    strip.look.click()
    assert area.here() == "belonging"
    page = area.page()
    assert [act for act, tab in page.tabs.items() if not tab.isHidden()] == ["carry"]
    assert [tie.household for tie in page.file.ties]  # the new record, one click away
    table = page.carrying.table
    assert len(table.ticked()) == 2
    ask.answers += ["电话里核对过"]
    with qtbot.waitSignal(page.said) as said:
        page.do()
    assert "已补到" in said.args[0]
    with township.workspace.read() as conn:
        new = new_home_of(conn, home)
    assert (value(township, new, "note"), value(township, new, "bank_name")) == ("低保户", "农商行")
    assert told(township) == []
    assert [act for act, tab in page.tabs.items() if not tab.isHidden()] == []
    page.carrying.show_file(page.file)
    assert page._carry() is None
