"""`evaluator check`: is the tree or the study sound, and do the tree's own examples hold?"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evaluator.cli.console import Console
from evaluator.cli.options import each_tree

if TYPE_CHECKING:
    from evaluator.data.tables import TableNote
    from evaluator.tree.audit import Finding


@click.command()
@click.argument("what", default=".", type=click.Path())
@click.option("--data", "with_data", is_flag=True)
@click.pass_obj
def command(console: Console, what: str, with_data: bool) -> None:
    """Check a study's folder, or a tree by id or path."""
    if Path(what).is_dir() or Path(what).name == "study.yaml":
        for study in each_tree(console, what):
            console.issues(study.check(data=with_data))
            if with_data:
                _show_tables(console, study.tables.notes)
            _show_audit(console, study.audit(data=with_data))
        console.say("cli.check.study", study=study.file.title[console.language])
    else:
        _check_tree(console, what)


def _show_tables(console: Console, notes: tuple[TableNote, ...]) -> None:
    """Say what every table and column became, with what was left out and why."""
    headers = [
        console.text(f"cli.check.{name}") for name in ("column", "source", "kind", "empty", "examples")
    ]
    for note in notes:
        console.say(
            "cli.check.rows", table=note.table, file=note.file, read=note.rows_read, kept=note.rows_kept
        )
        for dropped in note.dropped:
            console.say("cli.check.dropped", rows=dropped.rows, reason=dropped.text(console.language))
        console.table(
            headers,
            [
                (column.name, column.source or None, column.kind, column.empty, ", ".join(column.examples))
                for column in note.columns
                if column.source
            ],
        )
        if absent := [column.name for column in note.columns if not column.source]:
            console.say("cli.check.absent", names=", ".join(absent))
        if note.unused:
            console.say("cli.check.unused", names=", ".join(note.unused))
        print()


def _show_audit(console: Console, findings: tuple[Finding, ...]) -> None:
    """Say what the audit found, by principle, with what to do, or why the tree accepts it."""
    for finding in findings:
        console.say(
            "cli.check.finding",
            principle=console.text(f"audit.principle.{finding.principle}"),
            says=finding.says(console.language),
        )
        if finding.accepted:
            console.say("cli.check.accepted", reason=finding.accepted[console.language])
        else:
            console.say("cli.check.advice", advice=finding.advice(console.language))
    opened = sum(finding.accepted is None for finding in findings)
    console.say("cli.check.audit", open=opened, accepted=len(findings) - opened)


def _check_tree(console: Console, source: str) -> None:
    from evaluator.errors import raise_errors
    from evaluator.scoring import run_examples
    from evaluator.tree import load_with_positions
    from evaluator.tree.audit import audit_tree
    from evaluator.tree.checks import check

    tree, document = load_with_positions(source)
    issues = (*check(tree, document), *run_examples(tree, document))
    raise_errors(issues)
    console.issues(issues)
    _show_audit(console, audit_tree(tree, today=date.today()))
    console.say(
        "cli.check.tree",
        name=tree.name[console.language],
        indicators=len(tree.indicators),
        pairs=tree.pairs,
        tests=len(tree.tests),
    )
