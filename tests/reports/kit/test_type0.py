"""The composite font inside the file: embedded, with its way back to text, and usable by the library itself."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from reports.kit.fonts import Role, vendored
from reports.kit.page import OFFICIAL, Paper
from reports.kit.type0 import MissingCharacters, to_unicode_cmap

TEXT = "王璟䶮𬭚，2025年（一）é"


def paper_of(text):
    paper = Paper(OFFICIAL, vendored(), "test")
    paper.new_page()
    for number, role in enumerate(Role):
        paper.text(text, (100, 700 - 40 * number), role, 16)
    return paper.save()


def descendants(pdf):
    for font in pdf.pages[0].Resources.Font.values():
        yield font, font.DescendantFonts[0]


def test_every_font_is_embedded_with_its_way_back_to_text():
    with pikepdf.open(io.BytesIO(paper_of(TEXT))) as pdf:
        fonts = list(descendants(pdf))
        assert len(fonts) >= 5
        for font, inner in fonts:
            assert font.Subtype == "/Type0"
            assert font.Encoding == "/Identity-H"
            assert font.ToUnicode.read_bytes().startswith(b"/CIDInit")
            descriptor = inner.FontDescriptor
            program = descriptor.get("/FontFile2") or descriptor.get("/FontFile3")
            assert len(program.read_bytes()) > 200
            assert re.fullmatch(r"/[A-Z]{6}\+GW\w+", str(font.BaseFont))
            assert descriptor.FontName == font.BaseFont == inner.BaseFont


def test_postscript_outlines_go_in_as_a_bare_cff_table():
    with pikepdf.open(io.BytesIO(paper_of("王")), suppress_warnings=False) as pdf:
        fang = next(inner for _, inner in descendants(pdf) if "GWFang" in str(inner.BaseFont))
        assert fang.Subtype == "/CIDFontType0"
        assert fang.FontDescriptor.FontFile3.Subtype == "/CIDFontType0C"
        assert fang.FontDescriptor.FontFile3.read_bytes()[:1] == b"\x01"


def test_widths_in_the_file_are_those_of_the_faces():
    with pikepdf.open(io.BytesIO(paper_of("1234567890王"))) as pdf:
        latin = next(inner for _, inner in descendants(pdf) if "GWLatin" in str(inner.BaseFont))
        assert [int(width) for width in latin.W[1]] == [500] * 10


def test_text_comes_back_whole_from_every_face(read):
    assert read(paper_of(TEXT)).text == TEXT * len(Role)


def test_the_empty_box_is_never_drawn(read):
    stream = read(paper_of(TEXT + "\U00020000")).streams()[0]
    codes = [code for shown in re.findall(r"<([0-9A-F]+)>", stream) for code in re.findall("....", shown)]
    assert codes
    assert "0000" not in codes


def test_no_font_of_the_reader_is_asked_for():
    data = paper_of(TEXT)
    assert b"Helvetica" not in data
    assert b"ASCII85" not in data


def test_the_librarys_own_drawing_calls_can_use_a_face(read):
    vendored()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, initialFontName="GWSong", invariant=1)
    canvas.setFont("GWSong", 12)
    canvas.drawRightString(300, 500, "住房安全𬭚")
    canvas.save()
    paper = read(buffer.getvalue())
    assert paper.text == "住房安全𬭚"
    assert max(box[2] for _, box in paper.characters(0)) == pytest.approx(300, abs=1.5)


def test_drawing_a_character_the_face_lacks_is_refused():
    canvas = Canvas(io.BytesIO(), initialFontName=vendored().fonts[0].fontName)
    canvas.setFont("GWLatin", 12)
    with pytest.raises(MissingCharacters) as caught:
        canvas.drawString(0, 0, "A村B")
    assert caught.value.characters == ("村",)


def test_the_cmap_holds_at_most_a_hundred_entries_a_block():
    cmap = to_unicode_cmap({glyph: chr(0x4E00 + glyph) for glyph in range(1, 251)})
    assert re.findall(r"(\d+) beginbfchar", cmap) == ["100", "100", "50"]
    assert "<0001> <4E01>" in cmap
    assert "<D862DEDA>" in to_unicode_cmap({7: "\U00028ada"})
