"""The chart library is bundled once and kept, and never taken from where somebody else could have put it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import vl_convert

from evaluator.reports.page import library

FIRST = "var bundled = 1;\r\n// 图"


@pytest.fixture
def bundled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is bundled in this test, in place of a megabyte."""
    made: list[str] = []

    def bundle(snippet: str) -> str:
        made.append(snippet)
        return FIRST

    monkeypatch.setattr(vl_convert, "javascript_bundle", bundle)
    return made


@pytest.fixture
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(library, "_caches", lambda: tmp_path / "caches")
    return tmp_path / "caches"


def test_it_is_bundled_once_and_read_ever_after(bundled: list[str], caches: Path) -> None:
    assert library._library() == library._library() == f"(()=>{{{FIRST}}})();"
    assert len(bundled) == 1
    (kept,) = (caches / "evaluator").iterdir()
    if os.name == "posix":
        assert (caches / "evaluator").stat().st_mode & 0o777 == 0o700
    assert "vl" not in kept.read_text("utf-8")


@pytest.mark.parametrize("damage", [b"", b"\xff", b"// no digest", b"0" * 64 + b"\nvar other;"])
def test_a_damaged_file_is_bundled_anew(bundled: list[str], caches: Path, damage: bytes) -> None:
    library._library()
    (kept,) = (caches / "evaluator").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damage)
    assert FIRST in library._library()
    assert len(bundled) == 2
    assert kept.read_bytes() == whole


def test_another_version_is_another_file(bundled: list[str], caches: Path, monkeypatch) -> None:
    library._library()
    monkeypatch.setattr(library, "version", lambda package: "999")
    library._library()
    assert len(bundled) == len(list((caches / "evaluator").iterdir())) == 2


@pytest.mark.skipif(os.name != "posix", reason="owners and modes are POSIX")
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_a_folder_that_others_may_write_is_not_used(bundled: list[str], caches: Path, mode: int) -> None:
    library._library()
    (kept,) = (caches / "evaluator").iterdir()
    (caches / "evaluator").chmod(mode)
    assert FIRST in library._library()
    assert len(bundled) == 2
    kept.unlink()
    library._library()
    assert not list((caches / "evaluator").iterdir())


@pytest.mark.skipif(os.name != "posix", reason="owners and modes are POSIX")
def test_a_folder_of_another_user_is_not_used(bundled: list[str], caches: Path, monkeypatch) -> None:
    library._library()
    stranger = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    library._library()
    assert len(bundled) == 2


def test_a_folder_that_cannot_be_made_is_done_without(bundled: list[str], caches: Path) -> None:
    caches.write_text("a file is in the way")
    assert FIRST in library._library()
    assert FIRST in library._library()
    assert len(bundled) == 2


def test_a_file_that_cannot_be_written_is_done_without(bundled: list[str], caches: Path, monkeypatch) -> None:
    def refuse(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    assert FIRST in library._library()
    assert not list((caches / "evaluator").iterdir())


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="XDG is Linux")
def test_caches_stand_where_xdg_says_if_it_says_an_absolute_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    for stated, place in (("/there", "/there"), ("", "/home/ann/.cache"), ("x", "/home/ann/.cache")):
        monkeypatch.setenv("XDG_CACHE_HOME", stated)
        assert library._caches() == Path(place)


def test_a_page_does_without_the_bundler_once_the_bundle_is_kept(tmp_path: Path) -> None:
    """The real library, from two processes: the second never loads what bundles it."""
    code = (
        "import sys; from evaluator.reports.page.library import begin_library\n"
        "text = begin_library().result();"
        "print(len(text), 'vegaEmbed' in text, 'vl_convert' in sys.modules)"
    )
    home = dict.fromkeys(("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"), str(tmp_path))
    command = [sys.executable, "-c", code]
    runs = [subprocess.run(command, env={**os.environ, **home}, capture_output=True) for _ in range(2)]
    (length, *first), (again, *second) = (run.stdout.decode().split() for run in runs)
    assert int(length) > 500_000
    assert again == length
    assert first == ["True", "True"]
    assert second == ["True", "False"]
