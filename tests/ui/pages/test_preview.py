"""The preview: what is on the screen, what goes to the printer and the disk, and that it is noted."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdfium2
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtPrintSupport import QPrinter

from app.domain.document import ListKind, Output, Paper
from app.domain.errors import Refused
from app.paths import settings_file
from app.queries.household_list import ListQuery
from app.settings import load_settings
from app.ui import theme
from app.ui.desks.papers import PREVIEW, PapersDesk
from app.ui.pages.preview import PreviewPage
from app.ui.pages.registry import entries
from app.ui.parts import printing
from app.ui.parts.printing import PdfBytes, draw_pages, page_image
from app.ui.stylesheet import apply
from reports.certificate import CertificateSheet
from reports.certificate import render as render_certificate
from reports.plain_list import Column, PlainListSheet, render


def pdf(rows: int = 100, name: str = "吴福生") -> bytes:
    columns = (Column("序号"), Column("户主姓名", 3))
    return render(PlainListSheet("农户名单", columns, tuple((str(n), name) for n in range(rows))))


def landscape() -> bytes:
    return render_certificate(
        CertificateSheet("退出证书", "1", "吴福生", 1, "石板村", ("准予退出。",), (), "2026年3月2日", "12317")
    )


PAPER = Paper("石板村农户名单-2026-03-02.pdf", pdf(), (), "step", "")


class Desk:
    """Papers in memory; what was noted and which lists were asked for."""

    def __init__(self) -> None:
        self.noted: list[tuple[str, Output]] = []
        self.listed: list[tuple[ListKind, int]] = []

    def listing(self, kind, of):
        self.listed.append((kind, len(of)))
        return replace(PAPER, kind=kind.value)

    def note(self, paper, how):
        self.noted.append((paper.digest, how))

    def group(self) -> PapersDesk:
        never = ()
        return PapersDesk(
            notice=never, certificate=never, listing=self.listing, issue=never, reprint=never, void=never,
            note=self.note,
        )  # fmt: skip


@pytest.fixture
def papers():
    return Desk()


@pytest.fixture
def printers(monkeypatch):
    monkeypatch.setattr(printing, "printers", lambda: ("村委会打印机", "备用打印机"))


@pytest.fixture
def page(desk, papers, runner, ask, qtbot, printers):
    return made_page(desk, papers, runner, ask, qtbot)


def made_page(desk, papers, runner, ask, qtbot) -> PreviewPage:
    made = PreviewPage(replace(desk, groups={PapersDesk: papers.group()}), runner, ask)
    qtbot.addWidget(made)
    made.resize(1286, 728)
    made.show()
    return made


@pytest.fixture
def lp(tmp_path, monkeypatch):
    """A printing command that keeps what it was given; its exit code is the content of ``code``."""
    script = tmp_path / "lp"
    script.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\ncat > {tmp_path}/printed.pdf\nexit $(cat {tmp_path}/code)\n'
    )
    script.chmod(0o755)
    (tmp_path / "code").write_text("0")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return tmp_path


def ink(image) -> int:
    picture = image.scaled(QSize(60, 80))
    return sum(picture.pixelColor(x, y).lightness() < 200 for x in range(60) for y in range(80))


def test_a_paper_is_shown_with_its_pages(page, qtbot):
    page.show_for(PAPER)
    assert page.view._title.text() == "石板村农户名单-2026-03-02"
    assert page.view._pages.text() == "第 1 / 3 页"
    assert page._frame._subtitle.text() == "共 3 页"
    assert page.panel.kind.isHidden()

    def drawn() -> bool:
        return ink(page.view.view.viewport().grab().toImage()) > 50

    qtbot.waitUntil(drawn, timeout=10_000)  # pixels: a viewer may count pages and draw none


def test_zoom_begins_at_what_fits_and_comes_back(page):
    page.show_for(PAPER)
    view = page.view.view
    fitted = page.view._fitted()
    page.view.larger()
    assert view.zoomFactor() == pytest.approx(fitted * 1.2, rel=0.01)
    page.view.smaller()
    assert view.zoomFactor() == pytest.approx(fitted, rel=0.01)
    for _ in range(30):
        page.view.larger()
    assert view.zoomFactor() == 4.0
    page.view.fit()
    assert view.zoomMode() == view.ZoomMode.FitToWidth


def test_saving_writes_the_file_notes_it_and_remembers_the_folder(page, papers, ask, tmp_path, qtbot):
    page.show_for(PAPER)
    ask.answers = [tmp_path / "公示"]
    with qtbot.waitSignal(page.said) as said:
        qtbot.mouseClick(page.panel.save, Qt.MouseButton.LeftButton)
    assert (tmp_path / "公示.pdf").read_bytes() == PAPER.data
    assert papers.noted == [(PAPER.digest, Output.SAVE)]
    assert said.args[0] == "已保存 公示.pdf"
    assert load_settings(settings_file()).settings.last_folders == {"paper": str(tmp_path)}
    ask.answers = [None]
    page.panel.save.click()
    assert len(papers.noted) == 1


def test_what_cannot_be_saved_is_said_and_not_noted(page, papers, ask, runner, tmp_path, qtbot):
    page.show_for(PAPER)
    ask.answers = [tmp_path / "没有的文件夹" / "公示.pdf"]
    with qtbot.waitSignal(runner.failed) as failed:
        page.panel.save.click()
    assert (failed.args[0].code, failed.args[0].params) == ("preview.not_saved", {"file": "公示.pdf"})
    assert papers.noted == []


def test_printing_hands_the_file_itself_to_the_printing_system(page, papers, lp, qtbot):
    page.show_for(PAPER)
    page.panel.printer.set_value("备用打印机")
    page.panel.copies.set_value("2")
    with qtbot.waitSignal(page.said) as said:
        qtbot.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert (lp / "printed.pdf").read_bytes() == PAPER.data
    assert (lp / "arguments").read_text().split() == ["-d", "备用打印机", "-n", "2", "-"]
    assert papers.noted == [(PAPER.digest, Output.PRINT)]
    assert said.args[0] == "已交给打印机 备用打印机，共 2 份"


def test_a_printer_that_refuses_is_named(page, papers, lp, runner, qtbot):
    (lp / "code").write_text("1")
    page.show_for(PAPER)
    with qtbot.waitSignal(runner.failed) as failed:
        page.panel.print.click()
    assert failed.args[0].code == "preview.not_printed"
    assert failed.args[0].params == {"printer": "村委会打印机"}
    assert papers.noted == []


def test_missing_characters_are_named_and_asked_about(page, papers, ask, lp):
    page.show_for(replace(PAPER, missing=("甲", "乙")))
    assert "有 2 个字打不出来，纸上会印成〓：甲、乙。" in page.panel._missing.text()
    assert not page.panel._missing.isHidden()
    ask.answers = [False]
    page.panel.print.click()
    assert papers.noted == []
    ask.answers = [True]
    page.panel.print.click()
    assert papers.noted == [(PAPER.digest, Output.PRINT)]
    page.show_for(PAPER)
    assert page.panel._missing.isHidden()


def test_without_a_printer_saving_is_offered(desk, papers, runner, ask, qtbot, monkeypatch):
    monkeypatch.setattr(printing, "printers", tuple)
    page = made_page(desk, papers, runner, ask, qtbot)
    page.show_for(PAPER)
    assert page.panel.print.isHidden()
    assert not page.panel._none.isHidden()
    assert page.panel.save.isEnabled()
    page._on_print()
    assert papers.noted == []


def test_a_query_of_the_home_becomes_a_list_and_other_lists(page, papers, work):
    page.show_for(ListQuery(step="visit"))
    several = sum(line.step == "visit" for line in work.all)
    assert papers.listed == [(ListKind.STEP, several)]
    page.panel.kind.set_value("missing")
    page.panel.kind.left_field.emit()
    assert papers.listed[1:] == [(ListKind.MISSING, several)]
    assert page._paper is not None
    assert page._paper.kind == "missing"


def test_leaving_the_page_lets_the_paper_go(page):
    page.show_for(PAPER)
    page.hide()
    assert page._paper is None
    assert page.view.page_count() == 0
    page.show_for(PAPER)
    assert page.view.page_count() == 3


def test_pages_are_drawn_on_white_at_their_place(tmp_path):
    data = pdf()
    held = PdfBytes(data)
    image = page_image(held.document, 0, 100)
    held.close()
    assert (image.width(), image.height()) == (827, 1169)
    assert image.pixelColor(2, 2).lightness() == 255
    shown = pypdfium2.PdfDocument(data)[0].render(scale=100 / 72).to_pil().convert("L")
    dark = [(x, y) for x in range(3, 820, 3) for y in range(3, 1160, 3) if shown.getpixel((x, y)) < 90]
    assert len(dark) > 100

    def near(x: int, y: int) -> int:
        """The darkest of the pixels around; two programs need not agree on a hair's breadth."""
        return min(image.pixelColor(x + dx, y + dy).lightness() for dx in (-1, 0, 1) for dy in (-1, 0, 1))

    assert sum(near(x, y) < 160 for x, y in dark) > 0.95 * len(dark)


@pytest.mark.parametrize(("data", "pages", "wide"), [(pdf(60), 2, False), (landscape(), 1, True)])
def test_other_systems_get_every_page_drawn_on_its_own_side_of_paper(qapp, tmp_path, data, pages, wide):
    target = QPrinter(QPrinter.PrinterMode.HighResolution)
    target.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    target.setOutputFileName(str(tmp_path / "out.pdf"))
    told: list[tuple[int, int]] = []
    draw_pages(data, target, lambda done, of: told.append((done, of)), lambda: False)
    printed = pypdfium2.PdfDocument(io.BytesIO((tmp_path / "out.pdf").read_bytes()))
    assert len(printed) == pages
    assert told == [(n, pages) for n in range(1, pages + 1)]
    width, height = printed[0].get_size()
    assert (width > height) is wide
    before = pypdfium2.PdfDocument(data)[0].render(scale=1).to_pil().convert("L")
    after = printed[0].render(scale=1).to_pil().convert("L").resize(before.size)
    boxes = [picture.point(lambda v: 255 if v < 150 else 0).getbbox() for picture in (before, after)]
    assert all(abs(a - b) <= 3 for a, b in zip(*boxes, strict=True))


def test_drawing_stops_when_asked(qapp, tmp_path):
    target = QPrinter(QPrinter.PrinterMode.HighResolution)
    target.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    target.setOutputFileName(str(tmp_path / "out.pdf"))
    with pytest.raises(Refused, match=r"work\.cancelled"):
        draw_pages(pdf(), target, lambda _done, _of: None, lambda: True)


def test_the_page_is_in_the_table_without_a_place_in_the_rail(work):
    found = entries(work.level)[PREVIEW]
    assert found.icon == ""
    assert "print_list" in entries(work.level)


@pytest.mark.parametrize("scale", [theme.NORMAL, theme.LARGE])
@pytest.mark.parametrize("has_printer", [True, False])
def test_nothing_is_clipped(
    qapp, desk, papers, runner, ask, qtbot, monkeypatch, scale, has_printer,
    assert_no_clipped_labels, assert_accessible_names,
):  # fmt: skip
    monkeypatch.setattr(printing, "printers", lambda: ("村委会打印机",) if has_printer else ())
    apply(qapp, theme.Theme(scale=scale))
    made = made_page(desk, papers, runner, ask, qtbot)
    made.resize(1366 - theme.px(80), 728)
    made.show_for(ListQuery())
    made._on_paper(replace(PAPER, missing=("甲", "乙")))
    assert_no_clipped_labels(made)
    assert_accessible_names(made)
