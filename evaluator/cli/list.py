"""`evaluator list`: the trees and methods that ship with the software."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from evaluator import resources
from evaluator.caches import keep, read_kept, states
from evaluator.cli.console import Console
from evaluator.cli.options import as_json

if TYPE_CHECKING:
    from evaluator.registry import Method

Rows = list[dict[str, Any]]


@click.command()
@click.argument("what", type=click.Choice(["trees", "indicators", "methods", "measures", "models", "tables"]))
@click.option("--for", "suiting", metavar="INDUSTRY,TYPE")
@click.option("--tree", "listed", default="customer_value", show_default=True)
@click.option("--excel", type=click.Path(dir_okay=False))
@as_json
@click.pass_obj
def command(
    console: Console, what: str, suiting: str | None, listed: str, excel: str | None, as_json: bool
) -> None:
    """List what a tree or a study may name."""
    if what == "trees":
        rows = _trees(console, [word.strip() for word in (suiting or "").split(",") if word.strip()])
        _print(console, rows, as_json, {"for": "applies", "status": "status"})
    elif what == "indicators" and excel:
        _write_indicators(console, listed, excel, as_json)
    elif what == "indicators":
        _print(console, _indicators(console, listed), as_json, {"direction": "indicators.direction"})
    elif what == "methods":
        _print(console, _methods(console), as_json, {"kind": "kind"})
    elif what == "tables":
        _show_tables(console, as_json)
    elif what == "models":
        _print(console, _models(console), as_json)
    else:
        _print(console, _measures(console), as_json)


def _print(
    console: Console, rows: Rows, as_json: bool, words: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Print rows with the same keys as JSON, or as a table headed by them.

    `words` names, for a column of ids, where the catalogue has the words a table shows for them.
    """
    if as_json:
        console.json(rows)
        return
    if not rows:
        console.say("cli.list.nothing")
        return
    console.table(
        [console.text(f"cli.list.{key}") for key in rows[0]],
        [[_cell(console, value, words.get(key)) for key, value in row.items()] for row in rows],
    )


def _cell(console: Console, value: object, words: str | None) -> object:
    if isinstance(value, list):
        return ", ".join(str(_cell(console, entry, words)) for entry in value)
    if isinstance(value, bool):
        return console.text("cli.list.required") if value else ""
    return console.text(f"{words}.{value}") if words else value


def _trees(console: Console, words: list[str]) -> Rows:
    """Return the trees that ship; `for` names their industries and types of customers, or their subject.

    Their rows are kept among the user's caches: to read and check every tree takes half a second.
    """
    if words:
        return _trees_that_suit(console.language, words)
    name, made_of = f"trees-{console.language}.json", _state_of_trees()
    if made_of and (kept := read_kept(name, made_of)):
        rows: Rows = json.loads(kept)
        return rows
    rows = _trees_that_suit(console.language, ())
    if made_of:
        keep(name, json.dumps(rows, ensure_ascii=False).encode("utf-8"), made_of)
    return rows


def _state_of_trees() -> str:
    """Return what the rows depend on: the trees, and the modules that read them."""
    read_by = Path(resources.__file__).with_name("tree")
    return states(sorted([*resources.folder("indicator_trees").glob("*.yaml"), *read_by.glob("*.py")]))


def _trees_that_suit(language: str, words: Sequence[str]) -> Rows:
    from evaluator.tree import bundled, load_tree, suited

    return [
        {
            "tree": tree.id,
            "name": tree.name[language],
            "for": [*tree.applies_to.industry, *tree.applies_to.customer_type] or [tree.subject],
            "indicators": len(tree.indicators),
            "pairs": tree.pairs,
            "status": tree.status,
        }
        for tree in suited([load_tree(name) for name in bundled()], words)
    ]


def _indicators(console: Console, source: str) -> Rows:
    """Return the indicators of one tree."""
    from evaluator.tree import load_tree

    tree = load_tree(source)
    return [
        {
            "indicator": leaf.id,
            "criterion": tree.parents[leaf.id].name[console.language],
            "name": leaf.name[console.language],
            "measure": leaf.measure,
            "unit": leaf.unit[console.language] if leaf.unit else None,
            "direction": leaf.direction,
        }
        for leaf in tree.indicators
    ]


def _write_indicators(console: Console, source: str, excel: str, as_json: bool) -> None:
    """Write the indicators of one tree as the Excel table that `init --indicators` reads."""
    from evaluator.forms import write_indicator_table
    from evaluator.tree import load_tree

    written = write_indicator_table(load_tree(source), excel, language=console.language)
    if as_json:
        console.json({"written": str(written)})
    else:
        console.say("cli.written", path=written)


def _methods(console: Console) -> Rows:
    """Return every registered method, kind by kind."""
    from evaluator import ahp, measuring, scoring, weighing

    registries = (
        *(
            ahp.CONVENTIONS,
            ahp.RANDOM_INDICES,
            ahp.SCALES,
            ahp.PRIORITIES,
            ahp.BEST_WORST,
            ahp.SCORE_READINGS,
            ahp.AGGREGATIONS,
            ahp.FUZZY_PRIORITIES,
        ),
        *(weighing.EXPERT_WEIGHTS, weighing.OBJECTIVE, weighing.COMBINATIONS),
        *(scoring.SCALES, scoring.SYNTHESES, scoring.OPERATORS, measuring.MEMBERSHIPS),
        *(scoring.CUTS, scoring.RULES, scoring.OPINIONS, scoring.ENGINES),
    )
    return [
        {
            "kind": registry.kind,
            "method": method.name,
            "name": method.title[console.language],
            "reference": method.reference,
        }
        for registry in registries
        for method in registry.methods()
    ]


def _measures(console: Console) -> Rows:
    """Return every measure that is computed: from the orders alone, or by a customer model."""
    from evaluator.customers import MEASURES, MODEL_MEASURES, MODELS

    needs = {method.name: ("orders", "") for method in MEASURES.methods()}
    for method in MODEL_MEASURES.methods():
        model = MODELS[method.function.model].function
        needs[method.name] = (", ".join(model.tables), model.must_state or "")
    methods: tuple[Method[Any], ...] = (*MEASURES.methods(), *MODEL_MEASURES.methods())
    return [
        {
            "measure": method.name,
            "name": method.title[console.language],
            "unit": console.text(f"measure.{method.name}.unit"),
            "tables": needs[method.name][0],
            "option": needs[method.name][1],
            "definition": console.text(f"measure.{method.name}.definition"),
            "reference": method.reference,
        }
        for method in methods
    ]


def _models(console: Console) -> Rows:
    """Return every customer model a study can run, with what it needs and the measures it gives."""
    from evaluator.customers import MODEL_MEASURES, MODELS

    return [
        {
            "model": method.name,
            "name": method.title[console.language],
            "tables": ", ".join(method.function.tables),
            "option": method.function.must_state or "",
            "measures": ", ".join(
                m.name for m in MODEL_MEASURES.methods() if m.function.model == method.name
            ),
            "reference": method.reference,
        }
        for method in MODELS.methods()
    ]


def _tables() -> Rows:
    """Return every table a study may have, with its columns and the headers they are known by."""
    from evaluator.customers import TABLES
    from evaluator.measuring.grades import GRADES
    from evaluator.measuring.tables import CUSTOMERS

    return [
        {
            "table": name,
            "column": column.name,
            "kind": column.kind,
            "needed": column.required,
            "headers": list(column.headers),
        }
        for name, schema in {"customers": CUSTOMERS, "grades": GRADES, **TABLES}.items()
        for column in schema.columns
    ]


def _show_tables(console: Console, as_json: bool) -> None:
    """Print the tables; for people only some of the headers."""
    rows = _tables()
    shown = rows if as_json else [row | {"headers": _some(row["headers"])} for row in rows]
    _print(console, shown, as_json, {"kind": "cli.check.kinds"})
    if not as_json:
        console.say("cli.list.measures_table")


def _some(headers: Sequence[str]) -> list[str]:
    """Return a few headers of each language."""
    return [*[h for h in headers if h.isascii()][:2], *[h for h in headers if not h.isascii()][:2]]
