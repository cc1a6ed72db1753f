"""`evaluator show`: a tree with its weights, as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from evaluator.cli.console import Console
from evaluator.cli.options import as_json

if TYPE_CHECKING:
    from evaluator.tree import Tree
    from evaluator.tree.types import Group, Indicator


@click.command()
@click.argument("tree")
@as_json
@click.pass_obj
def command(console: Console, tree: str, as_json: bool) -> None:
    """Show a tree by id or path: every group and indicator with the weights it states."""
    from evaluator.tree import load_tree  # here, because help must not load the engine

    loaded = load_tree(tree)
    rows = list(_rows(loaded, console.language))
    if as_json:
        console.answer({"id": loaded.id, "name": loaded.name[console.language], "nodes": rows})
        return
    console.say(
        "cli.show.head",
        name=loaded.name[console.language],
        id=loaded.id,
        status=console.text(f"status.{loaded.status}"),
        indicators=len(loaded.indicators),
    )
    columns = ("name", "id", "local", "global", "measure", "direction", "unit")
    console.table(
        [console.text(f"cli.show.{column}") for column in columns],
        [_shown(console, row, columns) for row in _with_branches(rows)],
    )
    if loaded.weights_source:
        console.say("cli.show.source", source=loaded.weights_source[console.language])


def _rows(tree: Tree, language: str) -> Iterator[dict[str, Any]]:
    """Yield the nodes from the root down, each below its group, with local and global weight."""
    from evaluator.tree.types import Indicator
    from evaluator.weighing import weigh

    weights = weigh(tree)
    pending: list[tuple[Group | Indicator, int]] = [(tree.root, 0)]
    while pending:
        node, depth = pending.pop()
        leaf = node if isinstance(node, Indicator) else None
        yield {
            "id": node.id,
            "name": node.name[language],
            "depth": depth,
            "local": weights.local.get(node.id),
            "global": weights.global_.get(node.id),
            "measure": leaf.measure if leaf else None,
            "direction": leaf.direction if leaf else None,
            "unit": leaf.unit[language] if leaf and leaf.unit else None,
        }
        if not isinstance(node, Indicator):
            pending.extend((child, depth + 1) for child in reversed(node.children))


def _with_branches(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with the branches that lead to each: down from the node above, and on to the next."""
    drawn, open_ = [], set[int]()  # levels on which another node follows further down
    for row in reversed(rows):
        depth = row["depth"]
        lines = "".join("│  " if level in open_ else "   " for level in range(1, depth))
        turn = ("├─ " if depth in open_ else "└─ ") if depth else ""
        drawn.append(dict(row, branch=lines + turn))
        open_ = {level for level in open_ if level < depth} | {depth}
    return drawn[::-1]


def _shown(console: Console, row: dict[str, Any], columns: tuple[str, ...]) -> list[object]:
    said = dict(row, name=row["branch"] + row["name"])
    for weight in ("local", "global"):
        said[weight] = f"{row[weight]:.1%}" if row[weight] is not None else ""
    if row["direction"]:
        said["direction"] = console.text(f"indicators.direction.{row['direction']}")
    return [said[column] if said[column] is not None else "" for column in columns]
