"""``deletion`` as a script uses it."""

from __future__ import annotations

import json

import pytest

from app.cli import main

NUMBER, SECOND = "依删〔2026〕3号", "石榴 毛竹 豆腐 山泉 木桥 77"
ASKED = ("--request", NUMBER, "--basis", "withdrawn", "--asked-on", "2026-10-06")


@pytest.fixture
def run(computers, tmp_path, capsys):
    """Run a command at the county."""
    (tmp_path / "word").write_text(computers.passphrase, encoding="utf-8")
    (tmp_path / "second").write_text(SECOND, encoding="utf-8")

    def call(*words):
        common = ["--workspace", computers.copied("county"), "--passphrase-file", tmp_path / "word"]
        capsys.readouterr()
        code = main([str(one) for one in (*words, *common, "--now", "2026-10-07T11:00", "--json")])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else {}, err

    return call


def test_a_household_is_looked_at_deleted_listed_and_told_on_paper(run, tmp_path):
    people = ("people", "add", "见证人", "--new-passphrase-file", tmp_path / "second")
    assert run(*people)[0] == 0
    home = run("household", "list")[1]["households"][0]["id"]
    code, plan, _ = run("deletion", "preview", home)
    assert (code, plan["of"], plan["counts"]["household"]) == (0, "household", 1)
    assert plan["holds"][0]["sentence"]
    assert run("deletion", "do", home, *ASKED, "--confirm", "另一个")[0] == 1
    assert run("deletion", "do", home, *ASKED, "--confirm", NUMBER)[0] == 1
    override = ("--second-passphrase-file", tmp_path / "second", "--override-reason", "会议研究同意")
    code, done, _ = run("deletion", "do", home, *ASKED, "--confirm", NUMBER, *override)
    assert (code, done["request"], done["entries"]) == (0, NUMBER, plan["entries"])
    [told] = run("deletion", "list")[1]["deletions"]
    assert (told["request"], told["basis"], told["later"]) == (NUMBER, "withdrawn", 0)
    paper = tmp_path / "slip.pdf"
    assert run("deletion", "slip", NUMBER, "--out", paper)[0] == 0
    assert paper.read_bytes().startswith(b"%PDF-")
    assert run("deletion", "slip", NUMBER, "--out", tmp_path / "none" / "slip.pdf")[0] == 3
    assert run("self-check")[1]["workspace"]["chains"]


def test_a_member_alone(run):
    home = run("household", "list")[1]["households"][0]["id"]
    member = run("household", "show", home)[1]["members"][0]["id"]
    code, plan, _ = run("deletion", "preview", member, "--member", "--years", "3")
    assert (code, plan["of"]) == (0, "member")
