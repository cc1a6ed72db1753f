"""`evaluator plan`: who is given which action under a budget, and what its limits are worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from evaluator.cli.console import Console
from evaluator.cli.options import as_json, open_study, say_other_day, study_argument

if TYPE_CHECKING:
    from evaluator.analysis.plans import PlanFindings
    from evaluator.messages import Noun

SHOWN = 20


@click.command()
@study_argument
@click.option("--budget", "money", type=click.FloatRange(min=0))
@click.option("--dropped", is_flag=True)
@as_json
@click.pass_obj
def command(console: Console, study: str, money: float | None, dropped: bool, as_json: bool) -> None:
    """Plan the actions of a study under its budget, or another."""
    from evaluator.study.csv_files import save_frame  # here, because help must not load the engine

    opened = open_study(console, study, writes=money is None)
    say_other_day(console, opened.branches[0])
    found = opened.plan(budget=money, dropped=dropped)
    console.issues(issue for one in opened.branches if one.decisions for issue in one.decisions.issues)
    # under another budget it is a question: the evidence of the run stays what its report shows
    path = save_frame(found.given, opened.output / "plan.csv") if money is None else None
    if as_json:
        console.answer(_data(found))
        return
    names = {
        action.id: action.name[console.language]
        for one in opened.branches if one.decisions for action in one.decisions.actions
    }  # fmt: skip
    subject = console.subject(opened.branches[0].tree.subject)
    _show(console, found, names, opened.setup.file.currency or "", subject)
    console.wrote(path) if path else console.say("cli.plan.asked")


def _data(found: PlanFindings) -> dict[str, object]:
    made = found.plan
    return {
        "value": made.value, "cost": made.cost, "budget": made.limits.budget, "bound": made.bound,
        "gap": made.gap, "unknown": made.unknown, "last_10000": found.last,
        "assumptions": {name: text.model_dump() for name, text in found.assumptions.items()},
        **{name: getattr(found, name).to_dicts()
           for name in ("given", "stopped", "frontier", "prices", "effects")},
    }  # fmt: skip


def _show(
    console: Console, found: PlanFindings, names: Mapping[str, str], currency: str, subject: Noun
) -> None:
    """Print the plan and what its limits are worth, in the words and the money of the study."""
    from evaluator.present import kinds  # here, because help must not load the engine

    def money(amount: float | None) -> str:
        return "–" if amount is None else kinds.said(amount, "money", console.language, currency)

    made, words = found.plan, console.text
    console.table(
        [f"{subject:one}", *(words(f"cli.plan.{name}") for name in ("action", "gain", "cost", "net"))],
        [(one, names[action], *map(money, amounts)) for one, action, *amounts
         in found.given.sort("net", descending=True).head(SHOWN).iter_rows()],
    )  # fmt: skip
    if len(found.given) > SHOWN:
        console.say("cli.plan.more", count=len(found.given) - SHOWN)
    console.say("cli.plan.value", value=money(made.value), cost=money(made.cost),
                customers=made.rows["id"].n_unique(), subject=subject)  # fmt: skip
    console.say("cli.plan.best") if made.exact else console.say("cli.plan.gap", gap=f"{100 * made.gap:.2g}%")
    for reason, count in sorted(found.stopped["stopped"].value_counts().iter_rows()):
        console.say(f"cli.plan.stopped.{reason}", count=count, subject=subject)
    if found.last is not None:
        console.say("cli.plan.last", value=money(found.last))
    for limit, name, price in found.prices.iter_rows():
        console.say(f"cli.plan.price.{limit}", name=name, price=money(price))
    for row in found.effects.iter_rows(named=True):
        if row["break_even"] is not None:
            console.say("cli.plan.break_even", action=names[row["action"]], effect=f"{row['effect']:g}",
                        at=f"{row['break_even']:.3g}")  # fmt: skip
        if row["dropped_below"] is not None:
            console.say("cli.plan.dropped", action=names[row["action"]], share=f"{row['dropped_below']:.1%}")
    console.table([words("cli.plan.budget"), words("cli.plan.most")],
                  [tuple(map(money, row)) for row in found.frontier.iter_rows()])  # fmt: skip
    for name, text in found.assumptions.items():
        console.say("cli.plan.assumption", action=names[name], text=text[console.language])
