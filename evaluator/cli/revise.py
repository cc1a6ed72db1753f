"""`evaluator revise`: record an answer that an expert has agreed to change."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

import click

from evaluator.cli.console import Console
from evaluator.cli.options import as_json, open_study, study_argument


@click.command()
@study_argument
@click.option("--expert", "revised_expert", required=True)
@click.option("--pair", "revised_pair", required=True, metavar="A:B")
@click.option("--answer", "revised_answer", required=True)
@click.option("--author", required=True)
@click.option("--reason", required=True)
@click.option("--date", "agreed", type=click.DateTime(["%Y-%m-%d"]))
@as_json
@click.pass_obj
def command(
    console: Console,
    study: str,
    revised_expert: str,
    revised_pair: str,
    revised_answer: str,
    author: str,
    reason: str,
    agreed: datetime | None,
    as_json: bool,
) -> None:
    """Add a revision to the study's record, and say what it does to the expert's consistency."""
    a, separator, b = revised_pair.replace("：", ":").partition(":")
    if not separator:
        raise click.UsageError(console.text("cli.revise.needs_pair"))
    revised = open_study(console, study, writes=True).revise(
        expert=revised_expert, a=a.strip(), b=b.strip(), answer=revised_answer,
        author=author, reason=reason, day=agreed.date() if agreed else date.today(),
    )  # fmt: skip
    if as_json:
        told = {part: asdict(judged) if judged else None
                for part, judged in (("before", revised.before), ("after", revised.after))}  # fmt: skip
        console.answer(
            {"revision": revised.revision.model_dump(mode="json"), "file": str(revised.path), **told}
        )
        return
    if revised.before and revised.after:
        verdicts = [console.text(f"verdict.{judged.verdict}") for judged in (revised.before, revised.after)]
        console.table(
            [console.text(f"cli.revise.{name}") for name in ("when", "answer", "cr", "verdict")],
            [
                (console.text("cli.revise.before"), revised.revision.before, revised.before.cr, verdicts[0]),
                (console.text("cli.revise.after"), revised.revision.after, revised.after.cr, verdicts[1]),
            ],
        )
    if revised.line:
        console.say("cli.revise.line", file=revised.path.name)
    console.say("cli.written", path=revised.path)
