"""Reading the papers back with other software than the one that wrote them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from reports.notice import Contact, NoticeRow, NoticeSheet

Box = tuple[float, float, float, float]  # left, bottom, right, top in points
RULE = re.compile(r"([\d.]+) ([\d.]+) m ([\d.]+) ([\d.]+) l S")


@dataclass
class Paper:
    """A PDF opened for reading."""

    data: bytes

    def __post_init__(self) -> None:
        self.pdf = pypdfium2.PdfDocument(self.data)

    def __len__(self) -> int:
        return len(self.pdf)

    @property
    def texts(self) -> list[str]:
        """The text of each page without white space."""
        return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in self.pdf]

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def characters(self, page: int) -> Iterator[tuple[str, Box]]:
        """Every character that leaves ink, with the box of its ink."""
        reading = self.pdf[page].get_textpage()
        for index in range(reading.count_chars()):
            unit = pypdfium2.raw.FPDFText_GetUnicode(reading, index)
            if 0xDC00 <= unit < 0xE000:
                continue  # the second half of the character before
            if 0xD800 <= unit < 0xDC00:
                low = pypdfium2.raw.FPDFText_GetUnicode(reading, index + 1)
                unit = 0x10000 + (unit - 0xD800) * 0x400 + low - 0xDC00
            if not chr(unit).isspace():
                yield chr(unit), reading.get_charbox(index)

    def image(self, page: int, scale: float = 2.0) -> Image.Image:
        return self.pdf[page].render(scale=scale).to_pil().convert("L")

    def ink(self, page: int, scale: float = 2.0) -> Box:
        """The box of everything printed on a page, from its lower left corner, in points."""
        image = self.image(page, scale)
        left, top, right, bottom = image.point(lambda value: 255 if value < 200 else 0).getbbox()
        return left / scale, (image.height - bottom) / scale, right / scale, (image.height - top) / scale

    def streams(self) -> list[str]:
        with pikepdf.open(io.BytesIO(self.data)) as pdf:
            return [page.Contents.read_bytes().decode("latin-1") for page in pdf.pages]

    def rules(self, page: int) -> list[tuple[float, ...]]:
        """The straight lines drawn on a page."""
        return [tuple(map(float, found)) for found in RULE.findall(self.streams()[page])]


@pytest.fixture(scope="session")
def read() -> Callable[[bytes], Paper]:
    return Paper


@pytest.fixture(scope="session")
def notice() -> Callable[..., NoticeSheet]:
    """Make a notice of ``count`` households."""
    heads = (
        "吉克·阿依",
        "䶮㛃𬭚",
        "王璟",
        "阿卜杜热合曼·买买提吐尔逊江",
        "李玥𬱖",
        "张𫖯",
        "刘𣲗",
        "海来·有呷",
    )

    def make(count: int, **changed: object) -> NoticeSheet:
        rows = tuple(
            NoticeRow(
                number,
                f"第{number % 12 + 1}村民小组" if number % 5 else "柳树沟自然村（移民安置点）第12村民小组",
                heads[number % len(heads)],
                number % 7 + 1,
            )
            for number in range(1, count + 1)
        )
        values: dict[str, object] = {
            "title": "向阳村2025年度拟纳入防止返贫监测对象名单的公示",
            "basis": (
                "根据《关于健全防止返贫动态监测和帮扶机制的指导意见》（国乡振发〔2021〕7号）精神，" * 3,
            ),
            "result": f"本次公示{count}户，名单附后。",
            "rows": rows,
            "period": "公示时间：2025年3月2日至2025年3月8日，共7个自然日（张贴当日不计入）。",
            "objections": (
                "公示期间对名单有异议的，可以采用书面、电话或者当面的形式反映，提倡使用真实姓名。",
            ),
            "contacts": (Contact("向阳村村民委员会", "0834-1234567"), Contact("监督热线", "12317")),
            "issuer": "红旗镇向阳村村民委员会",
            "date": "2025年3月1日",
        }
        return NoticeSheet(**{**values, **changed})

    return make
