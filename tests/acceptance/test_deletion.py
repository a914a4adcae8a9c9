"""What the law has deleted is found nowhere: three levels, and every place a program can keep something."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from app.crypto.suite import suite
from app.domain.deletion import Basis, Reach, Request
from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind
from app.files.package import PackageKind
from app.files.stored_zip import content, read_members
from app.queries import rows
from app.storage import redaction
from app.usecases import attachments, deletions, exports, households, merges, workspaces
from app.usecases.checks import check_workspace
from app.usecases.deletions import Order, Override
from app.usecases.office import Office
from app.usecases.trust import own_keys
from tests.raw_pages import plain
from tests.usecases.exchange import Computers, digest_of, household, small_demo

NAME = "慕容待删者"
NUMBER = "990101197001020779"
WORDS = [word.encode() for word in (NAME, NUMBER, NUMBER[::-1], "murongdaishanzhe")]
HEAD = {"born": "1970-01-02", "sex": "1"}
REQUEST = Request("依删〔2026〕3号", Basis.UNLAWFUL, "2026-10-06")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deletion")
    small_demo(folder / "demo")
    return folder / "demo"


@pytest.fixture
def here(tmp_path: Path, demo: Path) -> Iterator[Computers]:
    with Computers(tmp_path, demo) as computers:
        yield computers


def three(here: Computers) -> tuple[Office, Office, Office]:
    return here.office("village-01"), here.office("township"), here.office("county")


def head_of(office: Office, uid: EntityId) -> EntityId:
    with office.workspace.read() as conn:
        people = rows.where(conn, Kind.MEMBER, household=uid)
    return EntityId(next(uid for uid, values in people if values["relation"] == "01"))


def write_sentinel(here: Computers, village: Office) -> EntityId:
    """Let the village write a name and a number wherever it can; return the household."""
    uid = household(village)
    edits = [
        households.Edit(Kind.MEMBER, head_of(village, uid), {**HEAD, "name": NAME, "id_number": NUMBER}),
        households.Edit(Kind.HOUSEHOLD, uid, {"note": f"{NAME}的说明"}),
    ]
    households.edit(village, uid, edits, f"{NAME}来人更正")
    with village.workspace.read() as conn:
        case = EntityId(rows.where(conn, Kind.CASE, household=uid)[0][0])
    picture = Image.new("RGB", (64, 64), "white")
    ImageDraw.Draw(picture).text((2, 2), NUMBER)
    photo = here.folder / "photo.jpg"
    picture.save(photo)
    attachments.attach(village, case, "visit", photo, NAME)
    with village.workspace.write(village.actor) as tx:
        blob = tx.put_blob(f"<data><name>{NAME}</name></data>".encode())
        fields = {"household": uid, "case": case, "form": "visit", "blob": blob, "finished_on": "2026-10-07"}
        tx.record("submission.added", Kind.SUBMISSION, tx.new_id(), fields)
    return uid


def write_drafts(village: Office, uid: EntityId) -> None:
    with village.workspace.read() as conn:
        case = rows.where(conn, Kind.CASE, household=uid)[0][0]
    village.drafts.save(f"visit:{case}", f"<data>{NAME}</data>", village.workspace.clock.now())


def up_and_down(here: Computers, offices: tuple[Office, Office, Office]) -> None:
    """Let everything go up to the county and what the county says down to the village."""
    village, township, county = offices
    here.send(village, township, PackageKind.UP)
    here.send(township, county, PackageKind.UP)
    here.send(county, township, PackageKind.DOWN)
    here.send(township, village, PackageKind.DOWN)


def in_tables(office: Office) -> bytes:
    with office.workspace.read() as conn:
        names = conn.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        cells = [
            cell if isinstance(cell, bytes) else str(cell).encode()
            for name in names
            for row in conn.exec_driver_sql(f'SELECT * FROM "{name}"')
            for cell in row
        ]
    return b"\0".join(cells)


def in_photos(office: Office) -> bytes:
    store = attachments.store_of(office)
    return b"".join(store.get(name) for name in store.names())


def in_package(path: Path, office: Office) -> bytes:
    """Return everything a package says to this computer."""
    secrets = [own_keys(office.workspace).open_secret]
    found = b""
    with path.open("rb") as file:
        members = read_members(file, path.stat().st_size, path.name)
        for name, member in members.items():
            data = content(file, member, path.name)
            if name.endswith(".age"):
                data = suite("intl-1").open(data, secrets)
                if not name.startswith("att/"):
                    data = zlib.decompress(data, -zlib.MAX_WBITS)
            found += data
    return found


def places(office: Office, key: bytes) -> dict[str, bytes]:
    """Return what stands in each place of a closed computer but its backups."""
    folder = office.workspace.folder
    return {
        "database": plain(folder / "workspace.db", key),
        "drafts": plain(folder / "drafts.db", key),
        "other files": b"".join(
            file.read_bytes()
            for file in folder.rglob("*")
            if file.is_file() and not {"backups", "kept"} & set(file.relative_to(folder).parts)
        ),
    }


def found_in(data: bytes) -> list[bytes]:
    return [word for word in WORDS if word in data]


def test_nothing_is_left_at_any_level_and_nothing_comes_back(here: Computers) -> None:
    offices = village, township, county = three(here)
    uid = write_sentinel(here, village)
    up_and_down(here, offices)
    write_drafts(village, uid)
    here.later(minutes=1)
    old = [
        file
        for sent in exports.export(village, here.post, PackageKind.UP, everything=True)
        for file in sent.files
    ]
    photo = next(attachments.store_of(village).names())
    keys = {office.workspace.folder.name: office.workspace.key for office in offices}
    # The control: before, it is everywhere.
    for office in offices:
        assert WORDS[0] in in_tables(office)
        assert WORDS[1] in in_tables(office)
        assert attachments.store_of(office).has(photo)
    assert found_in(in_package(old[0], township))
    before = plain(village.workspace.folder / "workspace.db", village.workspace.key)
    assert len(found_in(before)) == len(WORDS)

    plan = deletions.preview(county, Reach.HOUSEHOLD, uid)
    assert plan.counts[Kind.MEMBER] >= 1
    assert photo in plan.files
    ticked = frozenset(one.entity for one in plan.elsewhere)
    done = deletions.delete(county, order_of(here, county, uid, ticked), REQUEST.number)
    assert done.entries >= len(plan.entries)
    assert NAME.encode() not in in_tables(county)
    assert done.swept.copies  # the backups made before each import
    up_and_down(here, offices)
    up_and_down(here, offices)

    digests = {digest_of(office) for office in offices}
    assert len(digests) == 1
    for office in offices:
        check_clear(office, here, photo)
    # An old package still holds everything, and gives it back to nobody.
    for office in (township, county):
        [outcome] = merges.merge_files(office, old)
        assert outcome.refused is None
        assert outcome.new == 0
    for office in offices:
        check_clear(office, here, photo)
        assert digest_of(office) in digests
        assert all(check_workspace(office).values())
        workspaces.close(office)
        for place, data in places(office, keys[office.workspace.folder.name]).items():
            assert not found_in(data), (office.workspace.folder.name, place)
    here.opened.clear()


def order_of(here: Computers, county: Office, uid: EntityId, ticked: frozenset[str]) -> Order:
    second = "第二位同志的口令 很长 很长"
    workspaces.add_person(county, {"name": "见证人"}, second, here.passphrase)
    return Order(Reach.HOUSEHOLD, uid, REQUEST, ticked, Override(second, "书面要求，会议研究同意"))


def check_clear(office: Office, here: Computers, photo: str) -> None:
    assert not found_in(in_tables(office))
    assert not attachments.store_of(office).has(photo)
    assert not [
        s for s in office.drafts.subjects("") if found_in((office.drafts.load(s) or ("",))[0].encode())
    ]
    with office.workspace.read() as conn:
        assert redaction.withheld(conn) == 0
        assert not redaction.needs_sweep(conn)
        assert conn.exec_driver_sql("SELECT count(*) FROM alert WHERE kind = 'redaction'").scalar()
    here.later(minutes=1)
    (here.post / "after").mkdir(exist_ok=True)
    for kind in (PackageKind.UP, PackageKind.DOWN, PackageKind.PEER):
        try:
            sent = exports.export(office, here.post / "after", kind, everything=True)
        except Refused:
            continue  # nobody above or below
        for file in (file for one in sent for file in one.files):
            assert not found_in(in_package(file, office))
