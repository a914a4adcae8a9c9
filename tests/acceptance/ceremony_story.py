"""Five ceremonies of keys at the computers of three offices, by keyboard and mouse, with files between them.

Run as a program of its own on a screen of its own: ``python -m tests.acceptance.ceremony_story FOLDER``. It
leaves a picture of every step in FOLDER/pictures, and in FOLDER/told.json what the screens promised to keep,
the digits that were compared and the digests of the computers after each ceremony.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.ui.parts.enrol_parts import CodeLabel
from tests.acceptance.robot import Hands
from tests.acceptance.sittings import CODES, PHRASE, SEARCH, Sittings
from tests.acceptance.terminal import Terminal

HOUSEHOLDS = 60
NEW_PHRASE = "hongma baishan laoshu xinqiao"
HEIR_PHRASE = "qingshan lvshui changliu 2026"
LATE = "丢了以后写的"
"""What the lost laptop wrote, and nobody vouched for."""
HEIR = ("石新民", "村文书")
STAFF = {
    "county": (("郑永安", "农业农村局"),),
    "township": (("周建华", "经办"),),
    "village": (("陈志明", "村党支部书记"),),
    "village-2": (HEIR,),
}


class Ceremonies(Sittings):
    """What happens, in order."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        super().__init__(app, folder, HOUSEHOLDS)
        self.pictures = folder / "pictures"
        self.pictures.mkdir(exist_ok=True)
        self.phrases: dict[str, str] = {}
        self.at_work = "village"
        self.saved: list[str] = []
        self.codes: list[str] = []
        self.digests: dict[str, dict[str, str]] = {}

    def staff(self, name: str) -> Sequence[tuple[str, str]]:
        return STAFF[name]

    def unlock(self, hands: Hands, name: str, person: int = 0) -> None:
        hands.type("口令", self.phrases.get(name, PHRASE))
        hands.click("打开")
        hands.until(lambda: hands.window.area is not None or "您是哪一位" in hands.words(), "it never opened")
        if hands.window.area is None:
            hands.click(self.staff(name)[0][0])
        hands.until(lambda: hands.window.area is not None, "the workspace never opened")
        hands.settle()

    def keep(self, hands: Hands, name: str) -> None:
        """Take a picture of the window as it stands."""
        hands.window.grab().save(str(self.pictures / f"{name}.png"))

    @staticmethod
    def code_on(hands: Hands, nth: int = 0) -> str:
        """Read the eight digits as a person does."""
        found: list[str] = []

        def look() -> bool:
            shown = [one for one in hands.window.findChildren(CodeLabel) if one.isVisible() and one.text()]
            found[:] = [one.text().replace(" ", "") for one in shown]
            return len(found) > nth

        hands.until(look, "no eight digits on screen")
        return found[nth]

    # --- what is written, and carried -----------------------------------------------------------------------------------

    def write(self, name: str, text: str, field: str = "详细地址") -> None:
        """Change a field of the household and wait until the window says it is saved."""
        self.later()
        with self.robot.window(name) as hands:
            self.unlock(hands, name)
            hands.click("农户")
            hands.type(SEARCH, self.head)
            hands.row(self.head)
            hands.click("打开")
            hands.click("基本情况")
            hands.type(field, text)
            hands.click("保存")
            hands.sees("已保存")
        self.saved.append(text)

    def send(self, name: str, button: str) -> None:
        self.later()
        with self.robot.window(name) as hands:
            self.unlock(hands, name)
            hands.click("汇总")
            hands.answers.append(self.post)
            hands.click("换个地方")
            hands.click(button)
            hands.sees("已写好并核对")

    def receive(self, name: str, says: str, picture: str = "") -> None:
        """Take the newest package in after reading about it what is expected."""
        self.later()
        with self.robot.window(name) as hands:
            self.unlock(hands, name)
            hands.click("汇总")
            hands.answers.append(self.newest("*.hhpkg"))
            hands.click("选择文件")
            hands.sees(says)
            if picture:
                self.keep(hands, picture)
            hands.click("导入 1 份")
            hands.sees("导入完成")

    def refused(self, name: str, says: str) -> None:
        """See that the newest package cannot be taken in here."""
        with self.robot.window(name) as hands:
            self.unlock(hands, name)
            hands.click("汇总")
            hands.answers.append(self.newest("*.hhpkg"))
            hands.click("选择文件")
            hands.sees(says)
            self.keep(hands, f"refused-{name}")

    def up(self) -> None:
        """Carry everything from the village at work to the township and on to the county."""
        self.send(self.at_work, "交给乡镇")
        self.receive("township", "新记录")
        self.send("township", "交给县")
        self.receive("county", "新记录")

    # --- 1: enrol --------------------------------------------------------------------------------------------------------

    def founding(self) -> None:
        for name in ("county", "township", "village"):
            self.first_day(name)
        self.enrol("township", "county")
        self.enrol("village", "township")
        self.at("2026-03-02T10:30")
        with self.robot.window("village") as hands:
            self.unlock(hands, "village")
            hands.answers.append(self.roster)
            hands.click("导入花名册")
            hands.click("选择文件")
            hands.click(f"导入 {HOUSEHOLDS} 户")
            hands.sees(f"已导入 {HOUSEHOLDS} 户")
        self.write("village", "登记以后写的")
        self.up()
        self.compare("enrolled", "village", "township", "county")

    # --- 2: forgotten passphrase -------------------------------------------------------------------------------------------

    def forgotten(self) -> None:
        self.later(days=1)
        with self.robot.window("village") as hands:
            hands.click("忘了口令")
            hands.sees("可以请上级帮忙")
            self.keep(hands, "forgot-1")
            hands.type("您的姓名", "陈志明")
            hands.answers.append(self.post)
            hands.click("做申请文件")
            hands.sees("申请文件已经写好")
            digits = self.code_on(hands)
            self.keep(hands, "forgot-2")
        self.later()
        with self.robot.window("township") as hands:
            self.unlock(hands, "township")
            hands.click("设置")
            hands.click("帮下级找回口令")
            self.keep(hands, "rescue-1")
            hands.answers.append(self.newest("*.hhforgot"))
            hands.click("打开申请")
            hands.sees("陈志明")
            self.keep(hands, "rescue-2")
            hands.type("对方念的八位核对码", digits)
            hands.click("已当面或打电话核实是本人")
            hands.answers.append(self.post)
            hands.click("写答复文件")
            hands.sees("请交还对方")
            self.keep(hands, "rescue-3")
        self.later()
        with self.robot.window("village") as hands:
            hands.click("忘了口令")
            hands.answers.append(self.newest("*.hhrec"))
            hands.click("打开上级的答复")
            hands.pick("您是哪一位", "陈志明")
            hands.type("新口令", NEW_PHRASE)
            hands.type("再输一遍", NEW_PHRASE)
            self.keep(hands, "forgot-3")
            hands.click("设新口令并打开")
            hands.until(lambda: hands.window.area is not None, "the workspace never opened")
        self.closed_to("village", PHRASE)
        self.phrases["village"] = NEW_PHRASE
        self.write("village", "设了新口令写的")
        self.up()
        self.compare("forgotten", "village", "township", "county")

    def closed_to(self, name: str, phrase: str) -> None:
        """See that a passphrase does not open a computer any more."""
        with self.robot.window(name) as hands:
            hands.type("口令", phrase)
            hands.click("打开")
            hands.sees("口令不对")
            assert hands.window.area is None

    # --- 3: transfer of duty -------------------------------------------------------------------------------------------------

    def handover(self) -> None:
        self.later(days=1)
        with self.robot.window("village") as hands:
            self.unlock(hands, "village")
            hands.click("设置")
            hands.click("人员和口令")
            self.keep(hands, "people-1")
            hands.click("工作交接")
            hands.sees(f"农户：{HOUSEHOLDS} 户")
            self.keep(hands, "handover-1")
            hands.type("姓名", HEIR[0])
            hands.type("职务", HEIR[1])
            hands.type("接收人的口令", HEIR_PHRASE)
            hands.type("陈志明的口令", NEW_PHRASE)
            self.keep(hands, "handover-2")
            hands.then_click("办理交接", lambda: hands.click("办理交接"))
            hands.sees("适合宽度")
            self.keep(hands, "handover-3")
        self.closed_to("village", NEW_PHRASE)
        self.phrases["village"] = HEIR_PHRASE
        self.write("village", "交接以后写的")
        self.up()
        self.compare("handed over", "village", "township", "county")

    # --- 4: a lost laptop ------------------------------------------------------------------------------------------------------

    def lost(self) -> None:
        self.later(days=1)
        with self.robot.window("township") as hands:
            self.unlock(hands, "township")
            hands.click("汇总")
            hands.click("电脑与授权")
            hands.row("石板村")
            self.keep(hands, "devices-1")
            hands.click("停用这台电脑")
            hands.sees("条记录有效")
            hands.pick("原因", "丢失")
            self.keep(hands, "lost-1")
            hands.then_click("停用这台电脑", lambda: hands.click("停用这台电脑"))
            hands.sees("已停用。请照右边办下去")
            self.keep(hands, "lost-2")
        self.send("township", "交给县")
        self.receive("county", "新记录")
        with self.robot.window("county") as hands:
            self.unlock(hands, "county")
            hands.click("汇总")
            hands.click("电脑与授权")
            hands.row("停用（丢失）")
            self.keep(hands, "devices-county")
        self.compare("stopped", "township", "county")
        # Whoever has it now writes on; the package is taken in, and is no fact.
        self.write("village", LATE)
        self.write("village", "丢了以后记的", "备注")
        self.send("village", "交给乡镇")
        self.receive("township", "这台电脑的证书已经吊销", "late")
        self.compare("late", "township", "county", "village")
        self.decide()

    def decide(self) -> None:
        """Take over what the village says is true of the late entries, and leave the rest."""
        self.later()
        with self.robot.window("township") as hands:
            self.unlock(hands, "township")
            hands.click("汇总")
            hands.click("电脑与授权")
            hands.click("待核对记录 2 条")
            self.keep(hands, "held-1")
            for text, verb in (("丢了以后记的", "采纳所选"), (LATE, "不采纳所选")):
                hands.row(text)
                self.keep(hands, f"held-{verb}")
                hands.then_click(verb, partial(hands.click, verb))
                hands.sees("已处理 1 条")
            hands.sees("还有 0 条要核对")

    # --- 5: a new computer for the old one -----------------------------------------------------------------------------------------

    def replaced(self) -> None:
        self.later(days=1)
        self.first_day("village-2")
        self.enrol("village-2", "township")
        self.later()
        with self.robot.window("township") as hands:
            self.unlock(hands, "township")
            hands.click("汇总")
            hands.click("电脑与授权")
            hands.row("石新民")
            hands.click("换新电脑")
            self.keep(hands, "new-1")
            hands.answers.append(self.post)
            hands.click("做补发包")
            hands.sees("补发包已经写好")
            self.codes.append(self.code_on(hands))
            self.keep(hands, "new-2")
        self.refused("village", "不能导入")
        self.later()
        with self.robot.window("village-2") as hands:
            self.unlock(hands, "village-2")
            hands.click("汇总")
            hands.answers.append(self.newest("*.hhpkg"))
            hands.click("选择文件")
            hands.click("导入 1 份")
            hands.sees("导入完成")
            self.keep(hands, "new-3")
            self.codes.append(self.code_on(hands))
        self.at_work = "village-2"
        self.write("village-2", "新电脑上写的")
        self.up()
        self.send("township", "发给各村")
        self.receive("village-2", "新记录")
        self.compare("replaced", "village", "village-2", "township", "county")

    # --- the whole -------------------------------------------------------------------------------------------------------------------

    def compare(self, stage: str, *names: str) -> None:
        """Note the digests of the village's area at these computers."""
        here = Terminal(self.robot.folder, self.clock.moment.isoformat())
        found: dict[str, str] = {}
        for name in names:
            phrase = self.robot.folder / "phrase.txt"
            phrase.write_text(self.phrases.get(name, PHRASE), encoding="utf-8")
            done = here.run("digest", "--scope", CODES["village"], at=name, passphrase_file=phrase)
            found[name] = json.loads(done.out)["digest"]
        self.digests[stage] = found

    def play(self) -> None:
        for act in (self.founding, self.forgotten, self.handover, self.lost, self.replaced):
            act()
            print(act.__name__, flush=True)
        told = {"saved": self.saved, "codes": self.codes, "digests": self.digests, "head": self.head}
        (self.robot.folder / "told.json").write_text(json.dumps(told), encoding="utf-8")


def main() -> int:
    Ceremonies(QApplication(sys.argv[:1]), Path(sys.argv[1])).play()
    return 0


if __name__ == "__main__":
    sys.exit(main())
