"""Outputs appear whole or not at all."""

import os
import shutil
import subprocess
import sys

import pytest

from evaluator import files
from evaluator.errors import EvaluationError
from evaluator.files import replacing, write_text


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_whole(tmp_path) -> None:
    write_text(tmp_path / "中文" / "a.txt", "one\ntwo\n")
    write_text(tmp_path / "中文" / "a.txt", "three\n")
    assert (tmp_path / "中文" / "a.txt").read_bytes() == b"three\n"
    assert names(tmp_path / "中文") == ["a.txt"]


def test_an_interrupted_block_leaves_the_old_file_and_nothing_else(tmp_path) -> None:
    write_text(tmp_path / "a.txt", "old")

    def write() -> None:
        with replacing(tmp_path / "a.txt") as new:
            new.write_text("half", "utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert (tmp_path / "a.txt").read_text("utf-8") == "old"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("lock", ["~$report.xlsx", ".~lock.report.xlsx#"])
def test_an_open_document_is_left_alone_and_the_new_one_kept_beside(tmp_path, lock) -> None:
    report = tmp_path / "report.xlsx"
    write_text(report, "old")
    (tmp_path / lock).write_text("somebody", "utf-8")
    with pytest.raises(EvaluationError) as caught:
        write_text(report, "new")
    assert [issue.code for issue in caught.value.issues] == ["FILE-702"]
    assert report.read_text("utf-8") == "old"
    assert (tmp_path / "report.new.xlsx").read_text("utf-8") == "new"


def test_a_sharing_violation_keeps_the_new_file_beside(tmp_path, monkeypatch) -> None:
    """Windows refuses to replace a file another program holds open."""
    report = tmp_path / "report.xlsx"
    write_text(report, "old")
    replace = os.replace

    def refuse(source, target):
        if str(target) == str(report):
            raise PermissionError(13, "in use")
        replace(source, target)

    monkeypatch.setattr(files.os, "replace", refuse)
    with pytest.raises(EvaluationError) as caught:
        write_text(report, "new")
    assert caught.value.issues[0].code == "FILE-702"
    assert (tmp_path / "report.new.xlsx").read_text("utf-8") == "new"
    assert names(tmp_path) == ["report.new.xlsx", "report.xlsx"]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no POSIX permissions here")
def test_a_folder_without_permission_is_named(tmp_path) -> None:
    tmp_path.chmod(0o555)
    code = (
        "from evaluator.files import write_text\nfrom evaluator.errors import EvaluationError\n"
        f"try: write_text({str(tmp_path / 'a.txt')!r}, 'x')\n"
        "except EvaluationError as error: print(error.issues[0].code)"
    )
    command = [sys.executable, "-c", code]
    if os.geteuid() == 0:  # root may write everywhere
        if shutil.which("runuser") is None:
            pytest.skip("runs as root without runuser")
        tmp_path.parent.chmod(0o755)
        done = _as_nobody(tmp_path, code)
    else:
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.stdout.strip() == "FILE-701", done.stderr


def _as_nobody(tmp_path, code: str) -> subprocess.CompletedProcess[str]:
    """Run in a child that gives up its rights after importing, as its packages may be private to root."""
    before = "import os\nimport evaluator.files, evaluator.errors, yaml\nos.setgid(65534); os.setuid(65534)\n"
    return subprocess.run(
        [sys.executable, "-c", before + code], capture_output=True, text=True, encoding="utf-8"
    )


def test_a_full_disk_is_named_and_leaves_nothing(tmp_path, monkeypatch) -> None:
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "replace", full)
    with pytest.raises(EvaluationError) as caught:
        write_text(tmp_path / "a.txt", "x")
    assert caught.value.issues[0].code == "FILE-703"
    assert names(tmp_path) == []
