"""`evaluator list`: the trees and methods that ship with the software."""

import click

from evaluator.cli.console import Console


@click.command()
@click.argument("what", type=click.Choice(["trees", "methods", "measures"]))
@click.pass_obj
def command(console: Console, what: str) -> None:
    """List what a tree or a study may name."""
    if what == "trees":
        _trees(console)
    elif what == "methods":
        _methods(console)
    else:
        _measures(console)


def _trees(console: Console) -> None:
    from evaluator.tree import bundled, load_tree

    trees = [load_tree(name) for name in bundled()]
    headers = [console.text(f"cli.list.{name}") for name in ("tree", "name", "indicators", "pairs", "status")]
    console.table(
        headers,
        [
            (
                tree.id,
                tree.name[console.language],
                len(tree.indicators),
                tree.pairs,
                console.text(f"status.{tree.status}"),
            )
            for tree in trees
        ],
    )


def _methods(console: Console) -> None:
    from evaluator import ahp, scoring, weighing

    registries = (
        *(
            ahp.PROFILES,
            ahp.RANDOM_INDICES,
            ahp.SCALES,
            ahp.PRIORITIES,
            ahp.BEST_WORST,
            ahp.SCORE_READINGS,
            ahp.AGGREGATIONS,
            ahp.FUZZY_PRIORITIES,
        ),
        *(weighing.SAY, weighing.OBJECTIVE, weighing.COMBINATIONS),
        *(scoring.SCALES, scoring.CUTS, scoring.SYNTHESES, scoring.OPERATORS, scoring.MEMBERSHIPS),
        *(scoring.OPINIONS, scoring.ENGINES),
    )
    headers = [console.text(f"cli.list.{name}") for name in ("kind", "method", "name", "reference")]
    console.table(
        headers,
        [
            (
                console.text(f"kind.{registry.kind}"),
                method.name,
                method.title[console.language],
                method.reference,
            )
            for registry in registries
            for method in registry
        ],
    )


def _measures(console: Console) -> None:
    from evaluator.customers import MEASURES

    headers = [console.text(f"cli.list.{name}") for name in ("measure", "name", "reference")]
    console.table(headers, [(m.name, m.title[console.language], m.reference) for m in MEASURES])
