"""The root of a new county, or of a township that begins alone: its own pair of keys beside the device's."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.crypto.device_keys import root_keys, verify_text
from app.domain.trust_chain import merged
from app.files import enrolment as files
from app.storage.tx import set_meta
from app.usecases.trust import ROOT, own_keys, save_trust

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from app.crypto.device_keys import DeviceKeys
    from app.domain.ids import Level
    from app.domain.trust import TrustDoc
    from app.storage.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Own:
    """What this computer works as: its level, its area (12-digit code), and the day it begins."""

    level: Level
    scope: str
    today: date


def found_root(workspace: Workspace, conn: Connection, own: Own) -> None:
    """Make a root and let it certify this very computer."""
    settle(workspace, conn, root_keys(secrets.token_bytes(32)), own)


def settle(
    workspace: Workspace, conn: Connection, keys: DeviceKeys, own: Own, known: TrustDoc | None = None
) -> None:
    """Keep a root's keys, believe it and what it ``known`` already, and let it certify this computer."""
    trust = files.found_trust(files.make_root(keys, own.level, own.scope, own.today))
    if known is not None:
        trust = merged(trust, known, verify_text)
    asked = files.read_request(files.request(own_keys(workspace), own.level, own.scope), "")
    # As long as the root itself: nobody else could renew it.
    choice = files.Choice(own.level, own.scope, days=files.DAYS_ROOT)
    _, trust = files.grant(asked, keys, trust, own.today, choice)
    set_meta(conn, ROOT, keys.to_bytes().decode())
    save_trust(conn, trust)
