"""体检, daily backups and restoring in memory, for the window's tests."""

from __future__ import annotations

from pathlib import Path

from app.domain.errors import Refused
from app.ui.desks.checkup import CheckupDesk, Looked
from app.ui.desks.restore import BackupAbout, RestoreDesk

PASSPHRASE = "石板村的八步通2026"


class FakeSafety:
    """The part of a workspace in memory that keeps it alive; ``done`` lists what was asked for."""

    second = ""
    told_daily = ""
    photos_missing = 0
    dated_ahead = False
    backups: tuple[Path, ...] = ()

    def checkup(self) -> CheckupDesk:
        return CheckupDesk(
            look=lambda report, cancelled: Looked((), ""),
            rebuild=lambda: self.done.append("rebuild"),
            back_up=lambda folder, report, cancelled: folder / "backup.hhbak",
            save=lambda path, text: self.done.append(f"save {path.name}"),
            daily=lambda: self.told_daily,
            second=lambda: self.second,
            choose_second=self._choose_second,
        )

    def restoring(self) -> RestoreDesk:
        return RestoreDesk(found=lambda: self.backups, look=self._look_at_backup, restore=self._restore)

    def _choose_second(self, folder):
        self.second = str(folder or "")
        return self.second

    def _look_at_backup(self, path):
        when, where = "2026-10-06 17:02", "attachments-0123abcd"
        return BackupAbout(path, when, "石板村", 300, 812, 9, self.photos_missing, where, self.dated_ahead)

    def _restore(self, path, text, report, cancelled):
        report(0, 1)
        if text != PASSPHRASE:
            raise Refused("keys.wrong_passphrase")
        self.done.append(f"restore {path.name}")
        return self.desk()
