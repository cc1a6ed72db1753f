"""A pipe, a socket or a device in place of a file is refused by every verb that would read it: none waits."""

import os
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from evaluator.cli.program import invoke

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")

LONGEST = 60  # seconds, of a machine that has other work to do


class Waited(BaseException):
    """A verb waits for what never comes."""


@contextmanager
def no_waiting() -> Iterator[None]:
    """Raise `Waited` where a block does not end."""

    def ring(_: int, __: FrameType | None) -> None:
        raise Waited

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


ODD: dict[str, Callable[[Path], None]] = {
    "a pipe": os.mkfifo,
    "a socket": _socket,
    "a device": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.fixture(scope="module")
def run_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small study, run once."""
    home = tmp_path_factory.mktemp("odd") / "study"
    shutil.copytree(Path(__file__).parents[1] / "studies" / "small", home)
    assert invoke(["run", str(home)]) == 0
    return home


@pytest.fixture
def study(run_study: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run_study, tmp_path / "study"))


def refused(capsys: pytest.CaptureFixture[str], study: Path, call: str) -> str:
    """Return what a verb says when it is refused; `{s}` in the call is the study."""
    capsys.readouterr()
    with no_waiting():
        ended = invoke([word.replace("{s}", str(study)) for word in call.split()])
    told = capsys.readouterr()
    assert ended == 1, told
    return told.out + told.err


def placed(path: Path, kind: str) -> None:
    path.unlink(missing_ok=True)
    ODD[kind](path)


VERBS = (
    "check {s}", "check {s}/study.yaml", "ask {s}", "weigh {s}", "measure {s}", "fit {s}", "score {s}",
    "report {s}", "plan {s}", "explain {s} C1", "robust {s}", "bundle {s}", "pack {s} --output {s}/p.zip",
    "revise {s} --expert E1 --pair a:b --answer 3 --author x --reason y", "serve {s} --invite",
    "export {s}/output/model.json --sql duckdb --orders o --study {s} --output {s}/o.sql",
)  # fmt: skip


@pytest.mark.parametrize("kind", ODD)
def test_a_study_that_is_no_file(study: Path, kind: str, capsys) -> None:
    placed(study / "study.yaml", kind)
    for call in VERBS:
        assert "DOC-002" in refused(capsys, study, call), call


@pytest.mark.parametrize("kind", ODD)
def test_a_tree_that_is_no_file(study: Path, kind: str, capsys) -> None:
    placed(study / "tree.yaml", kind)
    for call in (*VERBS[2:6], "check {s}", "report {s}", "run {s}", "verify {s}"):
        assert {"STUDY-302", "STUDY-383"} & set(refused(capsys, study, call).replace(":", " ").split()), call
    for call in ("check {s}/tree.yaml", "show {s}/tree.yaml", "list indicators --tree {s}/tree.yaml",
                 "init {s}/new --tree {s}/tree.yaml", "run {s}/measures.csv --tree {s}/tree.yaml --into {s}/n"):  # fmt: skip
        assert "DOC-002" in refused(capsys, study, call), call


@pytest.mark.parametrize("kind", ODD)
def test_a_model_that_is_no_file(study: Path, kind: str, capsys) -> None:
    placed(study / "output" / "model.json", kind)
    calls = (
        "export {s}/output/model.json --sql duckdb --output {s}/o.sql",
        "score {s} --model {s}/output/model.json",
    )
    for call in calls:
        assert "SCORE-601" in refused(capsys, study, call), call
    assert "STUDY-383" in refused(capsys, study, "verify {s}")


@pytest.mark.parametrize("kind", ODD)
def test_data_that_are_no_file(study: Path, kind: str, capsys) -> None:
    for name, code in (("data.csv", "DATA-401"), ("data.parquet", "SCORE-643")):
        placed(study / name, kind)
        scored = f"score --data {{s}}/{name} --model {{s}}/output/model.json --output {{s}}/x.csv"
        assert code in refused(capsys, study, scored)
        exported = f"export {{s}}/output/model.json --sql duckdb --data {{s}}/{name} --output {{s}}/x.sql"
        assert "SCORE-643" in refused(capsys, study, exported)


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("name", ["page.html.j2", "weights.html.j2"])
def test_a_template_that_is_no_file_is_not_replaced_by_ours(
    study: Path, kind: str, name: str, capsys
) -> None:
    (study / "own" / "page").mkdir(parents=True)
    ODD[kind](study / "own" / "page" / name)
    with (study / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("report: {templates: own}\n")
    assert "REPORT-822" in refused(capsys, study, "report {s} --format html")


@pytest.mark.parametrize("kind", ODD)
def test_what_a_study_names_outside_itself_is_no_file(study: Path, tmp_path: Path, kind: str, capsys) -> None:
    """An absolute path is meant as it stands; what it leads to is still no file."""
    text = (study / "study.yaml").read_text("utf-8")
    for old, new, codes in (
        ("judgments: [judgments.csv]", "judgments: ['{}.csv']", {"DATA-401", "FILE-712"}),
        ("judgments: [judgments.csv]", "judgments: ['{}.json']", {"FILE-712"}),
        ("judgments: [judgments.csv]", "judgments: ['{}.html']", {"FILE-712"}),
        ("judgments: [judgments.csv]", "judgments: ['{}.xlsx']", {"FILE-712"}),
        ("{file: measures.csv}", "{{file: '{}.csv'}}", {"DATA-401"}),
        ("{file: measures.csv}", "{{file: '{}.parquet'}}", {"DATA-401"}),
        ("{file: measures.csv}", "{{database: '{}.sqlite', query: select 1}}", {"DATA-401"}),
        ("tree: tree.yaml", "tree: '{}.yaml'", {"DOC-002"}),
        ("tree: tree.yaml", "tree: tree.yaml\nreport: {{theme: '{}.yaml'}}", {"DOC-002"}),
        ("tree: tree.yaml", "tree: tree.yaml\nreport: {{document: '{}.docx'}}", {"REPORT-859"}),
    ):
        stated = new.format(tmp_path / "odd")
        place = Path(stated.partition("'")[2].partition("'")[0])
        if not os.path.lexists(place):
            ODD[kind](place)
        (study / "study.yaml").write_text(text.replace(old, stated), "utf-8")
        told = refused(capsys, study, "run {s} --format html,docx")
        assert any(code in told for code in codes), (stated, told)


@pytest.mark.parametrize("kind", ODD)
def test_a_key_that_is_no_file(study: Path, kind: str, capsys) -> None:
    (study / "served").mkdir()
    ODD[kind](study / "served" / "key")
    assert "FILE-701" in refused(capsys, study, "serve {s} --invite")
