"""Commands of lawful deletion."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.desk import read_lines
from app.domain.deletion import KEEP_YEARS, AskedBy, Basis, Channel, Reach, Request
from app.domain.document import Output
from app.domain.errors import Unavailable
from app.domain.ids import EntityId
from app.ui.texts import t
from app.usecases import deletions
from app.usecases.papers import note_output

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from app.cli.desk import Desk, Result
    from app.queries.deletion_plan import DeletionPlan


def add_target(command: ArgumentParser) -> None:
    """Add what says whom it is about."""
    command.add_argument("id", help="the household, or with --member the member")
    command.add_argument("--member", action="store_true", help="one member, not the whole household")
    command.add_argument("--years", type=int, default=KEEP_YEARS, help="how long files are kept here")


def add_request(command: ArgumentParser) -> None:
    """Add what says who asked and why."""
    command.add_argument("--request", required=True, metavar="NUMBER")
    command.add_argument("--basis", required=True, choices=[str(one) for one in Basis])
    command.add_argument("--words", default="", help="the basis in words, with --basis other")
    command.add_argument("--asked-on", required=True, metavar="YYYY-MM-DD")
    command.add_argument("--asked-by", default=str(AskedBy.SELF), choices=[str(one) for one in AskedBy])
    command.add_argument("--channel", default=str(Channel.COUNTER), choices=[str(one) for one in Channel])
    command.add_argument("--tick", nargs="*", default=[], metavar="ENTITY", help="cleared of the names too")
    command.add_argument("--confirm", required=True, metavar="NUMBER", help="the request's number again")
    command.add_argument("--second-passphrase-file", metavar="F", help="of a second person who stands for it")
    command.add_argument("--override-reason", default="")


def preview(desk: Desk, arguments: Namespace) -> Result:
    """Print what a deletion would take with it; nothing is changed."""
    plan = deletions.preview(desk.office, _reach(arguments), EntityId(arguments.id), arguments.years)
    return _told(plan)


def do(desk: Desk, arguments: Namespace) -> Result:
    """Delete; the number typed again stands for the confirmation."""
    request = Request(
        number=arguments.request,
        basis=Basis(arguments.basis),
        asked_on=arguments.asked_on,
        asked_by=AskedBy(arguments.asked_by),
        channel=Channel(arguments.channel),
        words=arguments.words,
        years=arguments.years,
    )
    override = None
    if arguments.second_passphrase_file:
        words = read_lines(arguments.second_passphrase_file, "cli.passphrase_unreadable")
        override = deletions.Override(words[0], arguments.override_reason)
    order = deletions.Order(
        _reach(arguments), EntityId(arguments.id), request, frozenset(arguments.tick), override
    )
    done = deletions.delete(desk.office, order, arguments.confirm)
    return {
        "request": done.request,
        "entries": done.entries,
        "files": done.files,
        "counts": {str(kind): number for kind, number in done.counts.items()},
        "drafts": done.swept.drafts,
        "copies": [
            {"kind": one.kind, "name": one.name, "made_on": one.made_on, "leaves_on": one.leaves_on}
            for one in done.swept.copies
        ],
    }


def listing(desk: Desk, _arguments: Namespace) -> Result:
    """Print the deletions known here and which computers have said they carried them out."""
    return {
        "deletions": [
            {
                "request": one.request,
                "basis": str(one.basis),
                "of": str(one.reach),
                "asked_on": one.asked_on,
                "on": one.on,
                "scope": one.scope,
                "entries": one.entries,
                "files": one.files,
                "later": one.later,
                "reached": [
                    {"device": at.device, "level": str(at.level), "scope": at.scope, "at": at.at}
                    for at in one.reached
                ],
            }
            for one in deletions.listing(desk.office)
        ]
    }


def slip(desk: Desk, arguments: Namespace) -> Result:
    """Write the slip of a request as PDF."""
    paper = deletions.slip(desk.office, arguments.request)
    target = Path(arguments.out)
    try:
        target.write_bytes(paper.data)
    except OSError as error:
        raise Unavailable("disk.read_only") from error
    note_output(desk.office, paper, Output.SAVE)
    return {"file": str(target), "missing": list(paper.missing)}


def _reach(arguments: Namespace) -> Reach:
    return Reach.MEMBER if arguments.member else Reach.HOUSEHOLD


def _told(plan: DeletionPlan) -> Result:
    return {
        "of": str(plan.reach),
        "village": plan.village,
        "entries": len(plan.entries),
        "files": len(plan.files),
        "counts": {str(kind): number for kind, number in plan.counts.items()},
        "holds": [{"code": hold.code, "sentence": t(hold.code, **dict(hold.params))} for hold in plan.holds],
        "elsewhere": [
            {
                "entity": one.entity,
                "kind": str(one.kind),
                "household": one.household,
                "field": one.field,
                "text": one.text,
                "entries": list(one.entries),
                "files": list(one.files),
            }
            for one in plan.elsewhere
        ],
        "linked": list(plan.linked),
    }
