"""Cards: for each customer, what every indicator adds to the score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evaluator.analysis.explanation import Contribution, Explanation, FuzzyEvaluation, explanations
from evaluator.reports.context import Context
from evaluator.reports.sections.profiles import profile_names
from evaluator.reports.sections.rules import in_words
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
    """A customer's score, taken apart; one contribution per indicator, in the order of the tree.

    `profile` names the weight profile; `rules` are those that hit: name, effect, and the points of a
    bonus; the contributions add up to the score `before` them. Where the score is no sum, `effects` are
    the reference and the remainder that belong to the contributions. `fuzzy` is what the fuzzy evaluation
    says, and the memberships of the whole in the tree's grades.
    """

    rank: int
    id: str
    name: str
    score: float
    grade: str
    coverage: float
    classes: tuple[str, ...]
    branches: tuple[float | None, ...]
    contributions: tuple[Contribution, ...]
    profile: str = ""
    before: float | None = None
    rules: tuple[tuple[str, str, float | None], ...] = ()
    effects: tuple[float, float] | None = None
    fuzzy: tuple[str, tuple[float | None, ...]] | None = None

    @property
    def further(self) -> dict[str, object]:
        """What only some cards have, by the names the page's script reads."""
        found: dict[str, object] = {"profile": self.profile} if self.profile else {}
        if self.effects:
            found["effects"] = [_short(value) for value in self.effects]
        if self.fuzzy:
            found["fuzzy"] = [self.fuzzy[0], [_short(value) for value in self.fuzzy[1]]]
        return found | ({"before": _short(self.before), "rules": self.rules} if self.rules else {})


@dataclass(frozen=True)
class Cards:
    """The cards of the first customers of the ranking."""

    subject: str
    indicators: tuple[CardIndicator, ...]
    branches: tuple[str, ...]
    cards: tuple[Card, ...]
    total: int
    additive: bool
    grades: tuple[str, ...]

    def compact(self) -> dict[str, object]:
        """Return the cards as the page's script reads them: names once, then one row of values each."""
        return {
            "indicators": [[entry.name, entry.unit, entry.branch] for entry in self.indicators],
            "branches": list(self.branches),
            "grades": list(self.grades),
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
        additive=context.evaluation.model.additive,
        grades=tuple(context.grades.values()),
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
        profile=profile_names(context).get(explained.profile or "", ""),
        before=explained.unadjusted,
        rules=tuple(_hits(explained, context)),
        effects=None if context.evaluation.model.additive else (explained.reference, explained.remainder),
        fuzzy=_fuzzy(explained.fuzzy, context) if explained.fuzzy else None,
    )


def _fuzzy(found: FuzzyEvaluation, context: Context) -> tuple[str, tuple[float | None, ...]]:
    values = {
        "grade": context.grades.get(found.grade or "", ""),
        "fuzzy": found.score,
        "crisp": found.crisp_score,
    }
    validity = context.text(f"workbook.fuzzy.validity.{found.validity}")
    told = context.text("cards.fuzzy", validity=validity, **values)
    return told, tuple(found.memberships[grade] for grade in context.grades)


def _hits(explained: Explanation, context: Context) -> Iterator[tuple[str, str, float | None]]:
    rules = {rule.id: rule for rule in context.tree.rules}
    for outcome in explained.rules:
        if outcome.outcome == "hit":
            rule = rules[outcome.rule]
            points = _short(outcome.points) if outcome.kind == "bonus" else None
            yield rule.name[context.language], in_words(rule, context), points


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
    return [*head, card.classes, scores, values, *([card.further] if card.further else [])]


def _short(value: float | None) -> float | None:
    """Return nine figures of a number: more than the page ever shows, at half the size of the file."""
    return None if value is None else float(f"{value:.9g}")
