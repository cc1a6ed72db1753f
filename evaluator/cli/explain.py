"""`evaluator explain`: where one customer's score comes from, to the last point."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from evaluator.cli.console import Console
from evaluator.cli.options import as_json, open_study, say_other_day, study_argument

if TYPE_CHECKING:
    from evaluator.analysis import Lift
    from evaluator.analysis.explanation import FuzzyEvaluation
    from evaluator.labels import Text
    from evaluator.scoring import Model
    from evaluator.study import Study


@click.command()
@study_argument
@click.argument("customer")
@as_json
@click.pass_obj
def command(console: Console, study: str, customer: str, as_json: bool) -> None:
    """Explain the score of one customer, named by id, name or a part of either."""
    from evaluator.analysis import explain, what_would_lift  # here: help must not load the engine
    from evaluator.present.figures import number

    whole = open_study(console, study)
    customer = whole.find(customer)
    opened = whole.of(customer)
    say_other_day(console, opened)
    explanation = explain(opened.model, opened.measured.frame, customer)
    lift = what_would_lift(opened.model, opened.measured.frame, customer)
    if as_json:
        called = {leaf: name[console.language] for leaf, name in explanation.names.items()}
        console.answer({**asdict(explanation), "names": called, "lift": asdict(lift)})
        return
    nodes = opened.model.tree.nodes
    units = {leaf.id: leaf.unit for leaf in opened.model.tree.indicators}
    columns = ("indicator", "measure", "score", "weight", "effective_weight", "points")
    console.table(
        [console.text(f"cli.explain.{name}") for name in columns],
        [
            (
                nodes[row.indicator].name[console.language],
                _read(row.measure, units[row.indicator], console.language),
                *(getattr(row, name) for name in columns[2:]),
            )
            for row in explanation.contributions
        ],
    )
    if explanation.score is not None and not opened.model.additive:
        parts = {"reference": explanation.reference, "remainder": explanation.remainder}
        console.say("cli.explain.effects", **parts)
    if explanation.fuzzy:
        _memberships(console, opened.model, explanation.fuzzy)
    rules = {rule.id: rule for rule in opened.model.tree.rules}
    hit = [rules[outcome.rule] for outcome in explanation.rules if outcome.outcome == "hit"]
    if hit and explanation.score is not None:
        names = ", ".join(rule.name[console.language] for rule in hit)
        values = {"before": explanation.unadjusted, "change": explanation.adjustment}
        console.say("cli.explain.rules", names=names, **values)
    if explanation.profile:
        console.say("cli.explain.profile", profile=explanation.profile)
    if explanation.score is not None:
        console.say("cli.explain.total", customer=customer, score=number(explanation.score, 4))
        _actions(console, opened, customer)
    if explanation.status != "rated":
        named = nodes | opened.model.tree.axes | rules
        names = ", ".join(named[reason].name[console.language] for reason in explanation.reasons)
        key = "gated" if set(explanation.reasons) & rules.keys() else explanation.status
        console.say(f"cli.explain.{key}", customer=customer, nodes=names)
    _lift(console, opened.model, lift)


def _read(measure: float | str | None, unit: Text | None, language: str) -> float | str | None:
    """Return a measure as it is read: shares and growth in percent, days as such."""
    from evaluator.customers.measure_kinds import read_as
    from evaluator.present.kinds import said

    if measure is None or isinstance(measure, str):
        return measure
    value, kind = read_as(measure, unit)
    return said(value, kind, language) if kind in ("share", "growth", "days") else measure


def _actions(console: Console, opened: Study, customer: str) -> None:
    """Print what is done with the customer, why, and at which place of the action's list."""
    from evaluator.present import figures
    from evaluator.reports.context import reader_of
    from evaluator.reports.orders import order_said
    from evaluator.reports.reasons import reasons_of
    from evaluator.study.currency import currency_of

    found, language = opened.decisions, console.language
    if found is None:
        return
    reader = reader_of(opened.tree, language, currency=currency_of(opened.file))
    given = found.customers.filter(id=customer)
    because = {action: said for _, action, said in reasons_of(found, given, opened.tree, reader).iter_rows()}
    turns = {(id_, action): turn for id_, action, turn in found.turns().iter_rows()}
    for row in given.iter_rows(named=True):
        turn = turns.get((customer, row["action"]))
        if turn is None:  # no action applies, or the plan leaves the customer out
            continue
        action = next(one for one in found.actions if one.id == row["action"])
        key = "action_due" if row["due"] else "action"
        console.say(f"cli.explain.{key}", action=action.name[language], do=action.do[language],
                    day=figures.day(row["due"], language))  # fmt: skip
        if reason := because.get(action.id) or row["reason"]:
            console.say("cli.explain.why", reason=reason)
        order = order_said(action.id, found, reader.measures, language)
        console.say("cli.explain.turn", turn=turn, count=found.given()[action.id], order=order)


def _lift(console: Console, model: Model, lift: Lift) -> None:
    """Print the least change of each measure that brings a better class, or what holds the customer down."""
    if lift.why == "best":
        console.say("cli.explain.best", customer=lift.customer)
    if lift.why:
        return
    tree, language = model.tree, console.language
    rules = {rule.id: rule.name[language] for rule in tree.rules}
    classes = {grade.id: grade.name[language] for grade in tree.grades}
    classes |= {entry.id: entry.name[language] for m in tree.matrices if m.id == lift.deciding
                for entry in m.classes}  # fmt: skip
    if lift.held_by:
        console.say(
            "cli.explain.held", customer=lift.customer, names=", ".join(rules[name] for name in lift.held_by)
        )
    reaching = [step for step in lift.steps if step.needed is not None]
    if reaching:
        units = {leaf.id: leaf.unit for leaf in tree.indicators}
        console.table(
            [console.text(f"cli.explain.{key}") for key in ("lift", "measure", "needed", "brings", "effort")],
            [(tree.nodes[step.indicator].name[language], _read(step.measure, units[step.indicator], language),
              _read(step.needed, units[step.indicator], language), classes[step.class_ or ""],
              step.effort) for step in reaching],
        )  # fmt: skip
    else:
        console.say("cli.explain.nothing_alone", customer=lift.customer)
    for step in lift.steps:
        if step.held_by:
            console.say("cli.explain.held_at", indicator=tree.nodes[step.indicator].name[language],
                        names=", ".join(rules[name] for name in step.held_by))  # fmt: skip


def _memberships(console: Console, model: Model, found: FuzzyEvaluation) -> None:
    """Print the memberships of every criterion and of the whole, and how far the largest may be relied on."""
    grades = {grade.id: grade.name[console.language] for grade in model.tree.grades}
    rows = [
        (model.tree.nodes[node].name[console.language], *(memberships[grade] for grade in grades))
        for node, memberships in found.groups.items()
    ]
    console.table([console.text("cli.explain.membership"), *grades.values()], rows)
    if found.grade:
        validity = console.text(f"report.workbook.fuzzy.validity.{found.validity}")
        values = {"grade": grades[found.grade], "validity": validity}
        console.say("cli.explain.fuzzy", fuzzy=found.score, crisp=found.crisp_score, **values)
