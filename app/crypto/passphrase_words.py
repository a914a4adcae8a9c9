"""A passphrase made for somebody: four pairs of easy words, typed in Latin letters without an input method.

Each pair is one of 32 × 64, four pairs give 44 bits; at 0.16 s a try that is 45,000 core-years.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.crypto.interface import Rng

PAIRS = 4

_FIRST = (
    "红hong 白bai 黑hei 青qing 黄huang 绿lv 蓝lan 紫zi "
    "大da 小xiao 老lao 新xin 高gao 长chang 圆yuan 方fang "
    "东dong 西xi 南nan 北bei 春chun 夏xia 秋qiu 冷leng 金jin 银yin 铁tie 石shi 木mu 竹zhu 山shan 水shui"
)
_SECOND = (
    "马ma 牛niu 羊yang 鸡ji 鸭ya 鹅e 猫mao 狗gou 鱼yu 虎hu 鹿lu 兔tu 猴hou 鸟niao 燕yan 蜂feng "
    "花hua 草cao 树shu 松song 柳liu 梅mei 桃tao 梨li 枣zao 瓜gua 豆dou 米mi 麦mai 茶cha 酒jiu 糖tang "
    "桥qiao 亭ting 门men 窗chuang 井jing 岭ling 田tian 坡po 河he 泉quan 江jiang 海hai "
    "云yun 雷lei 星xing 雪xue "
    "车che 船chuan 伞san 灯deng 钟zhong 鼓gu 笔bi 扇shan 布bu 碗wan 锅guo 刀dao 斧fu 锄chu 篮lan 箱xiang"
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``passphrase`` is what is typed, ``reminder`` the same in characters, to remember it by."""

    passphrase: str
    reminder: str


def suggest(rng: Rng) -> Suggestion:
    """Return a new passphrase that nobody has chosen before."""
    first, second = _FIRST.split(), _SECOND.split()
    pairs = [(_pick(first, rng), _pick(second, rng)) for _ in range(PAIRS)]
    return Suggestion(
        " ".join(one[1:] + other[1:] for one, other in pairs),
        " ".join(one[0] + other[0] for one, other in pairs),
    )


def _pick(words: Sequence[str], rng: Rng) -> str:
    """Both lists have a power of two as length, so no word is likelier than another."""
    return words[int.from_bytes(rng(2), "big") % len(words)]
