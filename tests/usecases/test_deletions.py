"""Lawful deletion at the county: what is refused, what goes, what stays, and who has heard of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import select

from app.domain.alert import AlertKind
from app.domain.deletion import Basis, Reach, Request
from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Level
from app.files.package import PackageKind
from app.queries import case, exchange, rows
from app.queries.deletions import deleted_by
from app.queries.history import history
from app.queries.journal_rows import moment_of
from app.queries.receipts import safety
from app.storage import redaction, tables
from app.storage.alerts import open_alerts
from app.storage.tx import set_meta
from app.usecases import attachments, deletions, households, traces, workspaces
from app.usecases.conflicts import Settlement, resolve_conflicts
from app.usecases.deletions import Order, Override
from app.usecases.office import Office
from tests.usecases.exchange import COUNTY, VILLAGE, Computers, count, digest_of, household, small_demo
from tests.usecases.journal import audited

NUMBER = "依删〔2026〕3号"
REQUEST = Request(NUMBER, Basis.WITHDRAWN, "2026-10-06")
SECOND = "第二位同志 口令很长"
NAME = "待删者甲乙"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deletions")
    small_demo(folder / "demo")
    return folder / "demo"


@pytest.fixture
def here(tmp_path: Path, demo: Path) -> Iterator[Computers]:
    with Computers(tmp_path, demo) as computers:
        yield computers


@pytest.fixture
def county(here: Computers) -> Office:
    office = here.office("county")
    workspaces.add_person(office, {"name": "见证人"}, SECOND, here.passphrase)
    return office


def order(root: EntityId, reach: Reach = Reach.HOUSEHOLD, **changes: object) -> Order:
    return replace(Order(reach, root, REQUEST, override=Override(SECOND, "会议研究同意")), **changes)


def members(office: Office, uid: EntityId) -> list[tuple[str, dict[str, int | str]]]:
    with office.workspace.read() as conn:
        return rows.where(conn, Kind.MEMBER, household=uid)


def with_case(office: Office) -> EntityId:
    with office.workspace.read() as conn:
        return EntityId(str(rows.where(conn, Kind.CASE, status="active")[0][1]["household"]))


def without_case(office: Office) -> EntityId:
    with office.workspace.read() as conn:
        busy = {values["household"] for _, values in rows.where(conn, Kind.CASE)}
        return EntityId(next(uid for uid, _ in rows.where(conn, Kind.HOUSEHOLD) if uid not in busy))


def renamed(here: Computers, uid: EntityId) -> EntityId:
    """Give the second member of a household a name nobody else has; return the member."""
    village = here.office("village-01")
    found = max(members(village, uid), key=lambda one: one[1]["relation"] != "01")[0]
    edits = [households.Edit(Kind.MEMBER, found, {"name": NAME})]
    households.edit(village, uid, edits, "核对后更正")
    return EntityId(found)


def to_county(here: Computers) -> None:
    here.send(here.office("village-01"), here.office("township"), PackageKind.UP)
    here.send(here.office("township"), here.office("county"), PackageKind.UP)


def refused(office: Office, what: Order, confirmed: str = NUMBER) -> str:
    """Return the code; nothing was written."""
    before = count(office, "journal"), digest_of(office), len(audited(office))
    with pytest.raises(Refused) as caught:
        deletions.delete(office, what, confirmed)
    assert (count(office, "journal"), digest_of(office), len(audited(office))) == before
    return caught.value.code


def test_what_is_refused_changes_nothing(here: Computers, county: Office) -> None:
    uid = with_case(county)
    assert refused(county, order(uid), "依删〔2026〕4号") == "deletion.not_confirmed"
    assert refused(county, order(uid, override=None)) == "deletion.held"
    assert refused(county, order(uid, override=Override(SECOND, " "))) == "deletion.reason_needed"
    assert refused(county, order(uid, override=Override(here.passphrase, "同意"))) == "deletion.same_person"
    assert (
        refused(county, order(uid, override=Override("不是谁的口令 九十", "同意"))) == "keys.wrong_passphrase"
    )
    assert refused(county, order(EntityId("0" * 32))) == "entity.unknown"
    head = str(members(county, uid)[0][1]["name"])
    named = replace(REQUEST, words=f"{head}来信")
    assert refused(county, order(uid, request=named)) == "deletion.names_person"
    assert refused(here.office("township"), order(uid)) == "deletion.only_county"
    stranger = replace(county.actor, scope="990102000000")
    assert refused(county.acting(stranger), order(uid)) == "region.outside"


def test_a_file_still_to_be_kept_cannot_be_called_expired(county: Office) -> None:
    uid = with_case(county)
    decided = {"status": "approved", "decided_on": "2026-05-06", "stage": "end", "stage_on": "2026-05-06"}
    with county.workspace.write(county.actor) as tx:
        for one, _ in tx.children(Kind.CASE, "household", uid):
            tx.record("case.decided", Kind.CASE, one, decided, extras={"level": "county"})
    expired = replace(REQUEST, basis=Basis.EXPIRED)
    assert refused(county, order(uid, request=expired)) == "deletion.not_expired"
    # Where nothing is to be kept the basis may well be true.
    free = without_case(county)
    assert deletions.delete(county, order(free, request=expired, override=None), NUMBER).entries


def test_a_household_nothing_stands_against_goes_whole(here: Computers, county: Office) -> None:
    uid = without_case(county)
    size, plan = count(county, "household_line"), deletions.preview(county, Reach.HOUSEHOLD, uid)
    assert plan.holds == ()
    assert plan.counts[Kind.HOUSEHOLD] == 1
    done = deletions.delete(county, order(uid, override=None), NUMBER)
    assert done.entries == len(plan.entries)
    assert count(county, "household_line") == size - 1
    assert ("deletion", NUMBER) in [row[:2] for row in audited(county)]
    with county.workspace.read() as conn:
        assert AlertKind.REDACTION in {one.kind for one in open_alerts(conn)}
    county.workspace.rebuild()
    assert count(county, "household_line") == size - 1
    with pytest.raises(Refused, match=r"entity\.unknown"), county.workspace.write(county.actor) as tx:
        tx.load(Kind.HOUSEHOLD, uid)
    # Asked for again there is nothing left to delete.
    assert refused(county, order(uid)) == "entity.unknown"


def test_a_long_number_beside_a_name_is_told_by_its_ends(here: Computers, county: Office) -> None:
    uid = with_case(county)
    member = renamed(here, uid)
    village = here.office("village-01")
    other = next(h for n in range(3) if (h := household(village, n)) != uid)
    note = {"note": f"{NAME}990101197401010016"}
    households.edit(village, other, [households.Edit(Kind.HOUSEHOLD, other, note)], "核对")
    to_county(here)
    plan = deletions.preview(county, Reach.MEMBER, member)
    [told] = [one.text for one in plan.elsewhere if one.field == "note"]
    assert NAME in told
    assert "990101" not in told
    assert "990*" in told


def test_a_member_goes_and_the_household_stays(here: Computers, county: Office) -> None:
    uid = with_case(county)
    member = renamed(here, uid)
    village = here.office("village-01")
    other = next(h for n in range(3) if (h := household(village, n)) != uid)
    note = {"note": f"与{NAME}同住", "group": "8组"}
    households.edit(village, other, [households.Edit(Kind.HOUSEHOLD, other, note)], f"{NAME}反映")
    to_county(here)
    plan = deletions.preview(county, Reach.MEMBER, member)
    assert plan.name == NAME
    assert {(one.entity, one.field) for one in plan.elsewhere if one.kind is Kind.HOUSEHOLD} == {
        (other, "note"),
        (other, "reason"),
    }
    ticked = frozenset({other})
    size = len(members(county, uid))
    deletions.delete(county, order(member, Reach.MEMBER, ticked=ticked), NUMBER)
    here.send(county, here.office("township"), PackageKind.DOWN)
    here.send(here.office("township"), village, PackageKind.DOWN)
    assert digest_of(village) == digest_of(county)
    for office in (village, county):
        assert len(members(office, uid)) == size - 1
        with office.workspace.read() as conn:
            home = rows.get(conn, Kind.HOUSEHOLD, other)
            # Only what named the person is gone; the rest of that edit stands.
            assert (home["note"], home["group"]) == ("", "8组")
            assert redaction.withheld(conn) == 0
            assert NAME not in str(history(conn, other, clear=True))
            assert {member, other} <= set(deleted_by(conn, NUMBER))
            assert case._changed_on(conn, uid)


def test_who_has_heard_of_it_stands_in_the_list_and_on_the_slip(here: Computers, county: Office) -> None:
    uid = without_case(county)
    name = str(members(county, uid)[0][1]["name"])
    deletions.delete(county, order(uid, override=None), NUMBER)
    [told] = deletions.listing(county)
    assert (told.request, told.scope, told.later) == (NUMBER, VILLAGE, 0)
    assert {one.level for one in told.reached}, told.reached
    assert {one.level for one in told.reached} == {Level.TOWNSHIP, Level.VILLAGE}
    assert not any(one.at for one in told.reached)
    here.send(county, here.office("township"), PackageKind.DOWN)
    here.send(here.office("township"), county, PackageKind.UP)
    [told] = deletions.listing(county)
    assert {one.level: bool(one.at) for one in told.reached} == {Level.TOWNSHIP: True, Level.VILLAGE: False}
    paper = deletions.slip(county, NUMBER)
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(paper.data))
    assert NUMBER in text
    assert name not in text
    assert paper.missing == ()
    with pytest.raises(Refused, match=r"deletion\.unknown"):
        deletions.slip(county, "依删〔2026〕9号")


def test_what_is_written_afterwards_is_told_and_goes_with_a_second_request(
    here: Computers, county: Office
) -> None:
    uid = without_case(county)
    deletions.delete(county, order(uid, override=None), NUMBER)
    village = here.office("village-01")
    households.edit(village, uid, [households.Edit(Kind.HOUSEHOLD, uid, {"note": "后来又写"})], "核对")
    to_county(here)
    assert deletions.listing(county)[0].later == 1
    again = replace(REQUEST, number="依删〔2026〕4号")
    done = deletions.delete(county, order(uid, request=again, override=None), again.number)
    assert done.entries == 1
    assert {one.request: one.later for one in deletions.listing(county)} == {NUMBER: 0, again.number: 0}
    here.send(county, here.office("township"), PackageKind.DOWN)
    here.send(here.office("township"), village, PackageKind.DOWN)
    assert digest_of(village) == digest_of(county)


def test_a_file_somebody_else_needs_stays(here: Computers, county: Office) -> None:
    village = here.office("village-01")
    first, second = household(village, 0), household(village, 1)
    with village.workspace.write(village.actor) as tx:
        shared, own = tx.put_blob(b"of both"), tx.put_blob(b"of one")
        for uid, blob in ((first, shared), (second, shared), (first, own)):
            fields = {"household": uid, "form": "visit", "blob": blob, "finished_on": "2026-10-07"}
            tx.record("submission.added", Kind.SUBMISSION, tx.new_id(), fields)
    to_county(here)
    done = deletions.delete(county, order(first), NUMBER)
    assert done.files == 1
    with county.workspace.read() as conn:
        left = set(conn.execute(select(tables.blob.c.hash)).scalars())
    assert shared in left
    assert own not in left


def test_what_did_not_count_leaves_no_heads(here: Computers, county: Office) -> None:
    uid = without_case(county)
    with county.workspace.bookkeeping() as conn:
        eid = conn.execute(select(tables.entity.c.eid).where(tables.entity.c.uid == uid)).scalar_one()
        conn.exec_driver_sql("UPDATE journal SET state = 2 WHERE eid = ? AND seq > 1", (eid,))
    plan = deletions.preview(county, Reach.HOUSEHOLD, uid)
    assert {one.counts for one in plan.entries} == {True, False}
    done = deletions.delete(county, order(uid, override=None), NUMBER)
    assert done.entries == len(plan.entries)


def test_clearing_up_that_was_stopped_is_done_at_the_next_start(here: Computers, county: Office) -> None:
    uid = without_case(county)
    photo = attachments.store_of(county).put(b"%PDF-photo")
    assert traces.sweep(county) is None
    with county.workspace.bookkeeping() as conn:
        conn.execute(tables.gone.insert().values(name=photo, by="x"))
        set_meta(conn, redaction.SWEEP, "1")
    county.drafts.save(f"visit:{uid}", "<data/>", county.workspace.clock.now())
    workspaces.close(county)
    del here.opened["county"]
    again = here.office("county")
    assert not attachments.store_of(again).has(photo)
    assert again.drafts.subjects("visit:")  # nothing of this household was deleted
    with again.workspace.read() as conn:
        assert not redaction.needs_sweep(conn)


def test_an_unfinished_form_that_only_names_what_was_deleted_goes_too(county: Office) -> None:
    uid = without_case(county)
    now = county.workspace.clock.now()
    county.drafts.save("visit:elsewhere", f"<data><home>{uid}</home></data>", now)
    county.drafts.save("visit:apart", "<data/>", now)
    deletions.delete(county, order(uid, override=None), NUMBER)
    assert list(county.drafts.subjects("visit:")) == ["visit:apart"]


def test_while_somebody_reads_the_log_waits_for_the_next_start(county: Office) -> None:
    uid = without_case(county)
    with county.workspace.read() as conn:
        conn.exec_driver_sql("SELECT count(*) FROM journal").scalar()
        deletions.delete(county, order(uid, override=None), NUMBER)
    with county.workspace.read() as conn:
        assert redaction.needs_sweep(conn)
    assert traces.sweep(county) is not None
    with county.workspace.read() as conn:
        assert not redaction.needs_sweep(conn)


def test_the_board_of_villages_reads_on_over_deleted_entries(here: Computers, county: Office) -> None:
    uid = without_case(county)
    deletions.delete(county, order(uid, override=None), NUMBER)
    with county.workspace.read() as conn:
        last = conn.exec_driver_sql("SELECT lid FROM journal WHERE state = 4 ORDER BY lid DESC").scalar()
        assert moment_of(conn, last)
        board = exchange.village_board(conn, {VILLAGE: "石板村"}, COUNTY)
    assert board[0].up_to


def test_what_receipts_say_is_told_over_deleted_entries(here: Computers, county: Office) -> None:
    village, township = here.office("village-01"), here.office("township")
    uid = without_case(county)
    households.edit(village, uid, [households.Edit(Kind.HOUSEHOLD, uid, {"note": "最后写的"})], "核对")
    to_county(here)
    deletions.delete(county, order(uid, override=None), NUMBER)
    here.send(county, township, PackageKind.DOWN)
    here.send(township, village, PackageKind.DOWN)
    with village.workspace.read() as conn:
        told = safety(conn)
    assert (told.above, told.unsent) == ("990101001000", 0)
    assert told.up_to


def test_nobody_is_asked_about_or_writes_on_what_was_deleted(here: Computers, county: Office) -> None:
    """The village wrote on while the county deleted: no conflict, no value to choose, and no further write."""
    village, township = here.office("village-01"), here.office("township")
    uid = without_case(county)
    households.edit(village, uid, [households.Edit(Kind.HOUSEHOLD, uid, {"address": "后写的地址"})], "核对")
    deletions.delete(county, order(uid, override=None), NUMBER)
    here.send(county, township, PackageKind.DOWN)
    here.send(township, village, PackageKind.DOWN)
    to_county(here)
    for office in (village, township, county):
        with office.workspace.read() as conn:
            found = tables.conflict.c.field
            query = select(found).join(tables.entity, tables.entity.c.eid == tables.conflict.c.eid)
            assert conn.execute(query.where(tables.entity.c.uid == uid)).all() == []
    edits = [households.Edit(Kind.HOUSEHOLD, uid, {"address": "还要改"})]
    for act in (
        lambda: households.edit(village, uid, edits, "核对"),
        lambda: resolve_conflicts(village, [Settlement(uid, "address", value="还要改")]),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.code == "region.deleted"
