"""The table of rooms holds: imports point downward only, and rooms in one row never meet."""

import ast
import re
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "evaluator"

ROWS = [
    {"cli"},
    {"serve", "mcp"},
    {"demo"},
    {"notebook"},
    {"study"},
    {"reports"},
    {"forms", "warehouse"},
    {"analysis"},
    {"evaluation"},
    {"actions"},
    {"scoring"},
    {"measuring"},
    {"weighing", "customers"},
    {"present"},
    {"tree", "ahp"},
    {"data", "html"},
    {"workbook"},
    {"columns"},
    {
        "errors",
        "alike",
        "brief",
        "displayed",
        "caches",
        "messages",
        "registry",
        "resources",
        "files",
        "archives",
        "documents",
        "labels",
        "limits",
        "trial",
        "terminal",
    },
]
ROW = {room: number for number, row in enumerate(ROWS) for room in row}
GROUND = ROWS[-1]
MODULES = sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.pyi")])


def room(module: str) -> str:
    """Return the room of a dotted module name below the package."""
    return module.split(".")[1] if "." in module else ""


def dotted(path: Path, root: Path = PACKAGE.parent) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


Statement = ast.Import | ast.ImportFrom | ast.ClassDef


@cache
def nodes(path: Path) -> tuple[Statement, ...]:
    """Return the imports and classes of a module, wherever they stand in it."""
    tree = ast.parse(path.read_text("utf-8"))
    return tuple(node for node in ast.walk(tree) if isinstance(node, Statement))


def imported(path: Path, root: Path = PACKAGE.parent) -> set[str]:
    """Return every room a module imports."""
    return {room(name) for name in imported_names(path, root) if name.startswith("evaluator.")}


@cache
def imported_names(path: Path, root: Path = PACKAGE.parent) -> frozenset[str]:
    """Return every name a module imports, at the top, in a function, or for type checking."""
    names: set[str] = set()
    module = dotted(path, root)
    package = module if path.stem == "__init__" else module.rpartition(".")[0]
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            names |= {f"{source}.{alias.name}" for alias in node.names}
    return frozenset(names)


LINES = 400


def test_a_module_is_short() -> None:
    long = {dotted(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: lines for name, lines in long.items() if lines > LINES} == {}


@pytest.mark.parametrize("here", sorted({room(dotted(path)) for path in MODULES} - {"", "__main__"}))
def test_imports_point_downward(here: str) -> None:
    assert here in ROW, f"{here} has no row in the table of rooms"
    upward = {
        (dotted(path), target)
        for path in MODULES
        if room(dotted(path)) == here
        for target in imported(path) - {here}
        if not (here in GROUND and target in GROUND) and ROW[target] <= ROW[here]
    }
    assert upward == set()


def test_contributing_shows_every_room_from_the_top_down() -> None:
    """A new room needs a line there too; what a row has in common may stand in any order."""
    picture = PACKAGE.parent.joinpath("CONTRIBUTING.md").read_text("utf-8").split("```")[1]
    lines = [
        line.split("/")[0].removesuffix(".py") for line in re.findall(r"^[a-z]+(?:/|\.py)", picture, re.M)
    ]
    assert [ROW[name] for name in lines] == sorted(ROW[name] for name in lines)
    assert set(lines) == set(ROW) - GROUND
    assert {name for name in GROUND if name not in picture.split("the ground")[1]} == set()


def test_a_forbidden_import_would_be_found(tmp_path: Path) -> None:
    """The check sees local and relative imports too, so it can fail."""
    probe = tmp_path / "evaluator" / "tree" / "probe.py"
    probe.parent.mkdir(parents=True)
    source = "def f():\n    from evaluator.scoring import a\n    from . import b\n    from ..cli import c\n"
    probe.write_text(source, "utf-8")
    assert imported(probe, tmp_path) == {"scoring", "tree", "cli"}


CUSTOMERS = PACKAGE / "customers"
FAMILIES = [
    {"equity", "satisfaction"},
    {"agreement", "churn", "lifecycle", "lifetime", "loyalty"},
    {"matrices"},
    {"abc", "firm", "relation", "retention", "rfm", "value"},
]
FAMILY_ROW = {family: number for number, row in enumerate(FAMILIES) for family in row}
COMPOSED = {"evaluator.customers.options"}  # what a study may choose, put together from the families


def family(name: str) -> str | None:
    """Return the family of customer models that a dotted name lies in."""
    parts = name.split(".")
    inside = parts[:3] == ["evaluator", "customers", "models"] and len(parts) > 3
    return parts[3] if inside and (CUSTOMERS / "models" / parts[3]).is_dir() else None


def test_families_of_customer_models_import_only_families_below() -> None:
    """What all families share imports none of them."""
    upward = set()
    for path in CUSTOMERS.rglob("*.py"):
        module, here = dotted(path), family(dotted(path))
        if module in COMPOSED or (here is None and module.startswith("evaluator.customers.models")):
            continue
        others = {family(name) for name in imported_names(path)} - {here, None}
        upward |= {
            (module, target)
            for target in others
            if here is None or FAMILY_ROW[target] <= FAMILY_ROW[here]
        }  # fmt: skip
    assert upward == set()


def circle(folder: Path, root: Path = PACKAGE.parent) -> list[str]:
    """Return modules of a room that import one another in a circle; empty where there is none.

    Names that a folder only passes on count for the module they come from.
    """
    modules = {dotted(path, root): path for path in folder.rglob("*.py")}
    passed_on = {
        f"{dotted(stub, root)}.{alias.name}": f"{dotted(stub, root)}.{node.module}"
        for stub in folder.rglob("__init__.pyi")
        for node in nodes(stub)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }

    def home(name: str) -> str | None:
        name = passed_on.get(name, name)
        return next((part for part in (name, name.rpartition(".")[0]) if part in modules), None)

    graph = {
        module: {home(name) for name in imported_names(path, root)} - {None, module}
        for module, path in modules.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("name", sorted(name for name in ROW if (PACKAGE / name).is_dir()))
def test_modules_of_a_room_import_one_another_without_circles(name: str) -> None:
    assert circle(PACKAGE / name) == []


def test_the_ground_is_free_of_circles() -> None:
    graph: dict[str, set[str]] = {}
    for path in MODULES:
        if (here := room(dotted(path))) in GROUND:
            graph.setdefault(here, set()).update(imported(path) & GROUND - {here})
    TopologicalSorter(graph).prepare()


def test_a_circle_would_be_found(tmp_path: Path) -> None:
    folder = tmp_path / "evaluator" / "study"
    folder.mkdir(parents=True)
    (folder / "steps.py").write_text("from evaluator.study import setup\n", "utf-8")
    (folder / "setup.py").write_text(
        "if TYPE_CHECKING:\n    from evaluator.study.steps import Steps\n", "utf-8"
    )
    assert {"evaluator.study.steps", "evaluator.study.setup"} == set(circle(folder, tmp_path))


HEAVY = ("numpy", "pandas", "polars", "pydantic", "narwhals", "altair", "openpyxl")


@pytest.mark.parametrize("program", ["import evaluator", "from evaluator.cli import main; main(['--help'])"])
def test_help_and_import_stay_light(program: str) -> None:
    """Asking for help loads none of the heavy libraries."""
    code = f"import sys\ntry:\n    exec({program!r})\nexcept SystemExit:\n    pass\n"
    code += f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8")
    assert done.stderr.strip() == "[]", done.stderr


def test_the_road_loads_pandas_and_the_chart_bundler_only_where_they_are_needed() -> None:
    """Either takes as long as everything else: pandas is there when a frame of it came in."""
    code = "import sys, evaluator.study.study, evaluator.reports.page, evaluator.reports.workbook\n"
    code += "print(sorted({'pandas', 'pyarrow', 'vl_convert', 'scipy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8")
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize("stub", sorted(PACKAGE.rglob("__init__.pyi")), ids=lambda path: path.parent.name)
def test_no_module_hides_a_public_name(stub: Path) -> None:
    """Loading a module sets it on its package, over a name of the same spelling that lies elsewhere."""
    modules = {path.stem for path in stub.parent.glob("*.py")}
    for node in nodes(stub):
        if isinstance(node, ast.ImportFrom) and node.module:
            elsewhere = modules - {node.module.partition(".")[0]}
            assert not elsewhere & {alias.name for alias in node.names}


def classes(path: Path) -> list[str]:
    return [node.name for node in nodes(path) if isinstance(node, ast.ClassDef)]


@pytest.mark.parametrize("name", sorted(name for name in ROW if (PACKAGE / name).is_dir()))
def test_classes_of_a_room_have_names_of_their_own(name: str) -> None:
    homes: dict[str, list[str]] = {}
    for path in (PACKAGE / name).rglob("*.py"):
        for called in classes(path):
            homes.setdefault(called, []).append(dotted(path))
    assert {called: paths for called, paths in homes.items() if len(paths) > 1} == {}


def test_public_classes_have_names_of_their_own() -> None:
    """Whoever imports from several rooms can tell what a name means."""
    homes: dict[str, set[str]] = {}
    for path in [*PACKAGE.rglob("__init__.py"), *PACKAGE.rglob("__init__.pyi")]:
        for name in imported_names(path):
            module, _, called = name.rpartition(".")
            home = PACKAGE.parent.joinpath(*module.split(".")).with_suffix(".py")
            if home.is_file() and called in classes(home):
                homes.setdefault(called, set()).add(module)
    assert len(homes) > 100
    assert {called: sorted(modules) for called, modules in homes.items() if len(modules) > 1} == {}


def idle(path: Path) -> set[str]:
    """Return what a module keeps to itself and never uses; registered functions are used elsewhere."""
    tree = ast.parse(path.read_text("utf-8"))
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    kept = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef))
    return {node.name for node in kept if node.name.startswith("_") and not node.decorator_list} - used


def test_what_a_module_keeps_to_itself_is_used() -> None:
    assert {dotted(path): names for path in PACKAGE.rglob("*.py") if (names := idle(path))} == {}
