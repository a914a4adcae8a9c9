"""Files of enrolment and exchange that are refused before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import AppError, BadInput, Refused, Unavailable
from app.domain.trust import TrustDoc
from app.files.enrolment import MAX_BYTES, Starter
from app.files.package import PackageKind
from app.files.starter import StarterFile, starter_bytes
from app.usecases import enrolment, exports, merges
from app.usecases.office import Watch
from tests.usecases.exchange import TOWNSHIP, Computers, count
from tests.usecases.test_sharing import OTHER_VILLAGE, newcomer


def test_a_village_hands_out_no_starter(computers: Computers) -> None:
    with pytest.raises(Refused) as caught:
        enrolment.write_starter(computers.office("village-01"), computers.post)
    assert caught.value.code == "starter.not_above"
    assert list(computers.post.iterdir()) == []


def test_a_township_writes_for_no_other_township(computers: Computers) -> None:
    with pytest.raises(Refused) as caught:
        enrolment.open_proxy(computers.office("township"), TOWNSHIP)
    assert (caught.value.code, caught.value.params) == ("region.other_level", {"level": "village"})


def test_a_starter_that_vouches_for_nobody_is_not_taken(computers: Computers) -> None:
    file = computers.post / "空.hhstart"
    file.write_bytes(
        starter_bytes(StarterFile(Starter({OTHER_VILLAGE: "柳树沟村"}, "s8/v1", 0, ""), TrustDoc()))
    )
    village = newcomer(computers)
    with pytest.raises(BadInput) as caught:
        enrolment.accept(village, file)
    assert (caught.value.code, caught.value.params) == ("enrol.unproven", {"file": "空.hhstart"})
    assert count(village, "audit") == 0


def test_files_of_an_enrolment_that_cannot_be_read_or_written(computers: Computers) -> None:
    township, post = computers.office("township"), computers.post
    with (post / "大.hhgrant").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    (post / "夹.hhgrant").mkdir()
    for name, code in (
        ("大.hhgrant", "enrol.too_large"),
        ("无.hhgrant", "enrol.missing"),
        ("夹.hhgrant", "package.not_read"),
    ):
        with pytest.raises(AppError) as caught:
            enrolment.look_into(township, post / name)
        assert (caught.value.code, caught.value.params) == (code, {"file": name})
    with pytest.raises(Unavailable) as caught:
        enrolment.write_starter(township, post / "gone")
    assert caught.value.code == "disk.read_only"


def test_who_cancels_before_the_first_package_has_sent_nothing(computers: Computers) -> None:
    township = computers.office("township")
    before = count(township, "audit")
    told: list[tuple[int, int]] = []
    watch = Watch(lambda *now: told.append(now), lambda: True)
    with pytest.raises(Refused) as caught:
        exports.export(township, computers.post, PackageKind.DOWN, watch=watch)
    assert caught.value.code == "work.cancelled"
    assert told == [(0, 1)]
    assert list(computers.post.iterdir()) == []
    assert count(township, "audit") == before


def test_a_waiting_package_that_finds_no_room_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        merges._unpack(tmp_path / "gone" / "waiting.part", b"sealed")
    assert caught.value.code == "disk.read_only"
