"""`evaluator plan`: who is given which action under a budget, and what its limits are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from evaluator.cli.console import Console
from evaluator.cli.options import as_json, open_study, study_argument

if TYPE_CHECKING:
    from evaluator.analysis.plans import PlanFindings

SHOWN = 20


@click.command()
@study_argument
@click.option("--budget", "money", type=click.FloatRange(min=0))
@as_json
@click.pass_obj
def command(console: Console, study: str, money: float | None, as_json: bool) -> None:
    """Plan the actions of a study under its budget, or another."""
    from evaluator.study.csv_files import save_frame  # here, because help must not load the engine

    opened = open_study(console, study, writes=True)
    found = opened.plan(budget=money)
    console.issues(issue for one in opened.branches if one.decisions for issue in one.decisions.issues)
    path = save_frame(found.given, opened.output / "plan.csv")
    if as_json:
        console.answer(_data(found))
        return
    _show(console, found)
    console.wrote(path)


def _data(found: PlanFindings) -> dict[str, object]:
    made = found.plan
    return {
        "value": made.value, "cost": made.cost, "budget": made.limits.budget, "bound": made.bound,
        "gap": made.gap, "unknown": made.unknown, "last_10000": found.last,
        "assumptions": {name: text.model_dump() for name, text in found.assumptions.items()},
        **{name: getattr(found, name).to_dicts()
           for name in ("given", "stopped", "frontier", "prices", "effects")},
    }  # fmt: skip


def _show(console: Console, found: PlanFindings) -> None:
    made, said = found.plan, console.text
    console.table(
        [said(f"cli.plan.{name}") for name in ("customer", "action", "gain", "cost", "net")],
        found.given.sort("net", descending=True).head(SHOWN).iter_rows(),
    )
    if len(found.given) > SHOWN:
        console.say("cli.plan.more", count=len(found.given) - SHOWN)
    console.say("cli.plan.value", value=f"{made.value:,.2f}", cost=f"{made.cost:,.2f}", gap=f"{made.gap:.2%}",
                customers=made.rows["id"].n_unique())  # fmt: skip
    for reason, count in sorted(found.stopped["stopped"].value_counts().iter_rows()):
        console.say(f"cli.plan.stopped.{reason}", count=count)
    if found.last is not None:
        console.say("cli.plan.last", value=f"{found.last:,.2f}")
    for limit, name, price in found.prices.iter_rows():
        console.say(f"cli.plan.price.{limit}", name=name, price="–" if price is None else f"{price:,.2f}")
    for row in found.effects.iter_rows(named=True):
        if row["break_even"] is not None:
            console.say("cli.plan.break_even", action=row["action"], effect=f"{row['effect']:g}",
                        at=f"{row['break_even']:.3g}")  # fmt: skip
    console.table([said("cli.plan.budget"), said("cli.plan.most")], found.frontier.iter_rows())
    for name, text in found.assumptions.items():
        console.say("cli.plan.assumption", action=name, text=text[console.language])
