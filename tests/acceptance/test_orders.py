"""Every office ends with the same facts: packages in any order, twice, late, and through any number of hubs.

At acceptance size twenty orders for each number of hubs, otherwise one.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from app.crypto.keyslots import Cost
from app.domain.ids import Kind, Level
from app.files.package import PackageKind
from app.storage.digest import digest
from app.usecases import enrolment, exports, households, merges, workspaces
from app.usecases.clock import FixedClock
from app.usecases.demo import COUNTY, TOWNSHIP, Plan, make_demo
from app.usecases.office import Office
from tests.conftest import ACCEPTANCE
from tests.usecases.exchange import NOW, household

ORDERS = 20 if ACCEPTANCE else 1
VILLAGES = ("990101001201", "990101001202")
CHEAP = Cost(1, 64, 1)
PASSPHRASE = "毛竹 豆腐 山泉 木桥 稻田"
KEY = "key"


class Country:
    """A county with one township and two villages, two hubs and a second county office that has nothing yet.

    ``sent`` are the packages the second county office will get straight from those who wrote them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FixedClock(NOW)
        self.post = folder / "post"
        made = make_demo(folder / "demo", Plan(2, 8, cost=CHEAP), NOW)
        self.post.mkdir()
        self.passphrase = made.passphrase.read_text(encoding="utf-8").strip()
        opened = [made.county, made.township, *made.villages]
        self.county, self.township, *self.villages = (
            workspaces.unlock(one, self.passphrase, self.clock) for one in opened
        )
        for name, level, scope in (
            ("hub-1", Level.TOWNSHIP, TOWNSHIP),
            ("hub-2", Level.TOWNSHIP, TOWNSHIP),
            ("second", Level.COUNTY, COUNTY),
        ):
            self._enrolled(name, level, scope)
        self._spread()
        self.sent = [*self._work("1"), *self._work("2")]
        self._spread()
        self.want = {scope: digest_of(one, scope) for scope, one in zip(VILLAGES, self.villages, strict=True)}
        for one in (self.county, self.township, *self.villages):
            workspaces.close(one)

    def _enrolled(self, name: str, level: Level, scope: str) -> None:
        """Make an office that knows whom to believe and nothing else; keep it closed."""
        setup = workspaces.Setup(level, scope, {scope: "清溪"}, {"name": "韦文斌"}, PASSPHRASE, cost=CHEAP)
        office = workspaces.create(self.folder / name, setup, self.clock)
        asked = enrolment.request(office, self.post)
        grant, _ = enrolment.grant(self.county, asked, self.post, enrolment.own_code(office))
        enrolment.accept(office, grant)
        (self.folder / name / KEY).write_text(office.workspace.key.hex(), encoding="utf-8")
        workspaces.close(office)

    def _spread(self) -> None:
        """Let everybody below know what stands above, certificates too."""
        take(self.township, self._export(self.county, PackageKind.DOWN))
        for village, scope in zip(self.villages, VILLAGES, strict=True):
            take(village, self._export(self.township, PackageKind.DOWN, scope))

    def _work(self, group: str) -> list[Path]:
        """Let the villages, the township and the county write, and send what they have."""
        for number, village in enumerate(self.villages):
            for place in range(2):
                uid = household(village, place)
                edit = households.Edit(Kind.HOUSEHOLD, uid, {"group": f"{group}{number}{place}组"})
                households.edit(village, uid, [edit], "核对后更正")
        up = [file for one in self.villages for file in self._export(one, PackageKind.UP)]
        take(self.township, up)
        theirs = self._export(self.township, PackageKind.UP)
        take(self.county, [*up, *theirs])
        return [*up, *theirs, *self._export(self.county, PackageKind.PEER)]

    def _export(self, office: Office, kind: PackageKind, scope: str = "") -> list[Path]:
        self.clock.moment += timedelta(minutes=1)
        return [file for one in exports.export(office, self.post, kind, scope) for file in one.files]

    @contextmanager
    def copy(self, name: str) -> Generator[Office]:
        """Open a copy of an office as it was enrolled; its own files go away with it."""
        folder = self.folder / f"{name}-copy"
        shutil.copytree(self.folder / name, folder)
        key = bytes.fromhex((folder / KEY).read_text(encoding="utf-8"))
        office = workspaces.open_office(folder, key, "", self.clock)
        try:
            yield office
        finally:
            workspaces.close(office)
            shutil.rmtree(folder)

    def through(self, hub: str, packages: list[Path], kind: PackageKind) -> list[Path]:
        """Let a hub take packages and write what it holds then."""
        with self.copy(hub) as office:
            take(office, packages)
            return self._export(office, kind)


def digest_of(office: Office, scope: str) -> str:
    with office.workspace.read() as conn:
        return digest(conn, scope)


def take(office: Office, packages: list[Path]) -> None:
    """Take packages in; those of others' areas or for others' keys do not count."""
    for one in merges.merge_files(office, packages):
        refused = None if one.refused is None else one.refused.code
        assert refused in {None, "package.not_for_us"}


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Country:
    return Country(tmp_path_factory.mktemp("country"))


@pytest.mark.parametrize("hubs", [0, 1, 2])
@pytest.mark.parametrize("order", range(ORDERS))
def test_any_order_with_repeats_through_any_hubs_gives_the_same_facts(
    country: Country, order: int, hubs: int
) -> None:
    draw = random.Random(order * 3 + hubs)
    packages = country.sent + draw.sample(country.sent, len(country.sent) // 2)
    draw.shuffle(packages)
    if hubs:
        passed = country.through("hub-1", packages, PackageKind.PEER if hubs == 2 else PackageKind.UP)
        if hubs == 2:
            passed = country.through("hub-2", passed, PackageKind.UP)
        # What the county wrote itself does not come up from below.
        packages = [*passed, *(one for one in packages if "-peer-" in one.name)]
        draw.shuffle(packages)
    with country.copy("second") as office:
        take(office, packages)
        assert {scope: digest_of(office, scope) for scope in VILLAGES} == country.want
        office.workspace.rebuild()
        assert {scope: digest_of(office, scope) for scope in VILLAGES} == country.want


def test_where_a_package_is_missing_the_facts_are_others(country: Country) -> None:
    last = country.sent[-4:-2]  # what the two villages sent last
    with country.copy("second") as office:
        take(office, [one for one in country.sent if one not in last])
        assert {scope: digest_of(office, scope) for scope in VILLAGES} != country.want
