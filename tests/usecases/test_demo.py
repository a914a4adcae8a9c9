"""The demonstration: thirty households, work at every step, three levels that agree."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from app.domain.errors import BadInput, Refused, Unavailable
from app.usecases import demo, workspaces
from app.usecases.clock import FixedClock
from tests.usecases.exchange import CHEAP, NOW, count, digest_of
from tests.usecases.test_workspaces import as_nobody, in_child, opened_up

STEPS = {"apply", "review", "visit", "compare", "appraise", "publicise", "check", "audit", "end"}
PLAN = demo.Plan(1, 30, cost=CHEAP)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A demonstration of thirty households."""
    return demo.make_demo(tmp_path_factory.mktemp("thirty") / "demo", PLAN, NOW)


@pytest.fixture
def offices(made):
    """Its three levels, opened: village, township, county."""
    passphrase = made.passphrase.read_text(encoding="utf-8").strip()
    folders = (*made.villages, made.township, made.county)
    found = [workspaces.unlock(folder, passphrase, FixedClock(NOW)) for folder in folders]
    yield found
    for office in found:
        workspaces.close(office)


def test_every_step_is_populated_and_the_levels_agree(offices):
    for office in offices:
        with office.workspace.read() as conn:
            query = "SELECT DISTINCT step FROM case_line WHERE workflow = 'identify'"
            assert set(conn.exec_driver_sql(query).scalars()) == STEPS
            held = conn.exec_driver_sql("SELECT count(*) FROM journal WHERE state <> 0").scalar()
            assert (held, count(office, "household_line"), count(office, "waiting")) == (0, 30, 0)
    assert len({digest_of(office) for office in offices}) == 1


def test_three_villages_live_through_the_same_month(tmp_path):
    made = demo.make_demo(tmp_path / "demo", demo.Plan(3, 8, cost=CHEAP), NOW)
    passphrase = made.passphrase.read_text(encoding="utf-8").strip()
    assert len(made.villages) == 3
    for folder in (*made.villages, made.township):
        office = workspaces.unlock(folder, passphrase, FixedClock(NOW))
        homes = count(office, "household_line")
        workspaces.close(office)
        assert homes == (24 if folder == made.township else 8)


def test_the_line_is_marked_as_no_real_one(offices):
    for office in offices:
        assert office.workspace.standing().demo
        with office.workspace.read() as conn:
            rounds = conn.exec_driver_sql("SELECT line_demo, line_doc FROM p_round").all()
        assert [tuple(row) for row in rounds] == [(1, "演示标准，不作依据")]


def test_the_people_are_synthetic(offices):
    village = offices[0]
    with village.workspace.read() as conn:
        numbers = conn.exec_driver_sql("SELECT id_number FROM p_member WHERE id_number <> ''").scalars().all()
    assert len(numbers) > 30
    assert {number[:2] for number in numbers} == {"99"}  # never assigned, and placeholders


def test_only_the_workspaces_and_the_passphrase_are_left(made):
    assert sorted(path.name for path in made.passphrase.parent.iterdir()) == [
        "county",
        "passphrase.txt",
        "township",
        "village-01",
    ]


@pytest.mark.parametrize("after", [1, 3])
def test_who_cancels_finds_nothing(tmp_path, after):
    done: list[tuple[int, int]] = []
    with pytest.raises(Refused) as caught:
        demo.make_demo(
            tmp_path / "demo", PLAN, NOW, lambda n, of: done.append((n, of)), lambda: len(done) >= after
        )
    assert caught.value.code == "work.cancelled"
    assert done == [(n, 8) for n in range(1, after + 1)]
    assert list(tmp_path.iterdir()) == []


def test_where_no_demonstration_is_made(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(Refused) as caught:
        demo.make_demo(tmp_path, PLAN, NOW)
    assert caught.value.code == "demo.not_empty"
    for wrong in (demo.Plan(0), demo.Plan(41), demo.Plan(1, 0), demo.Plan(1, 20_001)):
        with pytest.raises(Refused) as caught:
            demo.make_demo(tmp_path / "new", wrong, NOW)
        assert (caught.value.code, caught.value.params) == (
            "demo.too_many",
            {"villages": 40, "households": 20_000},
        )
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_read_only_place_is_said(tmp_path):
    place: Path = tmp_path / "readonly"
    place.mkdir()
    opened_up(place)
    told = in_child(as_nobody(lambda: str(demo.make_demo(place / "demo", PLAN, NOW))))
    place.chmod(0o755)
    assert (told, list(place.iterdir())) == ("disk.read_only", [])


def test_a_disk_that_fills_up_leaves_nothing(tmp_path):
    def make() -> str:
        resource.setrlimit(resource.RLIMIT_FSIZE, (700 * 1024, 700 * 1024))
        return str(demo.make_demo(tmp_path / "demo", PLAN, NOW))

    assert in_child(make) in {"disk.full", "disk.failing"}
    assert list(tmp_path.iterdir()) == []


def test_below_a_file_there_is_no_place(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(Unavailable) as caught:
        demo.make_demo(tmp_path / "letter.txt" / "demo", PLAN, NOW)
    assert caught.value.code == "disk.read_only"
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_one_household_has_a_month_as_well(tmp_path):
    made = demo.make_demo(tmp_path / "demo", demo.Plan(1, 1, cost=CHEAP), NOW)
    office = workspaces.unlock(made.villages[0], made.passphrase.read_text().strip(), FixedClock(NOW))
    with office.workspace.read() as conn:
        steps = conn.exec_driver_sql("SELECT step FROM case_line").scalars().all()
        notices = conn.exec_driver_sql("SELECT count(*) FROM p_publicity").scalar()
    workspaces.close(office)
    assert len(steps) == 1
    assert notices == 0


def test_a_package_that_cannot_be_read_ends_the_story(offices, tmp_path):
    with pytest.raises(BadInput) as caught:
        demo._receive(offices[0], [tmp_path / "gone.hhpkg"])
    assert caught.value.code == "package.missing"
