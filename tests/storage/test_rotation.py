"""Backups made by hand outlive the daily ones, and a clock set ahead neither hides nor displaces any."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from app.storage.copies import leaving_days
from app.storage.rotation import dated, newest, thin_out

TODAY = date(2026, 3, 31)


def lay(folder: Path, day: date, reason: str = "daily", hour: int = 12) -> Path:
    path = folder / f"backup-{day:%Y%m%d}-{hour:02}0000-{reason}.hhbak"
    path.touch()
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_last_five_made_by_hand_stay_apart_from_the_rotation(tmp_path: Path) -> None:
    first = date(2026, 1, 5)
    by_hand = [lay(tmp_path, first + timedelta(days=n), "manual", hour=8) for n in range(7)]
    for n in range(86):
        lay(tmp_path, first + timedelta(days=n))
        thin_out(tmp_path, first + timedelta(days=n))
    assert [path.exists() for path in by_hand] == [False, False, True, True, True, True, True]
    rest = [name for name in names(tmp_path) if "daily" in name]
    assert len(rest) == 7 + 4


def test_made_by_hand_has_no_day_to_leave_while_it_is_among_the_last_five(tmp_path: Path) -> None:
    kept, daily = lay(tmp_path, TODAY, "manual"), lay(tmp_path, TODAY - timedelta(days=1))
    assert leaving_days(tmp_path, TODAY).keys() == {daily}
    for hour in range(13, 18):
        lay(tmp_path, TODAY, "manual", hour)
    assert kept in leaving_days(tmp_path, TODAY)


def test_a_date_after_today_comes_last(tmp_path: Path) -> None:
    ahead, old = lay(tmp_path, date(2036, 1, 1)), lay(tmp_path, TODAY - timedelta(days=9))
    assert [one.path for one in dated(tmp_path, TODAY)] == [old, ahead]
    tomorrow = lay(tmp_path, TODAY + timedelta(days=1))  # no more than a clock set back by hours
    assert newest(tmp_path, TODAY) is not None
    assert [one.path for one in dated(tmp_path, TODAY)] == [tomorrow, old, ahead]


def test_dates_after_today_displace_none_and_none_is_let_go(tmp_path: Path) -> None:
    usual = [lay(tmp_path, TODAY - timedelta(days=n)) for n in range(7)]
    ahead = [lay(tmp_path, date(2036, 1, 1) + timedelta(days=n)) for n in range(9)]
    thin_out(tmp_path, TODAY)
    assert all(path.exists() for path in [*usual, *ahead])
    # A flat battery puts the clock to the year 2000: all that is true lies ahead then.
    lay(tmp_path, date(2000, 1, 1))
    thin_out(tmp_path, date(2000, 1, 1))
    assert all(path.exists() for path in [*usual, *ahead])
