"""What a computer tells the person at it, and setting it aside."""

from __future__ import annotations

import pytest

from app.domain.errors import Refused
from app.files.package import PackageKind
from app.ui.alert_words import alert_words
from app.usecases import alerts
from tests.usecases.exchange import Computers, count, edit, household
from tests.usecases.test_forked_streams import cloned


def test_a_fork_is_told_to_the_township_and_to_the_laptop_itself(computers: Computers) -> None:
    one, township = computers.office("village-01"), computers.office("township")
    two = cloned(computers, one, "second", "village-01")
    for office in (one, two, township):
        for line in alerts.listing(office):
            alerts.set_aside(office, line.n)
    home = household(one)
    edit(one, home, address="一组1号")
    edit(two, home, address="一组2号")
    computers.send(one, township, PackageKind.UP)
    assert alerts.listing(township) == ()
    computers.send(two, township, PackageKind.UP)
    [line] = alerts.listing(township)
    assert (line.kind, line.place, line.own) == ("fork", "石板村", False)
    assert "石板村的一台电脑可能被复制过" in alert_words(line)
    computers.send(township, one, PackageKind.DOWN)
    [own] = alerts.listing(one)
    assert (own.kind, own.own) == ("own_stream_returned", True)
    assert "没有丢" in alert_words(own)


def test_a_copy_says_why_until_somebody_has_read_it(computers: Computers) -> None:
    office = computers.office("village-01")  # the demonstration, copied here
    [line] = alerts.listing(office)
    assert (line.kind, line.why) == ("rotated", "missing")
    before = count(office, "audit")
    alerts.set_aside(office, line.n)
    assert (alerts.listing(office), count(office, "audit")) == ((), before + 1)
    with pytest.raises(Refused, match=r"alerts\.none"):
        alerts.set_aside(office, line.n)
