"""The questionnaires that ship: written by the script, compiled without warnings, in plain Chinese."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
import pyxform

from app.domain.fields import FIELDS
from app.domain.ids import Kind
from app.domain.income import IncomeCategory
from app.files.form_in import shipped_forms, shipped_versions
from app.questionnaire.compile import compile_workbook
from app.questionnaire.definition import ControlKind
from tests.questionnaire.shipped import FORMS, opened, shipped

ROOT = Path(__file__).resolve().parents[2]
IDS = ("apply", "check", "exit", "risk", "visit")
JAVA = shutil.which("java")
NOT_ASKED = {ControlKind.GROUP, ControlKind.REPEAT}
# What stays in the questionnaire: shown, computed, or the name of a picture.
NOT_RECORDED = ("known.", "check.", "attachment.")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("questionnaires", ROOT / "packaging" / "questionnaires.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_all_of_them_are_tried_here(script: ModuleType) -> None:
    assert sorted(script.form_ids()) == list(IDS) == sorted(p.parent.name for p in FORMS.glob("*/v1"))


@pytest.mark.parametrize("form_id", IDS)
def test_the_files_are_what_the_script_writes(script: ModuleType, tmp_path: Path, form_id: str) -> None:
    assert script.write(form_id, tmp_path) == ()  # no warnings
    for kind in ("xlsx", "xml"):
        name = f"{form_id}/v1/{form_id}.{kind}"
        assert (tmp_path / name).read_bytes() == (FORMS / name).read_bytes()


@pytest.mark.parametrize("form_id", IDS)
def test_it_is_found_by_its_name_and_version(form_id: str) -> None:
    form = shipped(form_id)
    assert (form.form_id, form.version, form.default_language) == (form_id, "1", "中文(zh)")
    assert (form_id in shipped_forms(), shipped_versions(form_id)[-1].id) == (True, form_id)
    assert form.missing_media == ()


@pytest.mark.parametrize("form_id", IDS)
def test_every_question_has_chinese_words_and_an_ascii_name(form_id: str) -> None:
    engine = opened(form_id)
    for path, control in engine.form.controls.items():
        assert path.isascii()
        if control.kind not in NOT_ASKED:
            assert _chinese(engine.wording.label(engine.at(path)[0])), path


@pytest.mark.parametrize("form_id", IDS)
def test_every_rule_says_what_to_do(form_id: str) -> None:
    engine = opened(form_id)
    for path, bind in engine.form.binds.items():
        found = engine.at(path)
        if bind.required is not None and path in engine.form.controls:
            assert _chinese(engine.wording.required_message(found[0])), path
        if bind.constraint is not None:
            assert _chinese(engine.wording.constraint_message(found[0])), path


@pytest.mark.parametrize("form_id", IDS)
def test_every_core_field_is_one_the_records_have(form_id: str) -> None:
    lists = tomllib.loads((ROOT / "forms/packs/s8/v1/codes.toml").read_text(encoding="utf-8"))
    items = {c["code"]: c["traits"]["category"] for c in lists["income_item"]["codes"]}
    expenses = {c["code"] for c in lists["expense_category"]["codes"]}
    engine = opened(form_id)
    for bind in engine.form.binds.values():
        kind, _, code = bind.core.partition(".")
        if not bind.core or bind.core == "member.id" or bind.core.startswith(NOT_RECORDED):
            continue
        if kind == Kind.INCOME:
            category, _, item = code.partition(".")
            assert items[item] == category
            assert category in set(IncomeCategory)
        elif kind == Kind.EXPENSE:
            assert code in expenses
        else:
            definition = FIELDS[Kind(kind)][code]
            known = {c["code"] for c in lists.get(definition.codelist, {"codes": []})["codes"]}
            if definition.codelist:
                assert {c.value for c in engine.choices(engine.at(bind.path)[0])} <= known


def test_no_recorded_income_is_without_a_question() -> None:
    """Else the form's arithmetic and that of the records would differ."""
    lists = tomllib.loads((ROOT / "forms/packs/s8/v1/codes.toml").read_text(encoding="utf-8"))
    wanted = {f"income.{c['traits']['category']}.{c['code']}" for c in lists["income_item"]["codes"]}
    for form_id in ("visit", "exit"):
        assert wanted <= {bind.core for bind in shipped(form_id).binds.values()}


@pytest.mark.skipif(JAVA is None, reason="ODK Validate needs Java")
@pytest.mark.parametrize("form_id", IDS)
def test_odk_validate_accepts_it(form_id: str) -> None:
    jar = Path(pyxform.__file__).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"
    form = FORMS / form_id / "v1" / f"{form_id}.xml"
    assert JAVA is not None
    done = subprocess.run([JAVA, "-jar", jar, form], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "")


def test_a_workbook_says_where_its_questions_come_from_and_what_is_a_trial(script: ModuleType) -> None:
    columns, rows = script.survey("risk")
    assert "source" in columns
    asked = [row for row in rows if row["type"].split("_")[0] not in {"begin", "end"}]
    assert len(asked) == 8
    assert all(row["source"] for row in asked)
    compiled = compile_workbook(script.workbook("risk"), "risk.xlsx").xform_xml
    assert "信息员线索" not in compiled


def _chinese(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text)
