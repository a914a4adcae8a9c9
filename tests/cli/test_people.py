"""``people`` and ``recover`` as a script uses them."""

from __future__ import annotations

import json

import pytest

from app.cli import main

SECOND, THIRD = "石榴 毛竹 豆腐 山泉 木桥 77", "hongma baishan laoshu xinqiao"


@pytest.fixture
def run(computers, tmp_path, capsys):
    """Run a command on one of the demonstration's computers with a passphrase, by default the common one."""

    def call(where, *words, word=computers.passphrase, new=""):
        for name, text in (("word", word), ("new", new)):
            (tmp_path / name).write_text(text, encoding="utf-8")
        common = ["--workspace", computers.copied(where), "--passphrase-file", tmp_path / "word"]
        more = ["--new-passphrase-file", tmp_path / "new"] if new else []
        capsys.readouterr()
        code = main([str(one) for one in (*words, *more, *common, "--now", "2026-10-07T11:00", "--json")])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else {}, err

    return call


def person(run, name, **by):
    return next(one for one in run("village-01", "people", "list", **by)[1]["people"] if one["name"] == name)


def test_people_come_go_and_forget(run):
    added = run(
        "village-01", "people", "add", "石秀兰", "--position", "文书", "--phone", "13900001234", new=SECOND
    )
    assert (added[0], added[1]["touched"][0]["kind"]) == (0, "person")
    her = person(run, "石秀兰")
    assert (her["position"], her["phone"], her["can_unlock"]) == ("文书", "139****1234", True)
    assert run("village-01", "people", "add", "周文", new=SECOND)[0] == 1
    code, told, _ = run("village-01", "people", "passphrase", her["id"], new=THIRD)
    assert (code, told) == (0, {"person": her["id"]})
    assert run("village-01", "status", word=SECOND)[0] == 1
    assert run("village-01", "people", "passphrase", word=THIRD, new=SECOND)[1] == {"person": her["id"]}
    code, _, err = run("village-01", "people", "disable", her["id"], word=SECOND)
    assert (code, "自己" in err) == (1, True)
    assert run("village-01", "people", "disable", her["id"])[0] == 0
    assert run("village-01", "status", word=SECOND)[0] == 1
    assert run("village-01", "people", "enable", her["id"], new=THIRD)[0] == 0
    assert run("village-01", "status", word=THIRD)[0] == 0
    assert run("village-01", "people", "enable", her["id"])[0] == 0


def test_a_forgotten_passphrase_by_files_only(run, tmp_path):
    nobody = {"word": "forgotten for good"}
    _, status, _ = run("village-01", "recover", "status", **nobody)
    assert status == {"possible": True, "people": 1, "code": "", "asked_at": ""}
    _, asked, _ = run("village-01", "recover", "request", "--to", tmp_path, "--person", "石秀兰", **nobody)
    assert run("village-01", "recover", "status", **nobody)[1]["code"] == asked["code"]
    _, plea, _ = run("township", "recover", "show", asked["file"])
    assert (plea["person"], plea["level"], plea["code"], plea["known"]) == (
        "石秀兰",
        "village",
        asked["code"],
        True,
    )
    code, _, err = run("township", "recover", "answer", asked["file"], "--to", tmp_path, "--code", "0")
    assert (code, "八位数字不一样" in err) == (1, True)
    _, given, _ = run(
        "township", "recover", "answer", asked["file"], "--to", tmp_path, "--code", asked["code"]
    )
    _, found, _ = run("village-01", "recover", "people", given["file"], **nobody)
    one = found["people"][0]["id"]
    code, told, _ = run(
        "village-01", "recover", "accept", given["file"], "--person", one, new=THIRD, **nobody
    )
    assert (code, told) == (0, {"person": one})
    assert run("village-01", "people", "list", word=THIRD)[0] == 0
    code, _, err = run("village-01", "recover", "people", given["file"], **nobody)
    assert (code, "没有等着答复" in err) == (1, True)


def test_the_seat_is_handed_over(run, tmp_path):
    before = run("village-01", "handover", "--preview")[1]
    assert (before["households"], before["papers"] >= 0) == (12, True)
    code, _, err = run("village-01", "handover", "--name", "石秀兰")
    assert (code, "还没有口令" in err) == (1, True)
    nowhere = tmp_path / "no folder" / "slip.pdf"
    code, _, _ = run("village-01", "handover", "--name", "石秀兰", "--out", nowhere, new=SECOND)
    assert code == 3
    assert run("village-01", "status")[0] == 0  # nothing was handed over: the old passphrase still opens it
    slip = tmp_path / "slip.pdf"
    code, done, _ = run("village-01", "handover", "--name", "石秀兰", "--out", slip, new=SECOND)
    assert (code, done["households"], slip.read_bytes()[:4]) == (0, 12, b"%PDF")
    assert [one["kind"] for one in done["touched"]].count("person") == 2
    assert run("village-01", "status")[0] == 1
    her = person(run, "石秀兰", word=SECOND)
    assert (her["id"], her["can_unlock"]) == (done["incoming"], True)
