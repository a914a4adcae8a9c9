"""The callables of every page beside the home and settings pages, by the class that describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.wiring.alerts import alerts_desk
from app.wiring.approvals import approvals_desk
from app.wiring.batch import batch_desk
from app.wiring.belonging import belonging_desk
from app.wiring.checkup import checkup_desk
from app.wiring.clock import clock_desk
from app.wiring.conflicts import conflicts_desk, history_desk
from app.wiring.deletion import deletion_desk
from app.wiring.devices import devices_desk
from app.wiring.enrol import enrol_desk
from app.wiring.forgot import rescue_desk
from app.wiring.forms import forms_desk
from app.wiring.hits import hits_desk
from app.wiring.household import household_desk
from app.wiring.meetings import meetings_desk
from app.wiring.notices import notices_desk
from app.wiring.papers import papers_desk
from app.wiring.people import handover_desk, people_desk
from app.wiring.phone import phone_desk
from app.wiring.returns import returns_desk
from app.wiring.root import root_desk
from app.wiring.roster import roster_desk
from app.wiring.rounds import rounds_desk
from app.wiring.sharing import sharing_desk
from app.wiring.step import step_desk
from app.wiring.visit import submission_desk, visit_desk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.wiring.room import Room


def groups(room: Room) -> Mapping[type[object], object]:
    """Return the groups of an open room; one line a page."""
    found: tuple[object, ...] = (
        papers_desk(room),
        household_desk(room),
        belonging_desk(room),
        roster_desk(room),
        rounds_desk(room),
        sharing_desk(room),
        alerts_desk(room),
        clock_desk(room),
        enrol_desk(room),
        conflicts_desk(room),
        history_desk(room),
        step_desk(room),
        batch_desk(room),
        meetings_desk(room),
        notices_desk(room),
        visit_desk(room),
        submission_desk(room),
        hits_desk(room),
        approvals_desk(room),
        forms_desk(room),
        phone_desk(room),
        deletion_desk(room),
        devices_desk(room),
        root_desk(room),
        people_desk(room),
        checkup_desk(room),
        handover_desk(room),
        rescue_desk(room),
        returns_desk(room),
    )
    return {type(group): group for group in found}
