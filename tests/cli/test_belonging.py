"""``babutong-cli household split|unite|part|void|restore|move|unmove``."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout

import pytest

from app.cli import main
from app.files.package import PackageKind
from app.queries.ties import TieKind, ties
from app.usecases import cases, workspaces
from app.usecases.clock import SystemClock
from tests.usecases.conftest import computers, demo_folder
from tests.usecases.village import PASSPHRASE, found_village

__all__ = ["computers", "demo_folder"]
OTHER = "990101001203"


class Place:
    """A closed workspace commands are run on."""

    def __init__(self, folder, passphrase_file, passphrase):
        self.folder, self.passphrase = folder, passphrase
        self.options = ["--workspace", str(folder), "--passphrase-file", str(passphrase_file), "--json"]

    def run(self, *arguments):
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            code = main(["household", *map(str, arguments), *self.options])
        return (code, json.loads(out.getvalue()) if code == 0 else err.getvalue().strip())

    def done(self, *arguments):
        code, found = self.run(*arguments)
        assert code == 0, found
        return found

    def ties(self, uid):
        office = workspaces.unlock(self.folder, self.passphrase, SystemClock())
        with office.workspace.read() as conn:
            found = ties(conn, office.workspace.standing().places, uid)
        workspaces.close(office)
        return [(tie.kind, tie.household, tie.head) for tie in found]


@pytest.fixture
def village(tmp_path):
    """A closed village of two households, the first with a grown son."""
    made = found_village(tmp_path / "w")
    homes = made.add_home("吴福生", ["吴大山"]), made.add_home("李四喜")
    workspaces.close(made.office)
    (tmp_path / "p.txt").write_text(PASSPHRASE + "\n", encoding="utf-8")
    return Place(tmp_path / "w", tmp_path / "p.txt", PASSPHRASE), *homes


def test_split_unite_and_part(village):
    place, home, other = village
    son = place.done("show", home)["members"][1]["id"]
    made = place.done("split", home, f"{son}=01", "--group", "五组", "--reason", "分家单过")
    [fresh] = [one["id"] for one in made["touched"] if one["kind"] == "household" and one["id"] != home]
    assert place.ties(home) == [(TieKind.SPLIT_INTO, fresh, "吴大山")]
    assert place.ties(fresh) == [(TieKind.SPLIT_FROM, home, "吴福生")]
    place.done("unite", home, fresh, "--bring", f"{son}=03", "--reason", "又合成一户")
    assert (TieKind.DOUBLE_OF, home, "吴福生") in place.ties(fresh)
    assert (TieKind.DOUBLE, fresh, "") in place.ties(home)
    place.done("part", fresh, "--reason", "还是两户")
    assert place.run("split", home, "nobody=01", "--reason", "x")[0] == 1
    assert place.ties(other) == []


def test_void_and_restore(village):
    place, home, _ = village
    assert place.done("void", home, "--preview") == {"running": [], "sentences": []}
    assert place.run("void", home)[0] == 1
    place.done("void", home, "--reason", "登记错了")
    code, words = place.run("void", home, "--reason", "再来")
    assert (code, "不能再这样办" in words) == (1, True)
    place.done("restore", home, "--reason", "没有错")


def test_a_township_moves_a_household_once_its_case_is_withdrawn(computers):
    village, township = computers.office("village-01"), computers.office("township")
    with village.workspace.read() as conn:
        query = "SELECT uid, household FROM case_line WHERE step = 'visit' ORDER BY sort"
        case, home = conn.exec_driver_sql(query).first()
    cases.act_on_case(village, case, "withdraw", {"reason": "要迁走"})
    computers.send(village, township, PackageKind.UP)
    workspaces.name_places(township, {OTHER: "新田村"})
    workspaces.close(computers.opened.pop("township"))
    place = Place(computers.folder / "township", computers.demo / "passphrase.txt", computers.passphrase)
    made = place.done("move", home, "--to", OTHER, "--on", "2026-10-01", "--reason", "搬迁")
    [fresh] = {one["id"] for one in made["touched"] if one["kind"] == "household"} - {home}
    [(kind, old, _)] = place.ties(fresh)
    assert (kind, old) == (TieKind.CAME_FROM, home)
    assert place.ties(home)[0][:2] == (TieKind.MOVED_TO, fresh)
    place.done("unmove", fresh, "--reason", "没有搬成")
    assert place.run("unmove", fresh, "--reason", "再来")[0] == 1
