"""The one table of pages: their names, their place in the rail, and how each is built.

A page's module is imported on its first visit only. To add a page: write its module, add one
builder and one row here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.ids import Level
from app.ui.ask import Ask
from app.ui.desk import Desk, Workflow
from app.ui.parts.page import Page
from app.ui.parts.rail import RailItem
from app.ui.runner import Runner
from app.ui.texts import t

Builder = Callable[[Desk, Runner, Ask], Page]


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page: ``icon`` and ``label`` empty keep it out of the rail; no ``levels`` means all.

    ``in_rail`` are the levels at which it stands in the rail, all without any: a village's rail is full.
    """

    name: str
    build: Builder
    icon: str = ""
    label: str = ""
    at_foot: bool = False
    levels: tuple[Level, ...] = ()
    in_rail: tuple[Level, ...] = ()


def _home(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.home import HomePage

    return HomePage(desk, runner, ask, Workflow.IDENTIFY)


def _exit(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.home import HomePage

    return HomePage(desk, runner, ask, Workflow.EXIT)


def _welcome(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.welcome import WelcomePage

    return WelcomePage(desk, runner, ask)


def _settings(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.settings import SettingsPage

    return SettingsPage(desk, runner, ask)


def _people(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.people import PeoplePage

    return PeoplePage(desk, runner, ask)


def _checkup(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.checkup import CheckupPage

    return CheckupPage(desk, runner, ask)


def _handover(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.handover import HandoverPage

    return HandoverPage(desk, runner, ask)


def _rescue(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.rescue import RescuePage

    return RescuePage(desk, runner, ask)


def _step(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.step import StepPage

    return StepPage(desk, runner, ask)


def _preview(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.preview import PreviewPage

    return PreviewPage(desk, runner, ask)


def _meetings(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.meetings import MeetingsPage

    return MeetingsPage(desk, runner, ask)


def _household(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.household import HouseholdPage

    return HouseholdPage(desk, runner, ask)


def _notices(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.notices import NoticesPage

    return NoticesPage(desk, runner, ask)


def _sharing(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.sharing import SharingPage

    return SharingPage(desk, runner, ask)


def _sharing_import(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.sharing_import import SharingImportPage

    return SharingImportPage(desk, runner, ask)


def _enrol_ask(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.enrol_ask import EnrolAskPage

    return EnrolAskPage(desk, runner, ask)


def _enrol_grant(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.enrol_grant import EnrolGrantPage

    return EnrolGrantPage(desk, runner, ask)


def _enrol_accept(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.enrol_accept import EnrolAcceptPage

    return EnrolAcceptPage(desk, runner, ask)


def _devices(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.devices import DevicesPage

    return DevicesPage(desk, runner, ask)


def _device_lost(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.device_lost import DeviceLostPage

    return DeviceLostPage(desk, runner, ask)


def _device_new(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.device_new import DeviceNewPage

    return DeviceNewPage(desk, runner, ask)


def _held(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.held import HeldPage

    return HeldPage(desk, runner, ask)


def _root(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.root import RootPage

    return RootPage(desk, runner, ask)


def _root_restore(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.root_restore import RootRestorePage

    return RootRestorePage(desk, runner, ask)


def _phone(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.phone import PhonePage

    return PhonePage(desk, runner, ask)


def _phone_import(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.phone_import import PhoneImportPage

    return PhoneImportPage(desk, runner, ask)


def _conflicts(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.conflicts import ConflictsPage

    return ConflictsPage(desk, runner, ask)


def _conflict_patterns(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.conflict_patterns import ConflictPatternsPage

    return ConflictPatternsPage(desk, runner, ask)


def _returned(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.returned import ReturnedPage

    return ReturnedPage(desk, runner, ask)


def _approval_changes(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.approval_changes import ApprovalChangesPage

    return ApprovalChangesPage(desk, runner, ask)


def _history(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.household_history import HouseholdHistoryPage

    return HouseholdHistoryPage(desk, runner, ask)


def _import_roster(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.roster import RosterPage

    return RosterPage(desk, runner, ask)


def _visit(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.visit import VisitPage

    return VisitPage(desk, runner, ask)


def _forms(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.forms import FormsPage

    return FormsPage(desk, runner, ask)


def _submission(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.submission import SubmissionPage

    return SubmissionPage(desk, runner, ask)


def _households(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.households import HouseholdsPage

    return HouseholdsPage(desk, runner, ask)


def _belonging(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.belonging import BelongingPage

    return BelongingPage(desk, runner, ask)


def _household_new(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.household_new import NewHouseholdPage

    return NewHouseholdPage(desk, runner, ask)


def _rounds(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.rounds import RoundsPage

    return RoundsPage(desk, runner, ask)


def _checks(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.approvals import ApprovalsPage

    return ApprovalsPage(desk, runner, ask, "check")


def _audits(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.approvals import ApprovalsPage

    return ApprovalsPage(desk, runner, ask, "audit")


def _deletion(desk: Desk, runner: Runner, ask: Ask) -> Page:
    from app.ui.pages.deletion import DeletionPage

    return DeletionPage(desk, runner, ask)


PAGES: tuple[PageEntry, ...] = (
    PageEntry("home", _home, "home", "app.rail_home"),
    PageEntry("exit", _exit, "flag", "app.rail_exit"),
    PageEntry("welcome", _welcome),
    PageEntry("households", _households, "person", "app.rail_households"),
    PageEntry("household", _household),
    PageEntry("belonging", _belonging),
    PageEntry("rounds", _rounds),
    PageEntry("household_new", _household_new, levels=(Level.VILLAGE,)),
    PageEntry("import_roster", _import_roster, levels=(Level.VILLAGE,)),
    PageEntry("step", _step),
    PageEntry("visit", _visit),
    PageEntry("submission", _submission),
    PageEntry("checks", _checks, "table", "app.rail_checks", levels=(Level.TOWNSHIP,)),
    PageEntry("audits", _audits, "table", "app.rail_audits", levels=(Level.COUNTY,)),
    PageEntry("meetings", _meetings, "users", "app.rail_meetings", levels=(Level.VILLAGE,)),
    PageEntry("notices", _notices, "megaphone", "app.rail_notices", levels=(Level.VILLAGE,)),
    PageEntry("preview", _preview),
    PageEntry("print_list", _preview),
    PageEntry("sharing", _sharing, "merge", "app.rail_sharing"),
    PageEntry("sharing_import", _sharing_import),
    PageEntry("phone", _phone),
    PageEntry("phone_import", _phone_import),
    PageEntry("enrol_ask", _enrol_ask),
    PageEntry("enrol_grant", _enrol_grant, levels=(Level.TOWNSHIP, Level.COUNTY)),
    PageEntry("enrol_accept", _enrol_accept),
    PageEntry("devices", _devices),
    PageEntry("device_lost", _device_lost, levels=(Level.TOWNSHIP, Level.COUNTY)),
    PageEntry("device_new", _device_new),
    PageEntry("held", _held),
    PageEntry("root", _root, levels=(Level.TOWNSHIP, Level.COUNTY)),
    PageEntry("root_restore", _root_restore, levels=(Level.TOWNSHIP, Level.COUNTY)),
    PageEntry("conflicts", _conflicts),
    PageEntry("conflict_patterns", _conflict_patterns),
    PageEntry("returned", _returned),
    PageEntry("approval_changes", _approval_changes),
    PageEntry("household_history", _history),
    PageEntry("deletion", _deletion, levels=(Level.COUNTY,)),
    PageEntry("forms", _forms, "file", "app.rail_forms", in_rail=(Level.COUNTY,)),
    PageEntry("people", _people),
    PageEntry("checkup", _checkup),
    PageEntry("handover", _handover),
    PageEntry("rescue", _rescue, levels=(Level.TOWNSHIP, Level.COUNTY)),
    PageEntry("settings", _settings, "gear", "app.rail_settings", at_foot=True),
)


def entries(level: Level) -> dict[str, PageEntry]:
    """Return the pages a level has, by name."""
    return {entry.name: entry for entry in PAGES if not entry.levels or level in entry.levels}


def rail_items(level: Level) -> tuple[RailItem, ...]:
    """Return the rail of a level, in the order of the table."""
    everywhere = entries(level).values()
    shown = (one for one in everywhere if one.icon and (not one.in_rail or level in one.in_rail))
    return tuple(RailItem(entry.name, entry.icon, t(entry.label), entry.at_foot) for entry in shown)
