"""What goes into a bundle: the right files of the wheels, every file listed, nothing that is imported left out."""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from app.domain.errors import BadInput
from app.files.installed import compare, read_manifest
from app.storage.revision import HEAD
from app.version import VERSION
from tests.architecture.sources import PRODUCT, ROOT, imports, sources


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The build scripts lie in a folder that is no package, and import each other by name."""
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(ROOT / "packaging")):
            del sys.modules[name]


@pytest.fixture
def payload(scripts: None) -> ModuleType:
    return import_module("payload")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("PySide6/QtWidgets.abi3.so", True),
        ("PySide6/QtWidgets.pyd", True),
        ("PySide6/Qt/lib/libQt6Pdf.so.6", True),
        ("PySide6/Qt6Pdf.dll", True),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/Qt/translations/qtbase_zh_CN.qm", True),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("PySide6/QtCharts.abi3.so", False),  # GPL only
        ("PySide6/Qt/lib/libQt6WebEngineCore.so.6", False),
        (
            "PySide6/QtNetwork.abi3.so",
            False,
        ),  # the library is there for Qt Pdf; the program cannot speak to it
        ("PySide6/lupdate", False),
        ("lark/grammars/common.lark", True),
        ("lxml/etree.cpython-313-x86_64-linux-gnu.so", True),
        ("lxml/includes/etree_defs.h", False),
        ("sqlalchemy/dialects/postgresql/asyncpg.py", True),  # alembic asks for it
        ("sqlalchemy/dialects/mysql/base.py", False),
        ("alembic-1.20.1.dist-info/licenses/LICENSE", True),
        ("alembic-1.20.1.dist-info/RECORD", False),
        ("pyxform/validators/odk_validate/bin/ODK_Validate.jar", False),
    ],
)
def test_what_of_the_wheels_is_taken(payload: ModuleType, name: str, kept: bool) -> None:
    assert payload._kept(name) is kept


def test_the_list_of_files_is_one_the_program_reads(payload: ModuleType, tmp_path: Path) -> None:
    for name, data in (("run", "x"), ("program/app/中文.json", "{}"), ("site/a/b.so", "y" * 999)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(data, encoding="utf-8")
    payload.settle_modes(tmp_path, {"run"})
    found = read_manifest(payload.write_manifest(tmp_path, "linux-amd64"))
    assert (found.version, found.platform, found.schema) == (VERSION, "linux-amd64", HEAD)
    assert {file.path: file.executable for file in found.files} == {
        "program/app/中文.json": False,
        "run": True,
        "site/a/b.so": False,
    }
    assert compare(tmp_path, found).is_whole
    (tmp_path / "site/a/b.so").write_text("z" * 999)
    assert compare(tmp_path, found).changed == ("site/a/b.so",)


def test_a_symbolic_link_ends_the_build(payload: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    with pytest.raises(SystemExit, match="symbolic link"):
        payload.write_manifest(tmp_path, "linux-amd64")


def test_a_wheel_is_unpacked_where_python_looks(payload: ModuleType, tmp_path: Path) -> None:
    wheel = tmp_path / "a-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name in ("a/__init__.py", "a-1.data/purelib/b.py", "a-1.data/scripts/a", "a/tests/test_a.py"):
            archive.writestr(name, "")
    payload.unpack_wheels([wheel], tmp_path / "site")
    found = {
        p.relative_to(tmp_path / "site").as_posix() for p in (tmp_path / "site").rglob("*") if p.is_file()
    }
    assert found == {"a/__init__.py", "b.py"}


def test_what_the_program_imports_is_in_the_bundle(scripts: None) -> None:
    """Libraries named for work to come stay out only as long as nothing imports them."""
    wheels = import_module("wheels")
    modules = {"python-stdnum": "stdnum"}
    absent = {modules.get(name, name) for name in wheels.NOT_LOADED_YET}
    used = [
        f"{one.path}:{line} {name}"
        for one in sources(*PRODUCT)
        for line, name in imports(one)
        if name.split(".")[0] in absent
    ]
    assert used == []


def test_the_bundled_versions_are_the_tried_ones() -> None:
    tried = set(re.findall(r"^\S+==\S+$", (ROOT / "packaging/constraints.txt").read_text(), re.MULTILINE))
    bundled = set(
        re.findall(r"^([\w.-]+==[\w.]+) ", (ROOT / "packaging/wheels.txt").read_text(), re.MULTILINE)
    )
    assert bundled
    assert bundled <= tried


def test_every_bundled_wheel_is_named_by_its_digest() -> None:
    blocks = re.split(r"^(?=[\w.-]+==)", (ROOT / "packaging/wheels.txt").read_text(), flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)


def test_an_update_made_by_the_script_is_taken_by_the_program(
    scripts: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.files.update_file import parse_keys, read_update
    from tests.files.update_setting import files_of, make_root

    release_key, update = import_module("release_key"), import_module("update")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    keys = tmp_path / "keys.json"
    keys.write_text('{"keys": []}')
    release_key.make(tmp_path / "key.pem", "a long passphrase")
    with pytest.raises(SystemExit, match="another passphrase"):
        release_key.load(tmp_path / "key.pem", "a wrong passphrase")
    release_key.trust(release_key.load(tmp_path / "key.pem", "a long passphrase"), keys)
    make_root(tmp_path / "tree", "1.4.0")
    monkeypatch.setattr(update, "ask_passphrase", lambda: "a long passphrase")
    monkeypatch.setattr(
        sys,
        "argv",
        [
            "update.py",
            "--key",
            str(tmp_path / "key.pem"),
            "--tree",
            str(tmp_path / "tree"),
            "--out",
            str(tmp_path),
        ],
    )
    update.main()
    [made] = tmp_path.glob("*.upd")
    found = read_update(made, parse_keys(keys.read_text()))
    assert found.manifest.version == "1.4.0"
    assert {file.path for file in found.manifest.files} == set(files_of("1.4.0"))
    with pytest.raises(BadInput):
        read_update(tmp_path / "key.pem", parse_keys(keys.read_text()))
    assert "1.4.0" in capsys.readouterr().out
