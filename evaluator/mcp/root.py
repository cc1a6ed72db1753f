"""The folder that tools stay in: no path leads out of it, nor does any that a study states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluator.documents import load
from evaluator.errors import EvaluationError, Issue, nearest, raise_errors

DEEPEST = 4  # folders below the root in which studies are looked for
MOST = 200  # studies
_ELSEWHERE = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:/|[A-Za-z]:\\|[\\/~])")


@dataclass(frozen=True)
class Root:
    """A folder, links followed."""

    folder: Path

    def studies(self) -> tuple[str, ...]:
        """Return the folders that hold a study, relative to the root."""
        return tuple(path.relative_to(self.folder).as_posix() for path in self._studies(self.folder, 0))[
            :MOST
        ]

    def _studies(self, folder: Path, depth: int) -> Iterator[Path]:
        if (folder / "study.yaml").is_file():
            yield folder
        if depth < DEEPEST:
            for inner in sorted(folder.iterdir()):
                if inner.is_dir() and not inner.is_symlink() and not inner.name.startswith("."):
                    yield from self._studies(inner, depth + 1)

    def study(self, stated: str) -> Path:
        """Return the folder of a study, whose file names nothing outside the root.

        Raises
        ------
        EvaluationError
            where the path, or one that the study states, leads out of the root; where there is no study, with
            those that are like it.
        """
        folder = self.inside(stated)
        if not (folder / "study.yaml").is_file():
            raise EvaluationError([Issue("MCP-105", stated[:200], hint=nearest(stated, self.studies()))])
        raise_errors(self._leading_out(folder))
        return folder

    def inside(self, stated: str) -> Path:
        """Return a path below the root; an error where it leads out."""
        if _ELSEWHERE.match(stated) and not Path(stated).is_absolute():
            raise EvaluationError([Issue("MCP-103", stated[:200])])
        path = (self.folder / stated).resolve()
        if not path.is_relative_to(self.folder):
            raise EvaluationError([Issue("MCP-103", stated[:200])])
        return path

    def _leading_out(self, folder: Path) -> Iterator[Issue]:
        """Yield what a study's file says that leads elsewhere: absolute paths, addresses, ways up and out."""
        document = load(folder / "study.yaml")
        for place, text in _texts(document.data, ()):
            steps_out = ".." in re.split(r"[\\/]", text) and not self._within(folder, text)
            link = (
                "\n" not in text
                and len(text) < 300
                and (folder / text).exists()
                and not self._within(folder, text)
            )
            if _ELSEWHERE.match(text) or steps_out or link:
                yield Issue("MCP-103", text[:200], where=document.where(place))

    def _within(self, folder: Path, text: str) -> bool:
        return (folder / text.replace("\\", "/")).resolve().is_relative_to(self.folder)


def _texts(value: Any, place: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from _texts(entry, (*place, key))
    elif isinstance(value, (list, tuple)):
        for number, entry in enumerate(value):
            yield from _texts(entry, (*place, number))
