"""A released pack or questionnaire never changes."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.sources import ROOT


@pytest.fixture(scope="module")
def publish_forms() -> ModuleType:
    spec = importlib.util.spec_from_file_location("publish_forms", ROOT / "packaging" / "publish_forms.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    pack = tmp_path / "packs" / "s8" / "v1"
    pack.mkdir(parents=True)
    (pack / "pack.toml").write_text("id = 's8'\n")
    (tmp_path / "questionnaires" / "visit" / "v1").mkdir(parents=True)
    (tmp_path / "PUBLISHED.json").write_text(
        '{"published": {}, "unreleased": ["packs/s8/v1", "questionnaires/visit/v1"]}'
    )
    return tmp_path


def test_the_folders_that_ship_are_as_recorded(publish_forms: ModuleType) -> None:
    assert publish_forms.findings(ROOT / "forms") == []


def test_an_unreleased_folder_may_change(publish_forms: ModuleType, forms: Path) -> None:
    (forms / "packs/s8/v1/pack.toml").write_text("id = 'other'\n")
    assert publish_forms.findings(forms) == []


def test_a_released_folder_may_not(publish_forms: ModuleType, forms: Path) -> None:
    assert "released as sha256:" in publish_forms.publish(forms, "packs/s8/v1")
    assert publish_forms.findings(forms) == []
    (forms / "packs/s8/v1/wording.toml").write_text("")
    assert publish_forms.findings(forms) == ["packs/s8/v1: changed after its release; make a new version"]
    assert "released as" not in publish_forms.publish(forms, "packs/s8/v1")


def test_a_folder_nobody_recorded_is_found(publish_forms: ModuleType, forms: Path) -> None:
    (forms / "packs/s8/v2").mkdir()
    assert publish_forms.findings(forms) == ["packs/s8/v2: in neither list"]


def test_a_recorded_folder_that_went_is_found(publish_forms: ModuleType, forms: Path) -> None:
    (forms / "questionnaires/visit/v1").rmdir()
    assert publish_forms.findings(forms) == ["questionnaires/visit/v1: recorded but gone"]


def test_releasing_twice_changes_nothing(publish_forms: ModuleType, forms: Path) -> None:
    publish_forms.publish(forms, "packs/s8/v1")
    before = (forms / "PUBLISHED.json").read_bytes()
    publish_forms.publish(forms, "packs/s8/v1")
    assert (forms / "PUBLISHED.json").read_bytes() == before


def test_the_digest_knows_names_and_contents(publish_forms: ModuleType, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a").write_text("1")
    assert publish_forms.digest(tmp_path / "one") == publish_forms.digest(tmp_path / "two")
    (tmp_path / "two" / "a").rename(tmp_path / "two" / "b")
    assert publish_forms.digest(tmp_path / "one") != publish_forms.digest(tmp_path / "two")
