"""`evaluator init`: begin a study."""

from __future__ import annotations

from pathlib import Path

import click

from evaluator.cli.console import Console
from evaluator.cli.options import recorded


@click.command()
@click.argument("folder", type=click.Path())
@click.option("--tree", default="customer_value", show_default=True)
@click.option("--indicators", type=click.Path(exists=True, dir_okay=False))
@click.option("--screened", type=click.Path(exists=True))
@click.option("--keep", "kept", multiple=True, metavar="INDICATOR")
@click.option("--drop", "dropped", multiple=True, metavar="INDICATOR")
@click.option("--title")
@click.option("--expert", "experts", multiple=True, metavar="NAME")
@click.option("--from", "last", type=click.Path())
@click.option("--refit", is_flag=True)
@click.option("--office", is_flag=True)
@recorded
@click.pass_obj
def command(
    console: Console,
    folder: str,
    tree: str,
    indicators: str | None,
    screened: str | None,
    kept: tuple[str, ...],
    dropped: tuple[str, ...],
    title: str | None,
    experts: tuple[str, ...],
    last: str | None,
    refit: bool,
    office: bool,
) -> None:
    """Write a commented study.yaml and empty tables to fill in, or go on from the last study."""
    from evaluator.study import awaited, begin, go_on  # here, because help must not load the engine

    if office and (Path(folder) / "study.yaml").is_file():
        _office(console, folder)
        return
    if last:
        for path in go_on(last, folder, title=title, refit=refit):
            console.wrote(path)
        waiting = list(awaited(folder))
        console.found(awaited=waiting)
        for name in waiting:
            console.say("cli.init.awaited", file=name)
    else:
        if indicators:
            tree = _draft(console, indicators, folder)
        elif screened:
            tree = _keep(console, screened, folder, kept=kept, dropped=dropped)
        for path in begin(folder, tree=tree, title=title, language=console.language, experts=experts):
            console.wrote(path)
        if not experts:
            console.say("cli.init.given")
    if office:
        _office(console, folder)
    console.found(folder=folder, open=[str(Path(folder) / "study.yaml")])
    console.say("cli.init.next", folder=folder)
    console.say("cli.run.open", path=Path(folder) / "study.yaml")


def _office(console: Console, folder: str) -> None:
    """Write the Word and PowerPoint files to start from, and say how a study names them."""
    from evaluator.reports.office_files import DOCUMENT, FOLDER, SLIDES, write_office_files
    from evaluator.study import Study

    study = Study(folder)
    written, kept = write_office_files(folder, language=study.language, options=study.file.report)
    console.wrote(*written)
    for path in kept:
        console.say("cli.init.kept", path=path)
    stated = study.file.report
    if not (stated.document and stated.slides):
        line = f"report: {{document: {FOLDER}/{DOCUMENT}, slides: {FOLDER}/{SLIDES}}}"
        console.say("cli.init.office", line=line)
    console.found(office=[str(path) for path in (*written, *kept)])


def _draft(console: Console, table: str, folder: str) -> str:
    """Write the draft of a tree, say what to review, and how to go on where it cannot be used yet.

    A draft written earlier is taken as it stands now, so that a second run continues.
    """
    from evaluator.errors import EvaluationError
    from evaluator.study import draft_tree
    from evaluator.tree import load_tree

    written = Path(folder) / "tree.yaml"
    if written.is_file() and not (Path(folder) / "study.yaml").exists():
        console.say("cli.init.continued", path=written)
    else:
        written, draft = draft_tree(table, folder, language=console.language)
        console.wrote(written)
        console.issues(draft.issues)
    try:
        load_tree(written)
    except EvaluationError:
        console.warn("cli.init.unfinished", path=written, folder=folder, tree=written.name)
        raise
    return written.name


def _keep(
    console: Console, candidates: str, folder: str, *, kept: tuple[str, ...], dropped: tuple[str, ...]
) -> str:
    """Write the tree that screening left, and say what went and why."""
    from evaluator.study.screening import keep_screened
    from evaluator.weighing.screened_tree import Choice

    decided: dict[str, Choice] = {**dict.fromkeys(kept, "keep"), **dict.fromkeys(dropped, "drop")}
    written, found = keep_screened(candidates, folder, decided=decided)
    console.wrote(written)
    console.found(dropped=[entry.id for entry in found.tree.dropped])
    for entry in found.tree.dropped:
        console.say(
            "cli.init.dropped", name=entry.name[console.language], reason=entry.reason[console.language]
        )
    console.issues(found.issues)
    return written.name
