"""The strip of alerts on the sharing page."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from app.domain.alert import AlertKind
from app.files.package import PackageKind
from app.queries.alerts import AlertLine
from app.storage import alerts
from app.ui.alert_words import alert_words
from app.usecases import exports
from app.usecases.alerts import listing, set_aside
from tests.usecases.exchange import edit, household
from tests.usecases.test_forked_streams import cloned


def test_an_alert_stands_until_somebody_knows(seats, qtbot, ask):
    area = seats.window("village-01", qtbot, ask)
    office = seats.office("village-01")
    stream = {"device": "0" * 32, "number": 3, "scope": office.workspace.standing().scope}
    with office.workspace.bookkeeping() as conn:
        alerts.add(conn, AlertKind.FORK, "5" * 32, stream, "2026-10-07T10:00:00+08:00")
        alerts.add(conn, AlertKind.FORK, "5" * 32, stream, "2026-10-08T10:00:00+08:00")
    copied, forked = listing(office)
    area.go("sharing")
    strip = area.page().alerts
    assert strip.isVisible()
    assert strip.text.text() == strip.accessibleName() == alert_words(copied)
    strip.known.click()
    assert strip.text.text() == alert_words(forked)
    assert "石板村" in strip.text.text()
    strip.known.click()
    assert not strip.isVisible()
    assert listing(office) == ()
    with office.workspace.bookkeeping() as conn:
        conn.exec_driver_sql("UPDATE journal SET state = 1 WHERE lid = 1")
    strip.read()
    assert strip.isVisible()
    assert not strip.told.isVisible()
    assert "有 1 条记录是更新版本" in strip.later.text()


def test_a_fork_that_was_taken_back_is_told_no_more(seats, qtbot, ask):
    one, township = seats.office("village-01"), seats.office("township")
    two = cloned(seats, one, "second", "village-01")
    edit(one, household(one), address="一组1号")
    edit(two, household(two), address="一组2号")
    seats.send(one, township, PackageKind.UP)
    for line in listing(township):
        set_aside(township, line.n)
    area = seats.window("township", qtbot, ask)
    [sent] = exports.export(two, seats.post, PackageKind.UP)
    area.go("sharing_import", sent.files)
    page = area.page()
    assert "对方有 1 组记录分了岔" in " ".join(texts(page))
    page.frame.primary.click()
    area.go("sharing")
    page = area.page()
    assert page.alerts.isVisible()
    assert page.conflicts.isVisible()
    page.tabs.chips["log"].click()
    page.log.table.setCurrentIndex(page.log.table.rows.index(0, 0))
    ask.answers = [True]
    page.log.undo.click()
    assert not page.alerts.isVisible()
    assert not page.conflicts.isVisible()


def texts(page):
    return [one.text() for one in page.findChildren(QLabel) if one.isVisible()]


def test_every_kind_has_a_sentence():
    lines = [
        AlertLine(1, "", AlertKind.ROTATED, "", own=True, why=why) for why in ("machine", "path", "nonce")
    ]
    lines += [AlertLine(1, "", AlertKind.ROTATED, "", own=True, why="missing")]
    lines += [AlertLine(1, "", AlertKind.FORK, "石板村", own=own, why="") for own in (True, False)]
    lines += [AlertLine(1, "", AlertKind.OWN_STREAM_RETURNED, "石板村", own=True, why="")]
    said = {alert_words(line) for line in lines}
    assert len(said) == len(lines)
    assert all("都" in one or "补" in one for one in said)
