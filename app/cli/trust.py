"""Commands about computers and whom to believe: list, stop, look through, fill; the root's keys."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from app.cli.desk import target_folder, written
from app.domain.errors import Refused
from app.queries.held import held_lines
from app.ui.texts import t
from app.usecases import devices, held

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


def add_device_commands(group: Maker) -> None:
    """Add the commands about computers."""
    group.add("list", device_list, "every computer of this area and how it stands")
    revoke = group.add("revoke", device_revoke, "stop a computer that was lost")
    revoke.add_argument("device", help="beginning of its id or key")
    revoke.add_argument("--reason", required=True, choices=[str(one) for one in devices.Reason])
    revoke.add_argument("--preview", action="store_true", help="change nothing")
    lift = group.add("lift", device_lift, "take a revocation back")
    lift.add_argument("device", help="beginning of its id or key")
    group.add("held", device_held, "what stopped computers wrote late")
    for name, run, text in (
        ("adopt", device_adopt, "write late entries again as one's own"),
        ("decline", device_decline, "leave late entries held"),
    ):
        made = group.add(name, run, text)
        made.add_argument("entries", nargs="+", metavar="ENTRY")
    boot = group.add("boot", device_boot, "write everything of an area for a new computer")
    boot.add_argument("--to", required=True, metavar="DIR")
    boot.add_argument("--scope", required=True, metavar="CODE")
    group.add("code", device_code, "the digits to compare after this computer was filled")


def device_list(desk: Desk, _arguments: Namespace) -> Result:
    """Print every computer of this area."""
    return {"devices": [asdict(line) for line in devices.devices(desk.office)]}


def device_revoke(desk: Desk, arguments: Namespace) -> Result:
    """Stop a computer and print what of it counts."""
    key = _key(desk, arguments.device)
    if arguments.preview:
        return _outlook(devices.outlook(desk.office, key))
    return _outlook(devices.revoke(desk.office, key, devices.Reason(arguments.reason)))


def device_lift(desk: Desk, arguments: Namespace) -> Result:
    """Take a revocation back."""
    key = _key(desk, arguments.device)
    devices.lift(desk.office, key)
    return {"key": key, "lifted": True}


def device_held(desk: Desk, _arguments: Namespace) -> Result:
    """Print what stopped computers wrote late."""
    with desk.office.workspace.read() as conn:
        return {"held": [asdict(line) for line in held_lines(conn, desk.office.policy)]}


def device_adopt(desk: Desk, arguments: Namespace) -> Result:
    """Write late entries again."""
    before = held.declined_before(desk.office, arguments.entries)
    done = held.adopt(desk.office, arguments.entries)
    notes = [t("held.declined_before", number=len(before))] if before else []
    return written(done, declined_before=list(before), notes=notes)


def device_decline(desk: Desk, arguments: Namespace) -> Result:
    """Leave late entries held."""
    return written(held.decline(desk.office, arguments.entries))


def device_code(desk: Desk, _arguments: Namespace) -> Result:
    """Print the digits to compare after this computer was filled."""
    return {"code": devices.filled_code(desk.office)}


def device_boot(desk: Desk, arguments: Namespace) -> Result:
    """Write everything of an area for a new computer."""
    done = devices.fill(desk.office, target_folder(arguments.to), arguments.scope)
    files = [str(file) for file in done.sent.files]
    return {"files": files, "entries": done.sent.entries, "photos": done.sent.photos, "code": done.code}


def _key(desk: Desk, start: str) -> str:
    """Return the signing key of the one computer whose id or key begins like this."""
    found = [
        line.key
        for line in devices.devices(desk.office)
        if line.key.startswith(start) or line.device.startswith(start)
    ]
    if len(found) != 1:
        raise Refused("trust.no_such_device", number=len(found))
    return found[0]


def _outlook(seen: devices.Outlook) -> Result:
    ends = [asdict(end) for end in seen.ends]
    return {"key": seen.key, "entries": seen.entries, "up_to": seen.up_to, "ends": ends}
