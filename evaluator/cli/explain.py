"""`evaluator explain`: where one customer's score comes from, to the last point."""

from dataclasses import asdict

import click

from evaluator.cli.console import Console
from evaluator.cli.options import as_json, open_study, study_argument


@click.command()
@study_argument
@click.argument("customer")
@as_json
@click.pass_obj
def command(console: Console, study: str, customer: str, as_json: bool) -> None:
    """Explain the score of one customer."""
    from evaluator.analysis import explain  # here, because help must not load the engine

    opened = open_study(console, study).of(customer)
    explanation = explain(opened.model, opened.measured.frame, customer)
    if as_json:
        console.json(asdict(explanation))
        return
    nodes = opened.model.tree.nodes
    columns = ("indicator", "measure", "score", "weight", "effective_weight", "points")
    console.table(
        [console.text(f"cli.explain.{name}") for name in columns],
        [
            (nodes[row.indicator].name[console.language], *(getattr(row, name) for name in columns[1:]))
            for row in explanation.contributions
        ],
    )
    if explanation.score is not None:
        console.say("cli.explain.total", customer=customer, score=explanation.score)
    if explanation.status != "rated":
        named = nodes | opened.model.tree.axes
        names = ", ".join(named[reason].name[console.language] for reason in explanation.reasons)
        console.say(f"cli.explain.{explanation.status}", customer=customer, nodes=names)
