"""The slip about a lawful deletion: what was done, where it has been carried out, what is out of reach.

It goes to whoever asked and into the county's file, so it names nobody: a request number, a place, counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from reports.kit.flow import Flow, Style
from reports.kit.fonts import Role, vendored
from reports.kit.grid import Align, Column, Grid, GridStyle
from reports.kit.page import LIST_PORTRAIT, MM, Paper

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_TITLE_STYLE = Style(Role.TITLE, 20, 30)
_HEADING = Style(Role.HEI, 12, 20)
_BODY = Style(Role.SONG, 10.5, 17, indent=2)
_SIGN = Style(Role.SONG, 11, 24)
_TABLE = GridStyle(size=10.5, min_row=7.5 * MM)
_FOOT = 9.0
_FOOT_DROP = 5 * MM

_TITLE = "依法删除个人信息办理单"
_FACTS = ("一、申请", "事项", "内容")
_DONE = ("二、已删除的内容", "内容", "数量")
_REACHED = ("三、各级电脑执行情况", "单位", "情况", "日期")
_BEYOND = ("四、程序删除不到、需人工处理的部分", "在哪里", "说明", "到期日")
_NOBODY = "没有其他电脑登记在册。"
_NOTHING = "没有发现。"
_NOTES = (
    (
        "被删除的每一条记录只保留一个不可还原的校验值和本次删除的登记，用来证明记录没有被篡改；"
        "今后任何旧数据包都不能使已删除的内容恢复。"
    ),
    "尚未收到回执的电脑，下次用优盘交换数据后自动执行，执行后本单可重新打印。",
)
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "basis.withdrawn": "本人撤回同意",
        "basis.done": "目的已实现，不再需要",
        "basis.expired": "保存期限已满",
        "basis.unlawful": "违法处理个人信息",
        "basis.other": "其他法定情形",
        "asked_by.self": "本人",
        "asked_by.guardian": "监护人",
        "asked_by.kin": "近亲属",
        "asked_by.office": "本单位主动清理",
        "channel.counter": "当面",
        "channel.letter": "信函",
        "channel.phone": "电话",
        "channel.none": "无",
        "reach.household": "整户",
        "reach.member": "一名家庭成员",
        "record.household": "农户登记",
        "record.member": "家庭成员",
        "record.income": "收入",
        "record.expense": "支出",
        "record.conditions": "生活条件",
        "record.case": "办理记录",
        "record.hit": "比对结果",
        "record.objection": "异议",
        "record.document": "已出具的文书",
        "record.attachment": "照片和附件",
        "record.submission": "调查问卷",
        "record.meeting": "会议记录",
        "record.publicity": "公示记录",
        "record.sample": "抽查",
        "reached.yes": "已执行",
        "reached.no": "未收到回执",
        "beyond.backup": "本机备份",
        "beyond.second": "第二处备份",
        "beyond.away": "第二处备份（现在没有接上）",
        "beyond.before": "升级前的副本",
        "beyond.later": "退回旧版时搁置的副本",
        "beyond.waiting": "待登记的数据包",
        "beyond.papers": "已打印、另存的材料",
        "beyond.packages": "优盘上的旧数据包",
        "beyond.outside": "已送交其他单位的材料",
    }
)
"""What the codes on a slip mean."""

BEYOND: Mapping[str, str] = MappingProxyType(
    {
        "away": "接上后会继续轮换；也可人工删除",
        "copy": "轮换时自动删除；也可人工删除",
        "waiting": "读入时不会恢复；不登记的请删除",
        "papers": "由经办人收回、销毁并登记",
        "packages": "由持有人删除；再读入也不会恢复",
        "outside": "书面通知收件单位删除",
    }
)
"""What is to be done about it."""

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "request": "申请编号",
        "asked": "申请日期、方式",
        "by": "申请人",
        "basis": "删除依据",
        "reach": "范围",
        "place": "所在地",
        "on": "办理日期",
        "entries": "记录（条）",
        "files": "照片、问卷、文书文件（个）",
        "later": "删除后又写入、待再次删除的记录（条）",
    }
)
"""Labels of the facts."""

_SIGNS = "经办人（签字）：                    复核人（签字）：                    日期："


@dataclass(frozen=True, slots=True)
class DeletionSlipSheet:
    """Everything printed on the slip.

    ``facts`` and ``done`` are pairs of label and text, ``reached`` a place, its state and the day of its
    receipt, ``beyond`` where something still lies, what that is and the day it goes ("" unknown).
    """

    facts: tuple[tuple[str, str], ...]
    done: tuple[tuple[str, str], ...]
    reached: tuple[tuple[str, str, str], ...]
    beyond: tuple[tuple[str, str, str], ...]
    footer: str = ""


def render(sheet: DeletionSlipSheet) -> bytes:
    """Return the slip as PDF; a character no font has is printed as 〓 (``missing_characters`` tells)."""
    paper = Paper(LIST_PORTRAIT, vendored(), "list")
    flow = Flow(paper)
    flow.title(_TITLE, _TITLE_STYLE)
    flow.skip(2 * MM)
    _table(flow, _FACTS, sheet.facts, (1, 3))
    _table(flow, _DONE, sheet.done, (3, 1))
    _table(flow, _REACHED, sheet.reached, (3, 2, 1.4), _NOBODY)
    _table(flow, _BEYOND, sheet.beyond, (2.2, 3, 1.4), _NOTHING)
    flow.skip(3 * MM)
    flow.lines(flow.slots(_NOTES, _BODY))
    flow.skip(6 * MM)
    flow.lines(flow.slots((_SIGNS,), _SIGN))
    paper.number_pages(Role.SONG, _FOOT, _FOOT_DROP, note=sheet.footer)
    return paper.save()


def _table(
    flow: Flow,
    words: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    widths: tuple[float, ...],
    nothing: str = "",
) -> None:
    heading, *titles = words
    flow.skip(3 * MM)
    flow.lines(flow.slots((heading,), _HEADING), reserve=2 * _TABLE.min_row)
    if not rows:
        flow.lines(flow.slots((nothing,), _BODY))
        return
    columns = [
        Column(title, width, Align.LEFT if number == 0 or len(titles) > 2 else Align.CENTRE)  # noqa: PLR2004 -- wide tables read from the left
        for number, (title, width) in enumerate(zip(titles, widths, strict=True))
    ]
    Grid(flow, columns, _TABLE).draw(rows)


def missing_characters(sheet: DeletionSlipSheet) -> tuple[str, ...]:
    """Return the characters of the sheet that no font has, each once."""
    return vendored().missing(_texts(sheet))


def _texts(sheet: DeletionSlipSheet) -> Iterator[tuple[str, Role]]:
    for rows in (sheet.facts, sheet.done, sheet.reached, sheet.beyond):
        for row in rows:
            for text in row:
                yield text, Role.SONG
    yield sheet.footer, Role.SONG
