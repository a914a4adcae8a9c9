"""Commands about the program itself: its version here, an update from a file, the way back."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.files import installation
from app.usecases import backups, updates, workspaces
from app.usecases.keys import unlock_key
from app.version import VERSION

if TYPE_CHECKING:
    from argparse import Namespace

    from app.cli.desk import Desk, Result


def status(_desk: Desk, _arguments: Namespace) -> Result:
    """Tell which version this is and what can be done with it."""
    here = installation.find()
    return {
        "version": VERSION,
        "previous": here.previous if here else "",
        "channel": str(here.channel) if here else "source",
        "updatable": installation.why_not(here) == "",
    }


def update(desk: Desk, arguments: Namespace) -> Result:
    """Install an update beside this version; with a workspace, back it up first."""
    here = installation.find()
    offer = updates.look_at(Path(arguments.file), here)
    back_up = partial(backups.back_up_for, desk.office, "update") if desk.has_workspace else None
    return {"version": updates.install(offer, updates.updatable(here), back_up), "running": offer.running}


def back(desk: Desk, _arguments: Namespace) -> Result:
    """Let the version before start again; with a workspace, give it back in the form that version reads."""
    here = updates.updatable(installation.find())
    if not desk.has_workspace:
        return {"version": updates.go_back(here), "running": VERSION}
    updates.check_way_back(here, desk.folder)
    key, _owner = unlock_key(desk.folder, desk.passphrase)
    backups.back_up_for(desk.office, "return")
    desk.leave()
    take_back = partial(workspaces.take_back_with, desk.folder, key)
    return {"version": updates.go_back(here, take_back), "running": VERSION}
