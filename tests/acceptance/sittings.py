"""Sittings at the three computers of the story: the first day, the roster, and what every later one begins with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication

from app.domain.calendar import CHINA
from app.domain.roster import RosterHousehold
from app.domain.synthetic import synthetic_people
from app.files.roster_template import render_roster
from app.usecases.clock import FixedClock
from app.usecases.policy import shipped
from tests.acceptance.robot import Hands, Robot

SEARCH = "查找农户"
PHRASE = "shi liu mao zhu 2026"
PLACES = (("县（市、区、旗）", "清溪县"), ("乡镇（街道）", "大堰乡"), ("村（社区）", "石板村"))
CODES = {"county": "990101000000", "township": "990101001000", "village": "990101001201"}
ROLES = {"county": "县", "township": "乡镇", "village": "村"}
STAFF = {
    "county": (("郑永安", "农业农村局"),),
    "township": (("周建华", "经办"), ("吴晓燕", "副乡长")),
    "village": (("陈志明", "村党支部书记"), ("李秀英", "村委会委员"), ("张国强", "村会计")),
}


class Sittings:
    """What the sittings share; each method is one sitting at one computer, or a part of one."""

    def __init__(self, app: QApplication, folder: Path, households_in_roster: int = 300) -> None:
        self.clock = FixedClock(datetime(2026, 3, 2, 9, 0, tzinfo=CHINA))
        self.robot = Robot(app, folder, self.clock)
        self.post = folder / "post"
        self.post.mkdir(exist_ok=True)
        households = synthetic_people(7, households_in_roster, self.today, CODES["village"])
        self.head = chosen(households)
        self.roster = folder / "花名册.xlsx"
        if not self.roster.exists():
            self.roster.write_bytes(render_roster(shipped().lists, households))

    @property
    def today(self) -> date:
        return self.clock.moment.date()

    def later(self, days: int = 0, minutes: int = 5) -> None:
        self.clock.moment += timedelta(days=days, minutes=minutes)

    def at(self, moment: str) -> None:
        self.clock.moment = datetime.fromisoformat(moment).replace(tzinfo=CHINA)

    def newest(self, pattern: str) -> Path:
        return max(self.post.glob(pattern), key=lambda path: path.stat().st_mtime_ns)

    def staff(self, name: str) -> Sequence[tuple[str, str]]:
        """Return who is entered on a computer's first day, the one of the wizard first."""
        return STAFF[name.partition("-")[0]]

    # --- the first day -----------------------------------------------------------------------------------------------

    def first_day(self, name: str) -> None:
        """Walk through the wizard and add the people who share the computer; "village-2" is a second one."""
        self.later()
        level = name.partition("-")[0]
        with self.robot.window(name) as hands:
            hands.click(ROLES[level])
            hands.click("下一步")
            hands.type("区划代码", CODES[level])
            for label, place in PLACES[: list(CODES).index(level) + 1]:
                hands.type(label, place)
            hands.click("下一步")
            (person, position), *others = self.staff(name)
            hands.type("姓名", person)
            hands.type("职务", position)
            hands.type("口令", PHRASE)
            hands.type("再输一遍口令", PHRASE)
            hands.click("下一步")
            if level == "village":
                hands.type("每人每年", "3000")
                hands.type("文件号", "清农〔2026〕1号")
            else:
                hands.click("以后再设")
            hands.click("建立工作资料")
            hands.until(lambda: hands.window.area is not None, "the workspace never opened")
            hands.settle()
            hands.click("设置")
            hands.click("人员和口令")
            for other, work in others:
                hands.type("姓名", other)
                hands.type("职务", work)
                hands.click("添加")

    def unlock(self, hands: Hands, name: str, person: int = 0) -> None:
        hands.type("口令", PHRASE)
        hands.click("打开")
        if len(STAFF[name]) > 1:
            hands.click(STAFF[name][person][0])
        hands.until(lambda: hands.window.area is not None, "the workspace never opened")
        hands.settle()

    def enrol(self, name: str, above: str) -> None:
        """Ask at one computer, grant at the one above, accept at the first."""
        self.later()
        with self.robot.window(name) as hands:
            self.unlock(hands, name)
            hands.click("汇总")
            hands.click("申请登记")
            hands.answers.append(self.post)
            hands.click("写申请文件")
            hands.sees("申请文件已经写好")
        request = self.newest("*.hhreq")
        code = request.stem.rsplit("-", 1)[-1]
        with self.robot.window(above) as hands:
            self.unlock(hands, above)
            hands.click("汇总")
            hands.click("给下级授权")
            hands.answers.append(request)
            hands.click("打开申请文件")
            hands.sees(CODES[name.partition("-")[0]])
            hands.type("对方念的八位核对码", code)
            hands.type("这个地方叫什么", dict(zip(CODES, PLACES, strict=True))[name.partition("-")[0]][1])
            hands.answers.append(self.post)
            hands.click("授权并写文件")
            hands.sees("已授权。授权文件")
        with self.robot.window(name) as hands:
            self.unlock(hands, name)
            hands.click("汇总")
            hands.click("收下授权文件")
            hands.answers.append(self.newest("*.hhcert"))
            hands.click("打开文件")
            hands.click("收下")
            hands.sees("已收下")

    # --- the village's work ------------------------------------------------------------------------------------------

    def import_roster(self) -> None:
        """Import three hundred households and begin one identification."""
        self.at("2026-03-02T10:30")
        with self.robot.window("village") as hands:
            self.unlock(hands, "village")
            hands.answers.append(self.roster)
            hands.click("导入花名册")
            hands.click("选择文件")
            hands.sees("300 户")
            hands.click("导入 300 户")
            hands.sees("已导入 300 户")
            self.begin(hands, "开始识别")

    def begin(self, hands: Hands, what: str) -> None:
        """Look the household up by its head's name and begin a case."""
        hands.click("农户")
        hands.type(SEARCH, self.head)
        hands.row(self.head)
        hands.click("打开")
        hands.click("办理和材料")
        hands.click(what)
        hands.sees("已开始")

    def to_case(self, hands: Hands, board: str, *, above: bool = False) -> None:
        """Find the household on the board and open the step it stands at."""
        hands.click(board)
        if above:
            # The village opened a round of its own on its first day.
            hands.menu("批次", "（")
        hands.type(SEARCH, self.head)
        hands.row(self.head)
        hands.press(Qt.Key.Key_Return)
        hands.sees("办理进程")

    def do(self, hands: Hands, action: str) -> None:
        """Press the one button, or its keys, that takes the step."""
        hands.find(QAbstractButton, action)
        hands.press(Qt.Key.Key_Return, control=True)
        hands.sees(f"{self.head}：{action}，已办")


def chosen(households: Sequence[RosterHousehold]) -> str:
    """Return the head of a household that meets every standard, with a name nobody else has."""
    heads = Counter(str(member.values["name"]) for one in households for member in one.members)
    for one in households:
        income = sum(int(item.values["amount_fen"]) for item in one.incomes)
        good = all(one.conditions.get(code) == 1 for code in ("food", "clothing", "house_safe", "water_safe"))
        bad = any(
            one.conditions.get(code)
            for code in ("education_dropouts", "medical_uninsured", "medical_problem")
        )
        name = str(one.members[0].values["name"])
        if good and not bad and income > len(one.members) * 600_000 and heads[name] == 1:
            return name
    raise AssertionError("nobody in the roster meets the standards")
