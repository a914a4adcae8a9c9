"""What ``./bench sync`` measures is right, at a small size: nothing is timed here."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.ids import Level
from tests.bench import sync_reads, sync_step
from tests.bench.w1 import EXTRA_MEMBERS, Shape
from tests.bench.w1_packages import Fixture, fixture
from tests.print_figures import bench_rows

SHAPE = Shape(2, 30)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Fixture:
    return fixture(tmp_path_factory.mktemp("w1"), SHAPE)


def test_w1_is_taken_whole_and_the_same_again(made: Fixture, tmp_path: Path) -> None:
    found = sync_step.merge(made, tmp_path)
    counts = made.counts
    assert found["new"] == counts.entries
    assert (found["held"], found["households"]) == (0, counts.households)
    assert found["conflicts"] == counts.conflicts
    assert found["replay_new"] == 0
    assert found["rebuild_equal"] is True


def test_w1_is_made_of_what_the_page_says(made: Fixture) -> None:
    counts = made.counts
    assert 8.0 <= counts.entries / counts.households <= 8.4
    assert 35 <= counts.cells / counts.households <= 45


def test_a_fixture_is_made_once(made: Fixture) -> None:
    before = [path.stat().st_mtime_ns for path in made.packages]
    again = fixture(made.folder.parent, SHAPE)
    assert [path.stat().st_mtime_ns for path in again.packages] == before


def test_people_are_found_as_by_hand(tmp_path: Path) -> None:
    county = fixture(tmp_path / "keep", Shape(2, 20, EXTRA_MEMBERS), Level.COUNTY)
    found = sync_step.county(county, tmp_path)
    assert found["county_new"] == county.counts.entries
    assert found["persons"] == county.counts.households * (1 + EXTRA_MEMBERS)
    assert found["golden_right"] == found["golden"] > 100


def test_a_village_sends_questionnaires_too(tmp_path: Path) -> None:
    village = fixture(tmp_path / "keep", Shape(1, 10, 0, 2), Level.VILLAGE)
    found = sync_step.export(village, tmp_path)
    assert found["entries"] >= village.counts.entries
    assert found["mb"] > 0


def test_raw_copying_moves_the_same_rows(made: Fixture, tmp_path: Path) -> None:
    found = sync_step.driver(made, tmp_path)
    assert found["rows_copied"] == made.counts.entries


def test_a_limit_from_below_is_judged_from_below() -> None:
    [row] = bench_rows("unlock", {"value": 0.2, "limit": 0.1, "least": True})
    assert row.good is True
    assert sync_reads.share([1.0, 2.0, 3.0], 0.5) == 2.0
