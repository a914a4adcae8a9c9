"""What the pictures of pages are opened for, found or made in the demonstration."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from app.domain.calendar import CHINA
from app.domain.ids import EntityId, Kind, Value
from app.files.package import PackageKind
from app.queries import rows
from app.ui.desk import StepSubject
from app.ui.desks.visit import SubmissionSubject
from app.usecases import papers
from app.usecases.cases import act_on_case
from app.usecases.clock import FixedClock
from app.usecases.demo_month import standing_at
from app.usecases.exports import export
from app.usecases.households import Edit, edit
from app.usecases.merges import merge_files
from app.usecases.visits import Visit, finish_visit, open_visit
from app.usecases.workspaces import close, unlock
from app.wiring.room import Room
from tests.questionnaire.visit_answers import ANSWERS as VISIT_ANSWERS

NOW = datetime(2026, 10, 7, 10, 42, tzinfo=CHINA)
Subject = Callable[[Room], object]


def at_step(step: str, number: int = 0) -> Subject:
    """Return the subject of a step's page: one of the cases that stand there."""

    def find(room: Room) -> object:
        case = standing_at(room.office, step, room.facts.scope)[number]
        return StepSubject(_household_of(room, case), case, step)

    return find


def _household_of(room: Room, case: str) -> str:
    with room.read() as conn:
        return str(rows.get(conn, Kind.CASE, case)["household"])


def a_household(room: Room) -> object:
    """Return a household with a case at the visit."""
    return _household_of(room, standing_at(room.office, "visit", room.facts.scope)[0])


def a_notice(room: Room) -> object:
    """Return the notice that hangs."""
    case = standing_at(room.office, "publicise", room.facts.scope)[0]
    with room.read() as conn:
        notice = str(rows.get(conn, Kind.CASE, case)["publicity"])
    return papers.preview_notice(room.office, EntityId(notice))


def _answered(room: Room, number: int) -> Visit:
    """Fill in the home visit of a case, as signed today."""
    visit = open_visit(room.office, EntityId(standing_at(room.office, "visit", room.facts.scope)[number]))
    for path, text in (VISIT_ANSWERS | {"verdict/signed_on": NOW.date().isoformat()}).items():
        visit.engine.answer(visit.engine.at(f"/data/{path}")[0], text)
    return visit


def a_submission(room: Room) -> object:
    """Return a finished questionnaire."""
    visit = _answered(room, 1)
    finish_visit(room.office, visit)
    [(uid, _)] = _rows(room, Kind.SUBMISSION, visit.case)
    return SubmissionSubject(visit.household, uid)


def _rows(room: Room, kind: Kind, case: str) -> list[rows.Row]:
    with room.read() as conn:
        return rows.where(conn, kind, case=case)


def from_phones(room: Room) -> object:
    """Return a folder as a phone lays it out, with two visits in it."""
    folder = Path(tempfile.mkdtemp(prefix="screens-phone-")) / "手机问卷"
    for number in (2, 3):
        place = folder / f"入户_{number}"
        place.mkdir(parents=True)
        (place / f"入户_{number}.xml").write_text(_answered(room, number).engine.to_xml(), encoding="utf-8")
    return (folder,)


def sent_back(room: Room) -> object:
    """Send a case back to the home visit with two things marked."""
    case = standing_at(room.office, "compare", room.facts.scope)[0]
    wrong = {"wrong": "household.address verdict.housing", "note:household.address": "门牌号与户口本不一样"}
    act_on_case(room.office, case, "compare.return", {"to": "visit", "reason": "住房没有看", **wrong})
    return case


def changed_after(room: Room) -> object:
    """Change a household after its approval."""
    case = standing_at(room.office, "end", room.facts.scope)[0]
    household = EntityId(_household_of(room, case))
    with room.read() as conn:
        [(member, _), *_] = rows.where(conn, Kind.MEMBER, household=household)
    edit(room.office, household, [Edit(Kind.MEMBER, member, {"name": "石改名"})], "核对身份证")
    return case


def from_village(room: Room) -> object:
    """Return what a courier brings: a village's newest package, an older one and one that was cut off."""
    place = Path(tempfile.mkdtemp(prefix="screens-stick-"))
    demo = room.folder.parent
    copy = shutil.copytree(demo / "village-01", place / "computer")
    phrase = (demo / "passphrase.txt").read_text(encoding="utf-8").strip()
    clock = FixedClock(NOW)
    village = unlock(copy, phrase, clock)
    files: list[Path] = []
    for number in (1, 4):
        with village.workspace.read() as conn:
            home = EntityId(
                conn.exec_driver_sql("SELECT uid FROM household_line ORDER BY sort").all()[number][0]
            )
        edit(village, home, [Edit(Kind.HOUSEHOLD, home, {"address": f"{number} 组 12 号"})], "核对后更正")
        clock.moment += timedelta(minutes=2)
        files += [file for sent in export(village, place, PackageKind.UP) for file in sent.files]
    close(village)
    cut = place / f"{files[0].stem[:-8]}0badf00d.hhpkg"
    cut.write_bytes(files[0].read_bytes()[:-300])
    return (*files, cut)


def two_laptops(room: Room) -> object:
    """Let two laptops of a village write on the same households, and take both packages in."""
    place = Path(tempfile.mkdtemp(prefix="screens-laptops-"))
    demo = room.folder.parent
    phrase = (demo / "passphrase.txt").read_text(encoding="utf-8").strip()
    files: list[Path] = []
    for laptop, minutes in (("甲", 0), ("乙", 90)):
        copy = shutil.copytree(demo / "village-01", place / laptop)
        village = unlock(copy, phrase, FixedClock(NOW + timedelta(minutes=minutes)))
        with village.workspace.read() as conn:
            homes = conn.exec_driver_sql("SELECT uid FROM household_line ORDER BY sort").scalars().all()
        for at, uid in enumerate(homes[2:7]):
            where = f"{at + 1} 组 {at + 3} 号" if laptop == "甲" else f"{at + 1} 组 {at + 30} 号"
            fields: dict[str, Value] = {"address": where} | (
                {"note": f"{laptop}电脑上记的"} if at % 2 else {}
            )
            edit(village, EntityId(uid), [Edit(Kind.HOUSEHOLD, uid, fields)], "核对后更正")
        files += [file for sent in export(village, place, PackageKind.UP) for file in sent.files]
        close(village)
    merge_files(room.office, files)
    return None
