from __future__ import annotations

import faulthandler
import logging
import re
from collections.abc import Generator
from pathlib import Path

import pytest

from app.log import Log, blank_personal_text, start_log

log = logging.getLogger("app.test_log")


@pytest.fixture
def started(tmp_path: Path) -> Generator[Log]:
    was_on = faulthandler.is_enabled()
    level = logging.getLogger().level
    opened = start_log(tmp_path / "log", "window")
    yield opened
    opened.close()
    logging.getLogger().setLevel(level)
    if was_on:
        faulthandler.enable()


def _written(opened: Log) -> str:
    assert opened.file is not None
    return opened.file.read_text(encoding="utf-8")


def test_a_line_says_when_in_china_time_who_and_what(started: Log) -> None:
    log.info("case.advanced %s by %s in %d ms", "0123456789abcdef" * 2, "fedcba9876543210" * 2, 12)
    line = _written(started).strip()
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00 INFO app\.test_log case\.advanced ", line)
    assert "0123456789abcdef0123456789abcdef" in line


def test_the_moment_is_eight_hours_before_greenwich_midnight(started: Log) -> None:
    record = logging.LogRecord("app", logging.INFO, "", 0, "x", None, None)
    record.created = 1_767_196_800.0  # 2025-12-31T16:00:00Z
    formatter = started.handler.formatter
    assert formatter is not None
    assert formatter.format(record).startswith("2026-01-01T00:00:00+08:00 ")


@pytest.mark.logs_warnings
def test_a_traceback_is_blanked_too(started: Log) -> None:
    try:
        int("欧阳·示例 990101199001011234 13900000000")
    except ValueError:
        log.exception("could not read %s", "欧阳示例")
    text = _written(started)
    assert "Traceback" in text
    assert not re.search(r"[\u4e00-\u9fff]", text)
    assert "19900101" not in text
    assert "13900000000" not in text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("户主张三丰 id 99010119900101123X", "※ id #"),
        ("phone 13900000000.", "phone #."),
        ("entity 00000000000000000000000000000abc", "entity 00000000000000000000000000000abc"),
        ("on 2026-01-31 took 1200 ms", "on 2026-01-31 took 1200 ms"),
        ("rare 𠮷 and 阿卜杜拉·买买提", "rare ※ and ※"),
    ],
)
def test_what_is_blanked_and_what_stays(given: str, kept: str) -> None:
    assert blank_personal_text(given) == kept


def test_the_file_turns_over_and_old_ones_go(started: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(started.handler, "maxBytes", 2_000)
    for number in range(400):
        log.info("line %d %s", number, "x" * 80)
    assert started.file is not None
    names = sorted(one.name for one in started.file.parent.glob("window.log*"))
    assert names == ["window.log", "window.log.1", "window.log.2", "window.log.3", "window.log.4"]
    assert "line 399 " in _written(started)


def test_a_folder_that_cannot_be_written_costs_only_the_log(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    opened = start_log(blocked / "log", "window")
    assert opened.file is None
    log.info("still running")
    opened.close()


def test_closing_lets_go_of_the_files(started: Log) -> None:
    started.close()
    log.info("after the end")
    assert "after the end" not in _written(started)
    assert not faulthandler.is_enabled()
    started.close()
