"""Contrast of every pair that carries text, one scale for all sizes, and the style sheet's soundness."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton

from app.queries.household_list import Tone
from app.ui import theme
from app.ui.icons import names, pixmap
from app.ui.stylesheet import apply, sheet


def _luminance(name):
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in QColor(name).getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(a, b):
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [theme.CALM, theme.CONTRAST])
def test_text_is_readable_on_every_ground(tokens):
    look = theme.Theme(tokens)
    pairs = [
        (colour, ground)
        for colour in (tokens.ink, tokens.ink2, tokens.muted)
        for ground in (tokens.card, tokens.page)
    ]
    pairs += [look.tone(tone) for tone in Tone]
    pairs += [
        (tokens.on_primary, tokens.primary),
        (tokens.on_primary, tokens.primary_hover),
        (tokens.primary, tokens.tint),
    ]
    pairs += [
        (tokens.rail_text, tokens.rail),
        (tokens.on_primary, tokens.rail_active),
        (tokens.red, tokens.card),
    ]
    pairs += [(tokens.amber, tokens.card), (tokens.muted, tokens.key)]
    poor = [(a, b, round(contrast(a, b), 2)) for a, b in pairs if contrast(a, b) < 4.5]
    assert poor == []


@pytest.mark.parametrize("tokens", [theme.CALM, theme.CONTRAST])
def test_the_border_of_an_input_can_be_seen(tokens):
    assert contrast(tokens.field, tokens.card) >= 3


def test_one_scale_for_all_sizes(qapp):
    assert theme.px(15) == 15
    apply(qapp, theme.Theme(scale=theme.LARGE))
    assert theme.px(15) == 18
    assert qapp.font().pixelSize() == 18


def test_the_style_sheet_has_no_hole():
    for look in (theme.Theme(), theme.Theme(theme.CONTRAST, theme.LARGE)):
        text = sheet(look)
        assert text.count("{") == text.count("}")
        assert "None" not in text


@pytest.mark.parametrize("scale", [theme.NORMAL, theme.LARGE])
@pytest.mark.parametrize("made", [QLineEdit, QPushButton])
def test_focus_does_not_change_the_height(qapp, qtbot, scale, made):
    apply(qapp, theme.Theme(scale=scale))
    widget = made()
    qtbot.addWidget(widget)
    widget.show()
    before = widget.sizeHint().height()
    assert before == theme.px(36)
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    assert widget.sizeHint().height() == before


def test_every_icon_can_be_drawn(qapp):
    assert len(names()) > 30
    for name in names():
        image = pixmap(name, 24, "#112233").toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24)), name


def test_a_ticked_box_shows_a_tick(qtbot, qapp):
    """A filled square alone does not say yes."""
    apply(qapp, theme.Theme())
    box = QCheckBox("因病")
    qtbot.addWidget(box)
    box.setChecked(True)
    box.resize(box.sizeHint())
    image = box.grab().toImage()
    size = theme.px(18)
    top = (box.height() - size) // 2
    inside = {
        QColor(image.pixel(x, y)).name().upper()
        for x in range(theme.px(2) + 3, theme.px(2) + size - 3)
        for y in range(top + 3, top + size - 3)
    }
    assert {theme.tokens().primary.upper(), theme.tokens().on_primary.upper()} <= inside


@pytest.mark.parametrize("kind", ["danger", "primary", "plain"])
def test_a_button_that_cannot_be_pressed_looks_like_one(kind, qtbot, qapp):
    apply(qapp, theme.Theme())
    button = QPushButton("停用这台电脑")
    button.setProperty("kind", kind)
    qtbot.addWidget(button)
    button.show()
    enabled = colours(button)
    button.setEnabled(False)
    disabled = colours(button)
    k = theme.CALM
    assert {"danger": k.red, "primary": k.primary, "plain": k.ink}[kind].lower() in enabled
    assert disabled.isdisjoint({k.red.lower(), k.primary.lower(), k.ink.lower()})


def colours(button):
    image = button.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
