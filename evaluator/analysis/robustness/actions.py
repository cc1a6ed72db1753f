"""Which share of draws a customer's action stays in: the classes it has there, and what they are given."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from evaluator.actions.decided import Decisions
from evaluator.actions.staying import read_by_actions, stays
from evaluator.analysis.robustness.customers import Customers, column_of
from evaluator.analysis.robustness.outcomes import Outcome
from evaluator.errors import Issue, Severity
from evaluator.messages import Listing
from evaluator.tree import Tree
from evaluator.tree.names import condition_names


class ActionTally:
    """How often each customer has each combination of the classes and grades that actions read.

    Only combinations that occur are held, so that many matrices do not cost much.
    """

    def __init__(self, customers: Customers, decisions: Decisions, draws: int) -> None:
        self.draws, self._customers, self._decisions = draws, customers, decisions
        said = read_by_actions(decisions)
        self._read = [what for what in customers.options if column_of(what) in said]
        self._sizes = [len(customers.options[what]) + 1 for what in self._read]
        self._place = np.full(int(np.prod(self._sizes)) + 1, -1, dtype=np.intp)
        self._found: list[int] = []
        self._counts = np.zeros((0, customers.count), dtype=np.int64)

    def add(self, outcome: Outcome) -> None:
        """Count some draws of some customers; who is not rated there has no action."""
        codes = np.zeros(outcome.scores.shape, dtype=np.intp)
        for what, size in zip(self._read, self._sizes, strict=True):
            codes = codes * size + outcome.places[what]
        codes[np.isnan(outcome.scores)] = len(self._place) - 1
        self._extend(np.flatnonzero(np.bincount(codes.reshape(-1), minlength=len(self._place))))
        width = outcome.scores.shape[1]
        keys = self._place[codes] * width + np.arange(width)
        found = np.bincount(keys.reshape(-1), minlength=len(self._counts) * width)
        self._counts[:, outcome.columns] += found.reshape(-1, width)

    def _extend(self, codes: np.ndarray) -> None:
        new = codes[self._place[codes] < 0]
        self._place[new] = np.arange(len(self._found), len(self._found) + len(new))
        self._found += new.tolist()
        more = np.zeros((len(new), self._customers.count), dtype=np.int64)
        self._counts = np.concatenate([self._counts, more])

    def kept(self) -> pl.DataFrame:
        """Return ``id``, ``action`` and the share of draws in which it stays, ``kept``, of who is rated."""
        others = self._others()
        if not others.height:
            return pl.DataFrame(schema={"id": pl.String, "action": pl.String, "kept": pl.Float64})
        found = stays(self._decisions, others.drop("count"))
        counts = found.with_columns(count=others["count"].gather(found["row"]))
        share = (pl.col("stays").cast(pl.Int64) * pl.col("count")).sum() / self.draws
        listed = self._decisions.customers.select("id", "action")
        looked = listed.filter(pl.col("id").is_in(others["id"].unique().implode()))
        kept = counts.group_by("id", "action").agg(kept=share)
        return looked.join(kept, on=["id", "action"], how="left", maintain_order="left")

    def _others(self) -> pl.DataFrame:
        """Return a row per rated customer and combination it has somewhere, with how often."""
        rated = set(self._decisions.frame["id"].cast(pl.String).to_list())
        ids = self._customers.leaves["id"].cast(pl.String).to_list()
        chosen = np.array([name in rated for name in ids], dtype=np.bool_)
        codes = np.array(self._found, dtype=np.intp)
        counts = np.where(chosen, self._counts, 0)
        counts[codes == len(self._place) - 1] = 0
        rows, columns = np.nonzero(counts)
        frame = {"id": [ids[column] for column in columns.tolist()], "count": counts[rows, columns]}
        places = np.unravel_index(codes[rows], self._sizes) if self._sizes else ()
        for what, place in zip(self._read, places, strict=True):
            options = (*self._customers.options[what], None)
            frame[column_of(what)] = [options[number] for number in place.tolist()]
        texts = dict.fromkeys((column_of(what) for what in self._read), pl.String)
        return pl.DataFrame(frame, schema={"id": pl.String, "count": pl.Int64, **texts})


def held(decisions: Decisions, tree: Tree) -> Iterator[Issue]:
    """Yield an issue where actions read scores, ranks or coverage, which stay as they are in every draw."""
    meanings = condition_names(tree)
    moving = {name for name, meaning in meanings.items() if meaning.what in ("score", "coverage")}
    read = [name for name in read_by_actions(decisions) if name in {*moving, "rank", "cut_distance"}]
    if read:
        yield Issue("SURE-109", tree.id, {"names": Listing(tuple(read))}, severity=Severity.NOTE)
