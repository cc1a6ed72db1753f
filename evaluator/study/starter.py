"""The beginning of a study: a commented `study.yaml` and the empty tables its tree asks for."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from evaluator import messages
from evaluator.columns.apostrophes import marked
from evaluator.customers import MEASURES, MODEL_MEASURES, MODELS, ORDERS
from evaluator.data.tables import TableSchema
from evaluator.errors import EvaluationError, Issue, Location
from evaluator.files import write_text
from evaluator.forms import Draft, read_indicator_table
from evaluator.html.rendering import render, templates
from evaluator.measuring.grades import GRADES
from evaluator.measuring.tables import CUSTOMERS
from evaluator.study.yaml_values import FILTERS
from evaluator.tree import Indicator, Tree, dump_tree, load_tree
from evaluator.tree.types import Graded, Lookup

BLANK = "blank"


def begin(
    folder: str | Path,
    *,
    tree: str = "customer_value",
    title: str | None = None,
    language: str = "zh",
    experts: Sequence[str] = (),
) -> tuple[Path, ...]:
    """Write a new study and return the files written.

    A `tree` named by the path of a file is put into the study; ``blank`` begins one with a commented tree
    to write out. Without `experts` the weights are those the tree states.

    The tables carry only their header row, in the words of the tree; a dictionary says what each of the
    tree's own columns holds.

    Raises
    ------
    EvaluationError
        when there is a study already, or no such tree.
    """
    home = Path(folder)
    path = home / "study.yaml"
    if path.exists():
        raise EvaluationError([Issue("STUDY-306", str(folder), where=Location(str(path)))])
    brought = _brought(tree, home, language)
    own = brought or (home / tree).is_file()
    loaded = load_tree(brought.name if brought else tree, folder=home if own else None)
    tree = brought.name if brought else tree
    stated, graded, from_orders = needs(loaded)
    values = {
        "title": title or loaded.name[language],
        "tree": tree,
        "measures": bool(stated),
        "grades": bool(graded),
        "orders": bool(from_orders),
        "customers": bool(loaded.attributes),
        "experts": [{"id": f"E{number:02}", "name": name} for number, name in enumerate(experts, 1)],
    }
    written = [*([brought] if brought else []), path]
    write_text(path, render(templates(language, filters=FILTERS), f"study/study.{language}.yaml.j2", values))
    if from_orders:
        wanted = _of_orders([node.measure for node in from_orders])
        written.append(_table(home / "data" / "orders.csv", [_headers(ORDERS, wanted, language)]))
    if loaded.attributes:
        attributes = [attribute.name[language] for attribute in loaded.attributes]
        headers = [*_headers(CUSTOMERS, ("id", "name"), language), *attributes]
        written.append(_table(home / "data" / "customers.csv", [headers]))
    if stated:
        columns = columns_of(stated, language)
        headers = [*_headers(CUSTOMERS, ("id", "name"), language), *columns]
        written.append(_table(home / "data" / "measures.csv", [headers]))
        rows = [_explained(name, node, loaded, language) for name, node in columns.items()]
        written.append(_table(home / "data" / "dictionary.csv", [_dictionary_headers(language), *rows]))
    if graded:
        names = ("rater", "id", "indicator", "grade")
        written.append(_table(home / "data" / "grades.csv", [_headers(GRADES, names, language)]))
    return tuple(written)


def _brought(tree: str, home: Path, language: str) -> Path | None:
    """Write a blank tree, or one from outside with what it includes, into a study; None if it needs none."""
    if tree == BLANK and not (home / f"{BLANK}.yaml").is_file():
        target = home / "tree.yaml"
        if not target.exists():
            write_text(target, render(templates(language), f"study/tree.{language}.yaml.j2", {}))
        return target
    path = Path(tree)
    if path.suffix not in (".yaml", ".yml") or not path.is_file():
        return None
    if path.resolve().is_relative_to(home.resolve()):
        return None
    target = home / path.name
    if target.exists():
        raise EvaluationError([Issue("STUDY-306", str(target), where=Location(str(target)))])
    loaded = load_tree(path)  # before anything is written
    write_text(target, path.read_text("utf-8-sig"))
    try:
        alone = load_tree(path.name, folder=home) == loaded
    except EvaluationError:
        alone = False
    if not alone:  # it includes trees that lie beside it
        write_text(target, dump_tree(loaded))
    return target


def place_of_tree(folder: Path) -> Path:
    """Return where the tree of a new study goes; raises where there is a study or a tree already."""
    path = folder / "tree.yaml"
    if path.exists() or (folder / "study.yaml").exists():
        raise EvaluationError([Issue("STUDY-306", str(folder), where=Location(str(path)))])
    return path


def draft_tree(table: str | Path, folder: str | Path, *, language: str = "zh") -> tuple[Path, Draft]:
    """Write the draft of a tree from an Excel table of indicators into a new study's folder.

    Raises
    ------
    EvaluationError
        when there is a study or a tree already, and what `read_indicator_table` refuses.
    """
    path = place_of_tree(Path(folder))
    draft = read_indicator_table(table, language=language)
    write_text(path, draft.text)
    return path, draft


def needs(tree: Tree) -> tuple[list[Indicator], list[Indicator], list[Indicator]]:
    """Return which indicators take their measure from a table, from raters, and from the orders."""
    graded = [node for node in tree.indicators if isinstance(node.scale, Graded)]
    others = [node for node in tree.indicators if not isinstance(node.scale, Graded)]
    from_orders = [node for node in others if _orders_give(node.measure)]
    return [node for node in others if node not in from_orders], graded, from_orders


def _orders_give(measure: str) -> bool:
    """True if orders give a measure, by themselves or through a model that needs nothing else."""
    if measure in MEASURES or measure not in MODEL_MEASURES:
        return measure in MEASURES
    model = MODELS[MODEL_MEASURES[measure].function.model].function
    return model.needs == ("orders",) and not model.any_of and model.must_state is None


def columns_of(nodes: Sequence[Indicator], language: str) -> dict[str, Indicator]:
    """Return a column of the measures table per measure: the name, or the measure where names repeat."""
    leaves = {node.measure: node for node in reversed(nodes)}
    counts = Counter(node.name[language] for node in leaves.values())
    ordered = [leaves[name] for name in dict.fromkeys(node.measure for node in nodes)]
    return {
        node.name[language] if counts[node.name[language]] == 1 else node.measure: node for node in ordered
    }


def _of_orders(measures: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of the orders table that the measures rest on."""
    product = ("product",) if "breadth" in measures else ()
    cost = ("cost",) if {"gross_profit", "margin"} & set(measures) else ()
    return ("id", "date", "order", *product, "amount", *cost)


def _headers(schema: TableSchema, names: Sequence[str], language: str) -> list[str]:
    """Return how columns are headed: by their first Chinese header, or their own name in English."""
    columns = {column.name: column for column in schema.columns}
    if language != "zh":
        return list(names)
    return [
        next((header for header in columns[name].headers if not header.isascii()), name) for name in names
    ]


def _dictionary_headers(language: str) -> list[str]:
    columns = ("column", "criterion", "definition", "unit", "direction", "values")
    return [messages.text(f"starter.{name}", language) for name in columns]


def _explained(column: str, node: Indicator, tree: Tree, language: str) -> list[str]:
    """Return what whoever fills a column must know: where it belongs, what it holds, in which unit."""
    values = node.scale.scores if isinstance(node.scale, Lookup) else ()
    return [
        column,
        tree.parents[node.id].name[language],
        node.definition[language] if node.definition else "",
        node.unit[language] if node.unit else "",
        messages.text(f"report.direction.{node.direction}", language),
        " / ".join(values),
    ]


def _table(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows([marked(cell) for cell in row] for row in rows)
    write_text(path, "\ufeff" + text.getvalue())  # the mark lets Excel read Chinese
    return path
