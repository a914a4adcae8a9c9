"""Answers brought to a newer version: carried, kept as orphans, or to be given anew."""

from __future__ import annotations

from app.questionnaire.engine import Engine
from app.questionnaire.metablock import instance_in
from app.questionnaire.upgrade import Open, Passage, orphans_of, upgrade
from tests.questionnaire.forms import NOW, form_of
from tests.questionnaire.record_forms import NEW, OLD, SUBMISSION

PASSAGE = Passage(NOW, "uuid:9", "uuid:1")


def test_answers_go_to_their_path_or_to_the_question_of_their_field() -> None:
    done = upgrade(OLD, SUBMISSION, NEW, PASSAGE)
    assert {
        ("/data/who", "/data/g/who2"),
        ("/data/m[2]/name", "/data/people[2]/name"),
        ("/data/ok", "/data/ok"),
    } <= set(done.carried)
    assert "<who2>王</who2>" in done.xml
    assert done.xml.count("<people>") == 2
    assert 'x:extra="1"' in done.xml
    assert "<deprecatedID>uuid:1</deprecatedID>" in done.xml
    assert instance_in(done.xml) == "uuid:9"


def test_what_has_no_place_is_kept_and_read_back() -> None:
    done = upgrade(OLD, SUBMISSION, NEW, PASSAGE)
    kept = {orphan.ref: (orphan.value, orphan.asked) for orphan in done.orphans}
    assert kept == {
        "/data/formhub/uuid": ("abc", False),
        "/data/a": ("3", True),  # a number is no date
        "/data/place/note": ("靠河", True),
        "/data/m[1]/age": ("20", True),
        "/data/m[2]/age": ("9", True),
        "/data/m[2]/school": ("小学", True),
        "/data/__version__": ("v7", False),
        "/data/ok": ("y", True),
        "/data/both": ("y", True),
    }
    assert orphans_of(done.xml) == done.orphans
    assert orphans_of(Engine(NEW, NOW, done.xml).to_xml()) == done.orphans  # what is finished has them too
    texts = {
        orphan.ref: (orphan.path, orphan.label, orphan.text, orphan.version) for orphan in done.unoffered
    }
    assert texts == {
        "/data/ok": ("/data/ok", "好吗", "是", "1"),
        "/data/both": ("/data/both", "都有哪些", "y", "1"),
    }
    assert orphans_of("<data/>") == ()


def test_what_must_be_answered_or_corrected_is_told() -> None:
    done = upgrade(OLD, SUBMISSION, NEW, PASSAGE)
    assert done.newly_required == (Open("/data/fresh", "新问题"),)
    assert done.newly_broken == (Open("/data/twice", "倍"),)


def test_going_on_carries_the_orphans_along() -> None:
    once = upgrade(OLD, SUBMISSION, NEW, PASSAGE)
    back = upgrade(NEW, once.xml, OLD, Passage(NOW))
    assert set(once.orphans) <= set(back.orphans)
    assert "<who>王</who>" in back.xml
    assert instance_in(back.xml) == "uuid:9"


def test_the_same_version_loses_nothing() -> None:
    done = upgrade(OLD, SUBMISSION, OLD, Passage(NOW))
    assert [orphan.ref for orphan in done.orphans if orphan.asked] == []
    assert (done.newly_required, done.newly_broken, done.unoffered) == ((), (), ())


OUTER = """
| survey |
| | type | name | label | bind::hh:field |
| | begin repeat | m | 成员 | |
| | text | mid | 号 | member.id |
| | begin repeat | job | 工作 | |
| | decimal | pay | 工资 | |
| | end repeat | | | |
| | end repeat | | | |
| | text | a | 甲 | |
| settings |
| | form_id | version | namespaces |
| | f | 1 | hh="http://babutong/household" |
"""


def test_rows_inside_rows_keep_their_places() -> None:
    form = form_of(OUTER)
    later = form_of(OUTER.replace("| decimal | pay", "| integer | pay").replace("| f | 1 |", "| f | 2 |"))
    xml = (
        "<data id='f'><m><mid>1</mid><job><pay>5.0</pay></job><job><pay>2.5</pay></job></m>"
        "<m><mid>2</mid><job><pay/></job></m><a>好</a></data>"
    )
    done = upgrade(form, xml, later, Passage(NOW))
    assert done.xml.count("<job>") == 3
    assert ("/data/m[1]/job[1]/pay", "/data/m[1]/job[1]/pay") in done.carried
    assert [(orphan.ref, orphan.value) for orphan in done.orphans] == [("/data/m[1]/job[2]/pay", "2.5")]


def test_an_answer_that_moves_into_rows_becomes_an_orphan() -> None:
    form = form_of(OUTER)
    table = OUTER.replace("| | text | a | 甲 | |\n", "").replace(
        "| | begin repeat | job", "| | text | a | 甲 | |\n| | begin repeat | job"
    )
    moved = form_of(table.replace("| f | 1 |", "| f | 2 |"))
    done = upgrade(form, "<data id='f'><m><mid>1</mid></m><a>好</a></data>", moved, Passage(NOW))
    assert [(orphan.ref, orphan.value) for orphan in done.orphans] == [("/data/a", "好")]


def test_rows_of_a_repeat_that_moved_deeper_become_orphans() -> None:
    form = form_of(OUTER)
    table = OUTER.replace(
        "| | begin repeat | m | 成员 | |\n",
        "| | begin repeat | h | 户 | |\n| | begin repeat | m | 成员 | |\n",
    )
    deeper = form_of(
        table.replace("| | text | a | 甲 | |\n", "| | end repeat | | | |\n| | text | a | 甲 | |\n")
    )
    done = upgrade(form, "<data id='f'><m><mid>1</mid></m><a>好</a></data>", deeper, Passage(NOW))
    assert [(orphan.ref, orphan.value) for orphan in done.orphans] == [("/data/m[1]/mid", "1")]
