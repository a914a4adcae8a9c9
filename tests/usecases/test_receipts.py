"""What others hold of this computer's records, as their receipts say; and parts of an export that lack."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import insert, select, update

from app.domain.ids import EntityId, Kind
from app.files.package import PackageKind
from app.files.package_out import volumes
from app.queries.exchange import VillageLine, village_board
from app.queries.receipts import Safety, safety, unseen
from app.storage import tables
from app.usecases import attachments, exports, merges
from app.usecases.import_preview import preview
from app.usecases.office import Office
from app.usecases.trust import own_keys
from tests.usecases.exchange import TOWNSHIP, VILLAGE, Computers, edit, household
from tests.usecases.test_sharing import exported, newcomer, picture


def safe(office: Office) -> Safety:
    with office.workspace.read() as conn:
        return safety(conn)


def board(office: Office) -> dict[str, VillageLine]:
    with office.workspace.read() as conn:
        return {line.scope: line for line in village_board(conn, {}, TOWNSHIP)}


def test_receipts_ride_back_and_say_what_is_safe(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    computers.send(township, village, PackageKind.DOWN)
    computers.later(hours=1)
    edit(village, household(village), address="一")
    before = safe(village)
    assert (before.above, before.unsent, before.only_here) == (TOWNSHIP, 1, 1)
    assert before.up_to == "2026-10-07T12:01:00+08:00"  # when the first was written that it does not hold
    computers.later(hours=1)
    computers.send(village, township, PackageKind.UP)
    assert safe(village).unsent == 1  # nobody has said so yet
    computers.send(township, village, PackageKind.DOWN)
    after = safe(village)
    assert (after.unsent, after.only_here) == (0, 0)
    assert after.up_to == "2026-10-07T12:01:00+08:00"
    assert after.receipt_at.startswith("2026-10-07")


def test_another_computer_makes_records_safe_too(computers: Computers) -> None:
    """A county's receipt counts as somewhere else, but not as the township's."""
    village, township = computers.office("village-01"), computers.office("township")
    computers.send(township, village, PackageKind.DOWN)
    edit(village, household(village), address="一")
    with village.workspace.bookkeeping() as conn:
        stream, journal = tables.stream, tables.journal
        query = select(stream.c.uid, journal.c.seq, journal.c.id).join(stream, stream.c.sid == journal.c.sid)
        last = conn.execute(query.order_by(journal.c.lid.desc()).limit(1)).one()
        peer = own_keys(computers.office("county").workspace).device
        row = {"peer": peer, "stream": last.uid, "seq": last.seq, "entry": last.id, "at": "2026-10-07"}
        conn.execute(insert(tables.peer_ack).values(row))
    found = safe(village)
    assert (found.above, found.unsent, found.only_here) == (TOWNSHIP, 1, 0)


def test_nobody_has_said_anything_yet(computers: Computers) -> None:
    newborn = newcomer(computers)
    found = safe(newborn)
    assert (found.above, found.up_to, found.only_here > 0) == ("", "", True)


def test_a_receipt_for_another_branch_says_nothing(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    computers.send(township, village, PackageKind.DOWN)
    with village.workspace.bookkeeping() as conn:
        conn.execute(update(tables.peer_ack).values(entry="0" * 32))
    assert safe(village).above == ""


def test_records_from_here_a_village_has_not_confirmed(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    computers.send(township, village, PackageKind.DOWN)
    computers.send(village, township, PackageKind.UP)
    with township.workspace.read() as conn:
        assert unseen(conn)[VILLAGE] == 0
    with township.workspace.write(township.actor) as tx:
        values = {"household": household(township), "caption": "乡镇的照片"}
        tx.record("attachment.added", Kind.ATTACHMENT, tx.new_id(), values, scope=VILLAGE)
    assert board(township)[VILLAGE].unseen == 1
    computers.send(township, village, PackageKind.DOWN)
    computers.send(village, township, PackageKind.UP)
    assert board(township)[VILLAGE].unseen == 0


def test_volumes_come_in_any_order_and_what_lacks_is_told(
    computers: Computers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    with village.workspace.read() as conn:
        case = EntityId(conn.execute(select(tables.case_line.c.uid)).scalars().first() or "")
    for number in range(3):
        photo = tmp_path / f"{number}.png"
        Image.new("RGB", (16, 16), (80 * number, 40, 40)).save(photo)
        attachments.attach(village, case, "apply", photo)
    monkeypatch.setattr(exports, "volumes", partial(volumes, limit=1))
    files = exported(computers, village)
    assert len(files) == 3
    first, *others = files
    looked = preview(township, [others[-1]])[0]
    lacking = tuple(number for number in range(1, len(files)) if number != len(files))
    assert (looked.volume, looked.volumes) == ((len(files), len(files)), lacking)
    assert looked.missing == len(files) - 1
    assert [one.volumes for one in preview(township, files)] == [()] * len(files)
    assert [one.missing for one in preview(township, files)] == [0] * len(files)
    packages = board(township)[VILLAGE].packages
    merges.merge_files(township, [others[-1]])
    line = board(township)[VILLAGE]
    assert (line.packages, line.volumes) == (packages + 1, len(files) - 1)
    assert preview(township, [first])[0].volumes == tuple(range(2, len(files)))
    merges.merge_files(township, [*others[:-1], first])
    assert board(township)[VILLAGE].volumes == 0
    assert preview(township, [first])[0].missing == 0


def test_everything_on_request(computers: Computers, tmp_path: Path) -> None:
    """Photos the receiver has acknowledged go again only with ``everything``."""
    village, township = computers.office("village-01"), computers.office("township")
    with village.workspace.read() as conn:
        case = EntityId(conn.execute(select(tables.case_line.c.uid)).scalars().first() or "")
    photo = tmp_path / "photo.png"
    photo.write_bytes(picture())
    attachments.attach(village, case, "apply", photo)
    county = computers.office("county")
    computers.send(village, township, PackageKind.UP)
    computers.send(township, county, PackageKind.UP)
    computers.send(county, township, PackageKind.DOWN)
    computers.send(township, village, PackageKind.DOWN)
    computers.later(minutes=1)
    again = exports.export(township, computers.post, PackageKind.UP)
    whole = exports.export(township, computers.post, PackageKind.UP, everything=True)
    assert (again[0].photos, whole[0].photos) == (0, 1)
