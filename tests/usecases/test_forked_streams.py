"""A computer that was copied: what the others keep, what they are told, and what they send again."""

from __future__ import annotations

from sqlalchemy import select

from app.domain.ids import EntityId, Kind
from app.files.package import PackageKind
from app.files.package_in import read_package
from app.storage import tables
from app.storage.reproject import reproject
from app.usecases import exports, merges, workspaces
from app.usecases.office import Office
from app.usecases.trust import own_keys
from tests.usecases.exchange import VILLAGE, Computers, digest_of, edit, household, value


def cloned(computers: Computers, first: Office, name: str, origin: str) -> Office:
    """Open a copy that no witness noticed: it writes under the same incarnation as the first."""
    second = computers.office(name, origin)
    with first.workspace.read() as conn:
        same = conn.execute(select(tables.device.c.incarnation)).scalar_one()
    with second.workspace.bookkeeping() as conn:
        conn.execute(tables.device.update().values(incarnation=same))
    return second


def paper(office: Office, home: EntityId, data: bytes) -> str:
    """Record something whose content is a blob; return the blob's name."""
    with office.workspace.write(office.actor) as tx:
        name = tx.put_blob(data)
        fields = {"household": home, "blob": name}
        tx.record("submission.added", Kind.SUBMISSION, tx.new_id(), fields, scope=VILLAGE)
    return name


def sent_blobs(computers: Computers, sender: Office, receiver: Office) -> list[str]:
    computers.later(minutes=1)
    [one] = exports.export(sender, computers.post, PackageKind.DOWN)
    return list(read_package(one.files[0], [own_keys(receiver.workspace).open_secret]).blobs)


def test_a_receipt_for_one_branch_says_nothing_about_the_other(computers: Computers) -> None:
    village, first = computers.office("village-01"), computers.office("township")
    second = cloned(computers, first, "copy", "township")
    home = household(village)
    for number in range(3):
        paper(first, home, f"首份{number}".encode())
    computers.send(first, village, PackageKind.DOWN)
    name = paper(second, home, "另一份".encode())
    [outcome] = computers.send(village, second, PackageKind.UP)
    assert outcome.forked == 1
    assert sent_blobs(computers, second, village) == [name]
    assert sent_blobs(computers, first, village) != []  # nobody told this one what has arrived
    computers.send(village, first, PackageKind.UP)
    assert sent_blobs(computers, first, village) == []
    computers.send(second, village, PackageKind.DOWN)
    [outcome] = computers.send(village, second, PackageKind.UP)
    assert (outcome.new, outcome.forked) == (0, 0)
    assert sent_blobs(computers, second, village) == []
    assert digest_of(village) == digest_of(second)


def test_both_branches_of_a_copied_laptop_reach_everybody(computers: Computers) -> None:
    one, township = computers.office("village-01"), computers.office("township")
    two = cloned(computers, one, "second", "village-01")
    home = household(one)
    edit(one, home, address="一组1号")
    edit(two, home, address="一组2号")
    edit(two, household(two, 1), address="二组9号")
    assert [done.forked for done in computers.send(one, township, PackageKind.UP)] == [0]
    assert [done.forked for done in computers.send(two, township, PackageKind.UP)] == [1]
    computers.send(township, one, PackageKind.DOWN)
    computers.send(township, two, PackageKind.DOWN)
    assert digest_of(one) == digest_of(two) == digest_of(township)
    assert value(one, household(one, 1), "address") == "二组9号"
    # Both have noticed by now and write apart: no further fork.
    edit(one, home, address="一组3号")
    edit(two, household(two, 1), address="二组8号")
    for office in (one, two):
        assert [done.forked for done in computers.send(office, township, PackageKind.UP)] == [0]


def test_a_receipt_for_what_is_not_here_leaves_the_one_before_standing(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    home = household(village)
    paper(village, home, "村里的".encode())
    computers.send(village, township, PackageKind.UP)
    older = computers.office("older", "township")  # the township again, restored from before that package
    name = paper(township, home, "镇里的".encode())
    computers.send(township, village, PackageKind.DOWN)
    computers.send(village, township, PackageKind.UP)
    assert sent_blobs(computers, township, village) == []
    with older.workspace.read() as conn:
        before = conn.execute(select(tables.peer_ack.c.seq, tables.peer_ack.c.entry)).all()
    edit(village, home, address="五组5号")
    [file] = [file for done in exports.export(village, computers.post, PackageKind.UP) for file in done.files]
    [taken] = merges.merge_files(older, [file])
    assert taken.refused is None
    with older.workspace.read() as conn:
        after = conn.execute(select(tables.peer_ack.c.seq, tables.peer_ack.c.entry)).all()
    assert len(after) >= len(before)
    assert name not in sent_blobs(computers, older, village)


def test_a_workspace_another_program_judged_is_judged_again_when_it_opens(computers: Computers) -> None:
    village = computers.office("village-01")
    before = digest_of(village)
    with village.workspace.bookkeeping() as conn:
        conn.exec_driver_sql("UPDATE journal SET state = 1 WHERE lid > 20")
        conn.exec_driver_sql("UPDATE meta SET value = 'older' WHERE key = 'judgement'")
        reproject(conn, range(1, 10_000), village.workspace.deriver)
    assert digest_of(village) != before
    computers.opened.pop("village-01")
    workspaces.close(village)
    assert digest_of(computers.office("village-01")) == before
