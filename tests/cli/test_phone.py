"""``form import``, ``form export`` and what lies between, as a script uses them."""

from __future__ import annotations

import json

import pytest

from app.cli import main
from tests.files.odk_samples import collect
from tests.usecases.phone import blank_xml, instance, sent, visit_xml
from tests.usecases.village import PASSPHRASE


@pytest.fixture
def run(village, tmp_path, capsys):
    """Run a command on the village's workspace; gives the code, what was printed and what was said."""
    word = tmp_path / "word.txt"
    word.write_text(PASSPHRASE, encoding="utf-8")

    def call(*words):
        village.office.workspace.close()
        common = ["--workspace", village.office.workspace.folder, "--passphrase-file", word]
        capsys.readouterr()
        code = main([str(one) for one in (*words, *common, "--now", "2026-03-02T10:00", "--json")])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else {}, err

    return call


def test_in_and_out(village, run, tmp_path):
    case = village.bring(village.open("吴福生"), "visit")
    phone = sent(tmp_path / "phone", a=visit_xml(village, case), b=blank_xml(village, 2), c=b"<data>")
    code, seen, err = run("form", "import", phone, "--preview")
    assert (code, err, [one["standing"] for one in seen["submissions"]]) == (0, "", ["new", "new"])
    assert seen["submissions"][0]["case"] == case
    assert seen["submissions"][1]["code"] == "phone.no_household"
    assert seen["submissions"][1]["why"].startswith("问卷里")
    code, done, err = run("form", "import", phone)
    assert (code, len(done["new"]), err.count("\n")) == (1, 2, 1)
    assert done["problems"][0]["code"] == "phone.not_xml"
    _, waiting, _ = run("form", "submissions", "--waiting")
    [one] = waiting["submissions"]
    assert (one["instance_id"], one["state"]) == (instance(2), "waiting")
    code, _, err = run("form", "void", done["new"][0], "--reason", "错")
    assert (code, "1 份" in err) == (1, True)
    code, claimed, _ = run("form", "claim", one["uid"], case)
    assert (code, claimed["touched"][0]["kind"], claimed["read"]) == (0, "submission", True)
    out = tmp_path / "out"
    assert run("form", "export", "--to", out, "--preview", "--form", "visit")[1]["households"] == 1
    assert not out.exists()
    _, told, _ = run("form", "export", "--to", out, "--household", village.homes["吴福生"])
    assert (told["written"], told["same"], len(list(out.rglob("submission.xml")))) == (2, 0, 2)
    _, told, _ = run("form", "export", "--to", out, "--zip")
    assert told["target"].endswith(".zip")
    _, told, _ = run("form", "export-blank", "--form", "visit", "--to", out)
    assert told["written"] == 1


def test_a_claim_says_whether_the_answers_were_read(village, run, tmp_path):
    case = village.bring(village.open("吴福生"), "visit")
    _, done, _ = run("form", "import", sent(tmp_path / "phone", a=collect()))
    code, claimed, err = run("form", "claim", done["new"][0], case)
    assert (code, err, claimed["read"], len(claimed["touched"])) == (0, "", False, 1)


def test_taking_back(run, tmp_path):
    phone = sent(tmp_path / "phone", a=collect())
    _, done, _ = run("form", "import", phone)
    code, _, _ = run("form", "void", done["new"][0], "--reason", "选错了")
    assert code == 0
    assert run("form", "submissions")[1] == {"submissions": []}


def test_bad_files_alone_are_told_one_by_one(village, run, tmp_path):
    good = sent(tmp_path / "good", a=collect())
    bad = sent(tmp_path / "phone", a=b"<data>", b=b"<data id='x' encrypted='yes'/>")
    run("form", "import", good)
    code, done, err = run("form", "import", bad, good)
    assert (code, done["entries"], done["new"]) == (1, [], [])
    assert [one["code"] for one in done["problems"]] == ["phone.not_xml", "phone.encrypted"]
    assert [one["standing"] for one in done["submissions"]] == ["known"]
    assert err.splitlines()[:2] == [one["text"] for one in done["problems"]]
    assert err.splitlines()[2:] == ["这些文件里没有新的问卷，什么也没有导入。"]
