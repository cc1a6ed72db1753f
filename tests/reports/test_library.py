"""The chart library is bundled once on a machine; where it is kept, `tests/ground/test_caches.py` says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import vl_convert

from evaluator import caches
from evaluator.reports.page import library

FIRST = "var bundled = 1;\r\n// 图"


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is bundled in this test, in place of a megabyte; the user has no caches yet."""
    made: list[str] = []

    def bundle(snippet: str) -> str:
        made.append(snippet)
        return FIRST

    monkeypatch.setattr(vl_convert, "javascript_bundle", bundle)
    monkeypatch.setattr(caches, "_caches", lambda: tmp_path)
    return made


def test_it_is_bundled_once_and_read_ever_after(bundled: list[str], tmp_path: Path) -> None:
    assert library._library() == library._library() == f"(()=>{{{FIRST}}})();"
    assert len(bundled) == 1
    (kept,) = (tmp_path / "evaluator").iterdir()
    assert "vl" not in kept.read_text("utf-8")
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1])
    assert FIRST in library._library()
    assert len(bundled) == 2
    assert kept.read_bytes() == whole


def test_another_version_is_another_file(bundled: list[str], tmp_path: Path, monkeypatch) -> None:
    library._library()
    monkeypatch.setattr(library, "version", lambda package: "999")
    library._library()
    assert len(bundled) == len(list((tmp_path / "evaluator").iterdir())) == 2


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
