"""`evaluator weigh`: weights with the consistency of everyone they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from evaluator.cli.console import Console
from evaluator.cli.options import as_json, each_tree, open_study, study_argument

if TYPE_CHECKING:
    from evaluator.study import Study
    from evaluator.weighing import Weights
    from evaluator.weighing.weights import WorstJudgment


@click.command()
@study_argument
@as_json
@click.pass_obj
def command(console: Console, study: str, as_json: bool) -> None:
    """Weigh, show the evidence, and write the weights."""
    if as_json:
        found = {one.branch: _everything(one) for one in open_study(console, study).branches}
        console.json(found.get("", found))
        return
    for opened in each_tree(console, study):
        _show(console, opened)


def _everything(opened: Study) -> dict[str, object]:
    opened.keep_answers()
    weights = opened.weights
    opened.save_weights()
    return {"local": weights.local, "global": weights.global_, "groups": [asdict(g) for g in weights.groups]}


def _show(console: Console, opened: Study) -> None:
    opened.keep_answers()
    weights = opened.weights
    path = opened.save_weights()
    if weights.source == "experts":
        names = ("group", "expert", "cr", "limit", "verdict", "used", "worst")
        console.table([console.text(f"cli.weigh.{name}") for name in names], _evidence(console, weights))
        print()
    console.table(
        [console.text(f"cli.weigh.{name}") for name in ("indicator", "local", "global")],
        [
            (
                "  " * (len(weights.tree.path(node)) - 1) + entry.name[console.language],
                weights.local[node],
                weights.global_[node],
            )
            for node, entry in weights.tree.nodes.items()
        ],
    )
    console.issues((*(opened.panel.issues if opened.panel else ()), *weights.issues))
    for written in (path, opened.save_responses()):
        if written:
            console.say("cli.written", path=written)


def _worst(console: Console, weights: Weights, worst: WorstJudgment | None) -> str:
    if worst is None:
        return ""
    names = {side: weights.tree.nodes[getattr(worst, side)].name[console.language] for side in ("a", "b")}
    return console.text("cli.weigh.misfit", **names, value=worst.value, suggested=worst.suggested)


def _evidence(console: Console, weights: Weights) -> Iterator[tuple[object, ...]]:
    for group in weights.groups:
        name = weights.tree.nodes[group.group].name[console.language]
        for evidence in group.experts:
            judged = evidence.judged
            used = "used" if evidence.used else evidence.reason
            yield (
                name,
                evidence.expert,
                judged.cr,
                judged.limit,
                console.text(f"verdict.{judged.verdict}"),
                console.text(f"cli.weigh.use.{used}"),
                _worst(console, weights, evidence.worst),
            )
        if group.joint:
            verdict = console.text(f"verdict.{group.joint.verdict}")
            yield name, console.text("cli.weigh.joint"), group.joint.cr, group.joint.limit, verdict, "", ""
