"""What each indicator adds to the share that changed values, or missing data, have in a change of scores."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluator.analysis.mixture_scores import LAST, OF_DATA, Mixed, cell_names
from evaluator.analysis.mixtures import SWITCHES, Mixture
from evaluator.analysis.shapley import orders
from evaluator.columns import Step, StepPlan, to_polars
from evaluator.scoring.rules import rule_steps
from evaluator.scoring.score_steps import leaf_steps, upward_steps

Array = NDArray[np.floating[Any]]

AT_ONCE = 400_000  # rows scored at once, customers times coalitions
EXACT = 1e-10


def by_indicator(mixture: Mixture, known: pl.DataFrame, parts: Mixed, switch: str) -> Array:
    """Return what every indicator adds to the share of values, or of missing data; it adds up exactly.

    A single indicator that changed has it all. Where the score is a sum, values have their effective weight
    × change of score, over all mixtures of the other switches. Else they are the players of a game in which
    each stands at last or at now, with all other switches at last and at now; see `shapley.orders`. What
    these two leave over of the share where three and more switches differ is divided in proportion.

    Parameters
    ----------
    known : of `cells`; parts : of `mixed`. switch : ``values`` or ``missing``.

    Returns
    -------
    (m, indicators and then attributes); each row sums to the share of the switch.
    """
    players = _players(mixture, known)
    changed = _changed(known, players, switch)
    share = parts.shares[:, SWITCHES.index(switch)]
    points = np.zeros(changed.shape)
    if switch in parts.leaves and switch == "values":
        leaves = parts.leaves[switch]
        points[:, : leaves.shape[1]] = leaves
    alone = changed.sum(1) == 1
    points[alone] = changed[alone] * share[alone, None]
    open_ = ~alone & changed.any(1) & (np.abs(points.sum(1) - share) > EXACT)
    scoring = _Scoring(mixture, players, switch, [s for s in parts.switches if s != switch])
    for games in _at_once(_games(known, changed, open_)):
        halfway = [parts.scores[game.rows].mean(1) for game in games]
        for game, played in zip(games, scoring.played(games, halfway), strict=True):
            points[game.rows] = _made_up(played, game.changed, share[game.rows])
    return np.where(changed, points, 0.0)


def _made_up(points: Array, changed: NDArray[np.bool_], share: Array) -> Array:
    """Divide what is left of a share in proportion to the points, evenly where there are none."""
    size = np.abs(points)
    size = np.where(size.sum(1, keepdims=True) > EXACT, size, changed)
    left: Array = share - points.sum(1)
    made: Array = points + size / size.sum(1, keepdims=True) * left[:, None]
    return made


def _players(mixture: Mixture, known: pl.DataFrame) -> dict[str, list[str]]:
    """Return the columns of every indicator, then those of every attribute."""
    found: dict[str, list[str]] = {leaf.id: [] for leaf in mixture.tree.indicators}
    for name in cell_names(known):
        kind, _, of = name.partition("_")
        own = of if kind == "measure" else name.partition("@")[2] if kind == "votes" else name
        found.setdefault(own, []).append(name)
    return found


def _changed(known: pl.DataFrame, players: dict[str, list[str]], switch: str) -> NDArray[np.bool_]:
    """Return (m, players) whether a cell differs that is known both times, or is known one time only."""

    def differs(name: str) -> pl.Expr:
        last, now = pl.col(f"{name}{LAST}"), pl.col(name)
        return (last != now).fill_null(False) if switch == "values" else last.is_null() != now.is_null()

    columns = [pl.any_horizontal(map(differs, names)).alias(of) for of, names in players.items()]
    found: NDArray[np.bool_] = known.select(columns).to_numpy()
    return found


@dataclass(frozen=True)
class _Game:
    """Customers, by their rows, of whom equally many players changed; each plays every coalition of those."""

    rows: NDArray[np.intp]
    known: pl.DataFrame
    changed: NDArray[np.bool_]
    members: NDArray[np.bool_]
    counted: Array

    @property
    def height(self) -> int:
        """How many rows are scored."""
        return len(self.rows) * len(self.members)

    def coalitions(self, names: Collection[str]) -> pl.DataFrame:
        """Return the cells once for every coalition, with whether each of the players stands at now."""
        slots = np.cumsum(self.changed, axis=1) - 1
        now = self.changed & self.members[:, slots]
        flips = [pl.Series(f"@{name}", now[:, :, n].ravel()) for n, name in enumerate(names)]
        return pl.concat([self.known] * len(self.members)).hstack(flips)

    def added(self, worth: Array, halfway: Array) -> Array:
        """Return (m, players) what each adds, from the scores of all rows; halfway where there is none."""
        worth = worth.reshape(len(self.members), len(self.rows))
        slots = np.argsort(~self.changed, axis=1, kind="stable")[:, : self.members.shape[1]]
        points = np.zeros(self.changed.shape)
        np.put_along_axis(points, slots, np.where(np.isnan(worth), halfway, worth).T @ self.counted, 1)
        return points


def _games(known: pl.DataFrame, changed: NDArray[np.bool_], open_: NDArray[np.bool_]) -> Iterator[_Game]:
    for count in np.unique(changed[open_].sum(1)):
        members, counted = orders(int(count))
        rows = np.flatnonzero(open_ & (changed.sum(1) == count))
        for chunk in np.array_split(rows, -(-len(rows) * len(members) // AT_ONCE)):
            yield _Game(chunk, known[chunk], changed[chunk], members, counted)


def _at_once(games: Iterable[_Game]) -> Iterator[list[_Game]]:
    """Yield games that are scored together: planning costs as much for a few rows as for many."""
    found: list[_Game] = []
    for game in games:
        if found and sum(one.height for one in found) + game.height > AT_ONCE:
            yield found
            found = []
        found.append(game)
    if found:
        yield found


@dataclass(frozen=True)
class _Scoring:
    """What scores the coalitions of a switch, with all `others` at last and at now."""

    mixture: Mixture
    players: dict[str, list[str]]
    switch: str
    others: list[str]

    def played(self, games: Sequence[_Game], halfway: Sequence[Array]) -> list[Array]:
        """Return for every game what each of its players adds, on average of the other switches."""
        rows = pl.concat([game.coalitions(self.players) for game in games])
        ends = np.cumsum([game.height for game in games])[:-1]
        points: list[Array] = [np.zeros(game.changed.shape) for game in games]
        sides = ((), self.others)[: 2 if self.others else 1]
        for chosen in sides:
            worths = np.split(self._scores(rows, chosen), ends)
            for place, (game, worth) in enumerate(zip(games, worths, strict=True)):
                points[place] += game.added(worth, halfway[place]) / len(sides)
        return points

    def _scores(self, rows: pl.DataFrame, chosen: Collection[str]) -> Array:
        """Return the score of every row where these other switches stand at now."""
        model = self.mixture.model(chosen)
        first = Step("mixed", dict(self._picked(chosen)))
        plan = StepPlan(("id",), (first, *leaf_steps(model)[1:], *upward_steps(model), *rule_steps(model)))
        scored = to_polars(plan.apply(nw.from_native(rows.lazy())).select("score"))
        found: Array = scored["score"].to_numpy()
        return found

    def _picked(self, chosen: Collection[str]) -> Iterator[tuple[str, nw.Expr]]:
        for player, names in self.players.items():
            for name in names:
                now, last = nw.col(name), nw.col(f"{name}{LAST}")
                of = {switch: now if switch in chosen else last for switch in OF_DATA}
                of[self.switch] = nw.when(nw.col(f"@{player}")).then(now).otherwise(last)
                yield (
                    name,
                    nw.when(~now.is_null() & ~last.is_null()).then(of["values"]).otherwise(of["missing"]),
                )
