"""Manifests from strangers: whoever forges one seals it again, and still learns and takes nothing."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from evaluator.cli.program import invoke
from evaluator.errors import EvaluationError
from evaluator.files import sha256
from evaluator.study.manifest import FileEntry, TreeEntry, fingerprint_of
from evaluator.study.verifying import verify

SECRET = "s3cr3t-of-another-client"
OPENED: list[str] | None = None


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and OPENED is not None:
        OPENED.append(str(arguments[0]))


sys.addaudithook(_heard)


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """Every file this process opens from here on."""
    global OPENED
    OPENED = []
    yield OPENED
    OPENED = None


@pytest.fixture(scope="module")
def run_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("forged") / "study"
    shutil.copytree(Path(__file__).parents[1] / "studies" / "small", home)
    assert invoke(["run", str(home), "--format", "html"]) == 0
    return home


@pytest.fixture
def study(run_study: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run_study, tmp_path / "study"))


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file beside the study that nobody may look into."""
    path = tmp_path / "secret.csv"
    path.write_text(f"id,{SECRET}\n{SECRET},1\n", "utf-8")
    return path


Edit = Callable[[dict[str, Any]], object]


def forge(study: Path, edit: Edit) -> None:
    """Change the manifest of a run and give it the fingerprint that fits, as an attacker would."""
    path = study / "output" / "manifest.json"
    data = json.loads(path.read_text("utf-8"))
    edit(data)
    entries = [FileEntry.model_validate(entry) for entry in data["files"]]
    data["fingerprint"] = fingerprint_of(TreeEntry.model_validate(data["tree"]), entries)
    path.write_text(json.dumps(data), "utf-8")
    page = study / "output" / "report.html"
    page.write_text(data["fingerprint"], "utf-8")
    for entry in data["files"]:
        if entry["path"] == "output/report.html":
            entry["sha256"] = sha256(page)
    path.write_text(json.dumps(data), "utf-8")


def adding(path: str, digest: str, kind: str = "result") -> Edit:
    entry = {"kind": kind, "path": path, "sha256": digest, "rows": None}
    return lambda data: data["files"].append(entry)


def codes(study: Path) -> set[tuple[str, str]]:
    """Return what verifying finds, and that it quotes nothing of outside."""
    try:
        issues = verify(study).issues
    except EvaluationError as error:
        issues = tuple(error.issues)
    told = " ".join(issue.text(language) for issue in issues for language in ("zh", "en"))
    assert SECRET not in told
    return {(issue.code, issue.subject) for issue in issues}


def test_a_forged_manifest_that_fits_would_be_verified(study: Path) -> None:
    """Else the attacks below would be refused for their seal."""
    forge(study, lambda data: None)
    assert codes(study) == set()


@pytest.mark.parametrize("kind", ["input", "answer", "result", "report"])
@pytest.mark.parametrize(
    "stated", ["../secret.csv", "output/../../secret.csv", "{outside}", "linked.csv", "there/secret.csv"]
)
def test_no_entry_leads_out(study: Path, outside: Path, opened: list[str], stated: str, kind: str) -> None:
    (study / "linked.csv").symlink_to(outside)
    (study / "there").symlink_to(outside.parent, target_is_directory=True)
    path = stated.replace("{outside}", str(outside))
    forge(study, adding(path, sha256(outside), kind))
    opened.clear()
    assert codes(study) == {("STUDY-383", path)}
    assert not [name for name in opened if name.endswith(("secret.csv", "linked.csv"))]


@pytest.mark.parametrize("name", ["manifest.json", "report.html"])
def test_a_link_in_place_of_a_file_of_the_run_is_not_followed(
    study: Path, outside: Path, opened: list[str], name: str
) -> None:
    (study / "output" / name).unlink()
    (study / "output" / name).symlink_to(outside)
    opened.clear()
    found = {code for code, _ in codes(study)}
    assert found == ({"FILE-704"} if name == "manifest.json" else {"STUDY-383", "STUDY-390"})
    assert not [path for path in opened if path.endswith(("secret.csv", name))]


def test_an_output_that_is_a_link_is_not_followed(study: Path, tmp_path: Path) -> None:
    shutil.move(study / "output", tmp_path / "elsewhere")
    (study / "output").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert codes(study) == {("FILE-704", "output/manifest.json")}


def test_what_is_changed_gone_or_more_is_named(study: Path) -> None:
    forge(study, lambda data: data["files"][0].update(sha256="0" * 64))
    first = json.loads((study / "output" / "manifest.json").read_text("utf-8"))["files"][0]["path"]
    assert codes(study) == {("STUDY-382", first)}
    forge(study, lambda data: data["files"].pop(0))
    assert ("STUDY-388", first) in codes(study)
    forge(study, adding("output/none.csv", "0" * 64))
    assert ("STUDY-383", "output/none.csv") in codes(study)


@pytest.mark.parametrize("name", ["scores.parquet", "model.json", "scores.csv", "weights.json"])
@pytest.mark.parametrize("content", [b"PAR1junkPAR1", b"[" * 100_000, b'a,b\n1,2,3\n"', b"\xff\xfe\x00", b""])
def test_a_result_of_junk_is_a_difference(study: Path, name: str, content: bytes) -> None:
    """Its hash is the one stated: only computing it again tells."""
    (study / "output" / name).write_bytes(content)

    def restated(data: dict[str, Any]) -> None:
        (entry,) = [entry for entry in data["files"] if entry["path"] == f"output/{name}"]
        entry["sha256"] = sha256(study / "output" / name)

    forge(study, restated)
    assert ("STUDY-384", f"output/{name}") in codes(study)


DAMAGED = {
    "deep": "[" * 200_000,
    "deep within": '{"schema": 1, "files": ' + '[{"kind":' * 50_000,
    "no size": '{"schema": 1, "files": [{"kind": "input", "path": "a", "sha256": "b", "rows": NaN}]}',
    "an endless size": '{"schema": 1, "files": [{"kind": "input", "path": "a", "sha256": "b", "rows": 1e999}]}',
    "a list": "[]",
    "nothing": "",
    "many wrong entries": '{"schema": 1, "files": [' + ",".join(["{}"] * 200_000) + "]}",
    "too large": " " * (17 << 20),
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_manifest_is_an_issue(study: Path, text: str) -> None:
    (study / "output" / "manifest.json").write_text(text, "utf-8")
    assert codes(study) == {("STUDY-381", "manifest.json")}


def test_a_list_of_files_without_end_is_refused(study: Path) -> None:
    """A file that stands in it many times would be read as often."""
    more = {"kind": "result", "sha256": "0" * 64, "rows": None}
    forge(study, lambda data: data["files"].extend({**more, "path": "output/scores.csv"} for _ in range(5)))
    assert codes(study) == {("STUDY-381", "manifest.json")}
    shutil.copytree(Path(__file__).parents[1] / "studies" / "small", study, dirs_exist_ok=True)
    forge(study, lambda data: data.update(files=[{**more, "path": f"{n}"} for n in range(20_001)]))
    assert codes(study) == {("STUDY-381", "manifest.json")}


@pytest.mark.parametrize(
    "name", ["\x1b[2J\x1b]0;owned\x07", "\u202egpj.exe", "a\nerror: all is well", "x" * 300, "a\x00b", "=1+1"]
)
def test_names_steer_no_terminal(study: Path, name: str, capsys) -> None:
    forge(study, adding(name, "0" * 64))
    capsys.readouterr()
    assert invoke(["verify", str(study)]) == 1
    told = capsys.readouterr()
    shown = told.out + told.err
    assert "STUDY-383" in shown
    assert not {"\x1b", "\x07", "\u202e", "\x00"} & set(shown)
    assert not [line for line in shown.splitlines() if line.startswith("error: all is well")]
    assert invoke(["verify", str(study), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["verified"] is False


def test_versions_steer_no_terminal(study: Path, capsys) -> None:
    forge(study, lambda data: data["versions"].update({"\x1b[2J": "\x1b[2J" + "9" * 100_000}))
    capsys.readouterr()
    invoke(["verify", str(study)])
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err
    assert len(told.out + told.err) < 10_000
