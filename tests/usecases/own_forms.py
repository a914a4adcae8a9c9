"""Questionnaires of a test's own, in the place of the shipped ones.

forms = OwnForms(monkeypatch, tmp_path)
forms.take_shipped("visit")                       # its first version, as it ships
forms.add_version("visit", [("old words", "new words"), …])
forms.put("slip", "v1", TABLE)                    # a form written as a table
"""

from __future__ import annotations

import shutil
from pathlib import Path
from textwrap import dedent

from app.files import form_in
from app.questionnaire.compile import compile_workbook

SHIPPED = Path(__file__).parents[2] / "forms" / "questionnaires"


class OwnForms:
    def __init__(self, monkeypatch, folder: Path) -> None:
        self.folder = folder
        monkeypatch.setattr(form_in, "_folder", self._place)
        self.forget()

    def _place(self, form_id: str) -> Path:
        place = self.folder / form_id
        if not place.is_dir():
            raise form_in.Refused("questionnaire.unknown_form", form=form_id)
        return place

    def forget(self) -> None:
        for cached in (form_in.shipped_versions, form_in._read):
            cached.cache_clear()

    def take_shipped(self, form_id: str) -> None:
        shutil.copytree(SHIPPED / form_id / "v1", self.folder / form_id / "v1")
        self.forget()

    def add_version(self, form_id: str, changes: list[tuple[str, str]]) -> None:
        """Add a version that differs from the one before by these words."""
        before = max((self.folder / form_id).iterdir())
        text = (before / f"{form_id}.xml").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        number = int(before.name[1:])
        self._write(
            form_id, f"v{number + 1}", text.replace(f' version="{number}"', f' version="{number + 1}"')
        )

    def put(self, form_id: str, version: str, table: str) -> None:
        self._write(form_id, version, compile_workbook(dedent(table).encode(), "form.md").xform_xml)

    def withdraw(self, form_id: str, version: str) -> None:
        shutil.rmtree(self.folder / form_id / version)
        self.forget()

    def _write(self, form_id: str, version: str, text: str) -> None:
        place = self.folder / form_id / version
        place.mkdir(parents=True)
        (place / f"{form_id}.xml").write_text(text, encoding="utf-8")
        (place / f"{form_id}.xlsx").write_bytes(text.encode())  # its hash is what counts
        self.forget()
