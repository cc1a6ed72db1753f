"""Packs from strangers: nothing is written outside the folder, and nothing is unpacked without bound."""

import stat
import zipfile

import pytest

from evaluator import messages
from evaluator.errors import EvaluationError
from evaluator.study.unpacking import unpack
from evaluator.study.verifying import verify


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
