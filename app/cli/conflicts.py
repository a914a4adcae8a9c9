"""The command ``conflicts``: fields written in two places, settled one by one or as a repeated pattern."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from app.cli.desk import written
from app.cli.writes import typed
from app.domain.ids import EntityId
from app.queries.conflict_patterns import patterns
from app.queries.conflicts import conflicts
from app.ui.texts import t
from app.usecases import conflicts as settling

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable
    from typing import Protocol

    from app.cli.desk import Desk, Result
    from app.domain.ids import Value
    from app.queries.conflict_patterns import Pattern

    class Maker(Protocol):
        """What adds a command to the parser."""

        def add(self, name: str, run: Callable[[Desk, Namespace], Result], text: str) -> ArgumentParser:
            """Add one command."""
            ...


def add_conflict_commands(maker: Maker) -> None:
    """Register the command and its forms."""
    made = maker.add("conflicts", run, "fields written in two places, or settle them")
    made.add_argument("what", nargs="?", choices=["resolve", "patterns", "adopt"])
    made.add_argument("entity", nargs="?", default="", help="of resolve; the pattern of adopt")
    made.add_argument("field", nargs="?", default="")
    made.add_argument("--take", default="", metavar="ENTRY")
    made.add_argument("--value", default=None, metavar="V")
    made.add_argument("--combine", action="store_true", help="all values in one")
    made.add_argument("--side", default="", metavar="DEVICE", help="of adopt: whose values are kept")
    made.add_argument("--reason", default="", help="needed where the choice sends a case back")


def run(desk: Desk, arguments: Namespace) -> Result:
    """List conflicts or patterns, or settle one conflict or one pattern."""
    if arguments.what == "resolve":
        return _resolve(desk, arguments)
    if arguments.what == "adopt":
        done = settling.resolve_pattern(desk.office, arguments.entity, arguments.side, arguments.reason)
        return written(done)
    scope = desk.office.actor.scope
    with desk.office.workspace.read() as conn:
        if arguments.what == "patterns":
            return {"patterns": [_told(one) for one in patterns(conn, desk.office.policy, scope)]}
        return {"conflicts": [asdict(line) for line in conflicts(conn, desk.office.policy, scope)]}


def _resolve(desk: Desk, arguments: Namespace) -> Result:
    value: Value | None = None
    entity = EntityId(arguments.entity)
    if arguments.value is not None:
        kind = settling.kind_of(desk.office, entity)
        value = typed(desk, kind, arguments.field, arguments.value)
    one = settling.Settlement(entity, arguments.field, arguments.take, value, combine=bool(arguments.combine))
    return written(settling.resolve_conflicts(desk.office, [one], arguments.reason))


def _told(pattern: Pattern) -> dict[str, object]:
    return {
        "pattern": pattern.id,
        "rule": t(f"conflicts.rule_{pattern.rule}"),
        "number": pattern.number,
        "choices": [
            {
                "side": choice.side,
                "keeps": [
                    {
                        "household": line.household,
                        "entity": line.entity,
                        "field": line.field,
                        "head": line.head,
                        "values": list(line.values),
                        "keeps": head.text,
                    }
                    for line, head in zip(pattern.lines, choice.takes, strict=True)
                ],
            }
            for choice in pattern.choices
        ],
    }
