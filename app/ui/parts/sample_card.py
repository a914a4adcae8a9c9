"""The township's draw: seed, share, what was drawn, and whether it can be drawn again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from app.ui.parts.buttons import button
from app.ui.parts.choices import Choice, CodeInput
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import LineInput, NumberInput
from app.ui.parts.page_frame import Card
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.linked import CandidateLine
    from app.queries.sampling import SampleLine

_SHORT = 8  # hex digits of the digest shown


class SampleCard(Card):
    """``draw_asked(seed, per mille)``, ``again_asked()``, ``result_given(case, code)``."""

    draw_asked = Signal(str, int)
    again_asked = Signal()
    result_given = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.sample: SampleLine | None = None
        head = QHBoxLayout()
        head.addWidget(words(t("approvals.sample"), "section"), 1)
        self.again = button(t("approvals.again"), "link")
        self.again.clicked.connect(self.again_asked)
        head.addWidget(self.again)
        self.column.addLayout(head)
        self._said = words("", "muted", wrap=True)
        self.add(self._said)
        self.form = FormGrid(2)
        self.form.add("seed", t("approvals.seed"), LineInput(), required=True, hint=t("approvals.seed_hint"))
        self.form.add("rate", t("approvals.rate"), NumberInput("‰"), hint=t("approvals.rate_hint"))
        self.add(self.form)
        self.draw = button(t("approvals.draw"), "plain")
        self.draw.clicked.connect(self._on_draw)
        self.results = FormGrid(2)
        self.case = CodeInput()
        self.result = CodeInput()
        self.results.add("case", t("approvals.which"), self.case, required=True)
        self.results.add("result", t("field.case.sample_result"), self.result, required=True)
        self.add(self.results)
        self.save = button(t("approvals.save_result"), "plain")
        self.save.clicked.connect(self._on_save)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.draw)
        row.addWidget(self.save)
        self.column.addLayout(row)

    def offer_results(self, choices: Sequence[tuple[str, str]]) -> None:
        """Fill the chooser of results."""
        self.result.offer([Choice(code, label) for code, label in choices])

    def show_sample(self, sample: SampleLine | None, lines: Sequence[CandidateLine], seed: str) -> None:
        """Show the latest draw; without one, what a draw would be made of."""
        self.sample = sample
        waiting = [line for line in lines if line.sampled and not line.sample_result]
        undrawn = [line for line in lines if not line.linked]
        self.case.offer([Choice(line.case, line.head) for line in waiting])
        if sample is None:
            self._said.setText(t("approvals.no_sample", number=len(undrawn)))
        else:
            short = sample.population.removeprefix("sha256:")[:_SHORT]
            told = t(
                "approvals.drawn",
                day=sample.drawn_on,
                seed=sample.seed,
                size=sample.size,
                rate=sample.rate,
                population=short,
                waiting=len(waiting),
            )
            more = t("approvals.undrawn", number=len(undrawn)) if undrawn else ""
            self._said.setText("\n".join(part for part in (told, more) if part))
        self.form.fill({**self.form.values(), "seed": self.form.values()["seed"] or seed})
        for part in (self.form, self.draw):
            part.setVisible(sample is None or bool(undrawn))
        self.draw.setEnabled(bool(undrawn))
        self.again.setVisible(sample is not None)
        self.results.setVisible(bool(waiting))
        self.save.setVisible(bool(waiting))

    def _on_draw(self) -> None:
        if self.form.check():
            self.form.next_problem()
            return
        values = self.form.values()
        rate = values["rate"]
        self.draw_asked.emit(str(values["seed"]), rate if isinstance(rate, int) else 0)

    def _on_save(self) -> None:
        if self.results.check():
            self.results.next_problem()
            return
        self.result_given.emit(self.case.value(), self.result.value())
