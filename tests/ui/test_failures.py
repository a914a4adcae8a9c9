"""Errors and bugs become words with a code; nothing personal reaches the report."""

from __future__ import annotations

import re

from PySide6.QtGui import QGuiApplication

from app.domain.errors import Refused, Unavailable
from app.ui.failures import Failures, of_crash, of_error, short_code
from app.ui.parts.banner import Banner


def _crash():
    try:
        int("王秀兰 990101199003070012")
    except ValueError as error:
        return error


def test_the_code_is_short_and_always_the_same():
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{6}", short_code("workflow.too_early"))
    assert short_code("workflow.too_early") == short_code("workflow.too_early")
    assert short_code("a") != short_code("b")


def test_the_report_names_no_value():
    failure = of_error(Refused("rule.not_written", name="王秀兰"))
    assert "王秀兰" not in failure.report
    assert "rule.not_written" in failure.report
    assert failure.code in failure.report


def test_a_bug_says_where_and_not_what():
    failure = of_crash(_crash())
    assert failure.severe
    assert "990101" not in failure.report + failure.text
    assert "test_failures" in failure.report


def test_the_banner_shows_and_copies(qtbot):
    banner = Banner()
    qtbot.addWidget(banner)
    failures = Failures(banner)
    failures.on_failed(Unavailable("rule.not_written"))
    assert "rule.not_written" in banner.text()
    banner._copy.click()
    assert "Unavailable" in QGuiApplication.clipboard().text()
    assert banner._copy.text() == "已复制"
    failures.on_failed(Refused("rule.other"))
    assert banner._copy.text() == "复制给技术员"
    banner._close.click()
    assert banner.text() == ""
