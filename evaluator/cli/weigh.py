"""`evaluator weigh`: weights with the consistency of everyone they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from evaluator.alike import as_data
from evaluator.cli.console import Console
from evaluator.cli.options import as_json, each_tree, open_study, study_argument

if TYPE_CHECKING:
    from evaluator.errors import Issue
    from evaluator.evaluation import JudgmentFindings
    from evaluator.study import Study
    from evaluator.weighing import Suggestion, Weights
    from evaluator.weighing.weights import Judged, WorstJudgment


@click.command()
@study_argument
@as_json
@click.pass_obj
def command(console: Console, study: str, as_json: bool) -> None:
    """Weigh, show the evidence, and write the weights."""
    if as_json:
        whole = open_study(console, study, writes=True)
        found = {one.branch: _everything(console, one) for one in whole.branches}
        console.json(found.get("", found))
        return
    for opened in each_tree(console, study):
        _show(console, opened)


def _everything(console: Console, opened: Study) -> dict[str, object]:
    """Return the weights with their evidence, and all that the experts' answers tell besides."""
    opened.keep_answers()
    weights, panel = opened.weights, opened.panel
    opened.save_weights()
    issues = (*(panel.issues if panel else ()), *weights.issues, *_untested(weights))
    return {
        "source": weights.source,
        "form": weights.form,
        "convention": weights.convention,
        "method": weights.method,
        "aggregation": weights.aggregation,
        "expert_weights": weights.expert_weights,
        "scale": weights.scale,
        "local": weights.local,
        "global": weights.global_,
        "groups": [asdict(group) for group in weights.groups],
        "judgment": asdict(opened.judgment) if opened.judgment else None,
        "issues": [as_data(one, console.language) for one in issues],
    }


def _show(console: Console, opened: Study) -> None:
    opened.keep_answers()
    answered = opened.save_responses()  # written also where nothing can be weighed: it says what is missing
    weights = opened.weights
    path = opened.save_weights()
    judgment = opened.judgment
    if judgment:
        names = ("group", "expert", "cr", "limit", "verdict", "used", "worst", "suggestion")
        rows = _evidence(console, weights, judgment)
        console.table([console.text(f"cli.weigh.{name}") for name in names], rows)
        print()
    console.table(
        [console.text(f"cli.weigh.{name}") for name in ("indicator", "local", "global", "interval")],
        [
            (
                "  " * (len(weights.tree.path(node)) - 1) + entry.name[console.language],
                weights.local[node],
                weights.global_[node],
                _interval(judgment, node),
            )
            for node, entry in weights.tree.nodes.items()
        ],
    )
    console.issues((*(opened.panel.issues if opened.panel else ()), *weights.issues, *_untested(weights)))
    for written in (path, answered):
        if written:
            console.say("cli.written", path=written)


def _untested(weights: Weights) -> Iterator[Issue]:
    """Yield where two experts decide whose answers cannot be tested; of one alone the weights tell."""
    from evaluator.analysis.robustness.remarks import thin_grounds  # here: help loads no engine

    yield from (issue for issue in thin_grounds(weights) if issue.code == "SURE-104")


def _interval(judgment: JudgmentFindings | None, node: str) -> str:
    """Return the range of a weight in the total, empty where nothing tells it."""
    if judgment is None or judgment.uncertainty is None:
        return ""
    one = judgment.uncertainty.global_[node]
    return f"{one.low:.4f} – {one.high:.4f}"


def _evidence(console: Console, weights: Weights, judgment: JudgmentFindings) -> Iterator[tuple[object, ...]]:
    suggestions = {(one.expert, one.group): one for one in judgment.suggestions}
    for group in weights.groups:
        name = weights.tree.nodes[group.group].name[console.language]
        for one in group.experts:
            yield (
                name,
                one.expert,
                *_figures(console, one.judged),
                console.text(f"cli.weigh.use.{'used' if one.used else one.reason}"),
                _worst(console, weights, one.worst),
                _suggestion(console, weights, suggestions.get((one.expert, group.group)), one.worst),
            )
        if group.joint:
            yield (name, console.text("cli.weigh.joint"), *_figures(console, group.joint), "", "", "")


def _figures(console: Console, judged: Judged) -> tuple[object, ...]:
    return judged.cr, judged.limit, console.text(f"verdict.{judged.verdict}")


def _worst(console: Console, weights: Weights, worst: WorstJudgment | None) -> str:
    from evaluator.present.figures import comparison

    if worst is None:
        return ""
    names = _names(console, weights, worst.a, worst.b)
    values = {"value": comparison(worst.value), "suggested": comparison(worst.suggested)}
    return console.text("cli.weigh.misfit", **names, **values)


def _suggestion(
    console: Console, weights: Weights, found: Suggestion | None, worst: WorstJudgment | None
) -> str:
    """Return the fewest changes that would make the answers consistent, and the CR they would have.

    The pair beside it, the worst, is told the same way round.
    """
    from evaluator.present.figures import comparison

    if found is None:
        return ""
    turned = {(worst.b, worst.a)} if worst else set()
    told = [
        (c.b, c.a, 1 / c.before, 1 / c.after) if (c.a, c.b) in turned else (c.a, c.b, c.before, c.after)
        for c in found.changes
    ]
    changes = "; ".join(
        console.text(
            "cli.weigh.change",
            **_names(console, weights, a, b),
            before=comparison(before),
            after=comparison(after),
        )
        for a, b, before, after in told
    )
    return console.text("cli.weigh.would", changes=changes, cr=found.cr)


def _names(console: Console, weights: Weights, a: str, b: str) -> dict[str, str]:
    return {side: weights.tree.nodes[node].name[console.language] for side, node in (("a", a), ("b", b))}
