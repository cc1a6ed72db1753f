"""Packs from strangers: nothing is written outside the folder, and nothing is unpacked without bound."""

import json
import shutil
import stat
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from lying_archives import MOST, endless, lying, peak

from evaluator import messages
from evaluator.cli.program import invoke
from evaluator.errors import EvaluationError, Severity
from evaluator.study.packing import pack
from evaluator.study.unpacking import unpack
from evaluator.study.verifying import verify

SMALL = Path(__file__).parents[1] / "studies" / "small"


def reason(path, tmp_path):
    home = tmp_path / "inside" / "home"
    home.mkdir(parents=True)
    with pytest.raises(EvaluationError) as refused:
        unpack(path, home)
    (issue,) = refused.value.issues
    assert issue.code == "STUDY-387"
    assert [entry for entry in (tmp_path / "inside").rglob("*") if entry.is_file()] == []
    assert issue.text("zh")
    return str(issue.detail["reason"]).removeprefix("evidence.zip.")


OUT = ["../x.txt", "a/../../x.txt", "/x.txt", "..\\x.txt", "C:/x.txt", "a\x00b", "a\nb"]


@pytest.mark.parametrize("name", OUT)
def test_a_name_that_leads_out_is_refused(tmp_path, name) -> None:
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ok.txt", "1")
        entry = zipfile.ZipInfo("ok2")
        entry.filename = name
        archive.writestr(entry, "x")
    if "\x00" in name:  # a name ends there, which is as harmless
        unpack(path, tmp_path)
        return
    assert reason(path, tmp_path) == "outside"


def of_names(path: Path, names: Iterable[str]) -> Path:
    """Write a pack of empty members."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), b"")
    return path


@pytest.mark.parametrize("name", ["a/" * 30_000 + "a", "x" * 60_000, "a/" * 61 + "a"], ids=range(3))
def test_a_name_without_end_is_refused_before_it_is_taken_apart(tmp_path, name) -> None:
    path = of_names(tmp_path / "pack.zip", (f"{number}/{name}" for number in range(100)))
    assert peak(lambda: reason(path, tmp_path)) < MOST


def test_many_members_in_many_folders_are_looked_at_once(tmp_path) -> None:
    path = of_names(tmp_path / "pack.zip", (f"{number}/../a" for number in range(20_000)))
    assert reason(path, tmp_path) == "outside"
    of_names(path, (*(f"{number}/b/a" for number in range(20_000)), "19999/B"))
    with pytest.raises(EvaluationError):
        unpack(path, tmp_path)


def test_a_directory_without_end_is_refused_before_it_is_taken_apart(tmp_path) -> None:
    """Of a million members it is 50 MB, and 700 MB once Python has taken it apart."""
    path = endless(tmp_path / "pack.zip", 250_000)
    assert peak(lambda: reason(path, tmp_path)) < MOST
    with pytest.raises(EvaluationError) as refused:
        verify(path)
    (issue,) = refused.value.issues
    assert (str(issue.detail["reason"]), issue.detail["member"]) == ("evidence.zip.many", "250,000")


def test_a_link_is_refused(tmp_path) -> None:
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("link")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    assert reason(path, tmp_path) == "link"


@pytest.mark.parametrize("names", [("a.txt", "a.txt"), ("a.txt", "A.TXT"), ("a", "a/b.txt")])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused(tmp_path, names) -> None:
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    assert reason(path, tmp_path) == "twice"


def test_a_bomb_is_refused(tmp_path) -> None:
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(64 << 20))
    assert reason(path, tmp_path) == "large"


def test_a_member_larger_than_it_says_is_refused(tmp_path) -> None:
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x" * 1000)
    content = bytearray(path.read_bytes())
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(EvaluationError) as refused:
        unpack(path, tmp_path)
    assert refused.value.issues[0].code == "STUDY-387"


@pytest.mark.parametrize("kind", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=range(3))
def test_a_member_that_lies_is_unpacked_no_further(tmp_path, kind) -> None:
    path = lying(tmp_path / "pack.zip", "a.txt", kind)
    (tmp_path / "home").mkdir()

    def refused() -> None:
        with pytest.raises(EvaluationError) as caught:
            unpack(path, tmp_path / "home")
        assert [issue.code for issue in caught.value.issues] == ["STUDY-387"]

    assert peak(refused) < MOST
    assert sum(entry.stat().st_size for entry in (tmp_path / "home").iterdir()) <= 1000


def test_too_many_bytes_are_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("EVALUATOR_UNPACKED_BYTES", "100")
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x" * 101)
    assert reason(path, tmp_path) == "large"


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04" + bytes(40)])
def test_what_is_no_zip_file_is_refused(tmp_path, content) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(content)
    with pytest.raises(EvaluationError) as refused:
        verify(path)
    assert [issue.code for issue in refused.value.issues] == ["STUDY-387"]
    assert messages.known("STUDY-387.message", "zh")


def deep(value: str) -> str:
    return value * 100_000


CHANGED = {
    "another path": lambda data: data["files"][0].update(path="../../outside.csv"),
    "an absolute path": lambda data: data["files"][0].update(path="/etc/passwd"),
    "another digest": lambda data: data["files"][0].update(sha256="0" * 64),
    "a size that is none": lambda data: data["files"][0].update(size=-1),
    "no files": lambda data: data.update(files=[]),
    "a word too many": lambda data: data.update(run="rm -rf"),
}


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """A pack of the small study, run once."""
    home = tmp_path_factory.mktemp("packed") / "study"
    shutil.copytree(SMALL, home)
    assert invoke(["run", str(home)]) == 0
    pack(home, home.parent / "pack.zip")
    return home.parent / "pack.zip"


def repacked(path, target, change):
    """Write a pack again with its members changed."""
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    change(held)
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return target


def wrong(path) -> set[str]:
    """Return the errors of a verification that fails."""
    try:
        done = verify(path)
    except EvaluationError as error:
        return {issue.code for issue in error.issues}
    assert not done.verified
    return {issue.code for issue in done.issues if issue.severity is not Severity.NOTE}


@pytest.mark.parametrize("change", CHANGED)
def test_a_manifest_that_was_changed_is_noticed(packed, tmp_path, change) -> None:
    def edit(held):
        name = next(name for name in held if name.endswith("manifest.json"))
        data = json.loads(held[name])
        CHANGED[change](data)
        held[name] = json.dumps(data).encode()

    assert wrong(repacked(packed, tmp_path / "pack.zip", edit))


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe", deep("[").encode(), deep('{"a":').encode()], ids=range(6)
)
@pytest.mark.parametrize("part", ["manifest.json", "pack.json"])
def test_a_manifest_that_is_none_is_an_issue(packed, tmp_path, part, content) -> None:
    def edit(held):
        held[next((name for name in held if name.endswith(part)), part)] = content

    assert wrong(repacked(packed, tmp_path / "pack.zip", edit))


@pytest.mark.parametrize("part", ["scores.csv", "judgments.csv", "model.json", "report.html"])
def test_every_member_that_was_changed_is_named(packed, tmp_path, part) -> None:
    def edit(held):
        name = next(name for name in held if name.endswith(part))
        held[name] = held[name][:-1] + bytes([held[name][-1] ^ 1])

    assert wrong(repacked(packed, tmp_path / "pack.zip", edit)) == {"STUDY-382"}


def test_a_whole_pack_is_verified_and_leaves_nothing(packed, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = verify(packed)
    assert not [issue for issue in done.issues if issue.severity is Severity.ERROR]
    assert list(tmp_path.iterdir()) == []
