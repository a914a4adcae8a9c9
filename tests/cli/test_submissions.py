"""``babutong-cli submission …``: lists, answers, the XML byte for byte, a rehearsal."""

from __future__ import annotations

import hashlib
import io
import json
from contextlib import redirect_stderr, redirect_stdout

import pytest

from app.cli import main
from app.domain.ids import Kind
from app.usecases import visits, workspaces
from tests.questionnaire.visit_answers import ANSWERS
from tests.usecases.village import PASSPHRASE, found_village


@pytest.fixture
def closed(tmp_path):
    """A closed workspace with one finished questionnaire, and its id and household."""
    village = found_village(tmp_path / "village")
    case = village.bring(village.open("吴福生"), "visit")
    visit = visits.open_visit(village.office, case)
    for path, text in ANSWERS.items():
        visit.engine.answer(visit.engine.at(f"/data/{path}")[0], text)
    visits.finish_visit(village.office, visit)
    uid = str(village.values(Kind.CASE, case)["submission"])
    workspaces.close(village.office)
    (tmp_path / "passphrase.txt").write_text(PASSPHRASE + "\n", encoding="utf-8")
    place = ["--workspace", village.office.workspace.folder, "--passphrase-file", tmp_path / "passphrase.txt"]
    return place, uid, village.homes["吴福生"]


def run(place, *arguments):
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = main(["submission", *map(str, (*arguments, *place)), "--json"])
    assert (code, err.getvalue()) == (0, "")
    return json.loads(out.getvalue())


def test_lists_answers_and_the_file(closed, tmp_path):
    place, uid, home = closed
    [line] = run(place, "list")["submissions"]
    assert (line["id"], line["household"], line["arrived"]) == (uid, home, True)
    assert run(place, "list", "--household", home)["submissions"] == [line]
    found = run(place, "show", uid)
    group = next(one for one in found["answers"] if one["name"] == "basic")
    assert group["items"][1]["text"] == "吴福生"
    target = tmp_path / "submission.xml"
    done = run(place, "xml", uid, "--out", target)
    assert done["sha256"] == found["xml_sha256"] == hashlib.sha256(target.read_bytes()).hexdigest()
    assert f"sha256:{done['sha256']}" == line["blob"]


def test_sensitive_answers_are_asked_for(closed):
    place, uid, _ = closed

    def health(found):
        family = next(one for one in found["answers"] if one["name"] == "family")
        rows = next(one for one in family["items"] if one["name"] == "member")["rows"]
        return next(one for one in rows[0] if one["name"] == "health")["text"]

    assert health(run(place, "show", uid)) == "***"
    assert health(run(place, "show", uid, "--reveal")) == "健康"


def test_a_rehearsal(closed):
    place, _, _ = closed
    found = run(place, "rehearse")
    assert (found["form"], found["unread"], found["orphaned"]) == ("visit", 0, [])
