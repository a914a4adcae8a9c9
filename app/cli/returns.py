"""Commands around what was sent back, and around approvals whose content changed afterwards."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from app.cli.desk import written
from app.cli.reads import look_of
from app.domain.ids import EntityId
from app.queries.approved import approval_of
from app.queries.returned import resent, return_of, returned
from app.ui.texts import sentence
from app.usecases.reconfirm import reconfirm
from app.usecases.returns import send_again

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


def add_return_commands(case: Maker) -> None:
    """Register the commands of ``case``."""
    case.add("returned", listing, "what was sent back, and what was sent up again")
    since = case.add("since-return", since_return, "what changed since the case was sent back")
    since.add_argument("case")
    again = case.add("send-again", again_up, "send a case up again that was put right")
    again.add_argument("case")
    again.add_argument("--answer", default="", help="what was put right; needed while marks are left")
    approval = case.add("approval", approved, "what changed since the case was approved")
    approval.add_argument("case")
    confirm = case.add("reconfirm", confirmed, "stand by an approval whose content changed")
    confirm.add_argument("case")
    confirm.add_argument("--reason", required=True)


def listing(desk: Desk, _arguments: Namespace) -> Result:
    """Print the returned cases of the area, and those sent up again that no receipt names yet."""
    scope = desk.office.actor.scope
    with desk.office.workspace.read() as conn:
        return {
            "returned": [asdict(line) for line in returned(conn, look_of(desk), scope)],
            "resent": [asdict(line) for line in resent(conn, scope)],
        }


def since_return(desk: Desk, arguments: Namespace) -> Result:
    """Print the marks of a return and every field that changed since."""
    with desk.office.workspace.read() as conn:
        found = return_of(conn, desk.office.policy, arguments.case)
    if found is None:
        return {"marks": [], "changed": []}
    return {"marks": [asdict(m) for m in found.marks], "changed": [asdict(d) for d in found.deltas]}


def again_up(desk: Desk, arguments: Namespace) -> Result:
    """Send a case up again."""
    done = send_again(desk.office, EntityId(arguments.case), arguments.answer)
    stopped = "" if done.stopped is None else sentence(done.stopped)
    return written(done.changes, steps=list(done.steps), waits_at=done.waits_at, lacks=stopped)


def approved(desk: Desk, arguments: Namespace) -> Result:
    """Print the approval of a case and what changed since."""
    with desk.office.workspace.read() as conn:
        found = approval_of(conn, desk.office.policy, arguments.case)
    return {"approval": None if found is None else asdict(found)}


def confirmed(desk: Desk, arguments: Namespace) -> Result:
    """Confirm an approval anew."""
    return written(reconfirm(desk.office, EntityId(arguments.case), arguments.reason))
