"""Tick what is wrong on a case that is sent back, with a few words beside each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.domain.returned import NOTE
from app.ui import theme
from app.ui.parts.mark_words import named
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.domain.ids import Value
    from app.queries.mark_choices import MarkChoice

_HEIGHT = 260  # design pixels
_MARK = Qt.ItemDataRole.UserRole


class MarkPicker(QWidget):
    """A tree of parts with boxes to tick; the second column takes a note once a box is ticked."""

    def __init__(self) -> None:
        super().__init__()
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(t("returned.mark"))
        self.tree.setColumnCount(2)
        for column_, text in enumerate((t("returned.mark_item"), t("returned.mark_note"))):
            self.tree.headerItem().setText(column_, text)
        self.tree.setFixedHeight(theme.px(_HEIGHT))
        self.tree.setUniformRowHeights(True)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.itemChanged.connect(self._on_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        column.addWidget(words(t("returned.mark"), "label"))
        column.addWidget(words(t("returned.mark_why"), "muted", wrap=True))
        column.addWidget(self.tree)

    def offer(self, choices: Sequence[MarkChoice]) -> None:
        """Offer other parts; nothing is ticked."""
        self.tree.blockSignals(True)
        self.tree.clear()
        groups: dict[tuple[str, str], QTreeWidgetItem] = {}
        for choice in choices:
            key = (choice.group, choice.about if choice.label else "")
            if key not in groups:
                title = " ".join(part for part in (t(f"returned.part_{choice.group}"), key[1]) if part)
                groups[key] = QTreeWidgetItem(self.tree, [title, ""])
                groups[key].setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            item = QTreeWidgetItem(groups[key], [_title(choice), ""])
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(0, Qt.CheckState.Unchecked)
            item.setData(0, _MARK, choice.mark)
        self.tree.blockSignals(False)
        self.tree.setColumnWidth(0, theme.px(230))

    def data(self) -> dict[str, Value]:
        """Return what was ticked and noted, as an act takes it; empty for nothing."""
        found = {str(item.data(0, _MARK)): item.text(1).strip() for item in self._ticked()}
        if not found:
            return {}
        return {
            "wrong": " ".join(sorted(found)),
            **{NOTE + mark: note for mark, note in found.items() if note},
        }

    def tick(self, mark: str, note: str = "") -> None:
        """Tick one part, as a click does."""
        for item in self._items():
            if item.data(0, _MARK) == mark:
                item.setCheckState(0, Qt.CheckState.Checked)
                item.setText(1, note)

    def _items(self) -> Iterator[QTreeWidgetItem]:
        for at in range(self.tree.topLevelItemCount()):
            group = self.tree.topLevelItem(at)
            yield from (group.child(number) for number in range(group.childCount()))

    def _ticked(self) -> list[QTreeWidgetItem]:
        return [item for item in self._items() if item.checkState(0) == Qt.CheckState.Checked]

    def _on_changed(self, item: QTreeWidgetItem, column: int) -> None:
        """Let a note be written beside what is ticked, and only there."""
        if column == 0:
            self.tree.blockSignals(True)
            ticked = item.checkState(0) == Qt.CheckState.Checked
            flag = Qt.ItemFlag.ItemIsEditable
            item.setFlags(item.flags() | flag if ticked else item.flags() & ~flag)
            self.tree.blockSignals(False)


def _title(choice: MarkChoice) -> str:
    if choice.label:
        return named(choice.label, choice.mark)
    if choice.group == "whole":
        return t(f"returned.part_{choice.about}")
    return choice.about or t("returned.part_whole")
