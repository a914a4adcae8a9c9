"""The commands and their options."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Any

from app.cli import alerts, belonging, checkup, deletion, forms, program, reads, sharing, submissions, writes
from app.cli.conflicts import add_conflict_commands
from app.cli.desk import Desk, Result, parse_now
from app.cli.people import add_handover, add_people_commands, add_recover_commands
from app.cli.phone import add_phone_commands
from app.cli.returns import add_return_commands
from app.cli.root import add_root_commands
from app.cli.trust import add_device_commands
from app.queries.household_list import Chip

Run = Callable[[Desk, Namespace], Result]


def build_parser() -> ArgumentParser:
    """Return the parser of every command."""
    common = ArgumentParser(add_help=False)
    common.add_argument("--workspace", metavar="DIR", help="workspace folder")
    common.add_argument("--passphrase-file", metavar="F", help="file whose first line is the passphrase")
    common.add_argument("--now", type=parse_now, metavar="YYYY-MM-DDThh:mm", help="the injected clock")
    common.add_argument("--json", action="store_true", help="print JSON")
    parser = ArgumentParser(prog="babutong-cli", description="八步通 without a window")
    maker = _Maker(parser.add_subparsers(required=True, metavar="COMMAND"), common)
    _workspace_commands(maker)
    _record_commands(maker)
    _round_commands(maker)
    _submission_commands(maker)
    _case_commands(maker)
    _other_commands(maker)
    _sharing_commands(maker)
    _deletion_commands(maker)
    _enrol_commands(maker)
    add_root_commands(maker.group("root", "the keys of this office's root"))
    add_device_commands(maker.group("device", "computers: list, stop, look through, fill a new one"))
    _safety_commands(maker)
    add_people_commands(maker.group("people", "the people of this computer"))
    add_handover(maker)
    add_recover_commands(maker.group("recover", "a forgotten passphrase"))
    questionnaires = maker.group("form", "questionnaires")
    forms.add_form_commands(questionnaires)
    add_phone_commands(questionnaires)
    _program_commands(maker)
    return parser


def _program_commands(maker: _Maker) -> None:
    group = maker.group("program", "the program itself: version, update, way back")
    group.add("status", program.status, "which version this is")
    update = group.add("update", program.update, "install an update file beside this version")
    update.add_argument("file")
    group.add("back", program.back, "let the version before start again")


def _safety_commands(maker: _Maker) -> None:
    look = maker.add("checkup", checkup.checkup, "look a workspace over: whole, backed up, sent")
    look.add_argument("--out", metavar="FILE", help="write the findings for the technician")
    group = maker.group("backups", "the daily backup and its second place")
    group.add("daily", checkup.daily_backup, "back up what was done since the last backup")
    second = group.add("second", checkup.second_place, "where a copy of every daily backup goes")
    second.add_argument("dir", nargs="?", default="")
    second.add_argument("--none", action="store_true", help="only here from now on")
    show = group.add("show", checkup.describe_backup, "what a backup file holds")
    show.add_argument("file")


class _Maker:
    """Adds commands that all take the common options."""

    def __init__(self, group: Any, common: ArgumentParser) -> None:  # noqa: ANN401 -- argparse keeps its class private
        self._group = group
        self._common = common

    def add(self, name: str, run: Run, text: str) -> ArgumentParser:
        made: ArgumentParser = self._group.add_parser(
            name, parents=[self._common], help=text, description=text
        )
        made.set_defaults(run=run)
        return made

    def group(self, name: str, text: str) -> _Maker:
        made = self._group.add_parser(name, help=text, description=text)
        return _Maker(made.add_subparsers(required=True, metavar="COMMAND"), self._common)


def _workspace_commands(maker: _Maker) -> None:
    demo = maker.add("demo", writes.demo, "make a demonstration of three levels")
    demo.add_argument("dir")
    demo.add_argument("--villages", type=int, default=1)
    demo.add_argument("--households", type=int, default=300)
    demo.add_argument("--seed", type=int, default=1)
    create = maker.add("create", writes.create, "make a new workspace")
    create.add_argument("--level", choices=["village", "township", "county"], required=True)
    create.add_argument("--scope", required=True, metavar="CODE", help="12 digits")
    create.add_argument("--name", required=True, help="the name of the place")
    create.add_argument("--person", required=True)
    maker.add("status", reads.status, "what the workspace holds")
    maker.add("fields", reads.fields, "every field with its type and unit")
    backup = maker.add("backup", writes.backup, "write a backup file")
    backup.add_argument("--to", metavar="DIR")
    restore = maker.add("restore", writes.restore, "unpack a backup into a new folder")
    restore.add_argument("file")
    restore.add_argument("--to", required=True, metavar="DIR")
    maker.add("rebuild", writes.rebuild, "make the projections again from the journal")
    maker.add("self-check", reads.self_check, "check the journal, the projections and the program's parts")


def _record_commands(maker: _Maker) -> None:
    roster = maker.add("import-roster", writes.import_roster, "import a roster, all or nothing")
    roster.add_argument("file")
    roster.add_argument("--dry-run", action="store_true")
    roster.add_argument("--village", default="", metavar="CODE")
    roster.add_argument("--open-cases", action="store_true")
    roster.add_argument("--sheet", default="")
    roster.add_argument("--header-row", type=int, default=0)
    template = maker.add("roster-template", writes.roster_template, "write the roster workbook to fill in")
    template.add_argument("--out", required=True)
    household = maker.group("household", "households")
    listing = household.add("list", reads.household_list, "households in order")
    listing.add_argument("--search", default="")
    listing.add_argument("--chip", default="all", choices=[chip.value for chip in Chip])
    listing.add_argument("--workflow", default="", help="only households with a case of it")
    show = household.add("show", reads.household_show, "one household with its members")
    show.add_argument("id")
    show.add_argument("--reveal", action="store_true", help="show sensitive fields in full")
    history = household.add("history", reads.household_history, "every value a household ever had")
    history.add_argument("id")
    history.add_argument("--reveal", action="store_true", help="show sensitive values in full")
    edit = household.add("edit", writes.household_edit, "change fields")
    edit.add_argument("id")
    edit.add_argument("fields", nargs="+", metavar="FIELD=VALUE")
    edit.add_argument("--member", default="", help="edit this member instead of the household")
    edit.add_argument("--reason", default="")
    _belonging_commands(household)


def _belonging_commands(household: _Maker) -> None:
    split = household.add("split", belonging.split, "let members form a household of their own")
    split.add_argument("id")
    split.add_argument("going", nargs="+", metavar="MEMBER=RELATION", help='"01" for the new head')
    split.add_argument("--group", default="")
    split.add_argument("--address", default="")
    unite = household.add("unite", belonging.unite, "two registrations are one household")
    unite.add_argument("kept")
    unite.add_argument("double")
    unite.add_argument("--bring", nargs="*", default=[], metavar="MEMBER[=RELATION]")
    part = household.add("part", belonging.part, "a second registration is a household after all")
    void = household.add("void", belonging.void, "strike a wrong registration")
    void.add_argument("--preview", action="store_true", help="tell what would stop with it; changes nothing")
    restore = household.add("restore", belonging.restore, "bring a struck household back")
    move = household.add("move", belonging.move, "let a household move to another village")
    move.add_argument("id")
    move.add_argument("--to", required=True, metavar="CODE", help="12 digits of the new village")
    move.add_argument("--on", required=True, metavar="YYYY-MM-DD")
    move.add_argument("--group", default="")
    move.add_argument("--address", default="")
    unmove = household.add("unmove", belonging.unmove, "undo a move nobody has built upon")
    late = household.add("late", belonging.late, "what came about a household that had moved away")
    for one in (part, void, restore, unmove, late):
        one.add_argument("id")
    late.add_argument("keys", nargs="*", metavar="KEY", help="carry these over to the new record")
    for one in (split, unite, part, restore, move, unmove):
        one.add_argument("--reason", required=True)
    for one in (void, late):
        one.add_argument("--reason", default="")


def _submission_commands(maker: _Maker) -> None:
    group = maker.group("submission", "finished questionnaires")
    listing = group.add("list", submissions.listing, "finished questionnaires, newest first")
    listing.add_argument("--household", default="", metavar="ID")
    show = group.add("show", submissions.show, "what one says")
    show.add_argument("id")
    show.add_argument("--reveal", action="store_true", help="show sensitive answers in full")
    xml = group.add("xml", submissions.xml, "write its XML")
    xml.add_argument("id")
    xml.add_argument("--out", required=True, metavar="FILE")
    trial = group.add("rehearse", submissions.rehearsal, "try the newest version on all; changes nothing")
    trial.add_argument("form", nargs="?", default="visit")


def _round_commands(maker: _Maker) -> None:
    rounds = maker.group("round", "rounds")
    rounds.add("list", reads.round_list, "rounds and their lines")
    opening = rounds.add("open", writes.round_open, "open a round")
    opening.add_argument("name")
    opening.add_argument("--year", type=int, required=True)
    opening.add_argument("--pack", default="s8/v1")
    opening.add_argument("--line-yuan", type=int, default=0)
    opening.add_argument("--line-doc", default="")
    opening.add_argument("--carry", choices=["take", "close"], default="take", help="unfinished cases")


def _case_commands(maker: _Maker) -> None:
    case = maker.group("case", "cases")
    listing = case.add("list", reads.case_list, "cases of the round")
    listing.add_argument("--step", default="")
    listing.add_argument("--workflow", default="identify")
    show = case.add("show", reads.case_show, "one case")
    show.add_argument("case")
    actions = case.add("actions", reads.case_actions, "what may be done now, and what is missing")
    actions.add_argument("case")
    opening = case.add("open", writes.case_open, "open a case for a household")
    opening.add_argument("household")
    opening.add_argument("--workflow", default="identify")
    act = case.add("act", writes.case_act, "take an action")
    act.add_argument("case")
    act.add_argument("action")
    act.add_argument("--data", metavar="FILE.json")
    act.add_argument("--reason", default="")
    act.add_argument("--on", default="", metavar="YYYY-MM-DD", help="the declared date")
    act.add_argument("--template", action="store_true", help="print an empty data file")
    add_return_commands(case)


def _other_commands(maker: _Maker) -> None:
    add_conflict_commands(maker)
    printing = maker.group("print", "papers")
    notice = printing.add("notice", writes.print_notice, "the public notice of a publicity round")
    notice.add_argument("id", nargs="?", default="")
    notice.add_argument("--out", required=True)
    certificate = printing.add("certificate", writes.print_certificate, "the exit certificate of a case")
    certificate.add_argument("id")
    certificate.add_argument("--out", required=True)


def _sharing_commands(maker: _Maker) -> None:
    export = maker.add("export", sharing.export, "write data packages")
    export.add_argument("--to", required=True, metavar="DIR")
    export.add_argument("--for", dest="towards", choices=["up", "down", "peer"], required=True)
    export.add_argument("--scope", default="", metavar="CODE")
    export.add_argument("--all", action="store_true", help="send files again that were acknowledged")
    merge = maker.add("merge", sharing.merge, "take in data packages")
    merge.add_argument("files", nargs="+")
    merge.add_argument("--preview", action="store_true", help="change nothing")
    imports = maker.group("imports", "packages that were taken in")
    imports.add("list", sharing.imports_list, "every import, the latest first")
    undo = imports.add("undo", sharing.imports_undo, "take a whole import back")
    undo.add_argument("number", type=int)
    undo.add_argument("--check", action="store_true", help="only say what would go")
    digest = maker.add("digest", sharing.digest, "the digest two workspaces compare")
    digest.add_argument("--scope", default="", metavar="CODE")
    noticed = maker.add("alerts", alerts.standing, "what this computer noticed: copies, old backups, forks")
    noticed.add_argument("--set-aside", type=int, metavar="N", help="note that alert N was read")


def _deletion_commands(maker: _Maker) -> None:
    group = maker.group("deletion", "lawful deletion, the county's act")
    preview = group.add("preview", deletion.preview, "what it would take with it; changes nothing")
    doing = group.add("do", deletion.do, "delete")
    for one in (preview, doing):
        deletion.add_target(one)
    deletion.add_request(doing)
    group.add("list", deletion.listing, "what was deleted, and which computers know")
    slip = group.add("slip", deletion.slip, "the slip of a request")
    slip.add_argument("request")
    slip.add_argument("--out", required=True, metavar="FILE")


def _enrol_commands(maker: _Maker) -> None:
    enrol = maker.group("enrol", "enrolment")
    request = enrol.add("request", sharing.enrol_request, "write this computer's request file")
    request.add_argument("--to", required=True, metavar="DIR")
    grant = enrol.add("grant", sharing.enrol_grant, "certify the computer that asked")
    grant.add_argument("file")
    grant.add_argument("--to", required=True, metavar="DIR")
    grant.add_argument("--code", required=True, help="the 8 digits on the other screen")
    grant.add_argument("--role", default="", choices=["", "village", "township", "county"])
    grant.add_argument("--scope", default="", metavar="CODE")
    grant.add_argument("--name", default="", help="what the place is called from now on")
    accept = enrol.add("accept", sharing.enrol_accept, "take a grant or a starter file")
    accept.add_argument("file")
    show = enrol.add("show", sharing.enrol_show, "what a request file asks for")
    show.add_argument("file")
    starter = enrol.add("starter", sharing.enrol_starter, "write a starter file for those below")
    starter.add_argument("--to", required=True, metavar="DIR")
    enrol.add("board", sharing.enrol_board, "every village: enrolled, delivered up to")
