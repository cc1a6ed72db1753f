"""The frozen model as one SELECT: from the table of measures to scores, classes, flags and the action."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import narwhals as nw

from evaluator import messages
from evaluator.actions.choosing import NONE_STATED, applies
from evaluator.actions.flags import held_where, kind_of, names_in
from evaluator.actions.impossible import impossible, listed
from evaluator.actions.reading import read_besides
from evaluator.actions.words import actions_of, flags_of
from evaluator.brief import Brief
from evaluator.columns import Kind, Step, StepPlan
from evaluator.errors import Issue, Severity
from evaluator.scoring import Model
from evaluator.scoring.checks import needed
from evaluator.scoring.fuzzy_steps import fuzzy_columns
from evaluator.scoring.score_steps import result_columns, scoring_plan
from evaluator.scoring.shares import contribution_columns, contributions
from evaluator.tree.decisions import Action, Flag
from evaluator.tree.names import text_columns
from evaluator.warehouse.dialects import Dialect, dialect_named
from evaluator.warehouse.parts import QueryParts, Type
from evaluator.warehouse.statement import Statement

TABLE = "measures"
WAYS = ("convention", "method", "aggregation")
"""What a model says of how its weights were made; of given ones the last two are empty."""


@dataclass(frozen=True)
class Exported(Brief):
    """A model as SQL: `text`, DuckDB's types of the columns of its result, and what it reads of the table."""

    text: str
    columns: Mapping[str, str]
    read: Mapping[str, Type]
    issues: tuple[Issue, ...]


def model_sql(
    model: Model,
    dialect: str,
    *,
    table: str = TABLE,
    columns: Mapping[str, Type] | None = None,
    language: str = "en",
) -> Exported:
    """Return a model as one SELECT over a table of measures, from the expressions that score everywhere.

    Its columns are ``id``, ``name`` where the table has it, those of `scoring.score`, ``flag_<id>`` and
    ``action`` (the first that applies; ``none_stated``) of the rated, and ``contribution_<indicator>`` of
    additive scores.

    Parameters
    ----------
    dialect : one of `DIALECTS`.
    table : where the measures lie: one row per customer, the columns of the measures' own names.
    columns : further columns of the table and what they hold; flags and actions that speak of others are
        unknown there, and named in a note.

    Raises
    ------
    EvaluationError
        for a dialect, table or column that cannot be named there, for what a dialect cannot express, and
        without the extra ``export``.

    >>> from evaluator.scoring import fit
    >>> from evaluator.tree import load_tree
    >>> from evaluator.weighing import weigh
    >>> import polars as pl
    >>> tree = load_tree("current_value")
    >>> customers = pl.DataFrame({"id": ["a"]} | {leaf.measure: [0.5] for leaf in tree.indicators})
    >>> print(model_sql(fit(tree, weigh(tree), customers), "postgres").text.splitlines()[-1])
    FROM "step_14_action"
    """
    found = dialect_named(dialect)
    return ModelParts(model, columns or {}).written(found, table, language)


class ModelParts:
    """A model's parts, the columns of its result, and what must be said of them: ready for any dialect."""

    def __init__(self, model: Model, further: Mapping[str, Type]) -> None:
        self.model, self.tree = model, model.tree
        self.columns = {**needed_columns(model), **further}
        self.flags, self.actions = flags_of(self.tree), actions_of(self.tree)
        if self.tree.subject == "firm":
            self.flags, self.actions = (), ()
        self.keys = tuple(name for name in ("id", "name") if name in self.columns)
        self.parts = QueryParts(self.columns, (*self.keys, *self._carried))
        self.absent: dict[str, str] = {}
        self.parts.add(*self._scoring.steps, *_refusals(model), *contributions(model))
        if self.flags or self.actions:
            self.parts.add(Step("reading", read_besides(self.tree, model, self.parts.schema)))
            self._add_flags()
            self._add_action()

    def written(self, dialect: Dialect, table: str, language: str, *, quoted: bool = True) -> Exported:
        """Return the model in a dialect; see `Statement.text`."""
        kinds, head = self.parts.types, tuple(_head(self, dialect, language))
        statement = Statement(tuple(self.parts.made), self.result, _titles(self, language), head)
        text = statement.text(dialect, table, quoted=quoted)
        return Exported(text, {name: kinds[name] for name in self.result}, self.columns, self.issues)

    @cached_property
    def _scoring(self) -> StepPlan:
        return scoring_plan(self.model, self.keys)

    @property
    def _carried(self) -> tuple[str, ...]:
        """The columns of the table that flags and actions read, unless a step makes one of that name."""
        made = {name for step in self._scoring.steps for name in step.outputs}
        said = [flag.when for flag in self.flags] + [action.when or "" for action in self.actions]
        named = {name for text in said for name in names_in(text)}
        return tuple(name for name in self.columns if name in named - made - set(self.keys))

    @property
    def result(self) -> tuple[str, ...]:
        """The columns of the result, in their order."""
        flags = tuple(f"flag_{flag.id}" for flag in self.flags)
        action = ("action",) if self.actions else ()
        scores = (*result_columns(self.model), *fuzzy_columns(self.model))
        return (*self.keys, *scores, *flags, *action, *contribution_columns(self.model))

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Flags and actions that the table can never tell; contributions that do not add up."""
        found = []
        if self.absent:
            never = impossible(self.flags, self.actions, self._kinds())
            detail = {"flags": listed("flags", never.flags), "actions": listed("actions", never.actions)}
            found.append(Issue("SQL-107", self.tree.id, detail, severity=Severity.NOTE))
        if not self.model.additive:
            found.append(Issue("SQL-106", self.tree.id, severity=Severity.NOTE))
        return tuple(found)

    def _add_flags(self) -> None:
        """Add parts for the flags, a new one where a flag reads one of the part before."""
        outputs: dict[str, nw.Expr] = {}
        for flag in self.flags:
            if outputs.keys() & names_in(flag.when):
                self.parts.add(Step("flags", outputs))
                outputs = {}
            outputs[f"flag_{flag.id}"] = _rated(self._held(flag, self._kinds()))
        if outputs:
            self.parts.add(Step("flags", outputs))

    def _held(self, flag: Flag, kinds: Mapping[str, Kind]) -> nw.Expr:
        held, absent = held_where(flag.when, kinds)
        self.absent |= {name: flag.id for name in sorted(absent) if name not in self.absent}
        return held

    def _add_action(self) -> None:
        kinds = self._kinds()
        first = nw.lit(NONE_STATED, nw.String)
        for action in reversed(self.actions):
            first = nw.when(self._applies(action, kinds)).then(nw.lit(action.id, nw.String)).otherwise(first)
        if self.actions:
            self.parts.add(Step("action", {"action": _rated(first)}))

    def _applies(self, action: Action, kinds: Mapping[str, Kind]) -> nw.Expr:
        held, absent = applies(action, kinds)
        self.absent |= {name: action.id for name in sorted(absent) if name not in self.absent}
        return held

    def _kinds(self) -> dict[str, Kind]:
        schema = self.parts.schema
        return {name: kind for name, dtype in schema.items() if (kind := kind_of(dtype))}


def needed_columns(model: Model) -> dict[str, Type]:
    """Return the columns that scoring reads, and what they hold."""
    texts = text_columns(model.tree)
    names = [name for name in needed(model.tree, model.votes) if name != "name"]
    return {name: "text" if name == "id" or name in texts else "number" for name in names}


def _refusals(model: Model) -> Iterator[Step]:
    """Yield the steps for measures that must not be missing: a file is refused, a row is excluded."""
    demanded = [leaf.id for leaf in model.tree.indicators if model.missing(leaf) == "error"]
    if not demanded:
        return
    reason = nw.lit(None, nw.String)
    for name in reversed(demanded):
        lacking = nw.col(f"score_{name}").is_null()
        reason = nw.when(lacking).then(nw.lit(name, nw.String)).otherwise(reason)
    yield Step("refusal", {"refused_for": reason})
    kept = nw.col("refused_for").is_null()
    outputs = {
        "status": nw.when(kept).then(nw.col("status")).otherwise(nw.lit("excluded", nw.String)),
        "reason": nw.when(kept).then(nw.col("reason")).otherwise(nw.col("refused_for")),
    }
    classes = [f"class_{matrix.id}" for matrix in model.tree.matrices]
    outputs |= {name: nw.when(kept).then(nw.col(name)) for name in ("score", "grade", *classes)}
    yield Step("refused", outputs)


def _rated(value: nw.Expr) -> nw.Expr:
    return nw.when(nw.col("status") == "rated").then(value)


def _titles(made: ModelParts, language: str) -> dict[str, str]:
    """Return what each part does, in words where the catalogue has some."""
    titles = {}
    for part in made.parts.made:
        step = part.name.split("_", 2)[2]
        key = f"warehouse.step.{step.rstrip('0123456789').rstrip('_')}"
        titles[part.name] = messages.text(key, language) if messages.known(key, language) else step
    return titles


def _head(made: ModelParts, dialect: Dialect, language: str) -> Iterator[str]:
    """Yield the lines above a statement: what it is, its conventions, what it reads and lacks."""
    model, tree = made.model, made.tree

    def say(key: str, **values: object) -> str:
        return messages.text(f"warehouse.head.{key}", language, **values)

    yield say("what", tree=tree.name[language], id=tree.id, dialect=dialect.title)
    yield say("model", digest=model.digest, fingerprint=model.fingerprint, software=model.software)
    yield say("population", population=model.population, as_of=model.as_of or "–")
    stated = model.conventions
    ways = [say(name, name=way) for name in WAYS if (way := getattr(stated, name))]
    weights = messages.Listing(tuple(ways))
    yield say("conventions", weights=weights, coverage=stated.min_coverage, leading=model.leading)
    yield say("reads", columns=", ".join(made.columns))
    yield say("cuts")
    yield say("numbers")
    if any(model.missing(leaf) == "error" for leaf in tree.indicators):
        yield say("refused")
    for key in dialect.says:
        yield say(key)
    if made.absent:
        yield say("absent", names=", ".join(made.absent))
    if not model.additive:
        yield say("no_contributions")
    yield say("tested" if dialect.tested else "untested", dialect=dialect.title)
