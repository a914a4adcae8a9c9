"""Titles over several lines: of even length, broken where the sense allows. Lengths are in em."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from reports.kit.fonts import visible
from reports.kit.text import break_lines, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.kit.fonts import Chain
    from reports.kit.text import Line

# Words a title is not broken inside, and characters that do not begin one of its lines.
_WORD_LIST = (
    "防止返贫 返贫致贫 防返贫 返贫 监测对象 监测 帮扶 乡村振兴 人民政府 村民委员会 居民委员会 委员会 "
    "村民小组 领导小组 办公室 关于 年度 名单 公示 公告 通知 纳入 退出 对象 低收入人口 低收入 贫困户 农户 "
    "家庭 识别 审核 评议 情况 结果 汇总 登记 一览表 花名册"
)
_WORDS = tuple(_WORD_LIST.split())
_NOT_FIRST = frozenset("的和了与及等、，。）》”")
_NOT_LAST = frozenset("（《“第拟")
_ATOM = re.compile("|".join((*_WORDS, r"[0-9A-Za-z.,:/\-]+(?:年|月|日)?", ".")), re.DOTALL)
_ABOUT = "关于"  # a line that ends after it reads best
_MAX_LINES = 4


def title_lines(text: str, chain: Chain, room: float) -> tuple[Line, ...]:
    """Set a title in as few lines as fit ``room``; a line break in ``text`` is obeyed."""
    lines: list[Line] = []
    for part in text.split("\n"):
        lines += _balanced(visible(part).strip(" "), chain, room)
    return tuple(lines)


def _balanced(text: str, chain: Chain, room: float) -> tuple[Line, ...]:
    width = chain.width(text)
    if width <= room:
        return (one_line(text, chain),)
    words = _ATOM.findall(text)
    for count in range(math.ceil(width / room), _MAX_LINES + 1):
        splits = [split for split in _splits(words, count) if max(map(chain.width, split)) <= room]
        if splits:
            best = min(splits, key=lambda split: _cost(split, chain))
            return tuple(one_line(part, chain) for part in best)
    return break_lines(text, chain, room)


def _splits(words: list[str], count: int) -> Iterator[tuple[str, ...]]:
    """Yield every way to cut ``words`` into ``count`` lawful lines."""
    if count == 1:
        yield ("".join(words),)
        return
    for end in range(1, len(words) - count + 2):
        if words[end][0] in _NOT_FIRST or words[end - 1][-1] in _NOT_LAST:
            continue
        head = "".join(words[:end])
        for rest in _splits(words[end:], count - 1):
            yield (head, *rest)


def _cost(split: tuple[str, ...], chain: Chain) -> float:
    """Return how uneven a split is; lower is better."""
    widths = [chain.width(part) for part in split]
    bonus = sum(3.0 for part in split[:-1] if part.endswith(_ABOUT))
    bonus += sum(0.5 for part in split[1:] if part.startswith(_WORDS))
    return max(widths) - min(widths) - bonus
