"""The visit questionnaire of a household, open in the window."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from app.questionnaire.corefields import prefill
from app.questionnaire.engine import Engine
from app.questionnaire.loader import load_form
from app.ui.questionnaire.files import NO_FILES
from app.ui.questionnaire.view import QuestionnaireView
from tests.questionnaire.forms import NOW

VISIT = Path(__file__).resolve().parents[3] / "forms" / "questionnaires" / "visit" / "v1" / "visit.xml"
MEMBERS = [
    {"id": "a" * 32, "name": "王秀兰", "relation": "01", "health": "1", "labour": "1"},
    {"id": "b" * 32, "name": "周国强", "relation": "02", "health": "1", "away": 1, "work_months": 10},
]


@pytest.fixture(scope="module")
def form():
    return load_form(VISIT.read_bytes())


@pytest.fixture
def engine(form):
    made = Engine(form, NOW, rng=random.Random(5))
    prefill(made, {"household.group": "三组", "income.operating.crops": 980_000}, {"member": MEMBERS})
    return made


@pytest.fixture
def open_view(qtbot):
    def show(engine, previous=None, ask=None, files=NO_FILES, width=1246, height=600):
        view = QuestionnaireView(engine, previous, ask, files)
        qtbot.addWidget(view)
        view.resize(width, height)
        with qtbot.waitActive(view, timeout=5000):
            view.show()
            view.activateWindow()
        return view

    return show
