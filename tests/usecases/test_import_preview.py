"""What files would bring is said before anything is written, and the import then says the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy import insert, select

from app.domain.errors import Refused
from app.domain.identity import check_digit
from app.domain.ids import Kind, Level
from app.domain.trust import Revocation, TrustDoc
from app.files import incoming
from app.files.incoming import Tray, TrayLimits
from app.files.package import PackageKind
from app.journal.entry import Body
from app.queries.arrival import CertificateState, Looked, Share
from app.storage import tables
from app.usecases import enrolment, exports, households, merges
from app.usecases.import_preview import look_into, preview
from app.usecases.office import Office, Watch
from app.usecases.trust import own_keys, take_trust
from tests.usecases.exchange import VILLAGE, Computers, count, edit, household
from tests.usecases.test_sharing import HEAD, OTHER_VILLAGE, exported, newcomer

BODY = Body("someone", "", "", "clue.added", 0, "00", {"text": "x"})
NUMBER = "99010119700101001" + check_digit("99010119700101001")


def look(office: Office, *files: Path) -> tuple[Looked, ...]:
    """Look at files and make sure that nothing was written."""
    before = [count(office, name) for name in ("journal", "stream", "entity", "import_log", "waiting")]
    found = preview(office, files)
    assert [
        count(office, name) for name in ("journal", "stream", "entity", "import_log", "waiting")
    ] == before
    assert not (office.workspace.folder / "incoming").exists()
    return found


def enrolled(here: Computers) -> Office:
    """Open a second village of the township, enrolled."""
    township, other = here.office("township"), newcomer(here)
    request = enrolment.request(other, here.post)
    grant, _ = enrolment.grant(township, request, here.post, enrolment.own_code(other))
    enrolment.accept(other, grant)
    return other


def test_who_sent_it_and_what_it_is_about(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    computers.later(hours=1)
    edit(village, household(village), address="新住址")
    computers.later(hours=1)
    households.add_household(village, {"group": "一组"}, [HEAD])
    [file] = exported(computers, village)
    [looked] = look(township, file)
    assert (looked.scope, looked.kind, looked.person) == (VILLAGE, "up", village.actor.name)
    assert (looked.certificate, looked.until > "2026") == (CertificateState.VALID, True)
    assert looked.written_at == "2026-10-07T13:01:00+08:00"
    assert (looked.first_at, looked.last_at) == ("2026-10-07T12:00:00+08:00", "2026-10-07T13:00:00+08:00")
    assert (looked.new, looked.added) == (Share(3, 2, 1), 1)
    assert looked.known.entries > 100
    assert looked.known.households == 12
    assert looked.known.persons == count(village, "p_member") - 1
    assert (looked.conflicts, looked.held, looked.doubles) == (Share(), Share(), ())
    assert (looked.ahead_ms, looked.behind_ms, looked.seen_at, looked.unknown) == (0, 0, "", 0)
    [taken] = merges.merge_files(township, [file])
    assert (taken.new, taken.known) == (looked.new.entries, looked.known.entries)
    assert (taken.households, taken.persons) == (looked.new.households, looked.new.persons)
    [again] = look(township, file)
    assert (again.new, again.first_at, again.seen_at[:10]) == (Share(), "", "2026-10-07")


def test_conflicts_of_files_looked_at_together_are_counted(computers: Computers) -> None:
    one, two = computers.office("village-01"), computers.office("second", "village-01")
    township = computers.office("township")
    home = household(one)
    edit(one, home, address="一组1号")
    edit(two, home, address="一组2号")
    [first], [second] = exported(computers, one), exported(computers, two)
    looked = look(township, first, second)
    assert [line.conflicts for line in looked] == [Share(), Share(1, 1, 0)]
    assert [line.new.entries for line in looked] == [1, 1]
    taken = merges.merge_files(township, [first, second])
    assert [line.more_conflicts for line in taken] == [0, 1]
    merges.merge_files(one, exported(computers, two, PackageKind.PEER))
    [third] = exported(computers, one)
    [both] = look(computers.office("fresh", "township"), third)
    assert (both.conflicts, both.new.entries) == (Share(1, 1, 0), 2)


def test_what_one_file_brings_is_known_in_the_next(computers: Computers, tmp_path: Path) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    edit(village, household(village), address="新住址")
    [older] = exported(computers, village)
    edit(village, household(village), address="更新的住址")
    [newer] = exported(computers, village)
    assert [line.new.entries for line in look(township, older, newer)] == [1, 1]
    assert [line.new.entries for line in look(township, newer, older)] == [2, 0]
    merges.merge_files(township, [newer])
    [late] = look(township, older)
    assert (late.new, late.seen_at) == (Share(), "")


def test_a_person_present_in_two_households_is_told(computers: Computers) -> None:
    village, township, other = (
        computers.office("village-01"),
        computers.office("township"),
        enrolled(computers),
    )
    with township.workspace.read() as conn:
        table = tables.PROJECTED[Kind.MEMBER]
        query = select(table.c.name, table.c.id_number, table.c.born, table.c.household)
        known = conn.execute(query.where(table.c.id_number.is_not(None), table.c.relation == "01")).first()
    assert known is not None
    twin = {"name": "石文斌", "sex": "1", "relation": "01", "born": known.born, "id_number": known.id_number}
    namesake = {"name": known.name, "sex": "1", "relation": "02", "born": known.born}
    households.add_household(other, {"group": "一组"}, [twin, namesake])
    [file] = exported(computers, other)
    [looked] = look(township, file)
    [double] = looked.doubles
    assert (double.reason, double.coming_place) == ("id_number", OTHER_VILLAGE)
    assert "*" in double.name
    assert known.name not in double.head
    assert double.code
    merges.merge_files(township, [file])
    edit(other, household(other), address="与此无关")
    [looked] = look(township, *exported(computers, other))
    assert looked.doubles == ()
    assert village.actor.name


def test_newcomers_of_two_files_are_compared_too(computers: Computers) -> None:
    village, township, other = (
        computers.office("village-01"),
        computers.office("township"),
        enrolled(computers),
    )
    households.add_household(village, {"group": "一组"}, [HEAD])
    households.add_household(other, {"group": "一组"}, [HEAD, {**HEAD, "relation": "02", "name": "石林"}])
    [first], [second] = exported(computers, village), exported(computers, other)
    one, two = look(township, first, second)
    assert one.doubles == ()
    assert [(line.reason, line.name, line.code) for line in two.doubles] == [("name_born", "石*斌", "")]


def test_the_same_number_twice_in_one_file(computers: Computers) -> None:
    township, other = computers.office("township"), enrolled(computers)
    for name in ("石文斌", "石林"):
        households.add_household(other, {"group": "一组"}, [{**HEAD, "name": name, "id_number": NUMBER}])
    [looked] = look(township, *exported(computers, other))
    assert [(line.reason, line.place) for line in looked.doubles] == [("id_number", OTHER_VILLAGE)]


def test_a_sender_nobody_vouches_for_waits(computers: Computers) -> None:
    township, other = computers.office("township"), newcomer(computers)
    enrolment.accept(other, enrolment.write_starter(township, computers.post))
    households.add_household(other, {"group": "一组"}, [HEAD])
    [file] = exported(computers, other)
    [looked] = look(township, file)
    assert (looked.certificate, looked.person) == (CertificateState.UNKNOWN, other.actor.name)
    assert looked.new == Share()
    [taken] = merges.merge_files(township, [file])
    assert (taken.waiting, taken.held) == (True, looked.held.entries)


def test_a_certificate_that_ends_is_told_in_time(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    [file] = exported(computers, village)
    [looked] = look(township, file)
    ends = looked.until
    days = _days_until(ends, computers)
    computers.later(days=days - 10)
    assert look(township, file)[0].certificate is CertificateState.EXPIRING
    computers.later(days=20)
    assert look(township, file)[0].certificate is CertificateState.EXPIRED


def _days_until(day: str, here: Computers) -> int:
    return (date.fromisoformat(day) - here.clock.moment.date()) // timedelta(days=1)


def test_records_beyond_a_level_and_of_later_programs_are_told_apart(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    home = household(village)
    with village.workspace.write(replace(village.actor, level=Level.TOWNSHIP)) as tx:
        tx.record("household.moved_out", Kind.HOUSEHOLD, home, {"address": "别处"})
    with village.workspace.write(village.actor) as tx:
        tx._append(tx._entity(home), structs.replace(BODY, entity=home, kind="clue"))
        tx._touch(Kind.HOUSEHOLD, home, {})
    [looked] = look(township, *exported(computers, village))
    assert (looked.new.entries, looked.held, looked.unknown) == (2, Share(1, 1, 0), 1)


def test_a_revoked_sender_is_told(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    edit(village, household(village), address="新住址")
    [file] = exported(computers, village)
    keys = own_keys(township.workspace)
    made = Revocation(own_keys(village.workspace).key, (), keys.key, "2026-10-01", "lost")
    made = replace(made, signature=keys.sign(made.signed_part()))
    with township.workspace.bookkeeping() as conn:
        take_trust(conn, TrustDoc(revocations=(made,)), township.workspace)
    [looked] = look(township, file)
    assert (looked.certificate, looked.held) == (CertificateState.REVOKED, Share(1, 1, 0))


def test_who_cancels_while_a_file_is_copied_has_not_taken_it_in(
    computers: Computers, monkeypatch: pytest.MonkeyPatch
) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    [file] = exported(computers, village)
    monkeypatch.setattr(incoming, "_lies_elsewhere", lambda _path, _workspace: True)
    answers = iter([False, True])
    assert merges.merge_files(township, [file], cancelled=lambda: next(answers)) == ()
    with pytest.raises(Refused, match=r"work\.cancelled"):
        preview(township, [file], Watch(cancelled=lambda: True))


def test_a_clock_that_ran_behind_is_told(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    computers.later(hours=20)
    edit(village, household(village), address="新住址")
    computers.later(hours=-20)
    [file] = exported(computers, village)
    [looked] = look(township, file)
    assert 19 * 3_600_000 < looked.behind_ms <= 20 * 3_600_000


def test_a_fork_and_kinds_of_a_later_program_are_counted(computers: Computers) -> None:
    one, township = computers.office("village-01"), computers.office("township")
    twin = computers.office("twin", "village-01")
    with one.workspace.read() as conn:
        incarnation = conn.execute(select(tables.device.c.incarnation)).scalar_one()
    with twin.workspace.bookkeeping() as conn:
        conn.execute(tables.device.update().values(incarnation=incarnation))
    edit(one, household(one), address="一组1号")
    edit(twin, household(twin), address="一组2号")
    [first], [second] = exported(computers, one), exported(computers, twin)
    assert [line.forked for line in look(township, first)] == [0]
    merges.merge_files(township, [first])
    [looked] = look(township, second)
    assert (looked.forked, looked.new.entries, looked.conflicts.entries) == (1, 1, 1)
    merges.merge_files(township, [second])
    [again] = look(township, second)
    assert (again.forked, again.new.entries) == (0, 0)
    edit(twin, household(twin, 1), address="又一处")
    [more] = look(township, *exported(computers, twin))
    assert (more.forked, more.new.entries) == (0, 1)


def test_files_that_are_named_and_come_in_no_package(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    name = "sha256:" + "ab" * 32
    with village.workspace.write(village.actor) as tx:
        values = {"file": name, "household": household(village), "mime": "image/jpeg"}
        tx.record("attachment.added", Kind.ATTACHMENT, tx.new_id(), values)
    [file] = exported(computers, village)
    [before] = look(township, file)
    assert before.missing == 1
    with township.workspace.bookkeeping() as conn:
        conn.execute(insert(tables.blob).values(hash=name, data=b"x"))
    [after] = look(township, file)
    assert after.missing == 0


def test_bad_files_say_why_and_a_cancelled_look_keeps_nothing(computers: Computers, tmp_path: Path) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    [file] = exported(computers, village)
    letter = tmp_path / "letter.hhpkg"
    letter.write_text("信")
    bad, good = look(township, letter, file)
    assert bad.refused is not None
    assert (bad.refused.code, good.refused) == ("package.not_a_package", None)
    told: list[tuple[int, int]] = []
    with pytest.raises(Refused, match=r"work\.cancelled"):
        preview(township, [file, letter], Watch(lambda *now: told.append(now), lambda: True))
    assert told == [(0, 2)]


def test_packages_too_large_to_keep_are_read_again(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    edit(village, household(village), address="新住址")
    [file] = exported(computers, village)
    secrets = [own_keys(township.workspace).open_secret]
    with Tray(township.workspace.folder, secrets, TrayLimits(keep_one=10)) as tray:
        [looked] = look_into(township, tray, [file])
        assert not tray.keeps(file)
        [taken] = merges.merge_files(township, [file], tray=tray)
    assert (taken.new, looked.new.entries) == (1, 1)


def test_what_changed_after_the_look_is_not_taken_in(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    edit(village, household(village), address="新住址")
    [file] = exported(computers, village)
    edit(village, household(village), address="更新的住址")
    [other] = exported(computers, village)
    with Tray(township.workspace.folder, [own_keys(township.workspace).open_secret]) as tray:
        look_into(township, tray, [file])
        other.replace(file)
        [taken] = merges.merge_files(township, [file], tray=tray)
    assert taken.refused is not None
    assert taken.refused.code == "package.changed_since"


def test_packages_released_by_an_import_are_told(computers: Computers) -> None:
    """A county hears of a village's certificate with the township's package; the village's own had waited."""
    county, township = computers.office("county"), computers.office("township")
    other = newcomer(computers)
    enrolment.accept(other, enrolment.write_starter(township, computers.post))
    households.add_household(other, {"group": "一组"}, [HEAD])
    [early] = exported(computers, other)
    request = enrolment.request(other, computers.post)
    enrolment.grant(township, request, computers.post, enrolment.own_code(other))
    [waiting] = merges.merge_files(county, [early])
    assert waiting.waiting
    [sent] = exports.export(township, computers.post, PackageKind.UP)
    [outcome] = merges.merge_files(county, sent.files)
    assert [one.new > 0 for one in outcome.released] == [True]
