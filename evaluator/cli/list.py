"""`evaluator list`: the trees and methods that ship with the software."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from evaluator.cli.console import Console
from evaluator.cli.options import as_json

if TYPE_CHECKING:
    from evaluator.registry import Method
    from evaluator.tree import Tree


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
        _trees(console, [word.strip() for word in (suiting or "").split(",") if word.strip()])
    elif what == "indicators":
        _indicators(console, listed, excel)
    elif what == "methods":
        _methods(console)
    elif what == "tables":
        _tables(console)
    elif what == "models":
        _print(console, _models(console), as_json)
    else:
        _print(console, _measures(console), as_json)


def _print(console: Console, rows: list[dict[str, str]], as_json: bool) -> None:
    """Print rows with the same keys as JSON, or as a table headed by them."""
    if as_json:
        console.json(rows)
    else:
        console.table(
            [console.text(f"cli.list.{key}") for key in rows[0]], [list(row.values()) for row in rows]
        )


def _trees(console: Console, words: list[str]) -> None:
    from evaluator.tree import bundled, load_tree, suited

    trees = suited([load_tree(name) for name in bundled()], words)
    columns = ("tree", "name", "for", "indicators", "pairs", "status")
    console.table(
        [console.text(f"cli.list.{name}") for name in columns],
        [
            (
                tree.id,
                tree.name[console.language],
                _meant_for(console, tree),
                len(tree.indicators),
                tree.pairs,
                console.text(f"status.{tree.status}"),
            )
            for tree in trees
        ],
    )


def _meant_for(console: Console, tree: Tree) -> str:
    """Return the industries and types of customers a tree names, or its subject where it names none."""
    named = (*tree.applies_to.industry, *tree.applies_to.customer_type) or (tree.subject,)
    return ", ".join(console.text(f"applies.{word}") for word in named)


def _indicators(console: Console, source: str, excel: str | None) -> None:
    """List the indicators of one tree, or write them as the Excel table that `init --indicators` reads."""
    from evaluator.tree import load_tree

    tree = load_tree(source)
    if excel:
        from evaluator.forms import write_indicator_table

        written = write_indicator_table(tree, excel, language=console.language)
        console.say("cli.written", path=written)
        return
    columns = ("tree", "criterion", "name", "measure", "unit", "direction")
    console.table(
        [console.text(f"cli.list.{name}") for name in columns],
        [
            (
                leaf.id,
                tree.parents[leaf.id].name[console.language],
                leaf.name[console.language],
                leaf.measure,
                leaf.unit[console.language] if leaf.unit else None,
                console.text(f"indicators.direction.{leaf.direction}"),
            )
            for leaf in tree.indicators
        ],
    )


def _methods(console: Console) -> None:
    from evaluator import ahp, scoring, weighing

    registries = (
        *(
            ahp.PROFILES,
            ahp.RANDOM_INDICES,
            ahp.SCALES,
            ahp.PRIORITIES,
            ahp.BEST_WORST,
            ahp.SCORE_READINGS,
            ahp.AGGREGATIONS,
            ahp.FUZZY_PRIORITIES,
        ),
        *(weighing.SAY, weighing.OBJECTIVE, weighing.COMBINATIONS),
        *(scoring.SCALES, scoring.SYNTHESES, scoring.OPERATORS, scoring.MEMBERSHIPS),
        *(scoring.CUTS, scoring.RULES, scoring.OPINIONS, scoring.ENGINES),
    )
    headers = [console.text(f"cli.list.{name}") for name in ("kind", "method", "name", "reference")]
    console.table(
        headers,
        [
            (
                console.text(f"kind.{registry.kind}"),
                method.name,
                method.title[console.language],
                method.reference,
            )
            for registry in registries
            for method in registry.methods()
        ],
    )


def _measures(console: Console) -> list[dict[str, str]]:
    """Return every measure that is computed: from the orders alone, or by a customer model."""
    from evaluator.customers import FINDINGS, MEASURES, MODEL_MEASURES

    needs = {method.name: ("orders", "") for method in MEASURES.methods()}
    for method in MODEL_MEASURES.methods():
        model = FINDINGS[method.function.model].function
        needs[method.name] = (", ".join(model.tables), model.option or "")
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


def _models(console: Console) -> list[dict[str, str]]:
    """Return every customer model a study can run, with what it needs and the measures it gives."""
    from evaluator.customers import FINDINGS, MODEL_MEASURES

    return [
        {
            "model": method.name,
            "name": method.title[console.language],
            "tables": ", ".join(method.function.tables),
            "option": method.function.option or "",
            "measures": ", ".join(
                m.name for m in MODEL_MEASURES.methods() if m.function.model == method.name
            ),
            "reference": method.reference,
        }
        for method in FINDINGS.methods()
    ]


def _tables(console: Console) -> None:
    """List every table a study may have, with its columns and some of the headers they are known by."""
    from evaluator.customers import TABLES
    from evaluator.scoring.grades import GRADES
    from evaluator.scoring.tables import CUSTOMERS

    tables = {"customers": CUSTOMERS, "grades": GRADES, **TABLES}
    names = ("table", "column", "kind", "needed", "headers")
    needed = console.text("cli.list.required")
    console.table(
        [console.text(f"cli.list.{name}") for name in names],
        [
            (name, column.name, console.text(f"cli.check.kinds.{column.kind}"),
             needed if column.required else "", ", ".join(_some(column.headers)))
            for name, schema in tables.items()
            for column in schema.columns
        ],
    )  # fmt: skip
    console.say("cli.list.measures_table")


def _some(headers: Sequence[str]) -> list[str]:
    """Return a few headers of each language."""
    return [*[h for h in headers if h.isascii()][:2], *[h for h in headers if not h.isascii()][:2]]
