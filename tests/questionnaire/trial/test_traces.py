"""Traces of filled forms against their recorded states."""

from __future__ import annotations

import base64
from copy import deepcopy

import pytest

from app.questionnaire.trial.record import Outcome, Record
from app.questionnaire.trial.traces import run_traces

FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model>
<itext><translation lang="zh"><text id="n"><value>几人</value></text></translation>
<translation lang="en"><text id="n"><value>How many</value></text></translation></itext>
<instance><data id="t"><n/><c/><at/><m jr:template=""><v/></m><meta><instanceID/></meta></data></instance>
<instance id="l" src="jr://file-csv/l.csv"/>
<bind nodeset="/data/n" type="int" constraint=". &lt; 9" jr:constraintMsg="too  many" required="true()"/>
<bind nodeset="/data/at" type="dateTime" jr:preload="timestamp" jr:preloadParams="start"/>
<bind nodeset="/data/meta/instanceID" jr:preload="uid"/></model></h:head><h:body>
<input ref="/data/n"><label ref="jr:itext('n')"/><hint>whole</hint></input>
<select1 ref="/data/c"><label>c</label><itemset nodeset="instance('l')/root/item"><value ref="name"/>
<label ref="label"/></itemset></select1>
<group ref="/data/m"><label>m</label><repeat nodeset="/data/m"><input ref="/data/m/v"/></repeat></group>
</h:body></h:html>"""
CSV = "name,label\na,甲\n"


def xml(n: str, rows: str = "", *, at: str = "2026-11-21T16:17:08.111-07:00") -> str:
    uid = "uuid:00000000-0000-4000-8000-000000000000"
    return f'<data id="t"><n>{n}</n><c/><at>{at}</at>{rows}<meta><instanceID>{uid}</instanceID></meta></data>'


def node(ref: str, **more: object) -> dict[str, object]:
    return {"ref": ref, "rel": True, "ro": False, "req": ref == "/data/n", **more}


TRACE = {
    "id": "t1",
    "form": FORM,
    "resources": {"jr://file-csv/l.csv": {"body": CSV, "mimeType": "text/csv"}},
    "now_ms": 1_795_303_027_000,
    "tz": "America/Phoenix",
    "init": {
        "xml": xml(""),
        "nodes": [
            node("/data/n", val="", cv=True, rv=False, label="几人", hint="whole", msg=None),
            node("/data/c", opts=[["a", " 甲 "]], label="c"),
            node("/data/m"),
        ],
    },
    "ops": [
        {
            "op": "answer", "ref": "/data/n", "value": "12", "now": 1_795_303_028_000,
            "after": {"xml": xml("12"), "nodes": [node("/data/n", val="12", cv=False, rv=True, msg="too many")]},
        },
        {"op": "language", "value": "en", "after": {"xml": xml("12"), "nodes": [node("/data/n", label="How many")]}},
        {"op": "add_repeat", "ref": "/data/m", "after": {"xml": xml("12", "<m><v/></m>"), "nodes": []}},
        {"op": "answer", "ref": "/data/m[1]/v", "value": "3"},
        {"op": "remove_repeat", "ref": "/data/m", "index": 0, "after": {"xml": xml("12"), "nodes": [node("/data/m")]}},
    ],
}  # fmt: skip


def run(**changes: object) -> Outcome:
    return run_traces([Record({**deepcopy(TRACE), **changes})])


def test_a_trace_that_agrees() -> None:
    assert run() == Outcome(passed=1)


def test_attachments_may_be_in_base64() -> None:
    packed = {"jr://file-csv/l.csv": {"body": {"base64": base64.b64encode(CSV.encode()).decode()}}}
    assert run(resources=packed).passed == 1


def test_traces_without_one_outcome_are_left_out() -> None:
    assert run(nondeterministic=True) == Outcome(quarantined=1)
    assert run(quarantine="why") == Outcome(quarantined=1)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"xml": xml("5")}, "opening: xml …"),
        ({"xml": xml("", at="2026-11-21T15:00:00.000-07:00")}, "opening: xml …"),
        ({"xml": xml(""), "nodes": [node("/data/z")]}, "opening: no node /data/z"),
        ({"xml": xml(""), "nodes": [node("/data/n", rel=False)]}, "/data/n rel: True instead of False"),
        ({"xml": xml(""), "nodes": [node("/data/n", label="几户")]}, "label: '几人' instead of '几户'"),
        ({"xml": xml(""), "nodes": [node("/data/n", hint="")]}, "hint: 'whole' instead of ''"),
        ({"xml": xml(""), "nodes": [node("/data/c", opts=[])]}, "opts: [['a', '甲']] instead of []"),
    ],
)
def test_the_first_difference_is_told(change: dict[str, object], reason: str) -> None:
    (failure,) = run(init=change).failed
    assert reason in failure.reason


def test_a_difference_after_an_operation_names_it() -> None:
    ops = [{"op": "answer", "ref": "/data/n", "value": "1", "after": {"xml": xml("2"), "nodes": []}}]
    assert run(ops=ops).failed[0].reason.startswith("operation 1 (answer): xml …")
    assert "no node /data/q" in run(ops=[{"op": "answer", "ref": "/data/q"}]).failed[0].reason
    assert "no_such_row" in run(ops=[{"op": "remove_repeat", "ref": "/data/m", "index": 3}]).failed[0].reason
