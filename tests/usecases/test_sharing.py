"""Exchange by files: sets are joined, nothing is lost, nothing counts before its sender is known."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Level
from app.files.package import PackageKind
from app.files.package_out import PackageContent, write_package
from app.queries import rows
from app.queries.conflicts import conflicts
from app.queries.exchange import Delivery, village_board, waiting
from app.queries.history import Standing, history
from app.usecases import (
    attachments,
    cases,
    enrolment,
    exports,
    households,
    merges,
    policy,
    rounds,
    trust,
    workspaces,
)
from app.usecases import conflicts as settling
from app.usecases.import_preview import preview
from app.usecases.office import Office
from tests.usecases.exchange import (
    CHEAP,
    COUNTY,
    TOWNSHIP,
    VILLAGE,
    Computers,
    count,
    digest_of,
    edit,
    household,
    value,
)

OTHER_VILLAGE = "990101001202"
HEAD = {"name": "石文斌", "sex": "1", "relation": "01", "born": "1970-01-01"}


def exported(here: Computers, office: Office, kind: PackageKind = PackageKind.UP) -> list[Path]:
    here.later(minutes=1)
    return [file for one in exports.export(office, here.post, kind) for file in one.files]


def newcomer(here: Computers, scope: str = OTHER_VILLAGE, name: str = "newcomer") -> Office:
    """Open a village's new workspace that nobody has enrolled."""
    setup = workspaces.Setup(
        Level.VILLAGE,
        scope,
        {scope: "柳树沟村", TOWNSHIP: "清溪镇"},
        {"name": "石正华", "position": "文书"},
        here.passphrase,
        cost=CHEAP,
    )
    here.opened[name] = workspaces.create(here.folder / name, setup, here.clock)
    return here.opened[name]


def test_the_same_file_twice_changes_nothing(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    edit(village, household(village), address="新住址")
    [file] = exported(computers, village)
    [first] = merges.merge_files(township, [file])
    after = digest_of(township)
    assert (first.new, first.held, first.refused) == (1, 0, None)
    assert first.known > 100
    assert after == digest_of(village)
    [second] = merges.merge_files(township, [file])
    assert (second.new, second.known) == (0, first.known + 1)
    assert digest_of(township) == after


def test_a_preview_tells_the_same_and_writes_nothing(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    edit(village, household(village), address="新住址")
    [file] = exported(computers, village)
    before = (digest_of(township), count(township, "journal"), count(township, "import_log"))
    [looked] = preview(township, [file])
    assert (digest_of(township), count(township, "journal"), count(township, "import_log")) == before
    [taken] = merges.merge_files(township, [file])
    assert (looked.new.entries, looked.known.entries, looked.scope) == (taken.new, taken.known, VILLAGE)


def test_a_package_from_the_future_says_how_far(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    computers.later(days=3 * 365)
    [file] = exported(computers, village)
    computers.later(days=-3 * 365)
    [looked] = preview(township, [file])
    days = looked.ahead_ms / 86_400_000
    assert 3 * 365 - 1 < days <= 3 * 365 + 1


def test_two_laptops_of_a_village_keep_both_values(computers: Computers) -> None:
    one, two = computers.office("village-01"), computers.office("second", "village-01")
    home = household(one)
    edit(one, home, address="一组1号")
    computers.later(minutes=5)
    edit(two, home, address="一组2号")
    computers.send(one, two, PackageKind.PEER)
    computers.send(two, one, PackageKind.PEER)
    assert digest_of(one) == digest_of(two)
    for office in (one, two):
        with office.workspace.read() as conn:
            [line] = conflicts(conn, office.policy, VILLAGE)
            heads = [row.value for row in history(conn, home) if row.state is Standing.HEAD]
        assert (line.field, line.household) == ("address", home)
        assert sorted(head.text for head in line.heads) == ["一组1号", "一组2号"]
        assert sorted(heads) == ["一组1号", "一组2号"]
        assert value(office, home, "address") == "一组2号"


def test_a_settled_conflict_is_settled_everywhere(computers: Computers) -> None:
    one, two = computers.office("village-01"), computers.office("second", "village-01")
    home = household(one)
    edit(one, home, address="一组1号")
    edit(two, home, address="一组2号")
    computers.send(one, two, PackageKind.PEER)
    with two.workspace.read() as conn:
        [line] = conflicts(conn, two.policy, VILLAGE)
    chosen = next(head for head in line.heads if head.text == "一组1号")
    settling.resolve_conflicts(two, [settling.Settlement(home, "address", take=chosen.entry)])
    computers.send(two, one, PackageKind.PEER)
    assert digest_of(one) == digest_of(two)
    for office in (one, two):
        assert count(office, "conflict") == 0
        assert value(office, home, "address") == "一组1号"


def test_a_conflict_can_get_a_third_value(computers: Computers) -> None:
    one, two = computers.office("village-01"), computers.office("second", "village-01")
    home = household(one)
    edit(one, home, address="一组1号")
    edit(two, home, address="一组2号")
    computers.send(one, two, PackageKind.PEER)
    settling.resolve_conflicts(two, [settling.Settlement(home, "address", value="一组3号")])
    assert (count(two, "conflict"), value(two, home, "address")) == (0, "一组3号")
    with pytest.raises(Refused, match=r"conflict\.none"):
        settling.resolve_conflicts(two, [settling.Settlement(home, "address", value="一组4号")])


def test_nothing_counts_before_the_certificate_and_everything_after(computers: Computers) -> None:
    township, village = computers.office("township"), newcomer(computers)
    with pytest.raises(Refused, match=r"sync\.not_enrolled"):
        exports.export(village, computers.post, PackageKind.UP)
    enrolment.accept(village, enrolment.write_starter(township, computers.post))
    households.add_household(village, {"group": "一组"}, [HEAD])
    [file] = exported(computers, village)
    before = digest_of(township, COUNTY), count(township, "journal")
    [outcome] = merges.merge_files(township, [file])
    assert (outcome.waiting, outcome.new, outcome.held > 0) == (True, 0, True)
    merges.merge_files(township, [file])
    assert (digest_of(township, COUNTY), count(township, "journal")) == before
    with township.workspace.read() as conn:
        [line] = waiting(conn, {})
        states = {one.scope: one.state for one in village_board(conn, {}, TOWNSHIP)}
    assert (line.scope, line.file) == (OTHER_VILLAGE, file.name)
    assert states == {VILLAGE: Delivery.DELIVERED, OTHER_VILLAGE: Delivery.NOT_ENROLLED}
    request = enrolment.request(village, computers.post)
    grant, released = enrolment.grant(township, request, computers.post, enrolment.own_code(village))
    assert [(one.refused, one.new > 0, one.held) for one in released] == [(None, True, 0)]
    assert count(township, "waiting") == 0
    assert digest_of(township, OTHER_VILLAGE) == digest_of(village, OTHER_VILLAGE)
    enrolment.accept(village, grant)
    computers.send(township, village, PackageKind.DOWN, OTHER_VILLAGE)
    assert digest_of(township, OTHER_VILLAGE) == digest_of(village, OTHER_VILLAGE)


def test_a_wrong_code_grants_nothing(computers: Computers) -> None:
    township, village = computers.office("township"), newcomer(computers)
    request = enrolment.request(village, computers.post)
    asked = enrolment.read_request(township, request)
    assert (asked.scope, asked.code, asked.person) == (
        OTHER_VILLAGE,
        enrolment.own_code(village),
        "石正华",
    )
    with pytest.raises(Refused, match=r"enrol\.code_differs"):
        enrolment.grant(township, request, computers.post, f"{(int(asked.code) + 1) % 10**8:08d}")
    with township.workspace.read() as conn:
        lines = village_board(conn, {}, TOWNSHIP)
    assert [line.scope for line in lines] == [VILLAGE]


def test_a_rebuilt_projection_has_the_same_digest(computers: Computers) -> None:
    township = computers.office("township")
    before = digest_of(township, COUNTY)
    township.workspace.rebuild()
    assert digest_of(township, COUNTY) == before
    assert count(township, "household_line") == 12


def test_the_township_writes_for_a_village_that_never_enrols(computers: Computers) -> None:
    township, county = computers.office("township"), computers.office("county")
    proxy = enrolment.open_proxy(township, OTHER_VILLAGE)
    assert (proxy.level, proxy.actor.scope) == (Level.VILLAGE, OTHER_VILLAGE)
    changes = households.add_household(proxy, {"group": "一组"}, [HEAD])
    assert any(kind is Kind.HOUSEHOLD for kind, _ in changes.touched)
    with township.workspace.read() as conn:
        line = next(one for one in village_board(conn, {}, TOWNSHIP) if one.scope == OTHER_VILLAGE)
    assert line.by_proxy
    outcomes = computers.send(township, county, PackageKind.UP)
    assert sum(one.held for one in outcomes) == 0
    assert digest_of(county, OTHER_VILLAGE) == digest_of(township, OTHER_VILLAGE)
    with county.workspace.read() as conn:
        known = conn.exec_driver_sql(
            "SELECT count(*) FROM household_line WHERE village = ?", (OTHER_VILLAGE,)
        )
        assert known.scalar() == 1


def test_only_a_township_writes_for_its_own_villages(computers: Computers) -> None:
    with pytest.raises(Refused, match=r"enrol\.proxy_only_township"):
        enrolment.open_proxy(computers.office("county"), VILLAGE)
    with pytest.raises(Refused, match=r"region\.outside"):
        enrolment.open_proxy(computers.office("township"), "990101002201")


def test_a_file_of_another_area_is_refused(computers: Computers) -> None:
    township, stranger = computers.office("township"), newcomer(computers, "990102001201")
    with township.workspace.read() as conn:
        doc = trust.load_trust(conn)
    content = PackageContent(
        PackageKind.UP, Level.VILLAGE, "990102001201", "0", 1_800_000_000_000, [], doc.to_bytes()
    )
    recipient = trust.own_keys(township.workspace).recipient
    file = write_package(computers.post, content, trust.own_keys(stranger.workspace), [recipient])
    before = digest_of(township, COUNTY)
    [outcome] = merges.merge_files(township, [file])
    assert outcome.refused is not None
    assert outcome.refused.code == "package.other_area"
    assert (digest_of(township, COUNTY), count(township, "waiting")) == (before, 0)
    [looked] = preview(township, [file])
    assert looked.refused is not None
    assert looked.refused.code == "package.other_area"


def test_a_bad_file_does_not_keep_the_good_ones_out(computers: Computers, tmp_path: Path) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    edit(village, household(village), address="新住址")
    [good] = exported(computers, village)
    cut = tmp_path / "cut.hhpkg"
    cut.write_bytes(good.read_bytes()[:-400])
    letter = tmp_path / "letter.hhpkg"
    letter.write_text("信")
    reported: list[tuple[int, int]] = []
    outcomes = merges.merge_files(township, [cut, letter, good], lambda done, of: reported.append((done, of)))
    assert [one.refused is None for one in outcomes] == [False, False, True]
    assert outcomes[2].new == 1
    assert reported[-1] == (3, 3)
    assert digest_of(township) == digest_of(village)


def test_cancelling_stops_between_two_files(computers: Computers, tmp_path: Path) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    [file] = exported(computers, village)
    copy = tmp_path / "copy.hhpkg"
    shutil.copy(file, copy)
    answers = iter([False, True])
    outcomes = merges.merge_files(township, [file, copy], cancelled=lambda: next(answers))
    assert [one.file for one in outcomes] == [file.name]


def test_decisions_come_back_down(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    with township.workspace.read() as conn:
        [case] = conn.exec_driver_sql("SELECT uid FROM case_line WHERE step = 'check' LIMIT 1").scalars()
        people = conn.exec_driver_sql(
            "SELECT uid FROM p_person WHERE entity_scope = ? ORDER BY name", (TOWNSHIP,)
        ).scalars()
        first, second = people.all()
    given = {
        "checker1": first,
        "checker2": second,
        "check_opinion": "同意上报",
        "sample_result": "consistent",
    }
    cases.act_on_case(township, EntityId(case), "check.approve", given)
    assert digest_of(township) != digest_of(village)
    computers.send(township, village, PackageKind.DOWN)
    assert digest_of(township) == digest_of(village)
    with village.workspace.read() as conn:
        assert rows.get(conn, Kind.CASE, case)["stage"] == "audit"


def test_a_village_has_nobody_below(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    with pytest.raises(Refused, match=r"sync\.nobody_below"):
        exports.export(village, computers.post, PackageKind.DOWN)
    with pytest.raises(Refused, match=r"sync\.nobody_there"):
        exports.export(township, computers.post, PackageKind.DOWN, OTHER_VILLAGE)
    with pytest.raises(Refused, match=r"region\.outside"):
        exports.export(township, computers.post, PackageKind.DOWN, "990102001201")


def test_photos_come_with_what_waited(computers: Computers, tmp_path: Path) -> None:
    township, village = computers.office("township"), newcomer(computers)
    enrolment.accept(village, enrolment.write_starter(township, computers.post))
    rounds.open_round(village, rounds.NewRound("2026年第一批", 2026, policy.DEFAULT))
    added = households.add_household(village, {"group": "一组"}, [HEAD])
    home = next(uid for kind, uid in added.touched if kind is Kind.HOUSEHOLD)
    opened = cases.open_case(village, home, "identify", {})
    case = next(uid for kind, uid in opened.touched if kind is Kind.CASE)
    photo = tmp_path / "photo.png"
    photo.write_bytes(picture())
    attached = attachments.attach(village, case, "apply", photo)
    uid = next(uid for kind, uid in attached.touched if kind is Kind.ATTACHMENT)
    [file] = exported(computers, village)
    assert [one.waiting for one in merges.merge_files(township, [file])] == [True]
    request = enrolment.request(village, computers.post)
    _, released = enrolment.grant(township, request, computers.post, enrolment.own_code(village))
    assert [one.refused for one in released] == [None]
    with township.workspace.read() as conn:
        digest = str(rows.get(conn, Kind.ATTACHMENT, uid)["file"])
    assert attachments.read_attachment(township, digest) == attachments.read_attachment(village, digest)
    assert list(township.workspace.folder.glob("*.part")) == []


def test_a_waiting_package_that_cannot_be_read_stays_and_says_why(
    computers: Computers, tmp_path: Path
) -> None:
    township, village = computers.office("township"), newcomer(computers)
    enrolment.accept(village, enrolment.write_starter(township, computers.post))
    households.add_household(village, {"group": "一组"}, [HEAD])
    [file] = exported(computers, village)
    merges.merge_files(township, [file])
    with township.workspace.bookkeeping() as conn:
        conn.exec_driver_sql("UPDATE waiting SET data = substr(data, 1, length(data) - 200)")
    request = enrolment.request(village, computers.post)
    written, released = enrolment.grant(township, request, computers.post, enrolment.own_code(village))
    assert written.exists()
    assert [one.refused is None for one in released] == [False]
    assert count(township, "waiting") == 1


def picture() -> bytes:
    """Return a small picture in one colour."""
    import struct
    import zlib

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    lines = zlib.compress(b"".join(b"\0" + b"\x40\x80\x40" * 8 for _ in range(8)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")
