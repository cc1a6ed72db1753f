"""`evaluator robust`: how sure ranks, grades and classes are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from evaluator.cli.console import Console
from evaluator.cli.options import each_tree, recorded, say_other_day, study_argument

if TYPE_CHECKING:
    from evaluator.evaluation import Certainty
    from evaluator.study import Study
    from evaluator.tree import Tree


@click.command()
@study_argument
@click.option("--draws", type=click.IntRange(100, 1_000_000), default=2_000, show_default=True)
@click.option("--seed", "draw_seed", type=click.IntRange(0), default=None)
@click.option("--all", "everybody", is_flag=True)
@click.option("--break-even", "turning", is_flag=True)
@click.option("--customer", "followed", multiple=True)
@recorded
@click.pass_obj
def command(
    console: Console, study: str, draws: int, draw_seed: int | None, everybody: bool, turning: bool,
    followed: tuple[str, ...],
) -> None:  # fmt: skip
    """Draw everything that is uncertain, and say who keeps class and rank."""
    from evaluator.analysis.robustness import MOST, figures, robust  # here: help must not load the engine

    for opened in each_tree(console, study):
        seed = opened.setup.file.seed or 0 if draw_seed is None else draw_seed
        say_other_day(console, opened)
        found = robust(opened.run(), draws=draws, seed=seed, most=None if everybody else MOST)
        _show(console, found, opened.tree)
        told: dict[str, object] = {
            "certainty": figures(found, console.language),
            "customers": found.customers.to_dicts(),
        }
        if turning or followed:
            told |= _break_even(console, opened, followed)
        console.found(tree=opened.tree.id, branch=opened.branch or None, **told)
        console.wrote(*opened.save_certainty(found))


def _break_even(console: Console, opened: Study, followed: tuple[str, ...]) -> dict[str, object]:
    """Tell from which weights on somebody else is first, and the class of customers is another."""
    from evaluator.actions.words import deciding_classes  # here: help must not load the engine
    from evaluator.study.outputs import save_break_evens

    asked = [opened.find(one) for one in followed]
    here = set(opened.measured.frame["id"].to_list())
    if opened.branch:  # of several trees each evaluates its own customers
        asked = [one for one in asked if one in here]
    found = opened.break_even_weights(asked)
    names = {node.id: node.name[console.language] for node in opened.tree.nodes.values()}
    classes = {name: title[console.language] for name, title in deciding_classes(opened.tree).items()}
    console.table(
        [console.text(f"cli.robust.{key}")
         for key in ("node", "weight", "down", "who", "up", "who", "reason")],
        [(names[row["node"]], _percent(row["weight"]), _percent(row["first_down"]), row["first_down_id"],
          _percent(row["first_up"]), row["first_up_id"], _why_not(console, row["reason"]))
         for row in found.nodes.iter_rows(named=True)],
    )  # fmt: skip
    if found.customers.height:
        heads = [console.text(f"cli.robust.{key}") for key in ("node", "lower", "there", "higher", "there")]
        console.table(
            [heads[0], f"{console.subject(opened.tree.subject):one}", *heads[1:]],
            [(names[node], one, _percent(down), classes.get(to_low), _percent(up), classes.get(to_high))
             for node, one, down, to_low, up, to_high in found.customers.iter_rows() if down or up],
        )  # fmt: skip
    console.wrote(*save_break_evens(found, opened.output))
    return {
        "break_even": found.nodes.to_dicts(), "break_even_classes": found.classes.to_dicts(),
        "break_even_customers": found.customers.to_dicts(),
    }  # fmt: skip


def _why_not(console: Console, reason: str | None) -> str | None:
    if reason in (None, "alone"):  # shares its weight with nobody: nothing is missing
        return None
    return console.text(f"report.certainty.reason.{reason}")


def _percent(weight: float | None) -> str | None:
    return None if weight is None else f"{weight:.1%}"


def _show(console: Console, found: Certainty, tree: Tree) -> None:
    """Print the sentence, the number of customers by grade and class, and each source by itself."""
    from evaluator.analysis.robustness import sentence  # here: help must not load the engine

    console.issues(found.issues)
    if not found.known:
        return
    names = {("grade", grade.id): grade.name for grade in tree.grades}
    names |= {(matrix.id, entry.id): entry.name for matrix in tree.matrices for entry in matrix.classes}
    none = console.text("cli.robust.none")
    heads = [console.text(f"cli.robust.{key}") for key in ("class", "low", "high")]
    console.table(
        [heads[0], f"{console.subject(tree.subject):title}", *heads[1:]],
        [
            (names[what, value][console.language] if value else none, count, low, high)
            for what, value, count, _, low, high in found.totals.iter_rows()
            if value or count or high
        ],
    )
    alone = [row for row in found.alone.iter_rows() if row[1] == found.deciding]
    console.table(
        [console.text(f"cli.robust.{key}") for key in ("source", "kept", "steady")],
        [(console.text(f"certainty.source.{source}"), *shares) for source, _, *shares in alone],
    )
    console.tell(sentence(found, tree.subject, console.language))
