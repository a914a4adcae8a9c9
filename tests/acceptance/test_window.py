"""The real window on a screen of its own, by keyboard and mouse: the story of one household of three hundred."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2


def text_of(path: Path) -> list[str]:
    pages = pypdfium2.PdfDocument(path)
    return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in pages]


def test_one_household_of_three_hundred(tell: Callable[[str], Path]) -> None:
    folder = tell("window_story")

    for name in ("notice.pdf", "exit-notice.pdf"):
        whole = "".join(text_of(folder / "post" / name))
        head = re.search(r"序号村民小组户主姓名家庭人口数1(\d+组)(\S+?)(\d+)公示时间", whole)
        assert head, whole
        assert not re.search(r"\d{17}", whole)
        assert "身份证" not in whole
    (page,) = text_of(folder / "post" / "certificate.pdf")
    assert "990101001201-2026-0001" in page
    assert head[2] in page
