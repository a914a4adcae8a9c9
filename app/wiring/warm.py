"""Load what will be needed while the passphrase is being typed, in a worker beside the window."""

from __future__ import annotations

import gc


def warm_up() -> None:
    """Import the pages behind the door and the database library, and read the policy packs."""
    from app.ui import work_area
    from app.ui.pages import home
    from app.usecases.policy import shipped
    from app.wiring import room, seat

    shipped()
    from app.usecases import workspaces  # SQLAlchemy and the use cases

    del home, room, seat, work_area, workspaces  # loading them was all
    # Modules live as long as the program: the collector need not look at them again.
    gc.freeze()
