"""What a reader at the terminal sees is words; what a script sees are keys and codes; nobody sees a traceback."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stdout

import pytest

from app.cli import main
from app.cli.shown import Words, in_words, labelled
from app.usecases.policy import shipped
from tests.usecases.conftest import demo_folder

__all__ = ["demo_folder"]


@pytest.fixture
def options(demo_folder):
    return [
        "--workspace",
        str(demo_folder / "village-01"),
        "--passphrase-file",
        str(demo_folder / "passphrase.txt"),
    ]


def told(*arguments):
    with redirect_stdout(io.StringIO()) as out:
        assert main(list(map(str, arguments))) == 0
    return out.getvalue()


def test_lists_say_words(options):
    homes = told("household", "list", *options)
    assert "status=正常" in homes
    cases = told("case", "list", *options)
    assert "workflow=识别" in cases
    assert "stage=农户申请" in cases
    assert "status=办理中" in cases
    assert "village=石板村" in cases
    assert "changed_since=否" in cases
    assert "identify=" not in told("status", *options)
    assert "state=正常" in told("device", "list", *options)
    assert "state=已交到 20" in told("enrol", "board", *options)
    assert "kind=发下来的" in told("imports", "list", *options)


def test_one_household_and_its_history_say_words(options):
    [first, *_] = json.loads(told("household", "list", *options, "--json"))["households"]
    shown = told("household", "show", first["id"], *options)
    assert "与户主关系=户主" in shown
    assert "性别=" in shown
    assert "relation=" not in shown
    past = told("household", "history", first["id"], *options)
    assert "kind=成员  field=与户主关系  value=户主" in past
    assert "state=现在的值" in past
    card = told("case", "show", first["case"], *options)
    assert "field.member" not in card
    assert "workflow.missing" not in card


def test_scripts_get_codes_but_labels_are_words_everywhere(options):
    [first, *_] = json.loads(told("household", "list", *options, "--json"))["households"]
    assert first["status"] == "active"
    shown = json.loads(told("case", "show", first["case"], *options, "--json"))
    assert {one["label"] for one in shown["card"]["masked"]} <= {"身份证号", "联系电话", "银行账号"}
    assert labelled({"rows": [{"label": "field.member.name", "n": 1}]}) == {
        "rows": [{"label": "姓名", "n": 1}]
    }


def test_a_sentence_given_as_code_and_parameters_is_read_out():
    words = Words(shipped(), {})
    said = {"code": "workflow.missing", "params": (("what", "户口簿"),), "field": ""}
    assert "户口簿" in str(in_words(said, words))
    unknown = {"code": "later.code", "params": (), "field": ""}
    assert in_words(unknown, words) == "later.code"
    assert in_words({"field": "later", "kind": "member", "value": "x"}, words)["value"] == "x"


def test_a_reader_who_left_is_no_error(options):
    """As `babutong-cli fields | head -1` does: the pipe is closed before the last line."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "fields", "--json"],
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")
