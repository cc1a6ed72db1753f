"""Every file a study is computed from, by the name that the study gives it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from evaluator.files import leaves
from evaluator.study.file import stated_paths
from evaluator.study.setup import Setup

Kind = Literal["input", "answer"]
_ANSWERS = ("judgments", "forms", "experts", "revisions")


def input_files(setup: Setup) -> dict[str, Kind]:
    """Return the files a study is computed from: `study.yaml`, trees, tables, answers, the evaluation before.

    What lies outside the study is named by its absolute path; databases are no files here.
    """
    found: dict[str, Kind] = {setup.path.name: "input"}
    for key, stated in stated_paths(setup.file):
        if key[0] != "databases" and key[-1] != "database":
            kind: Kind = "answer" if key[0] in _ANSWERS else "input"
            for path in _files(setup.folder, stated, tree=key[-1] == "tree"):
                found.setdefault(named_within(path, setup.folder), kind)
    return dict(sorted(found.items()))


def database_paths(setup: Setup) -> tuple[str, ...]:
    """Return the databases of a study that are files."""
    stated = stated_paths(setup.file)
    return tuple(path for key, path in stated if key[0] == "databases" or key[-1] == "database")


def _files(folder: Path, stated: str, *, tree: bool) -> Iterator[Path]:
    """Yield the files a path of a study stands for; a tree may include those beside it."""
    path = folder / stated
    if path.is_dir():
        inside = [entry for entry in sorted(path.rglob("*")) if entry.is_file()]
    elif path.is_file():
        inside = sorted(path.parent.glob("*.y*ml")) if tree else [path]
    else:
        inside = [] if Path(stated).is_absolute() or not stated else sorted(folder.glob(stated))
    for entry in inside:
        passing = entry.name.startswith(("~$", "."))
        if entry.is_file() and not passing and not leaves(folder, named_within(entry, folder)):
            yield entry


def named_within(path: Path, folder: Path) -> str:
    """Return how a study calls a file: by its path within the folder, else by the whole path."""
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)
