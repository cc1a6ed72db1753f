"""`evaluator measure`: one row per customer with every measure of the tree."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from evaluator.cli.console import Console
from evaluator.cli.options import each_tree, recorded, study_argument

if TYPE_CHECKING:
    from evaluator.study import Study


@click.command()
@study_argument
@recorded
@click.pass_obj
def command(console: Console, study: str) -> None:
    """Measure the customers and say how complete each measure is."""
    for opened in each_tree(console, study):
        _show(console, opened)


def _show(console: Console, opened: Study) -> None:
    engine = opened.on_engine
    measured = engine.measured if engine else opened.measured
    customers = engine.measured.customers if engine else opened.measured.frame.height
    headers = [console.text(f"cli.measure.{name}") for name in ("measure", "origin", "observed", "missing")]
    console.table(
        headers,
        [
            (note.measure, console.text(f"cli.measure.from.{note.origin}"), note.observed, note.missing)
            for note in measured.notes
        ],
    )
    tables = engine.table_issues if engine else opened.tables.issues
    console.issues((*tables, *measured.issues))
    console.found(
        tree=opened.tree.id, branch=opened.branch or None,
        customers=customers, as_of=measured.as_of,
        measures=[asdict(note) for note in measured.notes],
    )  # fmt: skip
    console.wrote(*(engine.save("measures") if engine else [opened.save_measures()]))
