"""``babutong-cli form check`` and ``form diff``: documented keys, exit codes, the repaired copy."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout

import pytest

from app.cli import main
from tests.questionnaire.lint.books import Book, question


def run(*arguments: object) -> tuple[int, str, str]:
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = main(["form", *map(str, arguments)])
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def wrong(tmp_path):
    book = (
        Book()
        .put("survey", 8, "calculation", "round（${income} div 12， 2）")
        .put("survey", 6, "relevant", "${por}")
    )
    path = tmp_path / "trial.xlsx"
    path.write_bytes(book.data())
    return path


def test_a_form_in_order(tmp_path):
    path = tmp_path / "trial.xlsx"
    path.write_bytes(Book().data())
    code, out, err = run("check", path, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "file": "trial.xlsx",
        "form_id": "trial",
        "version": "1",
        "publishable": True,
        "questions": 16,
        "problems": [],
    }


def test_every_problem_with_its_place(wrong):
    code, out, err = run("check", wrong, "--json")
    found = json.loads(out)
    assert code == 1
    assert err == "问卷“trial.xlsx”有 2 处错误，可以预览，还不能发布。请按上面列出的逐处改正。\n"
    assert found["publishable"] is False
    assert found["problems"][1] == {
        "severity": "error",
        "code": "lint.full_width",
        "sheet": "survey",
        "row": 8,
        "column": "I",
        "header": "calculation",
        "message": "这里用了中文输入法的标点或字符（（ ， ）），程序认不出来。请改成：round(${income} div 12, 2)",
        "fix": {
            "kind": "half_width",
            "old": "round（${income} div 12， 2）",
            "new": "round(${income} div 12, 2)",
        },
    }
    assert (found["problems"][0]["row"], found["problems"][0]["fix"]) == (6, None)


def test_as_text(wrong):
    code, out, _err = run("check", wrong)
    assert code == 1
    assert "  [错误] survey!F6 问卷里没有 ${por} 这道题" in out


def test_the_repaired_copy(wrong, tmp_path):
    code, out, _err = run("check", wrong, "--fix", tmp_path / "better.xlsx", "--json")
    assert (code, json.loads(out)["fixed"]) == (1, {"file": str(tmp_path / "better.xlsx"), "count": 1})
    _code, out, _err = run("check", tmp_path / "better.xlsx", "--json")
    assert [p["row"] for p in json.loads(out)["problems"]] == [6]


def test_what_cannot_be_repaired_or_written(wrong, tmp_path):
    table = tmp_path / "form.md"
    table.write_text("| survey |\n| | type | name | label |\n| | text | a | A |\n", encoding="utf-8")
    code, _out, err = run("check", table, "--fix", tmp_path / "x.xlsx")
    assert (code, "xlsx" in err) == (1, True)
    code, _out, _err = run("check", wrong, "--fix", tmp_path / "nowhere" / "x.xlsx")
    assert code == 3


def test_files_beside_the_form_and_in_its_folder(tmp_path):
    book = Book().add("survey", question("select_one_from_file places.csv", "place", "地方"))
    book.put("survey", 20, "media::image::中文(zh)", "map.png")
    path = tmp_path / "trial.xlsx"
    path.write_bytes(book.data())
    code, out, _err = run("check", path, "--json")
    assert [(p["code"], p["severity"]) for p in json.loads(out)["problems"]] == [
        ("lint.picture_missing", "error"),
        ("lint.file_missing", "error"),
    ]
    (tmp_path / "map.png").write_bytes(b"x")
    (tmp_path / "trial-media").mkdir()
    (tmp_path / "trial-media" / "places.csv").write_text("name,label\n1,One\n", encoding="utf-8")
    code, out, _err = run("check", path, "--json")
    assert (code, json.loads(out)["problems"]) == (0, [])


def test_what_cannot_be_read(tmp_path):
    (tmp_path / "broken.xlsx").write_bytes(b"PK broken")
    told = {
        "broken.xlsx": "“broken.xlsx”不是能读的问卷表格，可能已经损坏或不是表格文件。",
        "nothing.xlsx": "“nothing.xlsx”打不开。请确认文件还在、没有被别的程序占用，再选一次。",
    }
    for name, sentence in told.items():
        code, out, err = run("check", tmp_path / name, "--json")
        assert (code, out) == (1, "")
        assert err.startswith(sentence)


def test_two_versions(tmp_path):
    old, new = tmp_path / "old.xlsx", tmp_path / "new.xlsx"
    old.write_bytes(Book().data())
    new.write_bytes(
        Book().put("survey", 3, "label::中文(zh)", "哪个组").put("choices", 2, "name", "y").data()
    )
    code, out, err = run("diff", old, new, "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert [(d["kind"], d["path"], d["old"], d["new"]) for d in found["breaking"]] == [
        ("version", "", "1", "1"),
        ("choice_renamed", "/data/basic/poor", "yes", "y"),
    ]
    assert found["other"] == [
        {
            "kind": "label",
            "path": "/data/basic/hamlet",
            "old": "村民小组",
            "new": "哪个组",
            "message": "题目 /data/basic/hamlet 的标签从“村民小组”改为“哪个组”。",
        }
    ]
    _code, out, _err = run("diff", old, new)
    assert "  版本号没有加大（原来“1”，现在“1”）。请写一个更大的版本号。" in out
