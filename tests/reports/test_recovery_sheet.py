"""The recovery sheet: what is read by eye and by a telephone is the same, on one page, and named nowhere else."""

from __future__ import annotations

import pypdfium2
import pytest
import zxingcpp

from app.domain.recovery_text import lines_of, secret_of
from reports.recovery_sheet import RecoverySheet, qr_text, render

SCOPE = "990101000000"


@pytest.mark.parametrize("seed", [0, 7, 255])
def test_letters_and_code_say_the_same(seed: int) -> None:
    secret = bytes([seed] * 32)
    sheet = RecoverySheet("演示县", SCOPE, lines_of(secret, SCOPE), "2026-10-07", "c2dbd62e")
    document = pypdfium2.PdfDocument(render(sheet))
    assert len(document) == 1
    text = document[0].get_textpage().get_text_range()
    for line in sheet.lines:
        assert line in text
    [code] = zxingcpp.read_barcodes(document[0].render(scale=2).to_pil())
    assert code.text == qr_text(sheet)
    assert secret_of(code.text, SCOPE) == secret


def test_nothing_of_the_secret_is_in_the_metadata() -> None:
    sheet = RecoverySheet("演示县", SCOPE, lines_of(bytes(32), SCOPE), "2026-10-07", "c2dbd62e")
    found = pypdfium2.PdfDocument(render(sheet)).get_metadata_dict()
    assert (found["Title"], found["Author"], found["Subject"]) == ("recovery", "", "")
