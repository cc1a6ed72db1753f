"""Since the last evaluation: who moved between grades and classes, and whose score changed most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from evaluator.analysis.moves import Move, migration
from evaluator.customers.transition_tables import Transitions
from evaluator.reports.context import Context


@dataclass(frozen=True, slots=True)
class Origin:
    """Where customers of one earlier state are now: counts and shares, None where nobody began there."""

    name: str
    counts: tuple[int, ...]
    shares: tuple[float | None, ...]
    total: int


@dataclass(frozen=True)
class Movements:
    """A table of movements: rows are the states before, columns the states now."""

    title: str
    states: tuple[str, ...]
    origins: tuple[Origin, ...]
    stayed: float | None


@dataclass(frozen=True, slots=True)
class Mover:
    """A customer whose score changed, with the names of both grades."""

    move: Move
    before: str
    after: str


@dataclass(frozen=True)
class Migrated:
    """What changed since the last evaluation.

    The customers whose score changed most stand here only where no comparison names them with the reason.
    """

    subject: str
    title: str
    as_of: date
    same_model: bool
    compared: int
    up: int
    same: int
    down: int
    entered: int
    left: int
    mean: float | None
    tables: tuple[Movements, ...]
    risers: tuple[Mover, ...]
    fallers: tuple[Mover, ...]


def build(context: Context) -> Migrated | None:
    """Return who moved since the last evaluation, or None where there is none."""
    previous, moved = context.evaluation.previous, migration(context.evaluation)
    if previous is None or moved is None:
        return None
    compared = context.evaluation.comparison is not None
    matrices = {matrix.id: matrix.name[context.language] for matrix in context.tree.matrices}
    tables = [_movements(context.text("ranking.grade"), moved.grades, context.grades)]
    tables += [_movements(matrices[key], entry, context.classes[key]) for key, entry in moved.classes.items()]
    return Migrated(
        subject=context.subject,
        title=previous.title[context.language],
        as_of=previous.as_of,
        same_model=previous.same_model,
        compared=int(moved.grades.counts.sum()),
        up=moved.up,
        same=moved.same,
        down=moved.down,
        entered=moved.entered,
        left=moved.left,
        mean=None if compared else moved.mean,
        tables=tuple(tables),
        risers=() if compared else tuple(_mover(move, context) for move in moved.risers),
        fallers=() if compared else tuple(_mover(move, context) for move in moved.fallers),
    )


def there(context: Context) -> Migrated | None:
    """Return who moved; None where the firm is evaluated by itself, which has no grades to count."""
    return None if context.alone else context.built(build)


def message(migrated: Migrated, context: Context) -> str:
    """Return how many moved between grades."""
    return context.text("migration.headline", up=migrated.up, down=migrated.down, compared=migrated.compared,
                        subject=migrated.subject, as_of=context.reader.day(migrated.as_of))  # fmt: skip


def _movements(title: str, moved: Transitions, names: Mapping[str, str]) -> Movements:
    origins = tuple(
        Origin(
            names.get(state, state),
            tuple(int(count) for count in counts),
            tuple(float(share) if counts.sum() else None for share in shares),
            int(counts.sum()),
        )
        for state, counts, shares in zip(moved.states, moved.counts, moved.shares, strict=True)
    )
    stayed = moved.stayed if moved.counts.sum() else None
    return Movements(title, tuple(names.get(state, state) for state in moved.states), origins, stayed)


def _mover(move: Move, context: Context) -> Mover:
    before = move.grade_before or ""
    return Mover(move, context.grades.get(before, before), context.grades[move.grade_after])
