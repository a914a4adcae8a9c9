"""The public notice: complete, readable, and nothing in it that may not hang on a wall."""

from __future__ import annotations

import dataclasses
import io
import re
import time

import pikepdf
import pytest

from reports.kit.closing import SEAL
from reports.kit.page import MM, OFFICIAL
from reports.notice import Contact, NoticeRow, missing_characters, render


@pytest.mark.parametrize("count", [1, 9, 60, 200])
def test_every_household_once_in_order(notice, read, count):
    sheet = notice(count)
    text = read(render(sheet)).text
    position = 0
    for row in sheet.rows:
        key = f"{row.number}{row.group}{row.head}{row.persons}"
        found = text.find(key, position)
        assert found >= 0, key
        position = found + len(key)
    assert text.count("村民小组") >= count
    assert len(re.findall(r"第\d+村民小组", text)) == count


@pytest.mark.parametrize("count", [0, 1, 60, 200])
def test_every_page_says_which_of_how_many_and_repeats_the_head(notice, read, count):
    paper = read(render(notice(count)))
    for number, text in enumerate(paper.texts, start=1):
        assert text.endswith(f"第{number}页共{len(paper)}页")
        has_rows = bool(re.search(r"\d第\d+村民小组|柳树沟", text)) or (count == 0 and number == 1)
        assert text.count("序号村民小组户主姓名家庭人口数") == has_rows


def test_the_parts_stand_in_the_order_of_the_form(notice, read):
    sheet = notice(3, behalf="本公示由红旗镇人民政府代录。")
    text = read(render(sheet)).text
    parts = [
        "公示根据",
        sheet.result,
        "序号",
        sheet.period,
        sheet.objections[0],
        "监督热线：12317",
        sheet.issuer + sheet.date,
        sheet.behalf,
    ]
    positions = [text.find(part) for part in parts]
    assert -1 not in positions
    assert positions == sorted(positions)


def test_a_row_has_no_field_that_could_tell_more():
    assert [field.name for field in dataclasses.fields(NoticeRow)] == ["number", "group", "head", "persons"]


def test_no_long_number_in_text_file_or_metadata(notice, read):
    data = render(notice(200))
    assert not re.search(r"\d{17}", read(data).text)
    assert not re.search(rb"\d{17}", data)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        info = {key: str(value) for key, value in pdf.docinfo.items()}
    assert info["/Title"] == "notice"
    assert not re.search(r"[一-鿿]", "".join(info.values()))


@pytest.mark.parametrize("count", [*range(12), 20, 27, 28, 29, 45])
@pytest.mark.parametrize("behalf", ["", "本公示由红旗镇人民政府代录。"])
def test_issuer_date_and_seal_never_stand_alone(notice, read, count, behalf):
    sheet = notice(count, behalf=behalf)
    paper = read(render(sheet))
    last = paper.texts[-1]
    assert sheet.issuer + sheet.date in last
    assert "监督热线：12317" in last
    assert "0834-1234567" in last
    bottom = min(box[1] for char, box in paper.characters(len(paper) - 1) if char in "委员会")
    assert bottom >= OFFICIAL.bottom + SEAL / 2 - 10 * MM


def test_the_date_ends_four_characters_before_the_edge_under_the_issuer(notice, read):
    paper = read(render(notice(1)))
    boxes = list(paper.characters(len(paper) - 1))
    text = "".join(char for char, _ in boxes)
    start = text.rindex("红旗镇向阳村村民委员会")
    issuer = boxes[start : start + 11]
    date = boxes[start + 11 : start + 11 + len("2025年3月1日")]
    assert date[-1][1][2] == pytest.approx(OFFICIAL.limit - 4 * 16, abs=5)
    centre = (issuer[0][1][0] + issuer[-1][1][2]) / 2
    assert (date[0][1][0] + date[-1][1][2]) / 2 == pytest.approx(centre, abs=3)


def test_ink_keeps_inside_the_type_area(notice, read):
    paper = read(render(notice(60)))
    for page in range(len(paper)):
        left, _, right, top = paper.ink(page)
        assert left >= OFFICIAL.left - 1.5
        assert right <= OFFICIAL.limit + 1.5
        assert top <= OFFICIAL.ceiling + 1.5
        rest = [box[1] for char, box in paper.characters(page) if box[1] > OFFICIAL.bottom - 20]
        lines = [y for rule in paper.rules(page) for y in (rule[1], rule[3])]
        above_number = [y for y in rest if y > OFFICIAL.bottom - 7 * MM] + lines
        assert min(above_number) >= OFFICIAL.bottom - 1.5


def overlap(one, other):
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    return (
        width
        * height
        / min((one[2] - one[0]) * (one[3] - one[1]), (other[2] - other[0]) * (other[3] - other[1]))
    )


def test_no_two_characters_cover_each_other_and_none_crosses_a_rule(notice, read):
    paper = read(render(notice(25)))
    for page in range(len(paper)):
        boxes = [box for _, box in paper.characters(page)]
        assert boxes
        for index, one in enumerate(boxes):
            for other in boxes[index + 1 : index + 80]:
                assert overlap(one, other) <= 0.25
            for x1, y1, x2, y2 in paper.rules(page):
                assert not (one[0] < min(x2, x1 + 0.01) < one[2] and x1 == x2 and one[1] < y1 and one[3] > y2)
                assert not (y1 == y2 and one[1] < y1 < one[3] and x1 <= one[0] <= x2)


def test_a_missing_character_is_told_and_shown(notice, read):
    row = NoticeRow(1, "第1村民小组", "王\U00020000璟", 3)
    sheet = notice(0, rows=(row,), contacts=(Contact("电\U0002a6a5话", "1"),))
    assert missing_characters(sheet) == ("\U0002a6a5", "\U00020000")
    text = read(render(sheet)).text
    assert "王〓璟" in text
    assert "电〓话" in text
    assert missing_characters(notice(60)) == ()


def test_the_same_sheet_gives_the_same_bytes(notice):
    assert render(notice(60)) == render(notice(60))


def test_two_thousand_households_in_a_second(notice, figure):
    sheet = notice(2000)
    render(notice(1))  # the fonts are read once
    start = time.perf_counter()
    data = render(sheet)
    seconds = time.perf_counter() - start
    figure("notice of 2,000 households", seconds, "s", limit=1.0)
    assert seconds <= 1.0
    assert len(data) <= 800_000


@pytest.mark.slow
def test_twenty_thousand_households(notice, figure, read):
    start = time.perf_counter()
    data = render(notice(20_000))
    seconds = time.perf_counter() - start
    figure("notice of 20,000 households", seconds, "s", limit=8.0)
    assert seconds <= 8.0
    assert "20000" in read(data).texts[-1] + read(data).texts[-2]
