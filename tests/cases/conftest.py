"""The cases met in public, copied so that a test may change them, and small studies written on the spot."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
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
        return [(issue.code, str(issue.where)) for issue in errors(home, step)]

    return stopped


@pytest.fixture
def errors_of() -> Callable[..., list[Issue]]:
    """Return the errors that stop a study."""
    return errors


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
