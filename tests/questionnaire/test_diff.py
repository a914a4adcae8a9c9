"""What a new version of a questionnaire breaks, and what it does not."""

from __future__ import annotations

from app.questionnaire.diff import DifferenceKind, diff_forms
from app.questionnaire.loader import load_form
from tests.questionnaire.lint.books import Book, check, question


def changes(old: Book, new: Book) -> list[tuple[str, str, str, str]]:
    models = []
    for book in (old, new):
        xform_xml = check(book).xform_xml
        assert xform_xml is not None
        models.append(load_form(xform_xml))
    return [(str(d.kind), d.path, d.old, d.new) for d in diff_forms(*models)]


def newer() -> Book:
    return Book().put("settings", 2, "version", "2")


def test_nothing_changed() -> None:
    assert changes(Book(), newer()) == []
    assert changes(Book(), Book()) == []
    assert changes(newer(), Book().put("settings", 2, "version", "10")) == []


def test_a_version_must_grow_when_something_else_changed() -> None:
    def reworded(version: str) -> Book:
        return Book().put("settings", 2, "version", version).put("survey", 3, "hint::中文(zh)", "哪个组")

    hint = ("hint", "/data/basic/hamlet", "", "哪个组")
    assert changes(Book(), reworded("1")) == [("version", "", "1", "1"), hint]
    assert changes(newer(), reworded("b")) == [("version", "", "2", "b"), hint]
    assert changes(newer(), reworded("10")) == [hint]


def test_another_form() -> None:
    assert changes(Book(), newer().put("settings", 2, "form_id", "other")) == [
        ("form_id", "", "trial", "other")
    ]


def test_removed_and_added() -> None:
    new = newer()
    del new.sheets["survey"][5]
    new.put("survey", 7, "calculation", "12").add("survey", question("text", "more", "更多", required="yes"))
    assert changes(Book(), new) == [
        ("removed", "/data/basic/income", "收入", ""),
        ("required", "/data/more", "", "true()"),
        ("rules", "/data/basic/monthly", "", ""),
        ("added", "/data/more", "", "更多"),
    ]


def test_renamed_with_the_same_label_the_same_field_or_the_same_rules() -> None:
    assert changes(Book(), newer().put("survey", 3, "name", "team")) == [
        ("renamed", "/data/basic/hamlet", "/data/basic/hamlet", "/data/basic/team")
    ]
    field = "bind::hh:field"
    old = Book().put("survey", 3, field, "household.group")
    new = newer().put("survey", 3, field, "household.group").put("survey", 3, "name", "team")
    new.put("survey", 3, "label::中文(zh)", "哪个组")
    assert changes(old, new) == [
        ("renamed", "/data/basic/hamlet", "/data/basic/hamlet", "/data/basic/team"),
        ("label", "/data/basic/hamlet", "村民小组", "哪个组"),
    ]
    old = Book().put("survey", 4, "constraint", ". >= 18")
    new = newer().put("survey", 4, "constraint", ". >= 18").put("survey", 4, "name", "years")
    new.put("survey", 4, "label::中文(zh)", "几岁").put(
        "survey", 9, "calculation", "if(${years} > 0, ${monthly} div ${years}, 0)"
    )
    assert ("renamed", "/data/basic/age", "/data/basic/age", "/data/basic/years") in changes(old, new)


def test_another_question_is_not_a_renamed_one() -> None:
    new = newer().put("survey", 3, "name", "team").put("survey", 3, "label::中文(zh)", "谁家")
    assert {c[0] for c in changes(Book(), new)} == {"removed", "added"}
    new.put("survey", 3, "label::中文(zh)", "村民小组").put("survey", 3, "type", "date")
    assert {c[0] for c in changes(Book(), new)} == {"removed", "added"}


def test_types_fields_and_required() -> None:
    field = "bind::hh:field"
    old = Book().put("survey", 3, field, "household.group").put("survey", 21, "required", "no")
    new = newer().put("survey", 3, field, "household.address").put("survey", 7, "type", "integer")
    new.put("survey", 21, "required", "yes").put("survey", 4, field, "conditions.livestock")
    assert changes(old, new) == [
        ("core_field", "/data/basic/hamlet", "household.group", "household.address"),
        ("type", "/data/basic/income", "decimal", "int"),
        ("required", "/data/remark", "false()", "true()"),
    ]


def test_a_choice_of_one_became_a_choice_of_many() -> None:
    assert changes(Book(), newer().put("survey", 17, "type", "select_multiple towns")) == [
        ("type", "/data/town", "select1 string", "select string")
    ]


def test_choices() -> None:
    new = newer().put("choices", 2, "name", "y").put("choices", 4, "name", "accident")
    new.put("choices", 4, "label::中文(zh)", "意外")
    assert changes(Book(), new) == [
        ("choice_renamed", "/data/basic/poor", "yes", "y"),
        ("choices_removed", "/data/basic/causes", "illness", ""),
        ("choices_added", "/data/basic/causes", "", "accident"),
    ]


def test_choices_of_one_language_and_from_elsewhere() -> None:
    def plain(book: Book) -> Book:
        for sheet in ("survey", "choices"):
            for header in [h for h in book.headers[sheet] if "::中文(zh)" in h]:
                book.put(sheet, 1, header, header.replace("::中文(zh)", ""))
        book.add("survey", question("select_one ${mname}", "who"))
        book.sheets["survey"][-1]["label"] = "谁"
        return book.put("settings", 2, "default_language", None)

    new = plain(newer().put("choices", 8, "name", "v9"))
    assert changes(plain(Book()), new) == [("choice_renamed", "/data/village", "v1", "v9")]


def test_choices_written_in_the_question_itself() -> None:
    def form(value: str) -> str:
        return f"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
            <h:head><model><instance><data id="f" version="{value}"><q/></data></instance>
            <bind nodeset="/data/q" type="string"/></model></h:head>
            <h:body><select1 ref="/data/q"><label>Q</label>
            <item><label>One</label><value>{value}</value></item></select1></h:body></h:html>"""

    found = diff_forms(load_form(form("1")), load_form(form("2")))
    assert [(str(d.kind), d.old, d.new) for d in found] == [("choice_renamed", "1", "2")]


def test_moved_into_a_group_and_out_of_a_repeat() -> None:
    new = newer()
    rows = new.sheets["survey"]
    rows.insert(1, rows.pop(19))  # the remark into the first group
    mname = rows.pop(11)
    rows.append(mname)
    rows[11]["relevant"] = None
    found = changes(Book(), new)
    assert ("moved", "/data/remark", "/data/remark", "/data/basic/remark") in found
    assert ("repeated", "/data/member/mname", "/data/member/mname", "/data/mname") in found


def test_a_group_that_became_a_repeat() -> None:
    new = newer().put("survey", 2, "type", "begin_repeat").put("survey", 10, "type", "end_repeat")
    new.put("survey", 6, "relevant", None).put("survey", 21, "read_only", None)
    new.put("survey", 20, "label::中文(zh)", "共 ${total} 岁")
    kinds = {c[0] for c in changes(Book(), new) if c[1] == "/data/basic/hamlet"}
    assert kinds == {"repeated"}


def test_words_hints_and_order_are_free() -> None:
    new = (
        newer()
        .put("survey", 3, "hint::中文(zh)", "写全称")
        .put("survey", 20, "label::中文(zh)", "一共 ${total} 岁")
    )
    rows = new.sheets["survey"]
    rows.insert(1, rows.pop(2))
    found = changes(Book(), new)
    assert [c[0] for c in found] == ["order", "hint", "label"]
    assert found[2][3] == "一共 {/data/total} 岁"


def test_every_kind_says_whether_it_breaks() -> None:
    free = {"added", "choices_added", "label", "hint", "rules", "order"}
    from app.questionnaire.diff import Difference

    assert {str(k) for k in DifferenceKind if not Difference(k, "").breaking} == free
