"""A whole import is taken back as if the file had never come, until something rests on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert, select

from app.domain.alert import AlertKind
from app.domain.errors import Refused
from app.domain.ids import Kind
from app.files.package import PackageKind
from app.journal import chain
from app.queries.exchange import ImportLine, import_log
from app.queries.import_undo import undo_extent
from app.storage import tables
from app.storage.merge import streams_of
from app.usecases import alerts, devices, enrolment, exports, households, merges
from app.usecases.conflicts import Settlement, resolve_conflicts
from app.usecases.import_undo import undo_imports
from app.usecases.office import Office
from tests.usecases.exchange import COUNTY, VILLAGE, Computers, count, digest_of, edit, household, value
from tests.usecases.test_forked_streams import cloned
from tests.usecases.test_sharing import HEAD, OTHER_VILLAGE, exported, newcomer


def imports(office: Office) -> tuple[ImportLine, ...]:
    with office.workspace.read() as conn:
        return import_log(conn, {})


def everything(office: Office) -> dict[str, object]:
    """Return all that must be as before: truth, projections and the digest of the county."""
    found: dict[str, object] = {"digest": digest_of(office, COUNTY)}
    names = [*tables.projections.sorted_tables, tables.stream, tables.journal, tables.entity]
    with office.workspace.read() as conn:
        for table in (*names, tables.import_log, tables.waiting):
            found[table.name] = sorted(map(repr, conn.execute(select(table)).all()))
    return found


def refused(office: Office, number: int) -> Refused:
    before = everything(office)
    with pytest.raises(Refused) as caught:
        undo_imports(office, [number])
    assert everything(office) == before
    return caught.value


def test_an_undone_import_leaves_nothing_and_comes_back_with_the_file(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    home = household(village)
    edit(village, home, address="新住址")
    households.add_household(village, {"group": "一组"}, [HEAD])
    [file] = exported(computers, village)
    before = everything(township)
    merges.merge_files(township, [file])
    with_it = digest_of(township, COUNTY)
    number = imports(township)[0].number
    with township.workspace.read() as conn:
        looked = undo_extent(conn, [number])
    extent, changes = undo_imports(township, [number])
    assert extent == looked
    assert (extent.scopes, extent.entries, extent.households, extent.persons) == ((VILLAGE,), 3, 2, 1)
    assert (Kind.HOUSEHOLD, home) in changes.touched
    assert everything(township) == before
    township.workspace.rebuild()
    assert everything(township) == before
    assert count(township, "audit WHERE action = 'import_undone'") == 1
    [again] = merges.merge_files(township, [file])
    assert again.new == extent.entries
    assert digest_of(township, COUNTY) == with_it == digest_of(village, COUNTY)


def test_heads_and_seals_still_fit_after_an_undo(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    edit(village, household(village), address="新住址")
    computers.send(village, township, PackageKind.UP)
    undo_imports(township, [imports(township)[0].number])
    with township.workspace.read() as conn:
        for part in streams_of(conn, [VILLAGE.rstrip("0")]):
            link = chain.genesis(part.uid)
            for number, body in enumerate(part.entries, start=1):
                link = chain.link(link, part.uid, number, body)
            row = conn.execute(select(tables.stream).where(tables.stream.c.uid == part.uid)).one()
            assert (row.head, row.head_seq) == (link, len(part.entries))
    # What is handed on is sealed by those who wrote it, or the export would refuse.
    computers.send(township, computers.office("county"), PackageKind.UP)
    assert digest_of(computers.office("county"), COUNTY) == digest_of(township, COUNTY)


def test_a_branch_an_import_brought_goes_with_it(computers: Computers, tmp_path: Path) -> None:
    one, township = computers.office("village-01"), computers.office("township")
    twin = computers.office("twin", "village-01")
    twin.workspace.rotate("path")
    with one.workspace.read() as conn:
        incarnation = conn.execute(select(tables.device.c.incarnation)).scalar_one()
    with twin.workspace.bookkeeping() as conn:
        conn.execute(tables.device.update().values(incarnation=incarnation))
    edit(one, household(one), address="一组1号")
    edit(twin, household(twin), address="一组2号")
    computers.send(one, township, PackageKind.UP)
    before, told = everything(township), alerts.listing(township)
    [outcome] = computers.send(twin, township, PackageKind.UP)
    assert outcome.forked == 1
    whole = everything(township)["digest"]
    assert [line.kind for line in alerts.listing(township)] == [*(line.kind for line in told), AlertKind.FORK]
    undo_imports(township, [imports(township)[0].number])
    assert everything(township) == before
    assert alerts.listing(township) == told  # nobody is told of two branches where there is one
    assert value(township, household(one), "address") == "一组1号"
    # The same file again: the fork is there again, and is told again.
    [outcome] = computers.send(twin, township, PackageKind.UP)
    assert (outcome.forked, everything(township)["digest"]) == (1, whole)
    assert alerts.listing(township)[-1].kind is AlertKind.FORK


def test_a_fork_that_stays_is_still_told_when_a_further_branch_goes(computers: Computers) -> None:
    one, township = computers.office("village-01"), computers.office("township")
    twins = [cloned(computers, one, name, "village-01") for name in ("second", "third")]
    for number, office in enumerate((one, *twins)):
        edit(office, household(office), address=f"一组{number}号")
        computers.send(office, township, PackageKind.UP)
    undo_imports(township, [imports(township)[0].number])
    assert [line.kind for line in alerts.listing(township) if line.place == "石板村"] == [AlertKind.FORK]
    undo_imports(township, [imports(township)[0].number])
    assert [line.kind for line in alerts.listing(township) if line.kind is AlertKind.FORK] == []
    assert value(township, household(one), "address") == "一组0号"


def test_what_was_written_here_on_the_same_household_keeps_it(computers: Computers) -> None:
    one, two = computers.office("village-01"), computers.office("second", "village-01")
    home = household(one)
    edit(one, home, address="一组1号")
    computers.send(one, two, PackageKind.PEER)
    number = imports(two)[0].number
    edit(two, household(two, 1), address="别处")
    with two.workspace.read() as conn:
        assert undo_extent(conn, [number]).entries == 1
    [(member, _)] = _members(two, home)[:1]
    households.edit(two, home, [households.Edit(Kind.MEMBER, member, {"phone": "13900000000"})], "核对后更正")
    error = refused(two, number)
    assert error.code == "imports.built_upon"
    assert error.params["number"] == 1
    assert str(error.params["households"]).count("（") == 1


def _members(office: Office, home: str) -> list[tuple[str, str]]:
    with office.workspace.read() as conn:
        query = select(tables.PROJECTED[Kind.MEMBER].c.uid, tables.PROJECTED[Kind.MEMBER].c.name)
        return [
            (row.uid, row.name)
            for row in conn.execute(query.where(tables.PROJECTED[Kind.MEMBER].c.household == home))
        ]


def test_a_settled_conflict_rests_on_both_sides(computers: Computers) -> None:
    one, two = computers.office("village-01"), computers.office("second", "village-01")
    home = household(one)
    edit(one, home, address="一组1号")
    edit(two, home, address="一组2号")
    computers.send(one, two, PackageKind.PEER)
    resolve_conflicts(two, [Settlement(home, "address", value="一组3号")])
    assert refused(two, imports(two)[0].number).code == "imports.built_upon"


def test_a_later_import_of_the_same_records_goes_first(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    edit(village, household(village), address="一组1号")
    computers.send(village, township, PackageKind.UP)
    first = imports(township)[0].number
    before = digest_of(township)
    edit(village, household(village, 1), address="一组2号")
    computers.send(village, township, PackageKind.UP)
    second = imports(township)[0].number
    error = refused(township, first)
    assert (error.code, error.params["number"]) == ("imports.later_first", second)
    undo_imports(township, [second])
    assert digest_of(township) == before


def test_several_imports_go_together_all_or_none(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    before = everything(township)
    for address in ("一组1号", "一组2号"):
        edit(village, household(village), address=address)
        computers.send(village, township, PackageKind.UP)
    second, first = (line.number for line in imports(township)[:2])
    extent, _ = undo_imports(township, [first, second])
    assert (extent.numbers, extent.entries, extent.households) == ((second, first), 2, 1)
    assert everything(township) == before


def test_what_was_exported_from_here_stays(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    edit(village, household(village), address="一组1号")
    computers.send(village, township, PackageKind.UP)
    number = imports(township)[0].number
    exported(computers, township)
    error = refused(township, number)
    assert (error.code, error.params["place"]) == ("imports.exported", "990101001000")


def test_what_a_new_computer_was_filled_with_stays(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    edit(village, household(village), address="一组1号")
    computers.send(village, township, PackageKind.UP)
    number = imports(township)[0].number
    devices.fill(township, computers.post, COUNTY)
    assert refused(township, number).code == "imports.exported"


def test_an_export_for_another_village_does_not_count(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    other = newcomer(computers)
    enrolment.accept(other, enrolment.write_starter(township, computers.post))
    request = enrolment.request(other, computers.post)
    enrolment.grant(township, request, computers.post, enrolment.own_code(other))
    edit(village, household(village), address="一组1号")
    computers.send(village, township, PackageKind.UP)
    number = imports(township)[0].number
    computers.later(minutes=1)
    exports.export(township, computers.post, PackageKind.DOWN, OTHER_VILLAGE)
    undo_imports(township, [number])
    assert value(township, household(township), "address") != "一组1号"


def test_a_released_package_can_be_taken_back_too(computers: Computers) -> None:
    township, other = computers.office("township"), newcomer(computers)
    enrolment.accept(other, enrolment.write_starter(township, computers.post))
    households.add_household(other, {"group": "一组"}, [HEAD])
    [file] = exported(computers, other)
    merges.merge_files(township, [file])
    request = enrolment.request(other, computers.post)
    enrolment.grant(township, request, computers.post, enrolment.own_code(other))
    extent, _ = undo_imports(township, [imports(township)[0].number])
    assert (extent.households, extent.persons) == (1, 1)
    assert count(township, "household_line") == 12


def test_what_rests_on_it_without_a_household_is_told_otherwise(computers: Computers) -> None:
    one, two = computers.office("village-01"), computers.office("second", "village-01")
    with one.workspace.read() as conn:
        table = tables.PROJECTED[Kind.MEETING]
        meeting = conn.execute(select(table.c.uid)).scalars().first()
    assert meeting is not None
    with one.workspace.write(one.actor) as tx:
        tx.record("meeting.noted", Kind.MEETING, meeting, {"place": "村委会"})
    computers.send(one, two, PackageKind.PEER)
    with two.workspace.write(two.actor) as tx:
        tx.record("meeting.noted", Kind.MEETING, meeting, {"place": "学校"})
    assert refused(two, imports(two)[0].number).code == "imports.built_upon_otherwise"


def test_own_records_that_came_back_stay(computers: Computers) -> None:
    one, two = computers.office("village-01"), computers.office("second", "village-01")
    rolled = computers.office("rolled", "village-01")
    edit(one, household(one), address="一组1号")
    computers.send(one, two, PackageKind.PEER)
    computers.send(two, rolled, PackageKind.PEER)
    with one.workspace.read() as conn:
        incarnation = conn.execute(select(tables.device.c.incarnation)).scalar_one()
    with rolled.workspace.bookkeeping() as conn:
        conn.execute(tables.device.update().values(incarnation=incarnation))
    assert refused(rolled, imports(rolled)[0].number).code == "imports.own_records"


def test_an_import_that_deleted_lawfully_stays(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    edit(village, household(village), address="一组1号")
    computers.send(village, township, PackageKind.UP)
    with township.workspace.bookkeeping() as conn:
        last = conn.execute(
            select(tables.journal.c.id).order_by(tables.journal.c.lid.desc()).limit(1)
        ).scalar()
        conn.execute(insert(tables.gone).values(name="sha256:" + "0" * 64, by=last))
    assert refused(township, imports(township)[0].number).code == "imports.erased"


def test_only_imports_of_the_log_that_brought_something(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    [file] = exported(computers, village)
    merges.merge_files(township, [file])
    assert refused(township, imports(township)[0].number).code == "imports.nothing_new"
    assert refused(township, 999).code == "imports.unknown"
    edit(village, household(village), address="一组1号")
    computers.send(village, township, PackageKind.UP)
    with township.workspace.bookkeeping() as conn:
        conn.execute(tables.import_log.update().values(summary="{}"))
    assert refused(township, imports(township)[0].number).code == "imports.before_update"


def test_the_number_of_an_import_taken_back_is_never_given_again(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    edit(village, household(village), address="一组1号")
    computers.send(village, township, PackageKind.UP)
    number = imports(township)[0].number
    undo_imports(township, [number])
    computers.send(village, township, PackageKind.UP)
    assert imports(township)[0].number == number + 1
