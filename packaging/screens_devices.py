"""What pictures of computers are opened for: a laptop that was lost, and what it wrote late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.ids import EntityId, Kind
from app.files.package import PackageKind
from app.usecases import devices, exports, households, merges, workspaces
from app.usecases.households import Edit

if TYPE_CHECKING:
    from app.wiring.room import Room

_LATE = 4  # households edited after the loss


def a_laptop(room: Room) -> object:
    """Return the line of the village's laptop."""
    return next(line for line in devices.devices(room.office) if line.level == "village")


def late_entries(room: Room) -> object:
    """Stop the village's laptop, let it write on, and take its package in."""
    line = next(line for line in devices.devices(room.office) if line.level == "village")
    if line.state == "revoked":
        return None
    devices.revoke(room.office, line.key, devices.Reason.LOST)
    phrase = (room.folder.parent / "passphrase.txt").read_text(encoding="utf-8").strip()
    village = workspaces.unlock(room.folder.parent / "village-01", phrase, room.clock)
    try:
        with village.workspace.read() as conn:
            rows = conn.exec_driver_sql("SELECT uid FROM household_line ORDER BY sort").scalars().all()
        for number, uid in enumerate(rows[:_LATE], start=1):
            edit = Edit(Kind.HOUSEHOLD, uid, {"address": f"三组{number}8号"})
            households.edit(village, EntityId(uid), [edit], "核对后更正")
        [sent] = exports.export(village, room.folder.parent, PackageKind.UP)
    finally:
        workspaces.close(village)
    merges.merge_files(room.office, sent.files)
    for file in sent.files:
        file.unlink()
    return None
