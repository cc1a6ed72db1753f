"""What a verb found and wrote, kept to be told to a program in the end: `--json` of verbs that act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evaluator.alike import as_data
from evaluator.errors import Issue


@dataclass
class Record:
    """What is told in the end: what a verb found, of each tree and of all; what was written; every issue."""

    found: dict[str, Any] = field(default_factory=dict)
    trees: list[dict[str, Any]] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    issues: list[dict[str, object]] = field(default_factory=list)

    def tell(self, values: Mapping[str, Any], tree: str | None, branch: str | None) -> None:
        """Add what was found, of a tree where one is named."""
        if tree is None:
            self.found |= values
            return
        if not self.trees or (self.trees[-1]["tree"], self.trees[-1]["branch"]) != (tree, branch):
            self.trees.append({"tree": tree, "branch": branch})
        self.trees[-1] |= values

    def wrote(self, path: str | Path) -> None:
        """Add a file that was written."""
        self.written.append(str(path))

    def add(self, issues: Iterable[Issue], language: str) -> None:
        """Add what is wrong or worth knowing."""
        self.issues += [as_data(issue, language) for issue in issues]

    def data(self) -> dict[str, Any]:
        """Return everything, as it is printed."""
        trees = {"trees": self.trees} if self.trees else {}
        return {**self.found, **trees, "written": self.written, "issues": self.issues}
