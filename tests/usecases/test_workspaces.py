"""Opening and making workspaces: a clear word for everything that stops it, and nothing touched."""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
from pathlib import Path

import pytest

from app.domain.errors import AppError, Refused, Unavailable
from app.domain.ids import Kind, Level
from app.usecases import workspaces
from app.wiring.room import Room
from tests.usecases.expect import refused, written
from tests.usecases.journal import standing
from tests.usecases.village import CHEAP, PASSPHRASE, PLACES, START, VILLAGE, FixedClock, found_village, only

CLOCK = FixedClock(START)
PERSON = {"name": "陈志明", "position": "村党支部书记"}
NOBODY = 65534


def setup(**other) -> workspaces.Setup:
    """What the wizard asks for."""
    given = {"level": Level.VILLAGE, "scope": VILLAGE, "places": PLACES, "person": PERSON}
    return workspaces.Setup(**{**given, "passphrase": PASSPHRASE, "cost": CHEAP, **other})


def fingerprint(folder: Path) -> dict[str, str]:
    """Every file of a folder with the digest of its bytes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def folder(tmp_path):
    """A closed workspace with one household."""
    made = found_village(tmp_path / "closed")
    made.add_home("吴福生")
    workspaces.close(made.office)
    return tmp_path / "closed"


def key_of(folder: Path) -> bytes:
    """The database key, as long as keys.json can be read."""
    return workspaces.unlock_key(folder, PASSPHRASE)[0]


def by_use_case(folder: Path, passphrase: str, _key: bytes) -> None:
    workspaces.close(workspaces.unlock(folder, passphrase, CLOCK))


def by_room(folder: Path, passphrase: str, key: bytes) -> None:
    """As the window does: the key first, then the quick reader, then the office."""
    if passphrase != PASSPHRASE or not (folder / "keys.json").exists() or not key:
        key = workspaces.unlock_key(folder, passphrase)[0]
    room = Room(folder, key, "", CLOCK)
    try:
        _ = room.office
    finally:
        room.close()


def cut(path: Path, size: int) -> None:
    path.write_bytes(path.read_bytes()[:size])


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


SPOILED = {
    "no database": (lambda f: (f / "workspace.db").unlink(), "workspace.missing"),
    "empty database": (lambda f: cut(f / "workspace.db", 0), "workspace.damaged"),
    "half a page": (lambda f: cut(f / "workspace.db", 2000), "workspace.damaged"),
    "half the database": (lambda f: cut(f / "workspace.db", 4096 * 20), "workspace.damaged"),
    "first page spoiled": (lambda f: flip(f / "workspace.db", 600), "workspace.damaged"),
    "plain database": (
        lambda f: (f / "workspace.db").write_bytes(b"SQLite format 3\0" + bytes(8192)),
        "workspace.not_encrypted",
    ),
}
KEYS_SPOILED = {
    "no keys": (lambda f: (f / "keys.json").unlink(), "workspace.missing"),
    "empty keys": (lambda f: cut(f / "keys.json", 0), "keys.damaged"),
    "half the keys": (lambda f: cut(f / "keys.json", 100), "keys.damaged"),
}


@pytest.mark.parametrize("way", [by_use_case, by_room])
@pytest.mark.parametrize("name", [*SPOILED, *KEYS_SPOILED])
def test_a_spoiled_workspace_is_named_and_untouched(folder, way, name):
    key = b"" if name in KEYS_SPOILED else key_of(folder)
    spoil, code = {**SPOILED, **KEYS_SPOILED}[name]
    spoil(folder)
    before = fingerprint(folder)
    with pytest.raises(AppError) as caught:
        way(folder, PASSPHRASE, key)
    assert caught.value.code == code
    assert fingerprint(folder) == before


@pytest.mark.parametrize("way", [by_use_case, by_room])
def test_a_wrong_passphrase_changes_nothing(folder, way):
    before = fingerprint(folder)
    with pytest.raises(Refused) as caught:
        way(folder, PASSPHRASE + "!", b"")
    assert (caught.value.code, fingerprint(folder)) == ("keys.wrong_passphrase", before)
    way(folder, PASSPHRASE, key_of(folder))


@pytest.mark.parametrize("first", [by_use_case, by_room])
@pytest.mark.parametrize("way", [by_use_case, by_room])
def test_a_second_program_is_told_and_the_first_works_on(folder, first, way):
    key = key_of(folder)
    if first is by_room:
        room = Room(folder, key, "", CLOCK)
        office, close = room.office, room.close
    else:
        office = workspaces.unlock(folder, PASSPHRASE, CLOCK)
        close = lambda: workspaces.close(office)  # noqa: E731 -- the other branch is a bound method
    before = standing(office)
    with pytest.raises(Refused) as caught:
        way(folder, PASSPHRASE, key)
    assert caught.value.code == "workspace.in_use"
    assert standing(office) == before
    close()
    way(folder, PASSPHRASE, key)


@pytest.mark.parametrize("way", [by_use_case, by_room])
def test_a_newer_schema_is_refused(folder, way):
    key = key_of(folder)
    office = workspaces.unlock(folder, PASSPHRASE, CLOCK)
    with office.workspace.bookkeeping() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    workspaces.close(office)
    before = fingerprint(folder)
    with pytest.raises(Refused) as caught:
        way(folder, PASSPHRASE, key)
    assert (caught.value.code, fingerprint(folder)) == ("workspace.newer_schema", before)


def in_child(work) -> str:
    """Run ``work`` in a forked process and return what it returns, or the code it is refused with."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            told = work() or "done"
        except AppError as error:
            told = error.code
        except BaseException as error:  # noqa: BLE001 -- told to the parent, which fails
            told = repr(error)
        os.write(writer, str(told).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = pipe.read().decode()
    os.waitpid(child, 0)
    return told


def as_nobody(work):
    """Return ``work`` done without the rights of the super-user, who may write everywhere."""

    def done() -> str:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        return work()

    return done


def opened_up(path: Path) -> None:
    """Let everybody read down to ``path``, as only its owner may by default."""
    for above in (path, *path.parents):
        if above.stat().st_uid == os.geteuid() and above != Path(above.root):
            above.chmod(above.stat().st_mode | 0o055)
    for one in path.rglob("*"):
        one.chmod(0o755 if one.is_dir() else 0o444)
    path.chmod(0o555)


@pytest.mark.parametrize("way", [by_use_case, by_room])
def test_a_read_only_folder_is_said_and_untouched(folder, way):
    key = key_of(folder)
    (folder / "workspace.lock").unlink()
    opened_up(folder)
    before = fingerprint(folder)
    told = in_child(as_nobody(lambda: way(folder, PASSPHRASE, key)))
    folder.chmod(0o755)
    assert (told, fingerprint(folder)) == ("disk.read_only", before)


def test_a_read_only_place_holds_no_new_workspace(tmp_path):
    place = tmp_path / "readonly"
    place.mkdir()
    opened_up(place)
    told = in_child(as_nobody(lambda: str(workspaces.create(place / "new", setup(), CLOCK))))
    place.chmod(0o755)
    assert (told, list(place.iterdir())) == ("disk.read_only", [])


@pytest.mark.parametrize("kib", [1, 100, 400])
def test_a_full_disk_leaves_nothing_behind(tmp_path, kib):
    def make() -> str:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kib * 1024, kib * 1024))
        return str(workspaces.create(tmp_path / "new", setup(), CLOCK))

    assert in_child(make) in {"disk.full", "disk.failing"}
    assert fingerprint(tmp_path) == {}
    workspaces.close(workspaces.create(tmp_path / "new", setup(), CLOCK))


def test_a_write_on_a_full_disk_changes_nothing(tmp_path):
    village = found_village(tmp_path / "w")
    village.add_home("吴福生")
    before = standing(village.office)
    workspaces.close(village.office)

    def write() -> str:
        office = workspaces.unlock(tmp_path / "w", PASSPHRASE, CLOCK)
        largest = max(path.stat().st_size for path in (tmp_path / "w").iterdir())
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
        village.office = office
        for number in range(400):
            village.add_home("赵" + chr(0x4E00 + number))
        return "never full"

    assert in_child(write) in {"disk.full", "disk.failing"}
    office = workspaces.unlock(tmp_path / "w", PASSPHRASE, CLOCK)
    after = standing(office)
    assert after[0] >= before[0]
    with office.workspace.read() as conn:
        homes, people = (
            conn.exec_driver_sql(f"SELECT count(*) FROM p_{kind}").scalar()
            for kind in ("household", "member")
        )
    assert homes == people  # no household without its head: each write whole or not at all
    workspaces.close(office)


def test_what_no_workspace_is_made_of(tmp_path):
    for wrong, code in (
        ({"scope": "99010100120"}, "region.length"),
        ({"scope": "990101001000"}, "region.other_level"),
        ({"person": {"name": " "}}, "person.no_name"),
        ({"person": {"name": "甲", "rank": 1}}, "field.unknown"),
        ({"passphrase": "短"}, "keys.passphrase_short"),
    ):
        with pytest.raises(Refused) as caught:
            workspaces.create(tmp_path / "new", setup(**wrong), CLOCK)
        assert caught.value.code == code
        assert fingerprint(tmp_path) == {}


def test_an_existing_workspace_or_its_keys_are_not_overwritten(folder):
    before = fingerprint(folder)
    with pytest.raises(Refused, match=r"workspace\.exists"):
        workspaces.create(folder, setup(), CLOCK)
    assert fingerprint(folder) == before
    for path in folder.iterdir():
        if path.name != "keys.json":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(Refused, match=r"workspace\.exists"):
        workspaces.create(folder, setup(), CLOCK)
    assert fingerprint(folder) == {"keys.json": before["keys.json"]}


def test_a_township_begins_as_its_own_root_with_its_person(tmp_path):
    person = {"name": "韦文斌"}
    made = setup(level=Level.TOWNSHIP, scope="990101001000", person=person, demo=True)
    office = workspaces.create(tmp_path / "t", made, CLOCK)
    standing_ = office.workspace.standing()
    assert (standing_.level, standing_.scope, standing_.demo) == (Level.TOWNSHIP, "990101001000", True)
    assert standing_.places == PLACES
    assert (office.actor.name, office.level) == ("韦文斌", Level.TOWNSHIP)
    workspaces.close(office)
    again = workspaces.unlock(tmp_path / "t", PASSPHRASE, CLOCK)
    assert again.actor == office.actor
    with pytest.raises(Refused, match=r"person\.unknown"):
        workspaces.person_actor(again.workspace, "0" * 32)
    workspaces.close(again)


def test_a_second_person_opens_with_a_passphrase_of_their_own(village):
    office, second = village.office, "石榴 毛竹 豆腐 山泉 木桥 77"
    changes = workspaces.add_person(office, {"name": " 李红霞 ", "unit": "村委会"}, second, PASSPHRASE)
    [body] = written(office, changes)
    assert (body.op, body.changes) == ("person.added", {"name": "李红霞", "unit": "村委会", "active": 1})
    folder, before = office.workspace.folder, fingerprint(office.workspace.folder)["keys.json"]
    for person, own, code in (
        ({"name": "李红霞"}, PASSPHRASE, "person.same_name"),
        ({"name": ""}, PASSPHRASE, "person.no_name"),
        ({"name": "韦福生"}, "不对的口令 不对的口令 1", "keys.wrong_passphrase"),
    ):
        with refused(office, code):
            workspaces.add_person(office, person, second, own)
    with refused(office, "keys.passphrase_short"):
        workspaces.add_person(office, {"name": "韦福生"}, "短", PASSPHRASE)
    assert fingerprint(folder)["keys.json"] == before
    assert workspaces.unlock_key(folder, second)[1] == only(changes, Kind.PERSON)
    workspaces.close(office)
    again = workspaces.unlock(folder, second, CLOCK)
    assert again.actor.name == "李红霞"
    workspaces.close(again)


def test_names_of_places_are_added_and_changed(village):
    before = standing(village.office)
    workspaces.name_places(village.office, {VILLAGE: "新石板村", "990101001202": "柳树沟村"})
    places = village.office.workspace.standing().places
    assert places == {**PLACES, VILLAGE: "新石板村", "990101001202": "柳树沟村"}
    assert standing(village.office) == before
    with pytest.raises(Refused, match=r"region\.digits"):
        workspaces.name_places(village.office, {"村": "哪里"})


def test_lists_of_another_program_are_made_anew_before_the_window_reads_them(folder):
    key = key_of(folder)
    office = workspaces.unlock(folder, PASSPHRASE, CLOCK)
    before = standing(office)
    with office.workspace.bookkeeping() as conn:
        conn.exec_driver_sql("UPDATE meta SET value = '0.0.1' WHERE key = 'program'")
        conn.exec_driver_sql("UPDATE meta SET value = 'older' WHERE key = 'projection'")
        conn.exec_driver_sql("ALTER TABLE household_line DROP COLUMN head_py")
    workspaces.close(office)
    room = Room(folder, key, "", CLOCK)
    assert room.source.exec_driver_sql("SELECT head, head_py FROM household_line") == [
        ("吴福生", "wufusheng")
    ]
    assert room.source.meta("program") != "0.0.1"
    assert standing(room.office) == before
    room.close()


def test_a_disk_that_fails_when_the_keys_are_written_leaves_nothing(tmp_path, monkeypatch):
    def failing(*_):
        raise Unavailable("disk.full")

    with monkeypatch.context() as broken:
        broken.setattr(workspaces, "save_keys", failing)
        with pytest.raises(Unavailable) as caught:
            workspaces.create(tmp_path / "new", setup(), CLOCK)
    assert caught.value.code == "disk.full"
    assert fingerprint(tmp_path) == {}
    workspaces.close(workspaces.create(tmp_path / "new", setup(), CLOCK))


@pytest.mark.parametrize("part", ["Drafts", "rejoin"])
def test_what_fails_while_it_is_opened_leaves_it_closed(folder, monkeypatch, part):
    def failing(*_):
        raise Unavailable("disk.failing")

    with monkeypatch.context() as broken:
        broken.setattr(workspaces, part, failing)
        with pytest.raises(Unavailable) as caught:
            workspaces.unlock(folder, PASSPHRASE, CLOCK)
    assert caught.value.code == "disk.failing"
    workspaces.close(workspaces.unlock(folder, PASSPHRASE, CLOCK))  # nobody holds it
