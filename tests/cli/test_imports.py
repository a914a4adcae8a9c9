"""``babutong-cli imports …``: the log, what would go, and taking an import back."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from datetime import timedelta

import pytest

from app.cli import main
from app.files.package import PackageKind
from app.usecases import belonging, exports, workspaces
from app.usecases.workspaces import name_places
from tests.usecases.conftest import demo_folder
from tests.usecases.exchange import VILLAGE, Computers, edit, household
from tests.usecases.test_late_moves import settled

__all__ = ["demo_folder"]


@pytest.fixture
def post(tmp_path, demo_folder):
    """A village's package with one new entry, and a runner of commands in the closed township."""
    with Computers(tmp_path, demo_folder) as here:
        village = here.office("village-01")
        edit(village, household(village), address="新住址")
        [sent] = exports.export(village, here.post, PackageKind.UP)
        workspaces.close(here.opened.pop("village-01"))
        place = ["--workspace", here.copied("township"), "--passphrase-file", here.demo / "passphrase.txt"]

        def run(*words, code=0):
            with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
                assert main([*map(str, (*words, *place)), "--json"]) == code
            return json.loads(out.getvalue()) if code == 0 else err.getvalue()

        yield sent.files[0], run


def test_what_came_late_about_a_household_that_moved(tmp_path, demo_folder):
    with Computers(tmp_path, demo_folder) as here:
        village, township = here.office("village-01"), here.office("township")
        name_places(township, {"990101001202": "新田村"})
        home = settled(village)
        edit(village, home, note="低保户")
        belonging.move(township, home, belonging.Move("990101001202", "2026-10-01", reason="搬迁"))
        here.later(minutes=5)
        here.send(village, township, PackageKind.UP)
        for name in ("village-01", "township"):
            workspaces.close(here.opened.pop(name))
        place = ["--workspace", here.folder / "township", "--passphrase-file", here.demo / "passphrase.txt"]

        def run(*words):
            with redirect_stdout(io.StringIO()) as out:
                assert main([*map(str, (*words, *place)), "--json"]) == 0
            return json.loads(out.getvalue())

        [alert] = [one for one in run("alerts")["alerts"] if one["kind"] == "late_move"]
        assert (alert["household"], "新田村" in alert["text"]) == (home, True)
        [line] = run("household", "late", home)["late"]
        assert (line["field"], line["carried"], line["written"]) == ("note", "", "低保户")
        assert run("household", "late", home, line["key"], "--reason", "核对过")["entries"]
        assert run("household", "late", home)["late"] == []


def test_an_export_says_that_the_certificate_ends(tmp_path, demo_folder):
    with Computers(tmp_path, demo_folder) as here:
        folder = here.copied("village-01")
        place = ["--workspace", folder, "--passphrase-file", here.demo / "passphrase.txt", "--json"]
        moment = (here.clock.moment + timedelta(days=3000)).strftime("%Y-%m-%dT%H:%M")
        words = ["export", "--to", tmp_path / "post", "--for", "up", "--now", moment, *place]
        with redirect_stdout(io.StringIO()) as out:
            assert main([str(word) for word in words]) == 0
        [note] = json.loads(out.getvalue())["notes"]
        assert "已经到期" in note


def test_an_import_is_taken_back_by_its_number(post):
    file, run = post
    before = run("digest")["digest"]
    run("merge", file)
    line = run("imports", "list")["imports"][0]
    assert (line["new"], line["scope"], line["kind"]) == (1, VILLAGE, "up")
    number = line["number"]
    said = run("imports", "undo", number, "--check")
    assert (said["entries"], said["households"], said["persons"]) == (1, 1, 0)
    assert run("digest")["digest"] != before
    assert run("imports", "undo", number) == said
    assert run("digest")["digest"] == before
    assert "没有第" in run("imports", "undo", number, code=1)
