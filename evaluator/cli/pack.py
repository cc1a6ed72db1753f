"""`evaluator pack`: one zip file with all that a run was computed from and what came out."""

from __future__ import annotations

from pathlib import Path

import click

from evaluator import messages
from evaluator.cli.console import Console
from evaluator.cli.options import recorded, study_argument


@click.command()
@study_argument
@click.option("--output", "packed", type=click.Path())
@recorded
@click.pass_obj
def command(console: Console, study: str, packed: str | None) -> None:
    """Pack a run so that anybody can verify it."""
    from evaluator.study import stated_language  # here, because help must not load the engine
    from evaluator.study.packing import not_packed, pack

    console.follow(stated_language(study) or console.language)
    home = Path(study).resolve()
    home = home.parent if home.is_file() else home
    target = Path(packed) if packed else Path(f"{home.name}.zip")
    left_out = []
    for entry in pack(study, target).left_out:
        known = messages.known(entry.reason, console.language)
        reason = console.text(entry.reason) if known else entry.reason
        console.warn("cli.pack.left_out", path=entry.path, reason=reason)
        left_out.append({"path": str(entry.path), "reason": reason})
    console.issues(not_packed(study))
    console.found(left_out=left_out)
    console.wrote(target)
    console.say("cli.pack.names")
