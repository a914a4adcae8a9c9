"""Windows over real workspaces for the tests of pages."""

from __future__ import annotations

import pytest

from tests.ui.pages.seats import Seats
from tests.usecases.exchange import small_demo


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory):
    """A demonstration of twelve households; only to be copied."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    small_demo(folder)
    return folder


@pytest.fixture
def seats(tmp_path, demo_folder):
    with Seats(tmp_path / "computers", demo_folder) as made:
        yield made
