"""The recovery sheet of a root (根钥匙恢复单): one A4 page with the secret in letters and as a QR code.

It is printed, put into two sealed envelopes and kept nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

import segno

from reports.kit.flow import Flow, Style
from reports.kit.fonts import Role, vendored
from reports.kit.page import LIST_PORTRAIT, MM, Paper

_TITLE = Style(Role.TITLE, 22, 34)
_TEXT = Style(Role.SONG, 12, 20)
_LINE = 20.0  # points, of the letters to copy
_LEADING = 34.0
_NUMBER = 10.5
_QR = 46 * MM
_QUIET = 4  # modules around the code
_SIGNED = 12.0

WARNING = (
    "这张纸能重新做出根钥匙。谁拿到它，谁就能冒充本单位发证。打印两份，分别装进信封封好，盖章，"
    "一份放本单位保险柜，一份放档案室。不要拍照，不要扫描，不要复印。"
)
WAY_BACK = (
    "电脑丢失或损坏时：在新电脑上装好程序，选同一级别、同一区划代码建立工作区，打开“电脑与授权”里的“根钥匙”，"
    "点“找回根钥匙”，把下面四行照着输入，大小写、空格都不要紧。哪一行输错，程序会指出来。"
)


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """What is printed: ``lines`` hold the secret, ``mark`` is the public beginning of the root's name."""

    place: str
    scope: str
    lines: tuple[str, ...]
    made_on: str
    mark: str


def qr_text(sheet: RecoverySheet) -> str:
    """Return what the QR code says: the four lines one after another, without spaces."""
    return "".join(line.replace(" ", "") for line in sheet.lines)


def render(sheet: RecoverySheet) -> bytes:
    """Return the sheet as PDF."""
    paper = Paper(LIST_PORTRAIT, vendored(), "recovery")
    flow = Flow(paper)
    flow.title("根钥匙恢复单", _TITLE)
    flow.lines(flow.slots((f"单位：{sheet.place}（{sheet.scope}）　编号：{sheet.mark}",), _TEXT))
    flow.skip(2 * MM)
    flow.lines(flow.slots((WARNING, WAY_BACK), _TEXT))
    top = flow.y - 14 * MM
    for number, line in enumerate(sheet.lines, start=1):
        y = top - (number - 1) * _LEADING
        paper.text(f"第{number}行", (LIST_PORTRAIT.left, y), Role.SONG, _NUMBER)
        paper.text(line, (LIST_PORTRAIT.left + 18 * MM, y), Role.HEI, _LINE)
    _code(paper, qr_text(sheet), (LIST_PORTRAIT.left + 18 * MM, top - 4 * _LEADING - _QR))
    foot = LIST_PORTRAIT.bottom + 30 * MM
    signed = f"打印日期：{sheet.made_on}　　经办人（签字）：　　　　　　　　监督人（签字）："
    paper.text(signed, (LIST_PORTRAIT.left, foot), Role.SONG, _SIGNED)
    return paper.save()


def _code(paper: Paper, text: str, corner: tuple[float, float]) -> None:
    """Draw the QR code as black squares, its lower left corner at ``corner``."""
    rows = [bytes(row) for row in segno.make_qr(text, error="m").matrix]
    module = _QR / (len(rows) + 2 * _QUIET)
    for down, row in enumerate(rows):
        y = corner[1] + _QR - (down + 1 + _QUIET) * module
        for across, dark in enumerate(row):
            if dark:
                paper.square((corner[0] + (across + _QUIET) * module, y), module)
