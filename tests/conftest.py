"""What every test may ask for: the shared reference material and the tools of a workplace."""

import gc
import os
import shutil
import socket
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import openpyxl
import pytest
from hypothesis import settings

from evaluator.demo import Made, make
from evaluator.reports import report
from evaluator.study import Study

SHARED = Path(__file__).resolve().parents[2] / "shared"
EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "online-retail"
ONLINE_RETAIL = "uci_online_retail.csv.gz"
DEMO_SEED = 7

EXTRAS = (
    "starlette", "uvicorn", "segno", "httpx", "duckdb", "pyspark", "pyarrow", "sqlalchemy", "psycopg",
    "sqlglot", "chdb", "playwright", "axe_core_python", "docxtpl", "pptx", "jupytext", "nbclient",
    "ipykernel", "mcp",
)  # fmt: skip
IN_CI = os.environ.get("CI") == "true"

# A loaded machine is no failure; in CI the same examples are tried every time. The laws are exact, so few
# examples tell; EVALUATOR_EXAMPLES=1000 is the long run.
EXAMPLES = int(os.environ.get("EVALUATOR_EXAMPLES", "50"))
settings.register_profile("evaluator", deadline=None, derandomize=IN_CI, max_examples=EXAMPLES)
settings.load_profile("evaluator")


def pytest_configure() -> None:
    """In CI every extra is installed, so that nothing is skipped there."""
    if IN_CI and (lacking := [name for name in EXTRAS if find_spec(name) is None]):
        raise pytest.UsageError(f"missing in CI: {', '.join(lacking)}")


def pytest_collection_finish() -> None:
    """What is collected stays to the end: the garbage collector need not walk it time and again."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


# What takes long to start or to compute is made once: the tests that ask for it run in one process.
COSTLY = ("spark", "postgres", "online_retail", "demo_study")


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in the same hook
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep together what shares a fixture, else a file; those of costly fixtures begin first."""
    if not config.pluginmanager.hasplugin("xdist"):
        return
    grouped: dict[str, list[pytest.Item]] = {name: [] for name in COSTLY}
    for item in items:
        group = next((name for name in COSTLY if name in _asked(item)), str(item.path))
        grouped.setdefault(group, []).append(item)
        item.add_marker(pytest.mark.xdist_group(group))
    items[:] = [item for group in grouped.values() for item in group]


def _asked(item: pytest.Item) -> set[object]:
    """Return the fixtures a test asks for, and the parameters by which some ask for one as they run."""
    given = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return {*getattr(item, "fixturenames", ()), *(value for value in given if isinstance(value, str))}


def absent(what: str) -> None:
    """Skip visibly on a user's machine; fail in CI, where everything must be there."""
    if IN_CI:
        pytest.fail(f"{what} is missing in CI")
    pytest.skip(f"{what} is not here")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of published examples and real datasets beside the checkout."""
    if not SHARED.is_dir():
        absent("the folder ../shared")
    return SHARED


@pytest.fixture(scope="session")
def needs_tool():
    """Return the path of a program, or skip: needs_tool("soffice")."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            absent(name)
        return str(path)

    return find


HARD_RECALCULATION = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>"""


@pytest.fixture(scope="session")
def office(needs_tool, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The beginning of a command to LibreOffice, with a profile of this process's own."""
    home = tmp_path_factory.mktemp("soffice")
    (home / "user").mkdir()
    (home / "user" / "registrymodifications.xcu").write_text(HARD_RECALCULATION, encoding="utf-8")
    return [needs_tool("soffice"), f"-env:UserInstallation={home.as_uri()}", "--headless"]


@pytest.fixture(scope="session")
def converted(office: list[str]):
    """Return what has LibreOffice save files again, all in one run; it computes every formula anew."""

    def convert(paths: Iterable[Path], folder: Path, to: str = "xlsx") -> list[Path]:
        command = [*office, "--convert-to", to, "--outdir", str(folder), *map(str, paths := list(paths))]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        ending, _, _ = to.partition(":")  # what follows says how, as in "csv:Text - txt - csv (StarCalc):44"
        saved = [folder / f"{path.stem}.{ending}" for path in paths]
        assert all(path.is_file() for path in saved), "LibreOffice says nothing of what it did not save"
        return saved

    return convert


@pytest.fixture(scope="session")
def browser(needs_tool) -> Iterator[Any]:
    """One Chromium for all tests of the page, driven by Playwright; `opened` gives a test its own window."""
    chromium = needs_tool("chromium")
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not here")
    with sync.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()


@dataclass(frozen=True)
class Window:
    """A page in the browser: Playwright's page, what the console said, and the places it asked for."""

    page: Any
    said: list[str]
    asked: list[str]


@pytest.fixture
def opened(browser, tmp_path) -> Iterator[Callable[..., Window]]:
    """Return what opens the text of a page in a window of its own, scripts done.

    After the test nothing may have been said on the console, no place been asked for but the file itself,
    and the policy must have held. A test that means something to be said clears `said`.
    """
    windows = []

    def show(text: str, *, at: str = "", width: int = 1280, height: int = 900, **kind: object) -> Window:
        file = tmp_path / f"页面-{len(windows)}.html"
        file.write_text(text, encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": height}, **kind)
        window = Window(context.new_page(), [], [])
        windows.append((context, window, file.as_uri()))
        window.page.on("console", lambda message: window.said.append(message.text))
        window.page.on("pageerror", lambda error: window.said.append(str(error)))
        window.page.on("request", lambda request: window.asked.append(request.url))
        window.page.goto(file.as_uri() + at)
        return window

    yield show
    for context, window, address in windows:
        violations = window.page.evaluate("document.documentElement.dataset.violations ?? '0'")
        context.close()
        asked = [
            one for one in window.asked if one.split("#")[0] != address and one[:5] not in ("blob:", "data:")
        ]
        assert (window.said, asked, violations) == ([], [], "0")


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """One Spark session for all tests that want one; it stays the active session."""
    if find_spec("pyspark") is None or not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        absent("Spark with Java")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    stated = {
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        # planned once: plans that are made anew as a job goes on are for more rows than any here
        "spark.sql.adaptive.enabled": "false",
        # compiled once and lightly: no job here lasts long enough for more to pay
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of versions of pandas, which no test here hands to Spark
        from pyspark.sql import SparkSession

        session = SparkSession.builder.master("local[2]").config(map=stated).getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="session")
def clickhouse() -> Iterator[Any]:
    """One session of ClickHouse for all tests that want one."""
    if find_spec("chdb") is None:
        absent("ClickHouse")
    from chdb import session

    running = session.Session()
    running.query("SET max_query_size = 1000000")
    yield running
    running.close()


@pytest.fixture(scope="session")
def demo_study(tmp_path_factory: pytest.TempPathFactory) -> tuple[Made, Study]:
    """The demo in Chinese, what was made of it, and its study, which computes each step once."""
    made = make(tmp_path_factory.mktemp("演示") / "项目", language="zh", seed=DEMO_SEED)
    return made, Study(made.folder)


@pytest.fixture(scope="session")
def demo_report(demo_study: tuple[Made, Study], tmp_path_factory: pytest.TempPathFactory):
    """Return what gives the demo's page or workbook in a language, written once."""
    folder, (_, study) = tmp_path_factory.mktemp("demo-reports"), demo_study

    @cache
    def written(ending: str, language: str) -> Path:
        return report(study.run(), folder / f"{language}.{ending}", language=language)

    return written


@pytest.fixture(scope="session")
def online_retail(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The example study of real orders, with its data."""
    folder = tmp_path_factory.mktemp("online-retail")
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    shutil.copy(shared / "data" / ONLINE_RETAIL, folder / "data" / ONLINE_RETAIL)
    return Study(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small study: two experts, three customers, one table; it runs."""
    home = tmp_path / "项目"
    shutil.copytree(Path(__file__).parent / "studies" / "small", home)
    return home


@pytest.fixture(scope="session")
def answer():
    """Write what a person would type or choose into a form, by line and question."""

    def write(path: Path, answers, to=None) -> None:
        book = openpyxl.load_workbook(path)
        columns = {row[1].value: row[2].value + 1 for row in book["_record"] if row[0].value == "question"}
        sheet = book.worksheets[0]
        rows = {str(sheet.cell(row, 1).value): row for row in range(1, sheet.max_row + 1)}
        for (line, question), value in answers.items():
            sheet.cell(rows[f"line:{line}"], columns[question]).value = value
        book.save(to or path)

    return write


@pytest.fixture(scope="session")
def fill():
    """Answer by pair: a ratio such as "3" or "1/3" chooses its sentence, anything else is typed as it is."""

    def answer(path: Path, answers, *, typed=False, to=None, change=None):
        book = openpyxl.load_workbook(path)
        choices = book["_choices"]
        columns = {choices.cell(1, col).value: col for col in range(2, choices.max_column + 1)}
        rows = {str(choices.cell(row, 1).value): row for row in range(2, choices.max_row + 1)}
        for sheet in book:
            for row in range(1, sheet.max_row + 1):
                key = str(sheet.cell(row, 1).value)
                pair = tuple(key.split(":")[1:]) if key.startswith("pair:") else key
                if pair in answers:
                    value = answers[pair]
                    chosen = not typed and value in rows
                    column = 2 if key == "remark" else 5
                    cell = sheet.cell(row, column)
                    cell.value = choices.cell(rows[value], columns[key]).value if chosen else value
                    if isinstance(value, str):
                        cell.data_type = "s"  # what is typed into a text cell is never a formula
        if change:
            change(book)
        book.save(to or path)

    return answer


@dataclass(frozen=True)
class Postgres:
    """A PostgreSQL server of the tests' own; the password of its user `ann` is no word of anything else."""

    port: int
    user: str = "ann"
    password: str = "Xq7-sesame%41@"

    @property
    def url(self) -> str:
        return f"postgresql://{self.user}@127.0.0.1:{self.port}/postgres"

    def connect(self, **options: Any) -> Any:
        import psycopg

        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=self.user, password=self.password, dbname="postgres",
            autocommit=True, **options,
        )  # fmt: skip

    def execute(self, *statements: str) -> None:
        with self.connect() as connection:
            for statement in statements:
                connection.execute(statement)


@pytest.fixture(scope="session")
def postgres(needs_tool) -> Iterator[Postgres]:
    """A server in a folder of its own, for this run alone; databases refuse to be run by root."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    programs = found[-1].parent if found else Path(needs_tool("initdb")).parent
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    other = ["runuser", "-u", "postgres", "--"] if root else []
    home = Path(mkdtemp(prefix="postgres-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = Postgres(free.getsockname()[1])
    (home / "password").write_text(server.password)
    if root:
        shutil.chown(home, "postgres")
        shutil.chown(home / "password", "postgres")
    cluster = home / "cluster"

    def run(*command: object) -> None:
        done = subprocess.run([*other, *map(str, command)], cwd=home, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    run(programs / "initdb", "-D", cluster, "-U", server.user, "-A", "scram-sha-256", "-E", "UTF8", "-N",
        "--locale=C", f"--pwfile={home / 'password'}")  # fmt: skip
    options = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -p {server.port} -c fsync=off"
    control = [programs / "pg_ctl", "-D", cluster, "-w", "-s"]
    subprocess.run(
        [*other, *map(str, control), "-l", str(home / "log"), "-o", options, "start"], cwd=home, check=True
    )
    yield server
    run(*control, "-m", "immediate", "stop")
    shutil.rmtree(home, ignore_errors=True)
