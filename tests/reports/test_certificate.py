"""The exit certificate: one page or none, whole or refused."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.certificate import CertificateSheet, missing_characters, render
from reports.kit.closing import SEAL
from reports.kit.page import MM, DoesNotFit
from reports.kit.type0 import MissingCharacters

SHEET = CertificateSheet(
    title="脱贫退出证",
    number="某退〔2025〕第00001号",
    head="阿苏·有呷",
    persons=4,
    address="某省某州某县新民乡向阳村3组",
    body=(
        "该户经入户核查、民主评议、公示公告，2025年家庭人均纯收入稳定超过标准，已实现“两不愁三保障”，准予退出。",
        "特发此证。",
    ),
    issuers=("某县人民政府",),
    date="2025年12月20日",
    hotline="0834-1234567、12317",
)


def test_everything_stands_on_one_page(read):
    paper = read(render(SHEET))
    assert len(paper) == 1
    assert paper.pdf[0].get_size() == pytest.approx((297 * MM, 210 * MM), abs=0.1)
    text = paper.text
    for part in (
        SHEET.title,
        "编号：" + SHEET.number,
        "户主姓名：" + SHEET.head,
        "家庭人口：4人",
        "家庭住址：" + SHEET.address,
        *SHEET.body,
        *SHEET.issuers,
        SHEET.date,
        "监督电话：" + SHEET.hotline,
    ):
        assert text.count(part) == 1, part
    assert "演示" not in text


def test_a_certificate_of_the_demo_says_so_on_the_page(read):
    assert "演示" in read(render(replace(SHEET, demo=True))).text


NAMES = st.lists(
    st.text(st.sampled_from("阿卜杜热合曼买提吐尔逊江䶮㛃𬭚𬱖𫖯𣲗王璟"), min_size=1, max_size=8),
    min_size=1,
    max_size=5,
).map("·".join)
ADDRESSES = st.text(st.sampled_from("某省自治州县乡镇村（）第三组1802号、·"), max_size=70)


@given(head=NAMES, address=ADDRESSES, persons=st.integers(1, 30))
def test_any_name_and_address_fit_one_page_clear_of_the_seal(read, head, address, persons):
    paper = read(render(replace(SHEET, head=head, address=address, persons=persons)))
    assert len(paper) == 1
    assert re.sub(r"\s", "", head) in re.sub(r"家庭人口：\d+人", "", paper.text)
    seal_top = 47 * MM + SEAL / 2
    boxes = list(paper.characters(0))
    body = "".join(char for char, _ in boxes).rindex("特发此证。")
    assert boxes[body][1][1] >= seal_top


@pytest.mark.parametrize(
    "changed",
    [
        {"body": ("退出标准" * 200,)},
        {"address": "某" * 1000},
        {"head": "某" * 500},
        {"issuers": ("甲", "乙", "丙", "丁")},
    ],
)
def test_what_does_not_fit_is_refused(changed):
    with pytest.raises(DoesNotFit):
        render(replace(SHEET, **changed))


@pytest.mark.parametrize("field", ["title", "number", "head", "address", "date", "hotline"])
def test_a_missing_character_anywhere_is_refused_and_named(field):
    sheet = replace(SHEET, **{field: "甲\U00020000乙"})
    assert missing_characters(sheet) == ("\U00020000",)
    with pytest.raises(MissingCharacters) as caught:
        render(sheet)
    assert caught.value.characters == ("\U00020000",)


def test_rare_names_are_printed_in_full(read):
    sheet = replace(SHEET, head="䶮㛃𬭚·𬱖𫖯𣲗")
    assert missing_characters(sheet) == ()
    assert "户主姓名：䶮㛃𬭚·𬱖𫖯𣲗" in read(render(sheet)).text


def test_three_issuers_stand_beside_each_other(read):
    sheet = replace(SHEET, issuers=("向阳村村民委员会", "红旗镇人民政府", "某县人民政府"))
    paper = read(render(sheet))
    assert len(paper) == 1
    left = {char: box[0] for char, box in paper.characters(0) if box[1] < 70 * MM}
    assert left["阳"] < left["旗"] < left["县"]
    assert paper.text.count("（盖章处）") == 3


def test_no_long_number_and_the_same_bytes_each_time(read):
    data = render(SHEET)
    assert data == render(SHEET)
    assert not re.search(rb"\d{17}", data)
    assert not re.search(r"\d{17}", read(data).text)


def test_the_ink_keeps_inside_the_border(read):
    left, bottom, right, top = read(render(SHEET)).ink(0)
    assert left == pytest.approx(12 * MM, abs=2)
    assert right == pytest.approx(285 * MM, abs=2)
    assert bottom == pytest.approx(12 * MM, abs=2)
    assert top == pytest.approx(198 * MM, abs=2)
