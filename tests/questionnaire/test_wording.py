"""Labels, hints and messages in the active language."""

from __future__ import annotations

from app.questionnaire.definition import TextSource
from tests.questionnaire.forms import answer, at, opened

TEXTS = """
<itext><translation lang="zh"><text id="n"><value>姓名</value><value form="guidance">照户口本</value></text>
<text id="both"><value form="long">全名</value><value form="short">名</value></text>
<text id="say"><value>您好 <output value="../n"/></value></text></translation>
<translation lang="en" default="true()"><text id="n"><value>Name</value></text>
<text id="only"><value>Only</value></text><text id="pic"><value form="image">jr://images/a.png</value></text></translation></itext>
<instance><data id="f"><n/><m/><g><q/></g></data></instance>
<bind nodeset="/data/n" constraint=". != 'x'" jr:constraintMsg="jr:itext(concat('sa', 'y'))"
 required="true()" jr:requiredMsg="必填"/><bind nodeset="/data/m" type="string"/>"""
BODY = """<input ref="/data/n"><label ref="jr:itext('n')"/><hint ref="jr:itext('n')"/></input>
<input ref="/data/m"><label ref="jr:itext('only')"/><hint>短</hint><hint form="guidance">长 <output value="/data/n"/></hint></input>
<group ref="/data/g"><label ref="/data/n"/><input ref="/data/g/q"><label ref="jr:itext('pic')"/></input></group>"""


def test_languages_fall_back_to_the_default() -> None:
    engine = opened(TEXTS, BODY)
    words = engine.wording
    assert engine.form.languages == ("zh", "en")
    assert words.label(at(engine, "n")) == "Name"
    engine.set_language("zh")
    engine.set_language("xx")
    assert [words.label(at(engine, name)) for name in ("n", "m", "g/q", "g")] == ["姓名", "Only", "", ""]
    assert words.guidance(at(engine, "n")) == "照户口本"
    assert (words.hint(at(engine, "m")), words.guidance(at(engine, "m"))) == ("短", "长 ")
    answer(engine, "n", "王")
    assert words.guidance(at(engine, "m")) == "长 王"
    assert words.constraint_message(at(engine, "n")) == "您好 王"
    assert words.required_message(at(engine, "n")) == "必填"
    group = next(c for c in engine.form.body if c.path == "/data/g")
    assert words.group_label(group, engine.root.node) == "王"
    assert words.text(TextSource(itext_id="both"), engine.root.node) == "全名名"
    assert words.text(TextSource(itext_id="gone"), engine.root.node) == ""
    assert words.text(TextSource(parts=("a",)), engine.root.node, "image") == ""
    assert words.guidance(engine.root) == ""


def test_texts_that_never_change_are_known() -> None:
    engine = opened(TEXTS, BODY)
    words = engine.wording
    told = [TextSource(itext_id="n"), TextSource(itext_id="say"), TextSource(parts=("a",)), None]
    engine.set_language("zh")
    assert [words.is_fixed(one) for one in told] == [True, False, True, True]
    guidance = at(engine, "m").control
    assert guidance is not None
    assert not words.is_fixed(guidance.guidance)


def test_a_text_that_cannot_be_computed_is_blank() -> None:
    engine = opened(
        "<instance><data id='f'><n/></data></instance>",
        "<input ref='/data/n'><label ref=\"date('x')\"/></input>",
    )
    assert engine.wording.label(at(engine, "n")) == ""
