"""Commands about the people of a computer and about passphrases they forgot."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.desk import need_writable, read_lines, save_paper, target_folder, written
from app.usecases import handover, people, recovery
from app.usecases.keys import owners

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable
    from typing import Protocol

    from app.cli.desk import Desk, Result

    class Maker(Protocol):
        """What adds a command to the parser."""

        def add(self, name: str, run: Callable[[Desk, Namespace], Result], text: str) -> ArgumentParser:
            """Add one command."""
            ...


def add_people_commands(group: Maker) -> None:
    """Register the commands of ``people``."""
    group.add("list", people_list, "who works at this computer")
    adding = group.add("add", people_add, "add a person")
    adding.add_argument("name")
    adding.add_argument("--position", default="")
    adding.add_argument("--phone", default="")
    _new_passphrase(adding, required=False)
    stop = group.add("disable", people_disable, "take a person's passphrase away and end their work")
    stop.add_argument("person", metavar="ID")
    start = group.add("enable", people_enable, "let a disabled person work again")
    start.add_argument("person", metavar="ID")
    _new_passphrase(start, required=False)
    same = group.add("same", people_same, "who set this computer up is somebody known from an earlier one")
    same.add_argument("person", metavar="ID", help="the earlier registration")
    word = group.add("passphrase", people_passphrase, "change one's own passphrase, or set a colleague's")
    word.add_argument("person", nargs="?", default="", metavar="ID")
    _new_passphrase(word, required=True)


def add_handover(maker: Maker) -> None:
    """Register ``handover``."""
    over = maker.add("handover", hand_over, "hand the work and the seat over to another person")
    over.add_argument("--person", default="", metavar="ID", help="somebody here")
    over.add_argument("--name", default="", help="a new person")
    over.add_argument("--position", default="")
    over.add_argument("--phone", default="")
    over.add_argument("--keep-cases", action="store_true", help="leave the visits to come as they are")
    over.add_argument("--out", default="", metavar="FILE", help="write the slip as PDF")
    over.add_argument("--preview", action="store_true", help="only count what would be handed over")
    _new_passphrase(over, required=False)


def add_recover_commands(group: Maker) -> None:
    """Register the commands of ``recover``."""
    group.add("status", recover_status, "who could help after a forgotten passphrase; needs none")
    asking = group.add("request", recover_request, "ask the office above; needs no passphrase")
    asking.add_argument("--to", required=True, metavar="DIR")
    asking.add_argument("--person", default="", metavar="NAME")
    show = group.add("show", recover_show, "who asks, at the office above")
    show.add_argument("file")
    answering = group.add("answer", recover_answer, "give the key back, at the office above")
    answering.add_argument("file")
    answering.add_argument("--to", required=True, metavar="DIR")
    answering.add_argument("--code", required=True, help="the 8 digits on the other screen")
    people_ = group.add(
        "people", recover_people, "who is in the workspace the answer opens; needs no passphrase"
    )
    people_.add_argument("file")
    taking = group.add("accept", recover_accept, "set a new passphrase with the answer; needs no old one")
    taking.add_argument("file")
    taking.add_argument("--person", required=True, metavar="ID")
    _new_passphrase(taking, required=True)


def people_list(desk: Desk, _arguments: Namespace) -> Result:
    """Print the people, telephone numbers masked."""
    return {"people": [asdict(one) for one in people.everybody(desk.office)]}


def people_add(desk: Desk, arguments: Namespace) -> Result:
    """Add a person, with a passphrase of their own if one is given."""
    new = people.Newcomer(arguments.name, arguments.position, arguments.phone, _read_new(arguments))
    return written(people.add(desk.office, new, desk.passphrase))


def people_disable(desk: Desk, arguments: Namespace) -> Result:
    """Disable a person."""
    return written(people.disable(desk.office, arguments.person))


def people_enable(desk: Desk, arguments: Namespace) -> Result:
    """Enable a person."""
    changes = people.enable(desk.office, arguments.person, _read_new(arguments), desk.passphrase)
    return written(changes)


def people_same(desk: Desk, arguments: Namespace) -> Result:
    """Unite two registrations of the one who acts."""
    return written(people.be_the_same(desk.office, arguments.person))


def people_passphrase(desk: Desk, arguments: Namespace) -> Result:
    """Change one's own passphrase, or set that of a colleague who forgot theirs."""
    person = arguments.person or desk.office.actor.person
    if person == desk.office.actor.person:
        people.change_own_passphrase(desk.office, desk.passphrase, _read_new(arguments))
    else:
        people.reset_passphrase(desk.office, person, _read_new(arguments), desk.passphrase)
    return {"person": person}


def hand_over(desk: Desk, arguments: Namespace) -> Result:
    """Hand over, or only count; the new passphrase is the successor's."""
    office = desk.office
    if arguments.preview:
        return asdict(handover.whats_due(office))
    to = handover.Successor(
        arguments.person,
        arguments.name,
        arguments.position,
        arguments.phone,
        _read_new(arguments),
        reassign=not arguments.keep_cases,
    )
    if arguments.out:
        need_writable(arguments.out)  # first: the act cannot be taken back for want of a slip
    done = handover.hand_over(office, to, desk.passphrase)
    if arguments.out:
        save_paper(handover.sheet_of(office, done), arguments.out)
    return written(done.changes, incoming=done.incoming, moved=done.moved, **asdict(done.due))


def recover_status(desk: Desk, _arguments: Namespace) -> Result:
    """Print whether an office above could help, how many have a passphrase, and what is waited for."""
    kept = recovery.waiting(desk.folder)
    return {
        "possible": recovery.can_be_recovered(desk.folder),
        "people": len(owners(desk.folder)),
        "code": kept.code if kept is not None else "",
        "asked_at": kept.at if kept is not None else "",
    }


def recover_request(desk: Desk, arguments: Namespace) -> Result:
    """Write the request."""
    made = recovery.request(desk.folder, arguments.person, target_folder(arguments.to), desk.now)
    return {"file": str(made.file), "code": made.code}


def recover_show(desk: Desk, arguments: Namespace) -> Result:
    """Print what a request says."""
    found = recovery.look(desk.office, Path(arguments.file))
    return {**asdict(found), "level": str(found.level)}


def recover_answer(desk: Desk, arguments: Namespace) -> Result:
    """Write the answer."""
    target = target_folder(arguments.to)
    return {"file": str(recovery.answer(desk.office, Path(arguments.file), target, arguments.code))}


def recover_people(desk: Desk, arguments: Namespace) -> Result:
    """Print who may take the answer."""
    found = recovery.peek(desk.folder, Path(arguments.file))
    return {"people": [{"id": one.id, "name": one.name, "position": one.position} for one in found]}


def recover_accept(desk: Desk, arguments: Namespace) -> Result:
    """Set the new passphrase."""
    recovery.finish(desk.folder, Path(arguments.file), arguments.person, _read_new(arguments), desk.clock)
    return {"person": arguments.person}


def _new_passphrase(parser: ArgumentParser, *, required: bool) -> None:
    parser.add_argument(
        "--new-passphrase-file", required=required, default="", metavar="F", help="its first line"
    )


def _read_new(arguments: Namespace) -> str:
    path: str = arguments.new_passphrase_file
    return read_lines(path, "cli.passphrase_unreadable")[0] if path else ""
