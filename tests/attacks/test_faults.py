"""Whatever happens while a verb writes, every file is the old one or the new one, whole, and answers stay."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from evaluator import files
from evaluator.cli.program import invoke
from evaluator.errors import EvaluationError
from evaluator.files import replacing, sweep, temporary_folder, write_text
from evaluator.study import Study
from evaluator.study.only_run import only_run
from evaluator.workbook.book import open_book

KILLS = int(os.environ.get("EVALUATOR_KILLS", "6"))
WRITING = ("_results_saved", "branches")  # steps of a study that write, and the studies within one
VERBS = ("run", "weigh", "measure", "fit", "score", "report", "ask")


class Killed(BaseException):
    """What a process does not live to see."""


def whole(path: Path) -> bool:
    """True if a file of ours is complete, by its end."""
    if path.suffix == ".xlsx":
        return zipfile.is_zipfile(path) and zipfile.ZipFile(path).testzip() is None
    if path.suffix == ".json":
        return isinstance(json.loads(path.read_text("utf-8")), dict | list)
    if path.suffix == ".html":
        return path.read_text("utf-8").rstrip().endswith("</html>")
    if path.suffix == ".parquet":
        return pl.read_parquet(path).height > 0
    if path.suffix == ".csv":
        return path.read_bytes().endswith(b"\n") and pl.read_csv(path).height > 0
    return True


def state(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob(".*") if path.name != ".lock"]


@pytest.fixture
def computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a study computes it computes in the first run of a test; every run reads it and writes it all."""
    begin, first = Study.__init__, []

    def begun(study: Study, *given, **named) -> None:
        begin(study, *given, **named)
        first.append(study)
        found = {name: value for name, value in vars(first[0]).items() if name not in WRITING}
        vars(study).update(found | vars(study))

    monkeypatch.setattr(Study, "__init__", begun)


@pytest.mark.parametrize("verb", VERBS)
def test_killed_at_any_step_of_writing(folder: Path, computed_once, monkeypatch, verb: str, capsys) -> None:
    """The n-th renaming never happens, for every n: earlier files are the new ones, later ones the old."""
    if verb == "ask":
        (folder / "study.yaml").write_text(
            (folder / "study.yaml").read_text("utf-8").replace("judgments: [judgments.csv]\n", ""), "utf-8"
        )
    assert invoke([verb, str(folder)]) == 0
    after = state(folder)
    replace = os.replace
    steps = 0
    while True:
        for path in sorted(folder.rglob("*.*")):
            if path.is_file() and path.parent.name == "output":
                path.write_bytes(b"old")
        shutil.rmtree(folder / "questionnaires", ignore_errors=True)
        done = 0

        def dying(source, target, step=steps):
            nonlocal done
            if done == step:
                raise Killed
            done += 1
            replace(source, target)

        monkeypatch.setattr(files.os, "replace", dying)
        try:
            ended = invoke([verb, str(folder)])
        except Killed:
            ended = None
        monkeypatch.setattr(files.os, "replace", replace)
        for name, content in state(folder).items():
            assert content == b"old" or whole(folder / name), (steps, name)
        if ended is not None:
            break
        steps += 1
    assert steps >= (2 if verb in ("run", "report", "ask") else 1)
    assert state(folder).keys() == after.keys()
    assert leftovers(folder) == []


@pytest.fixture
def killed(folder: Path) -> Callable[[str, int, float], int]:
    """Run a verb in a process of its own and send it a signal after some seconds; returns the exit code."""

    def run(verb: str, number: int, seconds: float) -> int:
        process = subprocess.Popen(
            [sys.executable, "-m", "evaluator", verb, str(folder)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(seconds)
        process.send_signal(number)
        return process.wait(timeout=120)

    return run


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_killed_for_real_at_random_moments(folder: Path, killed, capsys) -> None:
    """Each signal strikes each verb once; EVALUATOR_KILLS=200 is the long run. A seed chooses the moments."""
    assert invoke(["run", str(folder)]) == 0
    answers = (folder / "judgments.csv").read_bytes()
    chance = random.Random(20261129)
    begun = time.monotonic()
    killed("run", 0, 0)  # signal 0 only asks: the time that a whole run takes
    longest = time.monotonic() - begun
    for turn in range(KILLS):
        number = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)[turn % 3]
        ended = killed(("run", "report")[turn % 2], number, chance.uniform(0.3, 1.0) * longest)
        assert ended in (0, -number, 128 + number, 130)
        for name in state(folder):
            assert whole(folder / name), name
        assert (folder / "judgments.csv").read_bytes() == answers
    assert invoke(["run", str(folder)]) == 0
    assert leftovers(folder) == []


def test_what_a_killed_process_left_is_swept_by_the_next_and_the_living_keep_theirs(tmp_path: Path) -> None:
    code = (
        "import os, sys\nfrom evaluator.files import replacing, temporary_folder\n"
        f"place = {str(tmp_path)!r}\n"
        "with temporary_folder(place) as folder, replacing(place + '/a.csv') as new:\n"
        "    new.write_text('half')\n    (folder / 'part').write_text('half')\n    os._exit(9)\n"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 9
    assert len(list(tmp_path.iterdir())) == 2
    with replacing(tmp_path / "b.csv") as mine, temporary_folder(tmp_path) as aside:
        sweep(tmp_path)
        assert mine.exists()
        assert aside.exists()
        mine.write_text("b", "utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["b.csv"]


def test_every_run_of_one_process_sweeps(folder: Path, capsys) -> None:
    assert invoke(["run", str(folder)]) == 0
    left = folder / "output" / f"{files._prefix('report')}abcdefgh.part.xlsx"
    left = left.with_name(left.name.replace(f"-{os.getpid()}-", "-999999999-"))
    left.write_bytes(b"half")
    assert invoke(["run", str(folder)]) == 0
    assert leftovers(folder) == []


def test_names_of_any_length_have_room_for_a_temporary_one(tmp_path: Path) -> None:
    for name in ("长" * 80 + ".csv", "n" * 250 + ".csv", "a.b.c.tar.gz"):
        write_text(tmp_path / name, "x")
        assert (tmp_path / name).read_text("utf-8") == "x"


# Two at once


def test_a_second_run_in_one_study_does_nothing(folder: Path, capsys) -> None:
    with only_run(folder / "output"):
        for verb in VERBS:
            assert invoke([verb, str(folder)]) == 1
            assert "FILE-705" in capsys.readouterr().err
        assert state(folder / "output") == {}
        assert invoke(["check", str(folder)]) == 0
    assert invoke(["run", str(folder)]) == 0


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_killed_run_holds_nothing(folder: Path) -> None:
    code = (
        "import os\nfrom evaluator.study.only_run import only_run\n"
        f"with only_run({str(folder / 'output')!r}):\n    os.kill(os.getpid(), 9)\n"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == -9
    with only_run(folder / "output"):
        pass


# Disks and folders


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB, which only root can mount."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(mounted, capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def _book(new: Path) -> None:
    with open_book(new) as book:
        book.sheet("a").put_row(0, 0, [random.Random(n).randbytes(15_000).hex() for n in range(9)], "text")


ROWS = pl.DataFrame({"a": [random.Random(n).randbytes(8).hex() for n in range(20_000)]})
WRITERS: dict[str, Callable[[Path], object]] = {
    "a.txt": lambda path: write_text(path, "x" * 200_000),
    "a.csv": lambda path: _into(path, ROWS.write_csv),
    "a.parquet": lambda path: _into(path, ROWS.write_parquet),
    "b.parquet": lambda path: _into(path, ROWS.lazy().sink_parquet),
    "b.csv": lambda path: _into(path, ROWS.lazy().sink_csv),
    "a.xlsx": _book,
}


def _into(path: Path, write: Callable[[Path], object]) -> None:
    with replacing(path) as new:
        write(new)


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of half a zip file
def test_a_full_disk_is_blamed_on_the_file_that_was_written(small_disk: Path, name: str) -> None:
    (small_disk / name).write_bytes(b"old")
    with pytest.raises(EvaluationError) as raised:
        WRITERS[name](small_disk / name)
    assert [(issue.code, issue.subject) for issue in raised.value.issues] == [("FILE-703", name)]
    assert {path.name: path.read_bytes() for path in small_disk.iterdir()} == {name: b"old"}


def test_a_missing_source_is_not_blamed_on_the_disk(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError) as raised:
        _into(tmp_path / "copy.csv", lambda new: shutil.copyfile(tmp_path / "absent.csv", new))
    (issue,) = raised.value.issues
    assert issue.code == "FILE-701"
    assert "absent.csv" in str(issue.detail["reason"])


def test_an_output_folder_deleted_meanwhile_is_named(tmp_path: Path) -> None:
    target = tmp_path / "output" / "scores.csv"

    def write() -> None:
        with replacing(target) as new:
            new.write_text("x", "utf-8")
            shutil.rmtree(target.parent)

    with pytest.raises(EvaluationError) as raised:
        write()
    assert [(issue.code, issue.subject) for issue in raised.value.issues] == [("FILE-701", "scores.csv")]


UNWRITTEN = {
    "run {s}": "output", "weigh {s}": "output", "measure {s}": "output", "fit {s}": "output", "score {s}": "output",
    "report {s}": "output", "ask {s} --form pairwise": "output", "plan {s}": "output", "robust {s}": "output",
    "revise {s} --expert E1 --pair profit:delay --answer 3 --author x --reason y": "output",
    "serve {s}": "served", "serve {s} --invite": "served", "pack {s} --output {s}/p.zip": "p.zip",
    "export {s}/output/model.json --sql duckdb --output {s}/o.sql": "o.sql",
    "export {s}/output/model.json --sql duckdb --dbt {s}/dbt": "small_scores.sql",
    "bundle {s} --output {s}/b.json": "b.json", "compare {s} {s} --output {s}/c.csv": "c.json",
    "list indicators --excel {s}/i.xlsx": "i.xlsx", "init {s}/new": "study.yaml",
}  # fmt: skip
"""Verbs that write, and what each of them says it could not write."""
_EVERY_VERB = """
import contextlib, io, json, os, sys
from evaluator.cli.program import invoke
told = []
for call in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as said:
        told.append((invoke(call), said.getvalue()))
print(json.dumps(told))
"""


@pytest.fixture
def without_rights() -> list[str]:
    """The beginning of a command that may write only where a folder says so; an administrator lays it down."""
    if os.name != "posix":
        pytest.skip("rights of POSIX")
    if os.geteuid():
        return []
    rights = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"]
    if not shutil.which("setpriv") or subprocess.run([*rights, "true"], capture_output=True).returncode:
        pytest.skip("an administrator cannot lay down his rights here")
    return rights


def test_a_study_nobody_may_write_to_stays_as_it_was(folder: Path, without_rights: list[str], capsys) -> None:
    """Every verb that writes names the file or folder it cannot write, and leaves nothing half written."""
    assert invoke(["run", str(folder)]) == 0
    before = state(folder)
    places = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    calls = [[word.replace("{s}", str(folder)) for word in call.split()] for call in UNWRITTEN]
    for path in (*places, *folder.rglob("*.*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        ran = subprocess.run(
            [*without_rights, sys.executable, "-c", _EVERY_VERB],
            input=json.dumps(calls), capture_output=True, text=True, check=True,
        )  # fmt: skip
    finally:
        for path in places:
            path.chmod(0o755)
    for (call, name), (ended, said) in zip(UNWRITTEN.items(), json.loads(ran.stdout), strict=True):
        assert ended == 1, (call, said)
        assert "FILE-701" in said, (call, said)
        assert name in said, (call, said)
    assert state(folder) == before
    assert leftovers(folder) == []
