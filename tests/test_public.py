"""The public names are the ones promised, and load what they name only when used."""

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import goldens
import public_names
import pytest

import evaluator as ev


@pytest.mark.parametrize("name", ev.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(ev, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="attribute scor"):
        ev.scor  # noqa: B018


@pytest.mark.parametrize("first", ["import evaluator.reports", "ev.report"])
def test_report_can_be_called_whichever_way_it_was_loaded(first: str) -> None:
    """The room and the function share the name `report`; importing the room must not hide the function."""
    lines = ["import evaluator as ev", first, "assert callable(ev.report)"]
    code = "\n".join([*lines, "import evaluator.reports", "assert callable(ev.report)"])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr


PACKAGE = Path(ev.__file__).parent
MODULES = [
    ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for file in sorted(PACKAGE.rglob("*.py"))
    if file.name != "__main__.py"
]
ROOMS = sorted(folder.parent for folder in PACKAGE.rglob("__init__.py"))
NAMESPACES = sorted(stub.with_suffix("") for stub in PACKAGE.rglob("*.pyi") if stub.stem != "__init__")
"""Modules that only say, in their stub, where names lie."""


def test_importing_a_module_by_its_path_gives_the_module() -> None:
    """`import a.b.c as x`: a function `c` that room `a.b` exports would be given in place of the module."""
    bound: dict[str, object] = {}
    for name in MODULES:
        exec(f"import {name} as module", bound)
        assert bound["module"] is sys.modules[name], name


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_what_a_room_exports_bears_the_name_of_none_of_its_modules(room: Path) -> None:
    """Whichever is loaded last would hide the other; a namespace is the module itself (`from . import`)."""
    stub = room / "__init__.pyi"
    source = ast.parse((stub if stub.exists() else room / "__init__.py").read_text("utf-8"))
    there = {path.stem for path in room.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    own = ".".join(room.relative_to(PACKAGE.parent).parts)
    assert not there.intersection(_exported(source, own))


def _exported(source: ast.Module, room: str) -> Iterator[str]:
    """Yield the names a room binds to anything but its own modules."""
    for line in source.body:
        if isinstance(line, ast.ImportFrom) and line.module not in (None, room):
            yield from (alias.asname or alias.name for alias in line.names)
        elif isinstance(line, ast.FunctionDef | ast.ClassDef):
            yield line.name


INNER = {"evaluator.cli", "evaluator.customers.models"}
"""Rooms whose names are for the package itself: verbs, and models that register themselves."""


def exported(room: str) -> Mapping[str, object]:
    module = importlib.import_module(room)
    return {name: getattr(module, name) for name in getattr(module, "__all__", ())}


@pytest.fixture(scope="module")
def promised() -> Mapping[str, str]:
    """The public names of every room by file name; what stands in a room is only named at the top."""
    paths = [".".join(room.relative_to(PACKAGE.parent).parts) for room in [*ROOMS, *NAMESPACES]]
    top, *rooms = [path for path in paths if path not in INNER and exported(path)]
    places = {
        id(found): f"{room}.{name}"
        for room in rooms
        for name, found in exported(room).items()
        if not isinstance(found, ModuleType)
    }
    texts = {f"{room}.txt": public_names.room_names(room) for room in rooms}
    return {f"{top}.txt": public_names.room_names(top, elsewhere=places), **texts}


def test_every_room_has_its_list_of_public_names_and_every_list_its_room(promised: Mapping[str, str]) -> None:
    """A name or parameter that is meant to change: EVALUATOR_REWRITE_GOLDEN=1, read the diff, say so."""
    goldens.agree("public", promised)


@pytest.mark.parametrize("room", goldens.names("public"))
def test_public_names_and_signatures_are_the_listed_ones(promised: Mapping[str, str], room: str) -> None:
    """Somebody's notebook rests on them; what goes or changes is written down here and in the changelog."""
    goldens.same("public", room, promised)
