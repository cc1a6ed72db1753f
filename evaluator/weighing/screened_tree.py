"""The tree that a round of Delphi screening leaves, and why the other candidates went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from evaluator import messages
from evaluator.brief import Brief
from evaluator.errors import Issue, Severity, not_among, raise_errors
from evaluator.labels import Text
from evaluator.tree import Tree
from evaluator.tree.passes import Changes, changed
from evaluator.weighing.delphi import Screened, Screening

Choice = Literal["keep", "drop"]


@dataclass(frozen=True)
class ScreenedTree(Brief):
    """The tree of the indicators that stay; `tree.dropped` records the others.

    `issues` name what the figures leave to the experts and nobody decided (kept for now), and what the
    smaller tree had to give up.
    """

    tree: Tree
    issues: tuple[Issue, ...] = ()


def apply_screening(
    tree: Tree, screening: Screening, *, decided: Mapping[str, Choice] | None = None
) -> ScreenedTree:
    """Return the tree without the candidates that screening drops.

    Criteria left without indicators go too, and with them matrices that plot them. Examples are left
    out, since their expectations were those of the larger tree; rules and weights stay as they are.

    Parameters
    ----------
    decided : what the experts agreed about candidates, over the figures.

    Raises
    ------
    EvaluationError
        a decision about no indicator of the tree; nothing would be left. What is to be discussed (and kept
        for now) and a matrix left out are warnings.

    >>> from evaluator.tree import load_tree
    >>> from evaluator.weighing.delphi import screen
    >>> tree = load_tree("quick_value")
    >>> names = [leaf.id for leaf in tree.indicators]
    >>> scores = {who: dict.fromkeys(names, 5.0) | {"trust": low} for who, low in (("li", 1.0), ("wu", 3.0))}
    >>> [entry.id for entry in apply_screening(tree, screen(scores, names)).tree.dropped]
    ['trust']
    """
    chosen = dict(decided or {})
    known = {leaf.id for leaf in tree.indicators}
    raise_errors(not_among("WEIGH-561", chosen, known))
    rows = {row.indicator: row for row in screening.rows}
    gone = {
        leaf.id: _reason(rows.get(leaf.id), screening, chosen)
        for leaf in tree.indicators
        if chosen.get(leaf.id, rows[leaf.id].decision if leaf.id in rows else "keep") == "drop"
    }
    smaller = changed(tree, Changes(dropped=gone))
    left_open = [row.indicator for row in screening.rows if row.decision == "discuss"]
    open_ = [name for name in left_open if name in known and name not in chosen]
    lost = [matrix for matrix in tree.matrices if matrix not in smaller.matrices]
    return ScreenedTree(
        smaller,
        (
            *(_warning("WEIGH-563", name, misses=", ".join(rows[name].misses)) for name in open_),
            *(_warning("WEIGH-564", matrix.id) for matrix in lost),
        ),
    )


def _reason(row: Screened | None, screening: Screening, chosen: Mapping[str, Choice]) -> Text:
    """Return why a candidate went: the experts' decision, or the figures beside their bounds."""
    if row is None or row.indicator in chosen:
        return _text("screening.decided")
    bounds = screening.bounds
    return _text(
        "screening.figures",
        mean=f"{row.mean:.2f}", least_mean=f"{bounds['mean']:.2f}",
        full=f"{row.full:.0%}", least_full=f"{bounds['full']:.0%}",
        variation=f"{row.variation:.2f}", most_variation=f"{bounds['variation']:.2f}",
    )  # fmt: skip


def _text(key: str, **values: object) -> Text:
    return Text(zh=messages.text(key, "zh", **values), en=messages.text(key, "en", **values))


def _warning(code: str, subject: str, **detail: object) -> Issue:
    return Issue(code, subject, detail, severity=Severity.WARNING)
