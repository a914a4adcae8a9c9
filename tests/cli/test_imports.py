"""``babutong-cli imports …``: the log, what would go, and taking an import back."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout

import pytest

from app.cli import main
from app.files.package import PackageKind
from app.usecases import exports, workspaces
from tests.usecases.conftest import demo_folder
from tests.usecases.exchange import VILLAGE, Computers, edit, household

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
