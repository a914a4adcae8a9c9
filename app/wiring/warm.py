"""Load what will be needed while the passphrase is being typed, in a worker beside the window."""

from __future__ import annotations

import gc


def warm_up() -> None:
    """Import the pages behind the door and the database library, and read the policy packs."""
    import app.ui.pages.home
    import app.ui.work_area
    import app.wiring.room
    import app.wiring.seat
    from app.usecases.policy import shipped

    shipped()
    import app.usecases.workspaces  # noqa: F401 -- SQLAlchemy and the use cases

    # Modules live as long as the program: the collector need not look at them again.
    gc.freeze()
