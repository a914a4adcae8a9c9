"""Colours, sizes and type: tokens, one scale for all pixels, and the palette."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QPalette

from app.queries.tone import Tone

NORMAL = 1.0
LARGE = 1.2

FAMILIES = ("Microsoft YaHei UI", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei")
"""Faces of the system, the preferred one first."""

FALLBACK = "GWHei-8105"
"""The papers' own face, lent to the screen where the system has none of them."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one look, ``#RRGGBB``; every text and tint pair is at least 4.5 : 1."""

    ink: str = "#14202E"
    ink2: str = "#334155"
    muted: str = "#5B6779"
    line: str = "#E1E6EC"
    edge: str = "#C3CCD6"  # of buttons and pills, which their words identify
    field: str = "#8A95A5"  # of inputs: 3 : 1 on white
    page: str = "#F3F5F7"
    card: str = "#FFFFFF"
    primary: str = "#0E7268"
    primary_hover: str = "#0A5A52"
    tint: str = "#E8F4F2"
    rail: str = "#0C3B38"
    rail_active: str = "#2F5856"
    rail_text: str = "#D7E5E3"
    key: str = "#EDF1F5"
    red: str = "#B42318"
    red_tint: str = "#FDEDEB"
    amber: str = "#9A5B00"
    amber_tint: str = "#FDF3E1"
    blue: str = "#1D5FA8"
    blue_tint: str = "#E9F1FB"
    green: str = "#1B7A46"
    green_tint: str = "#E8F5ED"
    on_primary: str = "#FFFFFF"


CALM = Tokens()

CONTRAST = Tokens(
    ink="#000000",
    ink2="#111827",
    muted="#2B333B",
    line="#2B333B",
    edge="#2B333B",
    field="#2B333B",
    page="#FFFFFF",
    primary="#004D45",
    primary_hover="#00332E",
    tint="#D3EFEA",
    rail="#00211F",
    rail_active="#2B4B49",
    rail_text="#FFFFFF",
    key="#E2E7EC",
    red="#8A0F07",
    amber="#633A00",
    blue="#0B3D75",
    green="#0B5129",
)


@dataclass(frozen=True, slots=True)
class Theme:
    """One look: its colours and the factor of every pixel size."""

    tokens: Tokens = CALM
    scale: float = NORMAL

    def px(self, size: float) -> int:
        """Return a design size (pixels at normal type) in this look."""
        return round(size * self.scale)

    def tone(self, tone: Tone) -> tuple[str, str]:
        """Return text and background colour of a tone."""
        k = self.tokens
        return {
            Tone.NEUTRAL: (k.muted, k.key),
            Tone.BLUE: (k.blue, k.blue_tint),
            Tone.GREEN: (k.green, k.green_tint),
            Tone.AMBER: (k.amber, k.amber_tint),
            Tone.RED: (k.red, k.red_tint),
        }[tone]


_looks = [Theme()]  # the look in use; one cell, so that painters need no reference to a window


def current() -> Theme:
    """Return the look in use."""
    return _looks[0]


def px(size: float) -> int:
    """Return a design size in the look in use."""
    return _looks[0].px(size)


def tokens() -> Tokens:
    """Return the colours in use."""
    return _looks[0].tokens


def font(size: float, *, bold: bool = False) -> QFont:
    """Return a font of ``size`` design pixels; only two weights exist in Chinese fonts."""
    made = QFont([*FAMILIES, FALLBACK])
    made.setPixelSize(px(size))
    made.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    return made


def palette(k: Tokens) -> QPalette:
    """Return the palette that goes with the tokens, for what a style sheet cannot reach."""
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: k.page,
        QPalette.ColorRole.Base: k.card,
        QPalette.ColorRole.AlternateBase: k.page,
        QPalette.ColorRole.Button: k.card,
        QPalette.ColorRole.Text: k.ink,
        QPalette.ColorRole.WindowText: k.ink,
        QPalette.ColorRole.ButtonText: k.ink,
        QPalette.ColorRole.Highlight: k.primary,
        QPalette.ColorRole.HighlightedText: k.on_primary,
        QPalette.ColorRole.PlaceholderText: k.muted,
        QPalette.ColorRole.ToolTipBase: k.ink,
        QPalette.ColorRole.ToolTipText: k.card,
        QPalette.ColorRole.Link: k.primary,
    }
    for role, colour in roles.items():
        made.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(k.muted))
    return made


def use(look: Theme) -> None:
    """Take a look into use for all that is painted from now on; see ``stylesheet.apply``."""
    _looks[0] = look
