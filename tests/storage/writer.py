"""A program that writes without end and says what is safe; the crash test kills it at any moment.

python -m tests.storage.writer FOLDER NUMBER      # prints "<entity id> <value>" after each commit
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from app.domain.ids import Kind
from app.usecases import workspaces
from app.usecases.clock import FixedClock

PASSPHRASE = "石榴 毛竹 豆腐 山泉 木桥 77"
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def main(folder: str, number: str) -> None:
    office = workspaces.unlock(Path(folder), PASSPHRASE, FixedClock(NOW))
    count = 0
    while True:
        count += 1
        with office.workspace.write(office.actor) as tx:
            uid = tx.new_id()
            village = office.actor.scope
            tx.record("household.added", Kind.HOUSEHOLD, uid, {"village": village, "group": f"{number}组"})
            for place in range(count % 7):
                fields = {"household": uid, "name": f"甲{place}", "relation": "01" if not place else "03"}
                tx.record("member.added", Kind.MEMBER, tx.new_id(), fields)
        # The first write loads the readings of names: only from then on it is quick.
        sys.stdout.write("ready\n" if count == 1 else f"{uid} {count % 7}\n")
        sys.stdout.flush()
        if count % 5 == 0:
            office.drafts.save("crash", f"{number} {count}", office.workspace.clock.now())


if __name__ == "__main__":
    main(*sys.argv[1:])
