"""Cards: for each customer, what every indicator adds to the score."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.analysis.explanation import Contribution, Explanation, explanations
from evaluator.report.context import Context
from evaluator.tree import Group


@dataclass(frozen=True)
class CardIndicator:
    """An indicator as the cards name it, under the criterion directly below the root."""

    id: str
    name: str
    unit: str
    branch: str


@dataclass(frozen=True)
class Card:
    """A customer's score, taken apart; one contribution per indicator, in the order of the tree."""

    rank: int
    id: str
    name: str
    score: float
    grade: str
    coverage: float
    classes: tuple[str, ...]
    branches: tuple[float | None, ...]
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True)
class Cards:
    """The cards of the first customers of the ranking."""

    subject: str
    indicators: tuple[CardIndicator, ...]
    branches: tuple[str, ...]
    cards: tuple[Card, ...]
    total: int

    def compact(self) -> dict[str, object]:
        """Return the cards as the page's script reads them: names once, then one row of values each."""
        return {
            "indicators": [[entry.name, entry.unit, entry.branch] for entry in self.indicators],
            "branches": list(self.branches),
            "rows": [_compact(card) for card in self.cards],
        }


def build(context: Context) -> Cards:
    """Return the cards of the first customers, explained together by the steps that scored them."""
    tree = context.tree
    shown = context.rated.head(context.options.cards)
    ids = shown["id"].to_list()
    explained = explanations(context.evaluation.model, context.evaluation.measured.frame, ids) if ids else ()
    branches = [node for node in tree.root.children if isinstance(node, Group)]
    rows = shown.select("rank", "name").iter_rows()
    return Cards(
        subject=context.subject,
        indicators=tuple(
            CardIndicator(
                leaf.id,
                leaf.name[context.language],
                leaf.unit[context.language] if leaf.unit else "",
                context.name(tree.path(leaf.id)[1]),
            )
            for leaf in tree.indicators
        ),
        branches=tuple(branch.name[context.language] for branch in branches),
        cards=tuple(
            _card(rank, name, explanation, [branch.id for branch in branches], context)
            for (rank, name), explanation in zip(rows, explained, strict=True)
        ),
        total=context.rated.height,
    )


def _card(rank: int, name: str, explained: Explanation, branches: list[str], context: Context) -> Card:
    assert explained.score is not None  # only rated customers have a card
    classes = ((matrix, explained.classes[matrix]) for matrix in context.classes)
    return Card(
        rank=rank,
        id=explained.id,
        name=name,
        score=explained.score,
        grade=context.grades.get(explained.grade or "", ""),
        coverage=explained.coverage,
        classes=tuple(context.classes[matrix][class_] for matrix, class_ in classes if class_),
        branches=tuple(explained.groups[branch] for branch in branches),
        contributions=explained.contributions,
    )


def _compact(card: Card) -> list[object]:
    values = [
        [
            _short(part.measure) if isinstance(part.measure, float) else part.measure,
            _short(part.score),
            _short(part.effective_weight),
            _short(part.points),
            int(part.clamped),
        ]
        for part in card.contributions
    ]
    scores = [_short(score) for score in card.branches]
    head = [card.rank, card.id, card.name, _short(card.score), card.grade, _short(card.coverage)]
    return [*head, card.classes, scores, values]


def _short(value: float | None) -> float | None:
    """Return nine figures of a number: more than the page ever shows, at half the size of the file."""
    return None if value is None else float(f"{value:.9g}")
