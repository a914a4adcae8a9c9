"""One household of three hundred from its application to its exit certificate, by keyboard and mouse.

Run as a program of its own on a screen of its own: ``python -m tests.acceptance.window_story FOLDER``. Three
windows over three workspaces take turns; what passes between them are files in FOLDER/post.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.ui.texts import t
from tests.acceptance.robot import Hands
from tests.acceptance.sittings import CODES, Sittings


class Story(Sittings):
    """What happens, in order; each method is one sitting at one computer."""

    def apply_and_review(self) -> None:
        self.at("2026-03-02T11:00")
        with self.robot.window("village") as hands:
            self.unlock(hands, "village")
            self.to_case(hands, "识别")
            hands.type("申请人", self.head)
            hands.pick("申请来源", "农户申请")
            hands.click("已签授权书 是")
            hands.click("申请材料 申请书")
            self.do(hands, "受理")
            self.to_case(hands, "识别")
            hands.click("近亲属已备案 否")
            hands.pick("初审人一", "陈志明")
            hands.pick("初审人二", "李秀英")
            self.do(hands, "初审通过")

    def visit_and_compare(self) -> None:
        self.at("2026-03-04T15:00")
        with self.robot.window("village") as hands:
            self.unlock(hands, "village", person=1)
            self.to_case(hands, "识别")
            hands.click("填写入户问卷")
            self.fill_in(hands)
            hands.click("户主已签字 是")
            hands.click("收入稳定 是")
            hands.pick("调查人一", "陈志明")
            hands.pick("调查人二", "李秀英")
            self.do(hands, "入户调查完成")
            self.to_case(hands, "识别")
            self.do(hands, "无异常")

    def fill_in(self, hands: Hands) -> None:
        """Fill in the questionnaire, section by section, and finish it."""
        hands.type("受访人姓名", self.head)
        hands.click("已向受访人说明来意和用途 已确认")
        for section in ("家庭成员", "收入情况"):
            self.next_section(hands, section)
        for label in ("外出务工工资", "本地务工工资", "种植业收入", "养殖业收入", "生产经营支出"):
            hands.type(label, {"外出务工工资": "96000"}.get(label, "0"))
        for label in ("低保金", "养老金", "耕地地力保护补贴"):
            hands.type(label, "0")
        self.next_section(hands, "支出情况")
        hands.type("合规自付医疗支出", "0")
        hands.type("教育支出", "0")
        self.next_section(hands, "住房饮水")
        hands.choose("住房结构", "砖瓦砖木")
        hands.choose("住房等级", "B")
        hands.choose("住房是否安全", "是")
        hands.choose("饮水来源", "净化自来水")
        hands.choose("饮水是否安全", "是")
        hands.choose("通生活用电", "是")
        self.next_section(hands, "教育医疗")
        hands.type("义务教育阶段失学辍学人数", "0")
        hands.type("未参加基本医保人数", "0")
        hands.choose("大病、慢病看病有困难", "否")
        self.next_section(hands, "吃穿家产")
        hands.choose("不愁吃", "是")
        hands.choose("不愁穿", "是")
        hands.click("家里有没有 都没有")
        self.next_section(hands, "核查结论")
        hands.choose("看到的日子和算出的收入", "相符")
        hands.choose("邻居或知情人意见", "情况属实")
        hands.type("调查人一", "陈志明")
        hands.type("调查人二", "李秀英")
        hands.click("受访人已签字或按手印 已确认")
        hands.type("签字日期", self.today.isoformat())
        hands.press(Qt.Key.Key_Return, control=True)
        hands.sees("办理进程")

    def next_section(self, hands: Hands, name: str) -> None:
        hands.press(Qt.Key.Key_Return, control=True)
        hands.sees(f"、{name} |")

    def appraise(self, board: str) -> None:
        with self.robot.window("village") as hands:
            self.unlock(hands, "village")
            self.to_case(hands, board)
            hands.click("去登记评议会")
            hands.type("开会地点", "村委会会议室")
            hands.type("主持人", "陈志明")
            hands.type("记录人", "李秀英")
            hands.type("应到人数", "40")
            hands.type("实到人数", "30")
            hands.type("会议记录", "逐户议论后举手表决。")
            hands.click("没填的填全票同意")
            hands.click("保存评议会")
            hands.click("定结果（1 户）")
            hands.sees("办好 1 户")

    def post_notice(self, board: str, out: str) -> None:
        with self.robot.window("village") as hands:
            self.unlock(hands, "village")
            self.to_case(hands, board)
            hands.click("去做公示榜")
            hands.type("村监督电话", "0991-5550101")
            hands.click("做好公示榜")
            hands.sees("先打印，贴好以后")
            hands.click("看公示榜、打印")
            hands.sees("适合宽度")
            hands.sees("名单公示")
            hands.answers.append(self.post / out)
            hands.click("另存为 PDF")
            hands.sees("已保存")
            hands.press(Qt.Key.Key_Escape)
            hands.click("登记张贴")
            hands.sees("已登记张贴")

    def conclude_notice(self, board: str) -> None:
        with self.robot.window("village") as hands:
            self.unlock(hands, "village")
            self.to_case(hands, board)
            hands.click("看公示榜")
            hands.click("登记揭榜")
            hands.sees("已登记揭榜")
            hands.click("定公示结果")
            hands.sees("办好 1 户")

    # --- files up and down ---------------------------------------------------------------------------------------------

    def send(self, name: str, button: str) -> None:
        with self.robot.window(name) as hands:
            self.unlock(hands, name)
            hands.click("汇总")
            hands.answers.append(self.post)
            hands.click("换个地方")
            hands.click(button)
            hands.sees("已写好并核对")

    def receive(self, name: str) -> None:
        with self.robot.window(name) as hands:
            self.unlock(hands, name)
            hands.click("汇总")
            hands.answers.append(self.newest("*.hhpkg"))
            hands.click("选择文件")
            hands.click("导入 1 份")
            hands.sees("导入完成")

    # --- township and county -------------------------------------------------------------------------------------------

    def check(self, board: str) -> None:
        with self.robot.window("township") as hands:
            self.unlock(hands, "township")
            self.to_case(hands, board, above=True)
            hands.click("去核查")
            hands.type("比例", "1000")
            hands.click("抽样")
            hands.sees("已抽样")
            hands.pick("回访哪一户", self.head)
            hands.pick("抽查结论", "一致")
            hands.click("保存回访结果")
            hands.sees("回访结果已保存")
            hands.type("核查意见", "同意")
            hands.pick("核查人一", "周建华")
            hands.pick("核查人二", "吴晓燕")
            hands.click("核查同意，报县（1 户）")
            hands.sees("办好 1 户")

    def audit(self, board: str) -> None:
        with self.robot.window("county") as hands:
            self.unlock(hands, "county")
            self.to_case(hands, board, above=True)
            hands.click("去批量审核")
            hands.type("批准文号", "清农批〔2026〕1号")
            hands.pick("审核人", "郑永安")
            hands.click("批准（1 户）")
            hands.sees("办好 1 户")

    def decisions(self, board: str, days: tuple[str, str, str]) -> None:
        """Carry the case up, let both levels decide, and carry the decisions back down."""
        self.at(days[0])
        self.send("village", "交给乡镇")
        self.later()
        self.receive("township")
        self.later()
        self.check(board)
        self.later()
        self.send("township", "交给县")
        self.at(days[1])
        self.receive("county")
        self.later()
        self.audit(board)
        self.later()
        self.send("county", "发给各乡镇")
        self.at(days[2])
        self.receive("township")
        self.later()
        self.send("township", "发给各村")
        self.later()
        self.receive("village")

    # --- the exit --------------------------------------------------------------------------------------------------------

    def begin_exit(self) -> None:
        self.at("2026-03-30T09:00")
        with self.robot.window("village") as hands:
            self.unlock(hands, "village")
            self.begin(hands, "开始退出")
            self.to_case(hands, "退出")
            hands.click("收入稳定 是")
            hands.pick("调查人一", "陈志明")
            hands.pick("调查人二", "李秀英")
            self.do(hands, "各项都达标")

    def agree(self) -> None:
        with self.robot.window("village") as hands:
            self.unlock(hands, "village")
            self.to_case(hands, "退出")
            hands.click("户主已签字 是")
            self.do(hands, "农户认可")

    def certificate(self) -> None:
        self.at("2026-04-20T09:00")
        with self.robot.window("village") as hands:
            self.unlock(hands, "village")
            self.to_case(hands, "退出")
            hands.in_box(partial(hands.click, t("certify.issue")), partial(hands.click, t("certify.issue")))
            hands.sees("适合宽度")
            hands.answers.append(self.post / "certificate.pdf")
            hands.click("另存为 PDF")
            hands.sees("已保存")
            self.to_case(hands, "退出")
            self.do(hands, "证书已发放")

    # --- the whole -----------------------------------------------------------------------------------------------------

    def phases(self) -> dict[str, Callable[[], None]]:
        return {
            "founding": self.founding,
            "roster": self.import_roster,
            "apply": self.apply_and_review,
            "visit": self.visit_and_compare,
            "appraise": lambda: self.on("2026-03-06T09:00", partial(self.appraise, "识别")),
            "post": lambda: self.on("2026-03-09T09:00", partial(self.post_notice, "识别", "notice.pdf")),
            "conclude": lambda: self.on("2026-03-17T09:00", partial(self.conclude_notice, "识别")),
            "decisions": lambda: self.decisions(
                "识别", ("2026-03-18T09:00", "2026-03-20T09:00", "2026-03-23T09:00")
            ),
            "exit": self.begin_exit,
            "exit-appraise": lambda: self.on("2026-04-01T09:00", partial(self.appraise, "退出")),
            "exit-agree": lambda: self.on("2026-04-01T15:00", self.agree),
            "exit-post": lambda: self.on(
                "2026-04-02T09:00", partial(self.post_notice, "退出", "exit-notice.pdf")
            ),
            "exit-conclude": lambda: self.on("2026-04-13T09:00", partial(self.conclude_notice, "退出")),
            "exit-decisions": lambda: self.decisions(
                "退出", ("2026-04-14T09:00", "2026-04-15T09:00", "2026-04-16T09:00")
            ),
            "certificate": self.certificate,
        }

    def founding(self) -> None:
        for name in CODES:
            self.first_day(name)
        self.enrol("township", "county")
        self.enrol("village", "township")

    def on(self, moment: str, act: Callable[[], None]) -> None:
        self.at(moment)
        act()


def main() -> int:
    folder = Path(sys.argv[1])
    app = QApplication(sys.argv[:1])
    story = Story(app, folder)
    for name, act in story.phases().items():
        if len(sys.argv) == 2 or name in sys.argv[2:]:
            act()
            print(name, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
