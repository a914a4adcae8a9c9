"""The slip of a transfer of duty and the page with a passphrase say what they must."""

from __future__ import annotations

from reports import handover, passphrase_sheet


def test_the_slip_names_both_and_leaves_room_to_sign(read):
    sheet = handover.HandoverSheet("石板村", "陈志明", "石秀兰", "2026-10-07", (("农户", "118 户"),), "打印")
    text = read(handover.render(sheet)).text
    for words in (
        "工作交接单",
        "石板村",
        "陈志明",
        "石秀兰",
        "118户",
        "移交人签字",
        "监交人签字",
        "一式三份",
    ):
        assert words in text
    assert handover.missing_characters(sheet) == ()


def test_the_passphrase_and_its_reminder(read):
    sheet = passphrase_sheet.PassphraseSheet("石秀兰", "hongma baishan", "红马 白山", "2026-10-07")
    text = read(passphrase_sheet.render(sheet)).text
    for words in ("口令单", "石秀兰", "hongmabaishan", "红马白山", "请销毁本单"):
        assert words in text
    assert passphrase_sheet.missing_characters(sheet) == ()
