"""Golden files: a folder of texts, one file for each part of what is made.

A part without its file fails, and a file without its part. `EVALUATOR_REWRITE_GOLDEN=1` with the same test
writes the folder anew.
"""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from canonical import same_but_last_digits

FOLDER = Path(__file__).resolve().parent


def names(folder: str) -> list[str]:
    """Return the names of the files of a folder, to parametrise a test by."""
    return sorted(path.name for path in (FOLDER / folder).glob("*"))


def agree(folder: str, parts: Mapping[str, str]) -> None:
    """Assert that the folder has a file for every part and no other; rewrite it first if asked to."""
    home = FOLDER / folder
    if os.environ.get("EVALUATOR_REWRITE_GOLDEN") == "1":
        _rewrite(home, parts)
    assert {path.name for path in home.glob("*")} == parts.keys()


def same(folder: str, name: str, parts: Mapping[str, str]) -> None:
    """Assert that a part is what its file says; the last digits of long numbers are the processor's."""
    made, golden = parts.get(name), (FOLDER / folder / name).read_text("utf-8")
    if made is None or not same_but_last_digits(made, golden):
        here = (made or "").splitlines()
        lines = difflib.unified_diff(golden.splitlines(), here, "golden", "made", n=0, lineterm="")
        pytest.fail(f"{folder}/{name}\n" + "\n".join(lines))


def _rewrite(home: Path, parts: Mapping[str, str]) -> None:
    home.mkdir(parents=True, exist_ok=True)
    for path in home.glob("*"):
        path.unlink()
    for name, text in parts.items():
        (home / name).write_text(text, encoding="utf-8", newline="\n")
