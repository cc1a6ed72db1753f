"""What is kept among the user's caches is never taken from where somebody else could have put it."""

import os
import sys
from pathlib import Path

import pytest

from evaluator import caches
from evaluator.caches import keep, read_kept

CONTENT = b"var bundled = 1;\r\n// \xff\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a user who has nothing yet."""
    monkeypatch.setattr(caches, "_caches", lambda: tmp_path / "caches")
    return tmp_path / "caches" / "evaluator"


def test_what_is_kept_is_read_ever_after(folder: Path) -> None:
    assert read_kept("a") is None
    keep("a", CONTENT)
    assert read_kept("a") == read_kept("a") == CONTENT
    assert [path.name for path in folder.iterdir()] == ["a"]
    if os.name == "posix":
        assert folder.stat().st_mode & 0o777 == 0o700


def test_what_was_made_of_other_things_is_not_taken_and_written_over(folder: Path) -> None:
    keep("a", CONTENT, "one")
    assert (read_kept("a", "one"), read_kept("a", "two"), read_kept("a")) == (CONTENT, None, None)
    keep("a", b"other", "two")
    assert (read_kept("a", "one"), read_kept("a", "two")) == (None, b"other")


@pytest.mark.parametrize("damage", [b"", b"\xff", b"// no digest", b"0" * 64 + b"\nvar other;"])
def test_a_damaged_file_is_not_taken(folder: Path, damage: bytes) -> None:
    keep("a", CONTENT)
    (folder / "a").write_bytes(damage)
    assert read_kept("a") is None


@pytest.mark.skipif(os.name != "posix", reason="owners and modes are POSIX")
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_a_folder_that_others_may_write_is_not_used(folder: Path, mode: int) -> None:
    keep("a", CONTENT)
    folder.chmod(mode)
    assert read_kept("a") is None
    keep("b", CONTENT)
    assert [path.name for path in folder.iterdir()] == ["a"]


@pytest.mark.skipif(os.name != "posix", reason="owners and modes are POSIX")
def test_a_folder_of_another_user_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep("a", CONTENT)
    stranger = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    assert read_kept("a") is None


def test_a_folder_that_cannot_be_made_is_done_without(folder: Path) -> None:
    folder.parent.write_text("a file is in the way")
    keep("a", CONTENT)
    assert read_kept("a") is None


def test_a_file_that_cannot_be_written_is_done_without(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    keep("a", CONTENT)
    assert not list(folder.iterdir())


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="XDG is Linux")
def test_caches_stand_where_xdg_says_if_it_says_an_absolute_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    for stated, place in (("/there", "/there"), ("", "/home/ann/.cache"), ("x", "/home/ann/.cache")):
        monkeypatch.setenv("XDG_CACHE_HOME", stated)
        assert caches._caches() == Path(place)
