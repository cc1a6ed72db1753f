"""`evaluator check`: is the tree or the study sound, and do the tree's own examples hold?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evaluator.alike import as_data, likewise
from evaluator.cli.console import Console
from evaluator.cli.options import as_json, each_tree, open_study

if TYPE_CHECKING:
    from evaluator.data import ColumnNote, Source, TableNote
    from evaluator.errors import Issue
    from evaluator.study import Study
    from evaluator.tree import Tree
    from evaluator.tree.audit import Finding

_SHOWN = 5


@click.command()
@click.argument("what", default=".", type=click.Path())
@click.option("--data", "with_data", is_flag=True)
@as_json
@click.pass_obj
def command(console: Console, what: str, with_data: bool, as_json: bool) -> int:
    """Check a study's folder, or a tree by id or path."""
    is_study = Path(what).is_dir() or Path(what).name == "study.yaml"
    if as_json:
        return _check_as_json(console, what, is_study=is_study, with_data=with_data)
    if is_study:
        for study in each_tree(console, what, writes=False):
            console.issues(study.check(data=with_data))
            if with_data:
                _show_tables(console, study.tables.notes)
            _show_audit(console, study.audit(data=with_data))
        console.say("cli.check.study", study=study.file.title[console.language])
    else:
        _check_tree(console, what)
    return 0


def _check_as_json(console: Console, what: str, *, is_study: bool, with_data: bool) -> int:
    """Print everything for a program; what is wrong is part of it, and of the exit code."""
    from evaluator.errors import EvaluationError

    try:
        found = _study_as_data(console, what, with_data) if is_study else _tree_as_data(console, what)
    except EvaluationError as error:
        console.json({"sound": False, "issues": _issues(error.issues, console)})
        return 1
    console.json({"sound": True, **found})
    return 0


def _study_as_data(console: Console, what: str, with_data: bool) -> dict[str, Any]:
    """Return what the check of a study found, tree by tree."""
    opened = open_study(console, what)
    trees = [_as_data(study, study.check(data=with_data), console, with_data) for study in opened.branches]
    return {"study": opened.file.title[console.language], "trees": trees}


def _tree_as_data(console: Console, what: str) -> dict[str, Any]:
    """Return what the check of a tree found."""
    from evaluator.study.tree import checked  # here, because help must not load the engine

    tree, issues = checked(what)
    return {"tree": tree.id, "issues": _issues(issues, console), "audit": _audit(console, _audited(tree))}


def _show_tables(console: Console, notes: tuple[TableNote, ...]) -> None:
    """Say what every table and column became, with what was left out and why."""
    names = ("column", "source", "kind", "filled", "empty", "unreadable", "became")
    headers = [console.text(f"cli.check.{name}") for name in names]
    for note in notes:
        console.say(
            "cli.check.rows",
            table=note.title(console.language),
            file=note.file,
            read=note.rows_read,
            kept=note.rows_kept,
        )
        for source in note.sources:
            console.say("cli.check.from", what=_origin(console, source), rows=source.rows)
        for dropped in note.dropped:
            console.say("cli.check.dropped", rows=dropped.rows, reason=note.why(dropped, console.language))
        if note.lost:
            shown = ", ".join(name for name, _ in note.lost[:_SHOWN])
            console.say("cli.check.lost", count=len(note.lost), names=shown)
        console.table(
            headers,
            [
                (column.name, column.source, console.text(f"cli.check.kinds.{column.kind}"), column.filled,
                 column.empty, column.unreadable, _became(column))
                for column in note.columns
                if column.source
            ],
        )  # fmt: skip
        if absent := [column.name for column in note.columns if not column.source]:
            console.say("cli.check.absent", names=", ".join(absent))
        if note.further:
            console.say("cli.check.further", names=", ".join(note.further))
        if note.unused:
            console.say("cli.check.unused", names=", ".join(note.unused))
        print()


def _origin(console: Console, source: Source) -> str:
    """Return where rows came from: file, sheet, encoding and row of the header, or the query."""
    if source.query:
        return " ".join(source.query.split())
    header = console.text("cli.check.header", row=source.header) if source.header else None
    return " · ".join(filter(None, (source.name, source.sheet, source.encoding, header)))


def _became(column: ColumnNote) -> str:
    """Return examples of cells with the values they became, where those read differently."""
    values = column.examples
    if column.kind == "number":
        values = tuple(f"{float(value):.12g}" for value in values)
    pairs = zip(column.written, values, strict=True)
    return ", ".join(value if cell == value else f"{cell} → {value}" for cell, value in pairs)


def _as_data(study: Study, issues: tuple[Issue, ...], console: Console, with_data: bool) -> dict[str, Any]:
    """Return what the check of one tree found, for a program."""
    tables = [
        asdict(note)
        | {"dropped": [{**asdict(row), "reason": row.text(console.language)} for row in note.dropped]}
        for note in (study.tables.notes if with_data else ())
    ]
    return {
        "tree": study.tree.id,
        "branch": study.branch or None,
        "issues": _issues(issues, console),
        "tables": tables,
        "audit": _audit(console, study.audit(data=with_data)),
    }


def _audit(console: Console, findings: Iterable[Finding]) -> list[dict[str, object]]:
    return [
        {
            "principle": found.principle,
            "says": found.says(console.language),
            "accepted": bool(found.accepted),
        }
        for found in findings
    ]


def _issues(issues: Iterable[Issue], console: Console) -> list[dict[str, object]]:
    return [as_data(issue, console.language) for issue in issues]


def _show_audit(console: Console, findings: tuple[Finding, ...]) -> None:
    """Say what the audit found, by principle, with what to do, or why the tree accepts it; equal once."""
    alike: dict[object, list[Finding]] = {}
    for finding in findings:
        key = (finding.check, finding.accepted, tuple(finding.figures.items()))
        alike.setdefault(key, []).append(finding)
    for finding, *others in alike.values():
        names = (other.name[console.language] for other in others)
        console.say(
            "cli.check.finding",
            principle=console.text(f"audit.principle.{finding.principle}"),
            says=likewise(finding.says(console.language), names, console.language),
        )
        if finding.accepted:
            console.say("cli.check.accepted", reason=finding.accepted[console.language])
        else:
            console.say("cli.check.advice", advice=finding.advice(console.language))
    opened = sum(finding.accepted is None for finding in findings)
    console.say("cli.check.audit", open=opened, accepted=len(findings) - opened)


def _audited(tree: Tree) -> tuple[Finding, ...]:
    from evaluator.tree.audit import audit_tree

    return audit_tree(tree, today=date.today())


def _check_tree(console: Console, source: str) -> None:
    from evaluator.study.tree import checked

    tree, issues = checked(source)
    console.issues(issues)
    _show_audit(console, _audited(tree))
    console.say(
        "cli.check.tree",
        name=tree.name[console.language],
        indicators=len(tree.indicators),
        pairs=tree.pairs,
        tests=len(tree.tests),
    )
