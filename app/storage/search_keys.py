"""What a person types to find a household: name, pinyin, initials, the end of an ID number.

pypinyin gives common readings, not surname readings, so surnames that differ have both.
"""

from __future__ import annotations

import os
from functools import cache, lru_cache

HEAD_RELATION = "01"

# Surname -> its reading as a surname. Source: 现代汉语词典 readings marked 姓.
_SURNAMES = {
    "单": "shan",
    "仇": "qiu",
    "解": "xie",
    "曾": "zeng",
    "查": "zha",
    "区": "ou",
    "朴": "piao",
    "盖": "ge",
    "尉迟": "yuchi",
    "万俟": "moqi",
    "长孙": "zhangsun",
    "任": "ren",
    "华": "hua",
    "洗": "xian",
    "冼": "xian",
    "员": "yun",
    "乐": "yue",
    "缪": "miao",
    "宓": "mi",
    "折": "she",
    "黑": "he",
    "秘": "bi",
    "种": "chong",
    "重": "chong",
    "车": "che",
    "翟": "zhai",
    "召": "shao",
    "覃": "qin",
    "那": "na",
    "纪": "ji",
    "应": "ying",
    "柏": "bai",
    "祭": "zhai",
    "句": "gou",
    "谌": "chen",
    "晟": "cheng",
    "费": "fei",
    "葛": "ge",
    "牟": "mu",
    "撒": "sa",
    "繁": "po",
    "都": "du",
    "隗": "wei",
}


@lru_cache(maxsize=20_000)
def normalise(text: str) -> str:
    """Return a name without spaces and separators, lower case, for comparing and searching."""
    return "".join(c for c in text.lower() if not c.isspace() and c != "·")


@lru_cache(maxsize=20_000)
def readings(name: str) -> tuple[tuple[str, str], ...]:
    """Return the pinyin and initials of a name, one pair per reading; ("", "") for an empty name."""
    plain = normalise(name)
    common = [_syllable(c) for c in plain]
    found = [("".join(common), "".join(s[:1] for s in common))]
    surname = next((plain[:n] for n in (2, 1) if plain[:n] in _SURNAMES), "")
    if surname:
        rest = common[len(surname) :]
        py = _SURNAMES[surname]
        second = py + "".join(rest)
        initials = _initials(surname, py) + "".join(s[:1] for s in rest)
        if (second, initials) not in found:
            found.append((second, initials))
    return tuple(found)


def _initials(surname: str, py: str) -> str:
    if len(surname) == 1:
        return py[:1]
    return {"yuchi": "yc", "moqi": "mq", "zhangsun": "zs"}[py]


@cache
def _syllable(character: str) -> str:
    # Its dictionary of phrases is not needed for single characters, and reading it stops the window.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin

    return str(pinyin(character, style=Style.NORMAL, errors="default")[0][0])
