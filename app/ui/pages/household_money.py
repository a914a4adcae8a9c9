"""Income and expenses of the round on a household's page, last year's beside them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.ids import Kind, Value
from app.domain.money import yuan_grouped
from app.ui import theme
from app.ui.binding import clear
from app.ui.models.household_draft import NEW
from app.ui.parts.buttons import button, icon_button
from app.ui.parts.choices import Choice, CodeInput
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import LineInput, MoneyInput
from app.ui.parts.page_frame import Card
from app.ui.parts.words import ShortLabel, rule, words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.income import Statement
    from app.queries.household import MoneyLine
    from app.ui.models.household_draft import Draft
    from app.ui.parts.entity_form import Measure

_FIGURES = 150  # design pixels of the amount
_COLUMNS = {0: 104, 2: 72, 3: 84, 4: _FIGURES, 5: 40}


def plain_yuan(fen: int) -> str:
    """Return yuan with grouping, without decimals where they are zero."""
    return yuan_grouped(fen).removesuffix(".00")


def arithmetic(statement: Statement) -> str:
    """Return how the income per head comes about, "" while nothing is recorded."""
    per_head = statement.per_head_fen
    if per_head is None:
        return ""
    shown = [line for line in statement.lines if line.fen] or list(statement.lines[:1])
    terms = ""
    for line in shown:
        sign = "－" if line.sign < 0 else "＋" if terms else ""
        terms += f"{sign}{plain_yuan(line.fen)}"
    return t("households.arithmetic", terms=terms, persons=statement.persons, result=plain_yuan(per_head))


class MoneySection(QWidget):
    """Every item with its amount in yuan; ``changed()`` after an edit."""

    changed = Signal()

    def __init__(self, measure: Measure) -> None:
        super().__init__()
        self._draft: Draft | None = None
        self.cards = {
            Kind.INCOME: MoneyCard(Kind.INCOME, measure),
            Kind.EXPENSE: MoneyCard(Kind.EXPENSE, measure),
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(14))
        for card in self.cards.values():
            card.changed.connect(self.changed)
            column.addWidget(card)
        column.addStretch(1)

    def show_draft(self, draft: Draft) -> None:
        """Show the items of a draft."""
        for card in self.cards.values():
            card.show_draft(draft)

    def problems(self) -> int:
        """Return how many amounts cannot be read."""
        return sum(card.problems() for card in self.cards.values())


class MoneyCard(Card):
    """The income or the expense items, and the line to add one."""

    changed = Signal()

    def __init__(self, kind: Kind, measure: Measure) -> None:
        super().__init__()
        self._kind = kind
        self._measure = measure
        self._draft: Draft | None = None
        self._keys: dict[str, str] = {}  # a row's own name -> the draft's entity, "" while only last year's
        self._continued: dict[str, str] = {}  # rows of last year -> this year's new item
        self.amounts: dict[str, MoneyInput] = {}
        self.keep = button(t("households.keep_last_year"), "plain", "copy")
        self._none = words(t(f"households.{kind}_none"), "muted", wrap=True)
        self._grid = QGridLayout()
        self.form = FormGrid(3)
        self.append = button(t("households.add_item"), "plain", "plus")
        self._offer()
        self._lay_out()
        self.keep.clicked.connect(self._on_keep)
        self.append.clicked.connect(self._on_append)
        self.form.finished.connect(self._on_append)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(words(t(f"households.{self._kind}"), "section"), 1)
        head.addWidget(self.keep)
        self.column.addLayout(head)
        self.add(self._none)
        self._grid.setHorizontalSpacing(theme.px(12))
        self._grid.setVerticalSpacing(theme.px(6))
        self._grid.setColumnStretch(1, 1)
        for column, width in _COLUMNS.items():
            self._grid.setColumnMinimumWidth(column, theme.px(width))
        self.column.addLayout(self._grid)
        self.add(rule())
        self.add(self.form)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.append)
        self.column.addLayout(row)

    def show_draft(self, draft: Draft) -> None:
        """Show the items of a draft, last year's beside them."""
        if draft is not self._draft:
            self._continued = {}
        self._draft = draft
        self._offer_members(draft)
        clear(self._grid)
        self._keys, self.amounts = {}, {}
        rows = self._rows(draft)
        self._none.setVisible(not rows)
        if rows:
            for column, key in enumerate(("category", "item", "member", "before", "now")):
                title = words(t(f"households.money_{key}"), "muted")
                side = Qt.AlignmentFlag.AlignRight if column > 2 else Qt.AlignmentFlag.AlignLeft  # noqa: PLR2004 -- figures
                self._grid.addWidget(title, 0, column, side)
        for at, (name, line) in enumerate(rows, start=1):
            self._show_row(at, name, line)
        self.keep.setVisible(any(line.before_fen is not None for _, line in rows))

    def problems(self) -> int:
        """Return how many amounts cannot be read."""
        return sum(bool(field.problem()) for field in self.amounts.values())

    def _rows(self, draft: Draft) -> list[tuple[str, MoneyLine]]:
        """Return the recorded lines, last year's and the new ones of the draft."""
        lines = draft.sheet.incomes if self._kind is Kind.INCOME else draft.sheet.expenses
        rows = [(line.id or f"before{at}", line) for at, line in enumerate(lines)]
        for name, line in rows:
            self._keys[name] = line.id or self._continued.get(name, "")
        rows = [(name, line) for name, line in rows if draft.value(self._kind, line.id, "void") != 1]
        for key in draft.entities(self._kind):
            if key.startswith(NEW) and key not in self._keys.values():
                self._keys[key] = key
                rows.append((key, self._line(draft, key)))
        return rows

    def _line(self, draft: Draft, key: str) -> MoneyLine:
        from app.queries.household import MoneyLine as Line

        values = draft.values(self._kind, key)
        lists, category = self._measure.lists, str(values.get("category", ""))
        item, member = str(values.get("item", "")), str(values.get("member", ""))
        amount = values.get("amount_fen", "")
        return Line(
            id=key,
            kind=str(self._kind),
            category=category,
            category_name=lists[f"{self._kind}_category"].label(category),
            item=item,
            name=str(values.get("name", "")) or lists["income_item"].label(item),
            member=member,
            member_name=str(draft.value(Kind.MEMBER, member, "name")),
            amount_fen=amount if isinstance(amount, int) else None,
            before_fen=None,
            counts=values.get("counts", "") != 0,
            note="",
        )

    def _show_row(self, at: int, name: str, line: MoneyLine) -> None:
        label = line.name or line.category_name
        if not line.counts and self._kind is Kind.INCOME:
            label = t("households.not_counted", name=label)
        before = t("list.unknown") if line.before_fen is None else plain_yuan(line.before_fen)
        amount = MoneyInput(t("app.unit_yuan"))
        amount.set_value(self._value(name, line))
        amount.setAccessibleName(t("households.amount_of", name=label))
        amount.setMinimumWidth(theme.px(_FIGURES))
        amount.left_field.connect(partial(self._on_amount, name, line))
        amount.returnPressed.connect(partial(self._focus_next, name))
        self.amounts[name] = amount
        texts = (line.category_name, label, line.member_name or t("households.whole"))
        for column, text in enumerate(texts):
            self._grid.addWidget(ShortLabel(text, "muted" if column != 1 else "value"), at, column)
        self._grid.addWidget(words(before, "muted"), at, 3, Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(amount, at, 4)
        if line.id:
            strike = icon_button("trash", t("households.strike_item", name=label))
            strike.clicked.connect(partial(self._on_strike, line.id))
            self._grid.addWidget(strike, at, 5)

    def _value(self, name: str, line: MoneyLine) -> Value:
        key = self._keys.get(name, "")
        if self._draft is not None and key:
            return self._draft.value(self._kind, key, "amount_fen")
        return "" if line.amount_fen is None else line.amount_fen

    def _on_amount(self, name: str, line: MoneyLine) -> None:
        field, draft = self.amounts[name], self._draft
        field.show_state("error" if field.problem() else "")
        if draft is None or field.problem():
            return
        value = field.value()
        if not self._keys[name]:
            if value == "":
                return
            self._keys[name] = self._continued[name] = draft.add(self._kind, self._fresh(line))
        if draft.value(self._kind, self._keys[name], "amount_fen") != value:
            draft.set(self._kind, self._keys[name], "amount_fen", value)
            self.changed.emit()

    def _fresh(self, line: MoneyLine) -> dict[str, Value]:
        """Return the fields of this year's item that goes on from last year's."""
        fields: dict[str, Value] = {"category": line.category, "name": line.name, "member": line.member}
        if self._kind is Kind.INCOME:
            fields |= {"item": line.item, "counts": int(line.counts)}
        return fields

    def _on_keep(self) -> None:
        draft = self._draft
        if draft is None:
            return
        for name, line in self._rows(draft):
            empty = name in self.amounts and self.amounts[name].value() == ""
            if empty and line.before_fen is not None:
                self.amounts[name].set_value(line.before_fen)
                self._on_amount(name, line)

    def _on_strike(self, key: str) -> None:
        draft = self._draft
        if draft is None:
            return
        if key.startswith(NEW):
            draft.drop(self._kind, key)
        else:
            draft.set(self._kind, key, "void", 1)
        self.show_draft(draft)
        self.changed.emit()

    def _focus_next(self, name: str) -> None:
        names = list(self.amounts)
        at = names.index(name) + 1
        if at < len(names):
            self.amounts[names[at]].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.form.focus(self._first)

    def _offer(self) -> None:
        """Lay out the fields of a new item."""
        lists, today = self._measure.lists, self._measure.today
        if self._kind is Kind.INCOME:
            self._first = "item"
            items = [Choice(c.code, c.label) for c in lists["income_item"].choices(today)]
            self.form.add("item", t("field.income.item"), CodeInput(items), required=True)
        else:
            self._first = "category"
            kinds = [Choice(c.code, c.label) for c in lists["expense_category"].choices(today)]
            self.form.add("category", t("field.expense.category"), CodeInput(kinds), required=True)
        self.form.add("member", t("field.income.member"), CodeInput())
        self.form.add("amount_fen", t("households.amount"), MoneyInput(t("app.unit_yuan")), required=True)
        self.form.add("name", t("field.income.name"), LineInput(), span=2, hint=t("households.name_hint"))

    def _offer_members(self, draft: Draft) -> None:
        names: Sequence[Choice] = [
            Choice(uid, str(draft.value(Kind.MEMBER, uid, "name")))
            for uid in draft.entities(Kind.MEMBER)
            if not uid.startswith(NEW) and draft.value(Kind.MEMBER, uid, "name")
        ]
        field = self.form.field("member")
        if isinstance(field, CodeInput):
            field.offer(names)
            field.setItemText(0, t("households.whole"))

    def _on_append(self) -> None:
        draft = self._draft
        if draft is None:
            return
        if self.form.check():
            self.form.next_problem()
            return
        fields = {code: value for code, value in self.form.values().items() if value != ""}
        if self._kind is Kind.INCOME:
            known = self._measure.lists["income_item"]
            item = str(fields["item"])
            fields["category"] = known.trait(item, "category")
            fields["counts"] = known.trait(item, "counts")
        draft.add(self._kind, fields)
        self.form.fill({})
        self.show_draft(draft)
        self.form.focus(self._first)
        self.changed.emit()
