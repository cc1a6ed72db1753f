"""`evaluator compare`: two evaluations, or one and a change of its weights, side by side."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from evaluator.cli.console import Console
from evaluator.cli.options import as_json

if TYPE_CHECKING:
    from evaluator.evaluation import Comparison
    from evaluator.messages import Noun

FIRST = 10
TOLERANCE = 1e-9  # below it a step is none, on whichever side of 0


@click.command()
@click.argument("last", type=click.Path())
@click.argument("now", required=False, type=click.Path())
@click.option("--set", "weights", multiple=True, metavar="weights.NODE=PERCENT")
@click.option("--output", "compared", type=click.Path(), default="comparison.csv")
@as_json
@click.pass_obj
def command(
    console: Console, last: str, now: str | None, weights: tuple[str, ...], compared: str, as_json: bool
) -> None:
    """Compare two evaluations that were run, or one with itself under other weights."""
    from evaluator.analysis import Side, compare, with_reasons, with_weights  # here: help loads no engine
    from evaluator.study import kept_evaluation, save_comparison, stated_language

    if (now is None) == (not weights):
        raise click.UsageError(console.text("cli.compare.two"))
    shares = _shares(console, weights)
    console.follow(stated_language(now or last) or console.language)
    first = kept_evaluation(last)
    second = kept_evaluation(now) if now else Side(with_weights(first.model, shares), first.measures)
    found = compare(first, second)
    tree = second.model.tree
    names = {node.id: node.name[console.language] for node in tree.nodes.values()}
    told = with_reasons(found, names, console.language)
    paths = save_comparison(found, told, Path(compared))
    console.issues(found.issues)
    if as_json:
        console.answer({**json.loads(paths[1].read_text("utf-8")), "issues": []})
        return
    _show(console, found, told.rows(named=True), console.subject(tree.subject))
    for path in paths:
        console.say("cli.written", path=path)
    if click.get_current_context().get_parameter_source("compared") is ParameterSource.DEFAULT:
        console.say("cli.compare.here", folder=Path.cwd())


def _shares(console: Console, stated: tuple[str, ...]) -> dict[str, float]:
    """Return shares by node from ``weights.node=percent``."""
    shares = {}
    for entry in stated:
        key, _, value = entry.partition("=")
        head, _, node = key.strip().partition(".")
        try:
            share = float(value.strip().removesuffix("%")) / 100
        except ValueError:
            share = None
        if head != "weights" or not node or share is None:
            raise click.UsageError(console.text("cli.compare.form", stated=entry))
        shares[node] = share
    return shares


def _show(console: Console, found: Comparison, rows: Sequence[Mapping[str, Any]], subject: Noun) -> None:
    """Print the mean step by step, who is rated in one only, and the largest changes with their reason."""
    changed = found.steps if found.switches else {"compared": found.compared}
    steps = {"last": found.last, **changed, "composition": found.composition, "now": found.now}
    told = [
        (
            console.text(f"report.comparison.step.{name}"),
            value if value is None or abs(value) > TOLERANCE else 0.0,
        )
        for name, value in steps.items()
    ]
    console.table([console.text("report.comparison.what"), console.text("report.comparison.points")], told)
    from evaluator.analysis import not_compared  # here: help loads no engine

    if others := not_compared(found, console.language):
        console.tell(others)
    if found.halfway:
        console.say("report.comparison.halfway", count=found.halfway)
    largest = sorted((row for row in rows if row["because"]), key=lambda row: -abs(row["change"]))[:FIRST]
    for row in largest:
        console.say("cli.compare.customer", who=_who(row), because=row["because"])
    moved = set(found.moves["id"])
    console.say("cli.compare.moved", count=len(moved), subject=subject)
    if moved:
        shown = [_who(row) for row in rows if row["id"] in moved]
        names = ", ".join(shown[:FIRST]) + (" …" if len(shown) > FIRST else "")
        console.say("cli.compare.who", names=names)


def _who(row: Mapping[str, Any]) -> str:
    named = row["name"] and row["name"] != row["id"]
    return f"{row['id']} {row['name']}" if named else str(row["id"])
