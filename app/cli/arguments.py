"""The commands and their options."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Any

from app.cli import forms, program, reads, sharing, submissions, writes
from app.cli.desk import Desk, Result, parse_now
from app.cli.people import add_handover, add_people_commands, add_recover_commands
from app.cli.phone import add_phone_commands

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
    _enrol_commands(maker)
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


def _other_commands(maker: _Maker) -> None:
    conflicts = maker.add("conflicts", writes.conflicts, "fields written in two places, or settle one")
    conflicts.add_argument("what", nargs="?", choices=["resolve"])
    conflicts.add_argument("entity", nargs="?", default="")
    conflicts.add_argument("field", nargs="?", default="")
    conflicts.add_argument("--take", default="", metavar="ENTRY")
    conflicts.add_argument("--value", default=None, metavar="V")
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
    digest = maker.add("digest", sharing.digest, "the digest two workspaces compare")
    digest.add_argument("--scope", default="", metavar="CODE")


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
    accept = enrol.add("accept", sharing.enrol_accept, "take a grant or a starter file")
    accept.add_argument("file")
    show = enrol.add("show", sharing.enrol_show, "what a request file asks for")
    show.add_argument("file")
    starter = enrol.add("starter", sharing.enrol_starter, "write a starter file for those below")
    starter.add_argument("--to", required=True, metavar="DIR")
    enrol.add("board", sharing.enrol_board, "every village: enrolled, delivered up to")
