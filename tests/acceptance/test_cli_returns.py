"""Conflicts, returns and changed approvals by commands alone, as a script drives them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.usecases import demo
from tests.acceptance.terminal import Terminal
from tests.usecases.exchange import CHEAP, NOW


@pytest.fixture
def here(tmp_path: Path) -> Terminal:
    made = tmp_path / "demo"
    demo.make_demo(made, demo.Plan(1, 12, cost=CHEAP), NOW)
    return Terminal(made, "2026-10-07T11:00")


def carry(here: Terminal, sender: str, receiver: str, way: str) -> None:
    files = here.json("export", "--to", here.folder / "stick", "--for", way, at=sender)["files"]
    here.json("merge", *files, at=receiver)


def test_a_repeated_dispute_is_settled_together_and_stays_findable(here: Terminal) -> None:
    shutil.copytree(here.folder / "village-01", here.folder / "second")
    homes = [one["id"] for one in here.json("household", "list", at="village-01")["households"]][:3]
    for number, uid in enumerate(homes):
        here.json("household", "edit", uid, f"address=一组{number}号", "--reason", "核对", at="village-01")
    later = replace(here, now="2026-10-07T11:06")
    for number, uid in enumerate(homes):
        later.json("household", "edit", uid, f"address=二组{number}号", "--reason", "核对", at="second")
    carry(later, "village-01", "second", "peer")
    lines = later.json("conflicts", at="second")["conflicts"]
    assert [line["field"] for line in lines] == ["address"] * 3
    assert {line["base"]["paper"] for line in lines} == {"roster"}
    [pattern] = later.json("conflicts", "patterns", at="second")["patterns"]
    assert pattern["number"] == 3
    first = lines[0]
    later.json("conflicts", "resolve", first["entity"], "address", "--combine", at="second")
    [pattern] = later.json("conflicts", "patterns", at="second")["patterns"]
    side = pattern["choices"][0]
    adopted = ["--side", side["side"]] if side["side"] else []
    later.json("conflicts", "adopt", pattern["pattern"], *adopted, at="second")
    kept = {one["household"]: one["keeps"] for one in side["keeps"]}
    for uid, text in kept.items():
        assert later.json("household", "show", uid, at="second")["fields"]["address"] == text
    assert later.json("conflicts", at="second")["conflicts"] == []
    marked = later.json("household", "list", "--chip", "contested", at="second")["households"]
    assert {one["id"] for one in marked} == set(homes)
    assert later.json("household", "list", "--chip", "conflict", at="second")["households"] == []


def test_returned_put_right_and_sent_up_again(here: Terminal) -> None:
    [case, *_] = here.json("case", "list", "--step", "check", at="township")["cases"]
    template = here.json("case", "act", case["case"], "check.return", "--template", at="township")
    assert template["wrong"] == ""
    data = here.folder / "return.json"
    told = {
        "to": "visit",
        "reason": "门牌号不符",
        "wrong": "household.address",
        "note:household.address": "查",
    }
    data.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    here.json("case", "act", case["case"], "check.return", "--data", data, at="township")
    carry(here, "township", "village-01", "down")
    [line] = here.json("case", "returned", at="village-01")["returned"]
    assert (line["case"], [(m["mark"], m["note"], m["fixed"]) for m in line["marks"]]) == (
        case["case"],
        [("household.address", "查", False)],
    )
    listed = here.json("household", "list", "--chip", "returned", "--workflow", "identify", at="village-01")[
        "households"
    ]
    assert [one["id"] for one in listed] == [case["household"]]
    later = replace(here, now="2026-10-07T12:00")
    assert later.run("case", "send-again", case["case"], at="village-01").code == 1
    edit = ("household", "edit", case["household"], "address=三组18号", "--reason", "退回后核对")
    later.json(*edit, at="village-01")
    done = later.json("case", "send-again", case["case"], at="village-01")
    assert done["steps"]
    again = later.json("case", "returned", at="village-01")
    assert (again["returned"], [one["case"] for one in again["resent"]]) == ([], [case["case"]])
    carry(later, "village-01", "township", "up")
    since = later.json("case", "since-return", case["case"], at="township")
    assert [(one["field"], one["now"]) for one in since["changed"] if one["kind"] == "household"] == [
        ("address", "三组18号")
    ]
    [other, *_] = later.json("case", "list", "--step", "apply", at="village-01")["cases"]
    assert later.json("case", "since-return", other["case"], at="village-01") == {"marks": [], "changed": []}
    assert later.json("case", "approval", other["case"], at="village-01") == {"approval": None}


def test_an_approval_is_confirmed_anew(here: Terminal) -> None:
    [case, *_] = here.json("case", "list", "--step", "audit", at="county")["cases"]
    person = here.json("status", at="county")
    data = here.folder / "approve.json"
    decider = here.json("case", "show", case["case"], at="county")["values"].get("checker1", "")
    data.write_text(
        json.dumps({"decider": decider, "approval_no": "演农9号"}, ensure_ascii=False), encoding="utf-8"
    )
    assert person
    here.json("case", "act", case["case"], "audit.approve", "--data", data, at="county")
    carry(here, "county", "township", "down")
    carry(here, "township", "village-01", "down")
    member = here.json("household", "show", case["household"], at="village-01")["members"][0]["id"]
    later = replace(here, now="2026-10-07T12:00")
    edit = ("household", "edit", case["household"], "name=改名", "--member", member, "--reason", "核对")
    later.json(*edit, at="village-01")
    carry(later, "village-01", "township", "up")
    carry(later, "township", "county", "up")
    found = later.json("case", "approval", case["case"], at="county")["approval"]
    assert (found["changed"], [one["now"] for one in found["deltas"]]) == (True, ["改名"])
    later.json("case", "reconfirm", case["case"], "--reason", "仍然同意", at="county")
    assert later.json("case", "approval", case["case"], at="county")["approval"]["changed"] is False
