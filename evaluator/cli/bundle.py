"""`evaluator bundle`: one JSON document with all that an evaluation came to."""

from __future__ import annotations

from pathlib import Path

import click

from evaluator.cli.console import Console
from evaluator.cli.options import as_json, open_study, study_argument


@click.command()
@study_argument
@click.option("--branch", "branch_tree", metavar="TREE")
@click.option("--output", "bundled", type=click.Path(dir_okay=False))
@as_json
@click.pass_obj
def command(
    console: Console, study: str, branch_tree: str | None, bundled: str | None, as_json: bool
) -> None:
    """Evaluate a study and print everything as one document, or write it into a file."""
    import json

    from evaluator import files
    from evaluator.cli.console import plain
    from evaluator.study.bundle import bundle  # here, because help must not load the engine

    opened = open_study(console, study)
    branches = {one.branch or one.tree.id: one for one in opened.branches}
    if branch_tree is None and len(branches) > 1:
        raise click.UsageError(console.text("cli.bundle.several", names=", ".join(branches)))
    if branch_tree is not None and branch_tree not in branches:
        raise click.UsageError(console.text("cli.bundle.branch", name=branch_tree, names=", ".join(branches)))
    chosen = branches[branch_tree] if branch_tree else opened.branches[0]
    whole = bundle(chosen.run(), language=console.language, options=chosen.file.report)
    if bundled:
        text = json.dumps(plain(whole), ensure_ascii=False, indent=1, allow_nan=False)
        files.write_text(Path(bundled), text + "\n")
        whole = whole | {"written": [bundled]}
    if as_json or not bundled:
        console.json(whole)
    else:
        console.say("cli.written", path=bundled)
