"""Rounds: from the second on everybody sees how the group answered, and may change the own answer."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import Any

import sqlalchemy as sa

from evaluator.errors import EvaluationError, Issue
from evaluator.forms.live_values import RATIOS
from evaluator.forms.page_answers import LEVELS
from evaluator.serve.answers import now
from evaluator.serve.content import Content
from evaluator.serve.store import ROUNDS, Store
from evaluator.weighing.panel import Panel

FEWEST = 3
"""People whose answers are shown together; of fewer, each would know the others'."""
Triple = tuple[str, str, str]


@dataclass(frozen=True)
class Round:
    """A round and what it shows: by (group, a, b) how many chose each ratio, and the answers of each."""

    number: int
    spread: Mapping[Triple, tuple[int, ...]]
    own: Mapping[str, Content]


def last_rounds(store: Store) -> dict[str, int]:
    """Return the present round of the forms that are past the first."""
    query = sa.select(ROUNDS.c.form, sa.func.max(ROUNDS.c.number).label("last")).group_by(ROUNDS.c.form)
    return {row["form"]: row["last"] for row in store.rows(query)}


def begin_round(store: Store, batch: str, panel: Panel) -> int:
    """Begin the next round of a form, which shows what a panel has answered; return its number.

    Raises
    ------
    EvaluationError
        where fewer than three people have answered: each would know the others' answers.
    """
    if len({one.expert for one in panel.judgments}) < FEWEST:
        raise EvaluationError([Issue("SERVE-210", detail={"fewest": FEWEST})])
    return store_round(store, batch, panel)


def store_round(store: Store, batch: str, panel: Panel | None) -> int:
    """Keep what a panel has answered so far as the beginning of the next round; return its number."""
    content = {"spread": _spread(panel) if panel else [], "own": _own(panel) if panel else {}}
    said = json.dumps(content, ensure_ascii=False)
    with store.writing() as connection:
        latest = sa.select(sa.func.max(ROUNDS.c.number)).where(ROUNDS.c.form == batch)
        number = int(connection.execute(latest).scalar() or 1) + 1
        entry = {"form": batch, "number": number, "begun": now(), "content": said}
        connection.execute(sa.insert(ROUNDS).values(**entry))
    return number


def read_round(store: Store, batch: str, number: int) -> Round | None:
    """Return what a round shows; None for the first."""
    row = store.row(sa.select(ROUNDS).where(ROUNDS.c.form == batch, ROUNDS.c.number == number))
    if row is None:
        return None
    said: dict[str, Any] = json.loads(row["content"])
    return Round(
        number,
        {(group, a, b): tuple(counts) for group, a, b, counts in said["spread"]},
        {
            person: Content(answers=tuple(tuple(one) for one in answers))
            for person, answers in said["own"].items()
        },
    )


def nearest_place(ratio: float) -> int:
    """Return the place among the 17 ratios that lies nearest, in proportion.

    >>> [nearest_place(ratio) for ratio in (9, 1, 1 / 3, 2.6)]
    [0, 8, 10, 6]
    """
    return min(range(len(RATIOS)), key=lambda place: abs(log(RATIOS[place]) - log(ratio)))


def _spread(panel: Panel) -> list[list[object]]:
    """Return how many chose each ratio, for pairs that enough people have answered; both ways round."""
    counts: dict[Triple, list[int]] = defaultdict(lambda: [0] * len(RATIOS))
    for one in panel.judgments:
        place = nearest_place(one.value)
        counts[one.group, one.a, one.b][place] += 1
        counts[one.group, one.b, one.a][len(RATIOS) - 1 - place] += 1
    return [[*pair, found] for pair, found in counts.items() if sum(found) >= FEWEST]


def _own(panel: Panel) -> dict[str, list[list[str]]]:
    """Return the answers of each, both ways round, where they lie on the scale."""
    found: dict[str, list[list[str]]] = defaultdict(list)
    for one in panel.judgments:
        place = nearest_place(one.value)
        if abs(RATIOS[place] - one.value) < 1e-9:
            found[one.expert].append([one.group, one.a, one.b, LEVELS[place + 1]])
            found[one.expert].append([one.group, one.b, one.a, LEVELS[len(RATIOS) - place]])
    return found
