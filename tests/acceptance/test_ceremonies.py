"""The ceremonies of computers end to end, by files only: enrol, lost, new computer, the root, countersigning."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from app.domain.ids import Level
from app.files.package import PackageKind
from app.usecases import merges, workspaces
from tests.acceptance.terminal import Terminal
from tests.ui.conftest import ask  # noqa: F401 -- fixture
from tests.ui.pages.conftest import demo_folder, seats  # noqa: F401 -- fixtures
from tests.ui.pages.seats import stick
from tests.usecases.exchange import CHEAP, digest_of

VILLAGE, TOWNSHIP, COUNTY = "990101001201", "990101001000", "990101000000"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    here = Terminal(tmp_path_factory.mktemp("ceremonies") / "demo", "2026-10-07T10:00")
    here.json("demo", here.folder, "--households", 12)
    return here


@pytest.fixture
def here(made: Terminal, tmp_path: Path) -> Terminal:
    shutil.copytree(made.folder, tmp_path / "demo")
    (tmp_path / "demo" / "post").mkdir()
    return Terminal(tmp_path / "demo", "2026-10-07T10:05")


class Post:
    """The clerk who carries files, with a clock that goes on."""

    def __init__(self, here: Terminal) -> None:
        self.here = here
        self.minutes = 5
        self.folder = here.folder / "post"

    def json(self, *arguments: object, at: str) -> dict[str, Any]:
        self.minutes += 1
        self.here.now = f"2026-10-07T10:{self.minutes:02d}"
        return self.here.json(*arguments, at=at)

    def create(self, name: str, level: str, scope: str) -> None:
        given = ("--level", level, "--scope", scope, "--name", "本地", "--person", "石正华")
        self.json("create", *given, at=name)

    def enrol(self, asking: str, granting: str) -> None:
        asked = self.json("enrol", "request", "--to", self.folder, at=asking)
        seen = self.json("enrol", "show", asked["file"], at=granting)
        assert seen["code"] == asked["code"]
        code = ("--code", asked["code"])
        given = self.json("enrol", "grant", asked["file"], "--to", self.folder, *code, at=granting)
        self.json("enrol", "accept", given["file"], at=asking)

    def carry(self, sender: str, receiver: str, towards: str) -> dict[str, Any]:
        sent = self.json("export", "--to", self.folder, "--for", towards, at=sender)
        return self.take(receiver, *sent["files"])

    def take(self, at: str, *files: str) -> dict[str, Any]:
        [outcome] = self.json("merge", *files, at=at)["files"]
        assert outcome["refused"] == ""
        return dict(outcome)

    def device(self, at: str, **wanted: object) -> dict[str, Any]:
        lines = self.json("device", "list", at=at)["devices"]
        [found] = [one for one in lines if all(one[key] == value for key, value in wanted.items())]
        return dict(found)

    def digest(self, at: str, scope: str = VILLAGE) -> str:
        return str(self.json("digest", "--scope", scope, at=at)["digest"])

    def household(self, at: str, number: int) -> str:
        return str(self.json("household", "list", at=at)["households"][number]["id"])


@pytest.fixture
def post(here: Terminal) -> Post:
    return Post(here)


def test_a_lost_laptop_and_the_new_one_in_its_place(post: Post) -> None:
    edited = post.household("village-01", 0)
    post.json("household", "edit", edited, "address=丢失以前", "--reason", "核对", at="village-01")
    post.carry("village-01", "township", "up")
    before = post.digest("township")
    lost = post.device("township", level="village")
    preview = post.json("device", "revoke", lost["key"][:16], "--reason", "lost", "--preview", at="township")
    done = post.json("device", "revoke", lost["key"][:16], "--reason", "lost", at="township")
    assert (preview, done["entries"] > 100, len(done["ends"]) >= 1) == (done, True, True)
    assert post.digest("township") == before

    # Late work turns up: kept, not shown as fact, looked through by hand.
    for number, text in ((0, "以后一"), (1, "以后二")):
        uid = post.household("village-01", number)
        post.json("household", "edit", uid, f"address={text}", "--reason", "核对", at="village-01")
    late = post.carry("village-01", "township", "up")
    assert (late["new"] > 0, late["held"]) == (True, late["new"])
    assert post.digest("township") == before
    waiting = post.json("device", "held", at="township")["held"]
    mine = {one["fields"][0]["text"]: one["entry"] for one in waiting if one["kind"] == "household"}
    post.json("device", "adopt", mine["以后一"], at="township")
    post.json("device", "decline", mine["以后二"], at="township")
    shown = post.json("household", "show", edited, at="township")
    assert shown["fields"]["address"] == "以后一"

    # The new laptop: enrolled, filled in one package, compared by eight digits, at work.
    post.create("new", "village", VILLAGE)
    post.enrol("new", "township")
    filled = post.json("device", "boot", "--to", post.folder, "--scope", VILLAGE, at="township")
    assert post.take("new", *filled["files"])["held"] == late["new"]
    assert post.json("device", "code", at="new")["code"] == filled["code"]
    post.json("household", "edit", edited, "address=新电脑写的", "--reason", "核对", at="new")
    assert post.carry("new", "township", "up")["held"] == 0
    assert post.carry("township", "county", "up")["held"] == late["new"]
    assert post.digest("new") == post.digest("township") == post.digest("county")
    states = {one["state"] for one in post.json("device", "list", at="county")["devices"]}
    assert "revoked" in states


def test_a_revocation_by_mistake_is_taken_back(post: Post) -> None:
    line = post.device("township", level="village")
    post.json("device", "revoke", line["device"], "--reason", "stolen", at="township")
    assert post.device("township", key=line["key"])["state"] == "revoked"
    post.json("device", "lift", line["device"], at="township")
    assert post.device("township", key=line["key"])["state"] == "active"
    refused = post.here.run("device", "lift", line["device"], at="township")
    assert (refused.code, "没有停用过" in refused.err) == (1, True)
    unknown = post.here.run("device", "lift", "zzzz", at="township")
    assert (unknown.code, "没有找到" in unknown.err) == (1, True)


def test_the_root_comes_back_from_the_printed_sheet(post: Post, tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("根钥匙 只在保险柜 里放着\n", encoding="utf-8")
    usb = stick(tmp_path)
    file = post.json("root", "stick", "--to", usb, "--lock-file", lock, at="county")["file"]
    post.json("root", "sheet", "--out", tmp_path / "sheet.pdf", at="county")
    lines = lines_on(tmp_path / "sheet.pdf")
    assert post.json("root", "confirm", 3, lines[2], at="county") == {"safe": False}
    assert post.json("root", "status", at="county")["held"] is True
    wrong = post.here.run("root", "confirm", 3, lines[1], at="county")
    assert (wrong.code, "第 3 行" in wrong.err) == (1, True)
    typed = tmp_path / "typed.txt"
    typed.write_text("\n".join(lines).lower(), encoding="utf-8")
    for name, given in (
        ("by-sheet", ("--sheet-file", typed)),
        ("by-stick", ("--stick", file, "--lock-file", lock)),
    ):
        post.create(name, "county", COUNTY)
        assert post.json("root", "restore", *given, at=name) == {"restored": True, "released": 0}
        sent = post.json("export", "--to", post.folder, "--for", "up", at="township")
        assert post.take(name, *sent["files"])["held"] == 0
        assert post.digest(name, TOWNSHIP) == post.digest("township", TOWNSHIP)
    old = post.device("by-stick", level="county", ours=False, issues=False)
    post.json("device", "revoke", old["key"], "--reason", "broken", at="by-stick")


def lines_on(file: Path) -> list[str]:
    """Read the sheet as a person does, and as a telephone does: both must say the same."""
    page = pypdfium2.PdfDocument(file)[0]
    text = page.get_textpage().get_text_range()
    lines = [
        line.split("行")[1].strip() for line in text.splitlines() if line.startswith("第") and "行" in line
    ]
    [code] = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
    assert code.text == "".join(line.replace(" ", "") for line in lines)
    assert len(lines) == 4
    return lines


def test_a_township_that_began_alone_comes_under_its_county_in_the_window(
    seats,  # noqa: F811
    qtbot,
    ask,  # noqa: F811
    tmp_path: Path,
) -> None:
    usb, lone, its = stick(tmp_path), "990101003000", "990101003201"
    for name, level, scope in (("alone", Level.TOWNSHIP, lone), ("its", Level.VILLAGE, its)):
        person = {"name": "石正华"}
        setup = workspaces.Setup(level, scope, {scope: "青石"}, person, seats.passphrase, cost=CHEAP)
        workspaces.close(workspaces.create(seats.folder / name, setup, seats.clock))
    enrol_in_window(seats, qtbot, ask, usb, "its", "alone")
    seats.send(seats.office("its"), seats.office("alone"), PackageKind.UP)
    enrol_in_window(seats, qtbot, ask, usb, "alone", "county")
    township = seats.window("alone", qtbot, ask)
    township.go("sharing")
    assert "已经登记" in township.page().enrol._state.text()
    ask.answers = [usb]
    township.page().export.buttons["up"].click()
    [file] = usb.glob("*-up-*.hhpkg")
    [outcome] = merges.merge_files(seats.office("county"), [file])
    assert (outcome.refused, outcome.held) == (None, 0)
    assert digest_of(seats.office("county"), lone) == digest_of(seats.office("alone"), lone)
    [down] = seats.send(seats.office("alone"), seats.office("its"), PackageKind.DOWN)
    assert down.held == 0


def enrol_in_window(seats, qtbot, ask, usb: Path, asking: str, granting: str) -> None:  # noqa: F811
    """Ask, compare the digits as they stand on the other screen, grant, accept."""
    below, above = seats.window(asking, qtbot, ask), seats.window(granting, qtbot, ask)
    below.go("enrol_ask")
    code = below.page().code.text()
    ask.answers = [usb]
    below.page().frame.primary.click()
    [request] = usb.glob("*.hhreq")
    above.go("enrol_grant")
    ask.answers = [request, usb]
    above.page().open.click()
    above.page().form.field("code").set_value(code)
    above.page().frame.primary.click()
    [grant] = usb.glob("*.hhcert")
    below.go("enrol_accept")
    ask.answers = [grant]
    below.page().open.click()
    below.page().frame.primary.click()
    for file in (request, grant):
        file.unlink()


def test_what_the_command_prints_is_json_throughout(post: Post) -> None:
    for command in (("device", "list"), ("device", "held"), ("device", "code"), ("root", "status")):
        assert json.dumps(post.json(*command, at="township"))
