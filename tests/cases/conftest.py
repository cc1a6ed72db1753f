"""The cases met in public, copied so that a test may change them, and small studies written on the spot."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml

from evaluator.errors import EvaluationError, Issue, Severity
from evaluator.study import Study


@pytest.fixture
def case(shared: Path, tmp_path: Path) -> Callable[..., Path]:
    """Copy a case, with changes to its study: `case("c34_enc_cp1252", seed=1)`."""

    def copied(name: str, **changes: Any) -> Path:
        home = tmp_path / name
        if not home.exists():
            shutil.copytree(shared / "cases" / name, home)
            for path in [home, *home.rglob("*")]:
                path.chmod(0o755 if path.is_dir() else 0o644)
        return changed(home, changes)

    return copied


def changed(home: Path, changes: dict[str, Any]) -> Path:
    """Write changes into the study of a folder, nested ones beside what stands there."""
    path = home / "study.yaml"
    study = yaml.safe_load(path.read_text("utf-8"))
    path.write_text(yaml.safe_dump(_merged(study, changes), allow_unicode=True), "utf-8")
    return home


def _merged(old: Any, new: Any) -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{key: _merged(old.get(key), value) for key, value in new.items()}}
    return new


STUDY = "schema: 1\ntitle: Case\nlanguage: en\ntree: orders_value\nweighting: {source: given}\n"


@pytest.fixture
def study(tmp_path: Path) -> Callable[..., Path]:
    """Write a study of some tables: `study({"orders.csv": text}, orders={"file": "orders.csv"})`."""

    def written(files: dict[str, str | bytes], *, head: str = STUDY, **tables: Any) -> Path:
        home = tmp_path / "study"
        home.mkdir(exist_ok=True)
        for name, content in files.items():
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        text = head + yaml.safe_dump({"tables": tables}, allow_unicode=True)
        (home / "study.yaml").write_text(text, "utf-8")
        return home

    return written


@pytest.fixture
def refused() -> Callable[..., list[tuple[str, str]]]:
    """Return code and place of the errors that stop a study; each is said in both languages."""

    def stopped(home: Path, step: Callable[[Study], object] = tables) -> list[tuple[str, str]]:
        return [(issue.code, str(issue.where).removeprefix(f"{home}/")) for issue in errors(home, step)]

    return stopped


@pytest.fixture
def errors_of() -> Callable[..., list[Issue]]:
    """Return the errors that stop a study."""
    return errors


@pytest.fixture
def follow() -> Callable[[Path, str, Issue], Path]:
    """Add the first line a message offers, as somebody would who follows it, to a table of a study."""

    def followed(home: Path, table: str, issue: Issue, *, number: int = 0) -> Path:
        for language in ("zh", "en"):
            lines = [yaml.safe_load(text) for text in re.findall(r"`([^`]+: [^`]+)`", issue.text(language))]
        return changed(
            home, lines[number] if "tables" in lines[number] else {"tables": {table: lines[number]}}
        )

    return followed


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., bytes]:
    """Return the bytes of a workbook with these sheets; merged blocks are given as `{"Sheet": ["A2:A4"]}`."""

    def made(sheets: dict[str, list[list[Any]]], *, merged: dict[str, list[str]] | None = None) -> bytes:
        path = tmp_path / "made.xlsx"
        with xlsxwriter.Workbook(path) as book:
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                for block in (merged or {}).get(name, ()):
                    sheet.merge_range(block, "")
                for row, cells in enumerate(rows):
                    for col, cell in enumerate(cells):
                        if isinstance(cell, date):
                            sheet.write_datetime(row, col, cell, day)
                        elif cell is not None:
                            sheet.write(row, col, cell)
        return path.read_bytes()

    return made


def tables(study: Study) -> object:
    """Read the tables of a study."""
    return study.tables


def errors(home: Path, step: Callable[[Study], object] = tables) -> list[Issue]:
    """Return the errors that stop a study at a step."""
    with pytest.raises(EvaluationError) as raised:
        step(Study(home))
    found = [issue for issue in raised.value.issues if issue.severity is Severity.ERROR]
    for issue in found:
        assert issue.text("zh") != issue.text("en")
    return found
