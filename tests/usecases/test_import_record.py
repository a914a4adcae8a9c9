"""What the log keeps for the reader and for taking an import back."""

from __future__ import annotations

from app.usecases.import_record import Noting
from tests.usecases.exchange import Computers, count, household


def test_derivation_is_passed_on_and_remembered(computers: Computers) -> None:
    office = computers.office("township")
    noting = Noting(office.workspace.deriver)
    home = household(office)
    with office.workspace.bookkeeping() as conn:
        conn.exec_driver_sql("DELETE FROM household_line")
        noting.derive(conn, [home])
    assert (noting.households, count(office, "household_line")) == ({home}, 1)
