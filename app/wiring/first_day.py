"""The first day: a workspace with its first person, first round and line, from the wizard's answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.calendar import civil_date
from app.domain.lines import Line
from app.domain.region import parent_of
from app.usecases import policy, rounds, workspaces

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.calendar import Clock
    from app.ui.desk import NewWorkspace
    from app.usecases.office import Office


def found_workspace(folder: Path, wanted: NewWorkspace, clock: Clock, starter: Path | None = None) -> Office:
    """Make the workspace and open the first round of the year in it; return the open office.

    Raises:
        Refused, Unavailable: the codes of ``workspaces.create``.
    """
    from app.ui.texts import t

    setup = workspaces.Setup(
        level=wanted.level,
        scope=wanted.code,
        places=_places(wanted),
        person={"name": wanted.person, "position": wanted.position},
        passphrase=wanted.passphrase,
    )
    office = workspaces.create(folder, setup, clock)
    try:
        if starter is not None:
            from app.usecases.enrolment import accept

            accept(office, starter)
        today = civil_date(clock.now())
        line = None
        if wanted.line_fen is not None:
            line = Line(
                "given", wanted.code, rounds.IDENTIFY, "", wanted.line_fen, today, doc=wanted.line_doc
            )
        name = t("wizard.first_round", year=today.year)
        rounds.open_round(office, rounds.NewRound(name, today.year, policy.DEFAULT, line))
    except BaseException:
        workspaces.close(office)
        raise
    return office


def _places(wanted: NewWorkspace) -> dict[str, str]:
    """Return the names by code: the wizard lists the county's first and the own last."""
    code = wanted.code
    places: dict[str, str] = {}
    for name in reversed(wanted.names):
        if not code:
            break
        if name.strip():
            places[code] = name.strip()
        code = parent_of(code)
    return places
