"""The receipt for a courier: every line, one page, room for two signatures and the seal."""

from __future__ import annotations

from reports.receipt import ReceiptSheet, missing_characters, render

SHEET = ReceiptSheet(
    "数据包收据",
    "石板村：",
    ("收到你村送来的数据包3份，最近一份于2026年10月7日09:30读入。", "还缺2份照片。"),
    ("送件人（签名）：", "收件人（签名）："),
    "清溪镇人民政府",
    "2026年10月7日",
    "本收据由八步通打印。",
)


def test_every_line_on_one_page(read):
    paper = read(render(SHEET))
    assert len(paper) == 1
    for text in (
        SHEET.title,
        SHEET.to,
        *SHEET.lines,
        *SHEET.signatures,
        SHEET.issuer,
        SHEET.date,
        SHEET.note,
    ):
        assert text in paper.text
    assert missing_characters(SHEET) == ()
