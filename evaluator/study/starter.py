"""The beginning of a study: a commented `study.yaml` and the empty tables its tree asks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evaluator.customers import MEASURES
from evaluator.errors import EvaluationError, Issue, Location
from evaluator.files import write_text
from evaluator.report.rendering import render, templates
from evaluator.tree import Indicator, Tree, load_tree
from evaluator.tree.types import Graded


def begin(
    folder: str | Path, *, tree: str = "customer_value", title: str | None = None, language: str = "zh"
) -> tuple[Path, ...]:
    """Write a new study and return the files written.

    The tables for what the tree's indicators need beyond orders carry only their header row.

    Raises
    ------
    EvaluationError
        STUDY-306 when there is a study already, TREE-101 for an unknown tree.
    """
    home = Path(folder)
    path = home / "study.yaml"
    if path.exists():
        raise EvaluationError([Issue("STUDY-306", str(folder), where=Location(str(path)))])
    loaded = load_tree(tree)
    stated, graded, from_orders = needs(loaded)
    values = {
        "title": title or loaded.name[language],
        "tree": tree,
        "measures": bool(stated),
        "grades": bool(graded),
        "orders": bool(from_orders),
    }
    written = [path]
    write_text(path, render(templates(language), f"study/study.{language}.yaml.j2", values))
    if stated:
        written.append(_header(home / "data" / "measures.csv", ["id", *(n.name[language] for n in stated)]))
    if graded:
        written.append(_header(home / "data" / "grades.csv", ["rater", "id", "indicator", "grade"]))
    return tuple(written)


def needs(tree: Tree) -> tuple[list[Indicator], list[Indicator], list[Indicator]]:
    """Return which indicators take their measure from a table, from raters, and from the orders."""
    graded = [node for node in tree.indicators if isinstance(node.scale, Graded)]
    others = [node for node in tree.indicators if not isinstance(node.scale, Graded)]
    from_orders = [node for node in others if node.measure in MEASURES]
    return [node for node in others if node.measure not in MEASURES], graded, from_orders


def _header(path: Path, names: Sequence[str]) -> Path:
    quoted = ('"' + name.replace('"', '""') + '"' if "," in name or '"' in name else name for name in names)
    write_text(path, "\ufeff" + ",".join(quoted) + "\n")  # the mark lets Excel read Chinese
    return path
