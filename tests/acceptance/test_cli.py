"""`babutong-cli` in processes without Qt: what a script can rely on."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from tests.acceptance.terminal import ROOT, Done, Terminal

VILLAGE, TOWNSHIP, COUNTY = "990101001201", "990101001000", "990101000000"
NOW = "2026-10-07T10:00"
LATER = "2026-10-07T10:05"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A demonstration of thirty households made by the command itself; only to be copied or looked at."""
    here = Terminal(tmp_path_factory.mktemp("cli") / "demo", NOW)
    found = here.json("demo", here.folder, "--households", 30)
    assert found == {
        "county": str(here.folder / "county"),
        "township": str(here.folder / "township"),
        "villages": [str(here.folder / "village-01")],
        "passphrase_file": str(here.passphrase_file),
    }
    return here


@pytest.fixture
def here(made: Terminal, tmp_path: Path) -> Terminal:
    """The demonstration's computers, free to be changed."""
    shutil.copytree(made.folder, tmp_path / "demo")
    return Terminal(tmp_path / "demo", LATER)


def digest(here: Terminal, at: str, scope: str = VILLAGE) -> str:
    found = here.json("digest", "--scope", scope, at=at)["digest"]
    assert isinstance(found, str)
    assert re.fullmatch(r"[0-9a-f]{64}", found)
    return found


def rows(found: dict[str, object], key: str) -> list[dict[str, Any]]:
    value = found[key]
    assert isinstance(value, list)
    return value


def exported(here: Terminal, at: str, towards: str) -> str:
    found = here.json("export", "--to", here.folder / "post", "--for", towards, at=at)
    assert rows(found, "files")[0] == found["file"]
    return str(found["file"])


def merged(here: Terminal, file: str, at: str) -> dict[str, Any]:
    (outcome,) = rows(here.json("merge", file, at=at), "files")
    assert outcome["refused"] == ""
    return outcome


def first_household(here: Terminal, at: str = "village-01") -> str:
    return str(rows(here.json("household", "list", at=at), "households")[0]["id"])


def sentence(done: Done) -> str:
    """Return the one sentence of a refusal: Chinese, one line, nothing of the machinery in it."""
    assert done.out == ""
    (line,) = done.err.splitlines()
    assert re.search(r"[一-鿿]", line)
    assert "Traceback" not in line
    return line


# --- status, records, digest ---------------------------------------------------------------------------------------


def test_status_and_lists_agree(made: Terminal) -> None:
    status = made.json("status", at="village-01")
    assert (status["households"], status["role"], status["scope"]) == (30, "village", VILLAGE)
    assert (status["conflicts"], status["waiting"], status["demo"]) == (0, 0, True)
    listed = rows(made.json("household", "list", at="village-01"), "households")
    assert len(listed) == 30
    assert status["persons"] == sum(one["size"] for one in listed)
    cases = rows(made.json("case", "list", at="village-01"), "cases")
    counted = status["cases"]
    assert isinstance(counted, dict)
    assert sum(counted["identify"].values()) == len(cases)
    # Every step of the pack has somebody at it.
    assert set(counted["identify"]) == {
        "apply", "review", "visit", "compare", "appraise", "publicise", "check", "audit", "end"
    }  # fmt: skip
    county = made.json("status", at="county")
    assert (county["role"], county["scope"], county["households"]) == ("county", COUNTY, 30)


def test_search_and_sensitive_fields(made: Terminal) -> None:
    shown = made.json("household", "show", first_household(made), at="village-01")
    (head, *_others) = rows(shown, "members")
    found = rows(made.json("household", "list", "--search", head["name"], at="village-01"), "households")
    assert shown["id"] in {one["id"] for one in found}
    masked = head["fields"]["id_number"]
    assert re.fullmatch(r"990101\*+[0-9]{3}[0-9X]", masked)
    history = rows(made.json("household", "history", shown["id"], at="village-01"), "history")
    assert not any(
        re.search(r"\d{17}[\dX]", str(one["value"])) for one in history if one["field"] == "id_number"
    )
    defined = {(one["kind"], one["code"]): one["sensitive"] for one in rows(made.json("fields"), "fields")}
    assert defined["member", "id_number"]
    assert not defined["household", "group"]


def test_a_value_shown_in_the_clear_is_asked_for(here: Terminal) -> None:
    uid = first_household(here)
    shown = here.json("household", "show", uid, "--reveal", at="village-01")
    assert re.fullmatch(r"\d{17}[\dX]", rows(shown, "members")[0]["fields"]["id_number"])


def test_rebuilding_the_projections_gives_the_same_digest(here: Terminal) -> None:
    before = digest(here, "village-01")
    assert here.json("rebuild", at="village-01") == {"rebuilt": True}
    assert digest(here, "village-01") == before
    checked = here.json("self-check", at="village-01")
    assert checked["workspace"] == {"file": True, "chains": True, "projections": True}


def test_an_empty_roster_of_a_new_village_is_filled_from_a_sheet(here: Terminal) -> None:
    scope = "990101001202"
    here.json(
        "create", "--level", "village", "--scope", scope, "--name", "柳树沟村", "--person", "石正华", at="new"
    )
    here.json("round", "open", "2026年第一批", "--year", 2026, "--line-yuan", 8800, at="new")
    (in_force,) = rows(here.json("round", "list", at="new"), "rounds")
    assert (in_force["name"], in_force["line_fen"], in_force["is_open"]) == ("2026年第一批", 880000, True)
    sheet = here.folder / "花名册.xlsx"
    here.json("roster-template", "--out", sheet, at="new")
    empty = here.run("import-roster", sheet, at="new")
    assert empty.code == 1
    assert "花名册" in sentence(empty)
    assert here.json("status", at="new")["households"] == 0


# --- exchange ------------------------------------------------------------------------------------------------------


def test_the_same_package_twice_brings_nothing_new(here: Terminal) -> None:
    uid = first_household(here)
    written = here.json("household", "edit", uid, "address=一组9号", "--reason", "核对", at="village-01")
    assert len(rows(written, "entries")) == 1
    file = exported(here, "village-01", "up")
    first = merged(here, file, "township")
    assert (first["new"], first["held"]) == (1, 0)
    after = digest(here, "township")
    second = merged(here, file, "township")
    assert (second["new"], second["known"]) == (0, first["known"] + 1)
    assert digest(here, "township") == after == digest(here, "village-01")


def test_two_laptops_of_a_village_keep_both_values(here: Terminal) -> None:
    shutil.copytree(here.folder / "village-01", here.folder / "second")
    uid = first_household(here)
    here.json("household", "edit", uid, "address=一组1号", "--reason", "核对", at="village-01")
    other = replace(here, now="2026-10-07T10:06")
    other.json("household", "edit", uid, "address=一组2号", "--reason", "核对", at="second")
    assert merged(other, exported(here, "village-01", "peer"), "second")["conflicts"] == 1
    assert merged(other, exported(other, "second", "peer"), "village-01")["conflicts"] == 1

    assert digest(other, "village-01") == digest(other, "second")
    for at in ("village-01", "second"):
        history = rows(other.json("household", "history", uid, at=at), "history")
        heads = [one for one in history if one["field"] == "address" and one["state"] == "head"]
        assert sorted(one["value"] for one in heads) == ["一组1号", "一组2号"]
        (line,) = rows(other.json("conflicts", at=at), "conflicts")
        assert (line["entity"], line["field"]) == (uid, "address")
        assert other.json("status", at=at)["conflicts"] == 1

    chosen = next(one["entry"] for one in heads if one["value"] == "一组1号")
    other.json("conflicts", "resolve", uid, "address", "--take", chosen, at="second")
    assert merged(other, exported(other, "second", "peer"), "village-01")["conflicts"] == 0
    for at in ("village-01", "second"):
        shown = other.json("household", "show", uid, at=at)["fields"]
        assert isinstance(shown, dict)
        assert shown["address"] == "一组1号"
    assert digest(other, "village-01") == digest(other, "second")
    settled = other.run("conflicts", "resolve", uid, "address", "--value", "一组3号", at="second")
    assert settled.code == 1
    sentence(settled)


def test_nothing_of_an_unknown_computer_counts_until_its_certificate_comes(here: Terminal) -> None:
    scope = "990101001202"
    here.json(
        "create", "--level", "village", "--scope", scope, "--name", "柳树沟村", "--person", "石正华", at="new"
    )
    starter = str(here.json("enrol", "starter", "--to", here.folder / "post", at="township")["file"])
    here.json("enrol", "accept", starter, at="new")
    here.json("round", "open", "2026年第一批", "--year", 2026, "--line-yuan", 8800, at="new")
    file = exported(here, "new", "up")

    before = (digest(here, "township", TOWNSHIP), here.json("status", at="township")["entries"])
    outcome = merged(here, file, "township")
    assert (outcome["waiting"], outcome["new"]) == (True, 0)
    assert outcome["held"] >= 2
    assert (digest(here, "township", TOWNSHIP), here.json("status", at="township")["entries"]) == before
    assert here.json("status", at="township")["waiting"] == 1
    board = {one["scope"]: one for one in rows(here.json("enrol", "board", at="township"), "areas")}
    assert (board[scope]["state"], board[scope]["waiting"]) == ("not_enrolled", 1)

    asked = here.json("enrol", "request", "--to", here.folder / "post", at="new")
    seen = here.json("enrol", "show", asked["file"], at="township")
    assert (seen["code"], seen["scope"], seen["level"]) == (asked["code"], scope, "village")
    wrong = here.run(
        "enrol", "grant", asked["file"], "--to", here.folder / "post", "--code", "00000000", at="township"
    )
    assert wrong.code == 1
    sentence(wrong)
    granted = here.json(
        "enrol", "grant", asked["file"], "--to", here.folder / "post", "--code", asked["code"], at="township"
    )
    (released,) = rows(granted, "released")
    assert (released["new"], released["held"]) == (outcome["held"], 0)
    assert digest(here, "township", scope) == digest(here, "new", scope)
    assert here.json("status", at="township")["waiting"] == 0
    here.json("enrol", "accept", granted["file"], at="new")
    assert exported(here, "new", "up")


def test_a_damaged_package_is_refused_and_the_good_one_beside_it_taken(here: Terminal) -> None:
    here.json(
        "household", "edit", first_household(here), "address=一组9号", "--reason", "核对", at="village-01"
    )
    file = Path(exported(here, "village-01", "up"))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    bad = file.with_name("bad.hhpkg")
    bad.write_bytes(data)
    done = here.run("merge", bad, file, at="township")
    first, second = rows(json.loads(done.out), "files")
    assert done.code == 1
    assert (first["new"], second["new"]) == (0, 1)
    assert first["refused"]
    assert done.err.strip() == first["refused"]


# --- backup --------------------------------------------------------------------------------------------------------


def test_a_backup_opens_when_the_original_is_gone(here: Terminal) -> None:
    before = digest(here, "village-01")
    made = here.json("backup", "--to", here.folder / "stick", at="village-01")
    shutil.rmtree(here.folder / "village-01")
    line = ["restore", made["file"], "--to", here.folder / "again", "--passphrase-file", here.passphrase_file]
    assert here.json(*line) == {"workspace": str(here.folder / "again")}
    assert digest(here, "again") == before
    twice = here.run(*line)
    assert twice.code == 1
    sentence(twice)


# --- cases and papers ----------------------------------------------------------------------------------------------


def test_a_template_is_filled_in_and_acted_with(here: Terminal) -> None:
    case = rows(here.json("case", "list", "--step", "apply", at="village-01"), "cases")[0]["case"]
    actions = {
        one["action"]: one for one in rows(here.json("case", "actions", case, at="village-01"), "actions")
    }
    assert actions["apply.accept"]["missing"] == ["还差：申请材料"]
    refused = here.run("case", "act", case, "apply.accept", at="village-01")
    assert refused.code == 1
    assert "申请材料" in sentence(refused)

    data = here.json("case", "act", case, "apply.accept", "--template", at="village-01")
    assert set(data.values()) == {""}
    file = here.folder / "data.json"
    given = {
        **data,
        "applicant": "户主本人",
        "source": "self",
        "documents": "application authorisation",
        "auth_signed": 1,
    }
    file.write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    written = here.json(
        "case", "act", case, "apply.accept", "--data", file, "--on", "2026-10-06", at="village-01"
    )
    assert len(rows(written, "entries")) == 1
    shown = here.json("case", "show", case, at="village-01")["values"]
    assert isinstance(shown, dict)
    assert (shown["stage"], shown["applied_on"], shown["applicant"]) == ("review", "2026-10-06", "户主本人")

    returned = here.run("case", "act", case, "review.return", at="village-01")
    assert returned.code == 1
    here.json("case", "act", case, "withdraw", "--reason", "农户说不办了", at="village-01")
    uid = rows(here.json("household", "list", "--search", "", at="village-01"), "households")[0]["id"]
    assert here.run("case", "open", uid, "--workflow", "nothing", at="village-01").code == 1


def test_papers_are_written(here: Terminal) -> None:
    out = here.folder / "notice.pdf"
    assert here.json("print", "notice", "--out", out, at="village-01") == {"file": str(out), "missing": []}
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(out))
    assert "户主姓名" in re.sub(r"\s", "", text)
    assert not re.search(r"\d{17}", re.sub(r"\s", "", text))
    case = rows(here.json("case", "list", "--workflow", "exit", at="village-01"), "cases")[0]["case"]
    early = here.run("print", "certificate", case, "--out", here.folder / "c.pdf", at="village-01")
    assert early.code == 1
    sentence(early)


# --- exit codes ----------------------------------------------------------------------------------------------------


def test_a_wrong_passphrase_is_refused(made: Terminal, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("不是这一句 也不是那一句 2026\n", encoding="utf-8")
    done = made.run("status", at="village-01", passphrase_file=wrong)
    assert done.code == 1
    assert "口令" in sentence(done)


@pytest.mark.parametrize(
    "line",
    [["no-such-command"], ["status", "--no-such-option"], ["export", "--to", "x"], ["merge"], []],
    ids=lambda line: " ".join(line) or "nothing",
)
def test_wrong_usage_is_2(made: Terminal, line: list[str]) -> None:
    done = made.run(*line)
    assert (done.code, done.out) == (2, "")
    assert "usage:" in done.err


def _broken_by_the_machine(here: Terminal) -> Iterator[Done]:
    file = here.folder / "a file"
    file.write_text("not a folder", encoding="utf-8")
    yield here.run("backup", "--to", file / "below", at="village-01")
    yield here.run("export", "--to", file / "below", "--for", "up", at="village-01")
    database = max((here.folder / "village-01").glob("*.db"), key=lambda one: one.stat().st_size)
    database.write_bytes(b"\0" * 8192)
    yield here.run("status", at="village-01")


def test_what_the_machine_does_is_3(here: Terminal) -> None:
    for done in _broken_by_the_machine(here):
        assert done.code == 3
        sentence(done)


def test_missing_things_are_named(made: Terminal, tmp_path: Path) -> None:
    assert made.run("status").code == 1
    assert made.run("household", "show", "0" * 32, at="village-01").code == 1
    assert made.run("household", "edit", "0" * 32, "address=x", at="village-01").code == 1
    assert made.run("merge", tmp_path / "nothing.hhpkg", at="village-01").code == 1
    nowhere = made.run("digest", "--scope", "12", at="village-01")
    assert nowhere.code == 1
    sentence(nowhere)


def test_every_command_can_be_asked_for_help_without_qt(made: Terminal) -> None:
    done = made.run("--help")
    assert done.code == 0
    for command in re.findall(
        r"^\*\*`([a-z-]+)", (ROOT / "docs" / "cli.md").read_text(encoding="utf-8"), re.MULTILINE
    ):
        assert f"\n    {command}" in done.out
