"""A workspace in memory for the window's tests: 300 synthetic households behind the callables of a desk."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime
from pathlib import Path

from app.domain.changes import Changes
from app.domain.errors import AppError, BadInput, Refused
from app.domain.ids import EntityId, Kind, Level
from app.domain.region import checked_code, level_of
from app.queries.board import Board, RoundName, ScopeName, StepCount
from app.queries.case_card import (
    CaseAction,
    CaseCard,
    ConflictLine,
    MaskedField,
    Said,
    StepState,
    TimelineStep,
    VerdictResult,
    VerdictRow,
)
from app.queries.household_list import Chip, ChipCount, FormState
from app.queries.persons import PersonLine
from app.ui.desk import (
    BackupState,
    Desk,
    Door,
    HomeDesk,
    LineNow,
    LockDesk,
    Looks,
    Place,
    SettingsDesk,
    Starter,
)
from app.ui.desks.checkup import CheckupDesk
from app.ui.desks.forgot import Plea, RescueDesk
from app.ui.desks.program import CheckLine, OfferLine, ProgramDesk, ProgramState, Returned
from tests.ui.fake_lines import STEPS, entity, synthetic_line
from tests.ui.fake_safety import PASSPHRASE, FakeSafety


class FakeWork(FakeSafety):
    """A workspace in memory behind the callables of a desk; it counts what it was asked."""

    def __init__(self, households: int = 300, level: Level = Level.VILLAGE) -> None:
        self.all = [synthetic_line(n) for n in range(1, households + 1)]
        self.level = level
        self.pages_asked: list[tuple[int, ...]] = []
        self.acted: list[tuple[str, str, str]] = []
        self.people = [
            PersonLine(entity(901), "陈志明", "村会计", ""),
            PersonLine(entity(902), "李红霞", "驻村队员", ""),
        ]
        self.line: tuple[int, str] | None = None
        self.backed_up: Path | None = None
        self.created = None
        self.looks = Looks()
        self.program_state = ProgramState("0.1.0")
        self.updates_found: list[Path] = []
        self.checked = (CheckLine("打印字体", True, ""), CheckLine("电脑日期", True, ""))
        self.back_trouble: AppError | None = None
        self.newer = False
        self.done: list[str] = []
        self.minutes = 10
        self.rescuers = ("清溪镇",)

    def matching(self, query):
        lines = [x for x in self.all if query.step in ("", x.step)]
        if query.text:
            lines = [x for x in lines if query.text in x.head or query.text in x.code]
        return lines

    def kept(self, query, chip):
        tests = {
            Chip.ALL: lambda x: True,
            Chip.OVERDUE: lambda x: (x.overdue_days or 0) > 0,
            Chip.DUE_SOON: lambda x: x.overdue_days is not None and -3 <= x.overdue_days <= 0,
            Chip.DRAFT: lambda x: x.form is FormState.BEGUN,
            Chip.CONFLICT: lambda x: x.conflicts > 0,
            Chip.STALE: lambda x: False,
            Chip.RETURNED: lambda x: x.status == "returned",
            Chip.CHANGED: lambda x: False,
            Chip.CONTESTED: lambda x: x.conflicts > 0,
        }
        return [x for x in self.matching(query) if tests[chip](x)]

    def ids(self, query):
        order = sorted(self.kept(query, query.chip), key=lambda x: (-(x.overdue_days or -999), x.code))
        return array("q", [x.number for x in order])

    def lines(self, numbers):
        self.pages_asked.append(tuple(numbers))
        return [x for x in self.all if x.number in set(numbers)]

    def chips(self, query):
        counts = [ChipCount(chip, len(self.kept(query, chip))) for chip in Chip]
        return tuple(c for c in counts if c.total or c.chip is Chip.ALL)

    def board(self, scope, round_id, workflow):
        counts = []
        for code, name in STEPS:
            here = [x for x in self.all if x.step == code]
            late = sum((x.overdue_days or 0) > 0 for x in here)
            soon = sum(x.overdue_days is not None and -3 <= x.overdue_days <= 0 for x in here)
            counts.append(StepCount(code, name, len(here), late, soon, has_form=code == "visit"))
        return Board(
            "r1",
            "2026 年第三批",
            workflow,
            len(self.all),
            118 if self.all else 0,
            tuple(counts),
            len(self.all),
            690_000,
        )

    def card(self, household, case):
        line = next(x for x in self.all if x.household == household)
        at = next(i for i, (code, _) in enumerate(STEPS) if code == line.step)
        notes = ("本人申请", "齐全", "核查表 23/41 项", "", "村民代表会议", "公示 7 天", "", "")
        steps = []
        for i, (code, name) in enumerate(STEPS):
            state = StepState.DONE if i < at else StepState.CURRENT if i == at else StepState.FUTURE
            if i == 1 and at > 4:
                state = StepState.STALE
            steps.append(
                TimelineStep(
                    code,
                    name,
                    state,
                    on=f"2026-09-{12 + i}" if i < at else "",
                    note=notes[i],
                    due_on="2026-10-09" if i == at else "",
                    overdue_days=line.overdue_days if i == at else None,
                )
            )
        name = STEPS[at][1]
        return CaseCard(
            household=household,
            case=case,
            code=line.code,
            head=line.head,
            group=line.group,
            size=line.size,
            causes="因病、因学",
            masked=(
                MaskedField(
                    "member", entity(5000 + line.number), "phone", "field.member.phone", "138****6620"
                ),
            ),
            steps=tuple(steps),
            next_action=CaseAction("advance", f"继续办理{name}", line.step),
            other_actions=(CaseAction("return", "退回上一步", line.step, needs_reason=True),),
            missing=(Said("detail.nobody"),) if line.number == 7 else (),
            conflicts=(ConflictLine("household", household, "address", "住址", ("甲", "乙")),)
            * line.conflicts,
            income_per_head_fen=line.income_fen,
            line_fen=690_000,
            verdict=(
                VerdictRow("income", "收入", VerdictResult.MET, rests_on=(("case.income", "7,842 元"),)),
                VerdictRow("food", "吃", VerdictResult.MET),
                VerdictRow(
                    "housing", "住房", VerdictResult.UNMET, rests_on=(("conditions.house_grade", "C 级"),)
                ),
                VerdictRow("water", "饮水", VerdictResult.UNCHECKED),
            ),
        )

    def act(self, case, action, data):
        self.acted.append((case, action, dict(data)))
        if data["reason"] == "不行":
            raise Refused("work.cancelled_by_test")
        return Changes(("e1",), ((Kind.CASE, EntityId(case)),))

    def set_line(self, fen, doc):
        self.line = (fen, doc)
        return Changes(("e4",), ((Kind.ROUND, EntityId("r1")),))

    def line_now(self):
        return LineNow(
            "2026 年第三批", self.line[0] if self.line else None, self.line[1] if self.line else ""
        )

    def back_up(self, folder, report, cancelled):
        report(1, 2)
        self.backed_up = folder / "babutong-2026-10-07.bak"
        return self.backed_up

    def backup_state(self):
        return (
            BackupState(0, "2026-10-07", str(self.backed_up))
            if self.backed_up
            else BackupState(6, "2026-10-01", "E:\\备份")
        )

    def desk(self, person: str | None = None, *, shared: bool = False) -> Desk:
        chosen = next((p for p in self.people if p.id == person), None if shared else self.people[0])
        name = {Level.VILLAGE: "清溪镇 · 石板村", Level.TOWNSHIP: "清溪镇", Level.COUNTY: "青山县"}[
            self.level
        ]
        home = HomeDesk(
            rounds=lambda: [RoundName("r1", "2026 年第三批", True), RoundName("r0", "2025 年第一批", False)],
            scopes=lambda: [ScopeName("990101001001", name)],
            board=self.board,
            ids=self.ids,
            lines=self.lines,
            chips=self.chips,
            card=self.card,
            reveal=lambda field: "13800006620",
            act=self.act,
            first_ids=lambda query: self.ids(query)[:128],
        )
        settings = SettingsDesk(
            persons=lambda: tuple(self.people),
            backup_state=self.backup_state,
            back_up=self.back_up,
            line=self.line_now,
            set_line=self.set_line,
            program=self.program(),
            version="0.1.0",
        )
        return Desk(
            place=Place(self.level, "990101001001", name),
            person=chosen,
            people=tuple(self.people),
            use_person=self.desk,
            now=lambda: datetime(2026, 10, 7, 10, 42, tzinfo=UTC),
            home=home,
            settings=settings,
            groups={
                LockDesk: self.lock_desk(),
                CheckupDesk: self.checkup(),
                RescueDesk: self.rescue_desk(),
            },
        )

    def lock_desk(self) -> LockDesk:
        return LockDesk(
            arrive=lambda: self.done.append("arrive"),
            lock=lambda: self.done.append("lock"),
            enter=self._enter,
            minutes=lambda: self.minutes,
            set_minutes=lambda minutes: setattr(self, "minutes", minutes),
        )

    def rescue_desk(self) -> RescueDesk:
        return RescueDesk(look=self.plea, answer=self._answer, rescuers=lambda: self.rescuers)

    def plea(self, path):
        if path.suffix != ".hhforgot":
            raise BadInput("recovery.not_a_request", file=path.name)
        return Plea(Level.VILLAGE, "990101001201", "", "", "", "12345678", known=False)

    def _answer(self, path, folder, code):
        if code != "12345678":
            raise Refused("recovery.code_differs")
        return folder / "找回-12345678.hhrec"

    def _enter(self, text, switching):
        """Each opens with their own name as the passphrase."""
        for person in self.people:
            if text == person.name:
                return self.desk(person.id)
        raise Refused("keys.wrong_passphrase")

    def door(self, *, exists: bool = True, shared: bool = False) -> Door:
        return Door(
            exists=exists,
            where="/home/cadre/八步通资料",
            unlock=lambda text: self._unlock(text, shared=shared),
            create=self._create,
            open_demo=lambda report, cancelled: FakeWork(40).desk(),
            check_code=self._check_code,
            read_starter=lambda path: Starter(
                Level.TOWNSHIP, "990101001000", ("青山县", "清溪镇"), 690_000, "青扶〔2026〕1 号"
            ),
            looks=lambda: self.looks,
            save_looks=self._save_looks,
            unlock_kept=self._unlock_kept,
            program=self.program(),
            restore=self.restoring(),
        )

    def program(self) -> ProgramDesk:
        return ProgramDesk(
            state=lambda: self.program_state,
            found=lambda: self.updates_found,
            look=self._look,
            install=self._install,
            go_back=self._go_back,
            restart=lambda: self.done.append("restart"),
            check=lambda report, cancelled: self.checked,
        )

    def _look(self, path):
        if path.suffix != ".upd":
            raise BadInput("update.not_an_update", file=path.name)
        return OfferLine(path, "0.1.0", "0.2.0", 229)

    def _install(self, offer, report, cancelled):
        report(50, 100)
        self.done.append(f"install {offer.version}")
        return offer.version

    def _go_back(self):
        self.done.append("go back")
        return Returned("0.0.9", self.back_trouble)

    def _unlock_kept(self, text):
        self.done.append("take back")
        self.newer = False
        return self._unlock(text, shared=False)

    def _unlock(self, text, *, shared):
        if self.newer:
            raise Refused("workspace.newer_schema_kept")
        if text != PASSPHRASE:
            raise Refused("keys.wrong_passphrase")
        return self.desk(shared=shared)

    def _create(self, wanted, report, cancelled):
        report(0, 0)
        self.created = wanted
        self.all = []
        return self.desk()

    def _check_code(self, level, code):
        if level_of(checked_code(code)) is not level:
            raise Refused("region.other_level")

    def _save_looks(self, looks):
        self.looks = looks
