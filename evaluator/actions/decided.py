"""What an evaluation comes to: every customer's flags and action, in the order of work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import polars as pl

from evaluator import messages
from evaluator.actions.choosing import NONE_STATED, Candidates, candidates, first_that_applies
from evaluator.actions.flags import names_in, raise_flags
from evaluator.actions.limits import Floor, Limits
from evaluator.actions.options import PlanOptions
from evaluator.actions.order import Order, in_order, order_of
from evaluator.actions.planning import Plan, plan
from evaluator.actions.stopped import NOT_PLANNED, who_is_stopped
from evaluator.actions.words import actions_of, class_column, deciding_classes, flags_of
from evaluator.displayed import Displayed
from evaluator.errors import Issue, Severity
from evaluator.messages import Named
from evaluator.tree import Tree
from evaluator.tree.decisions import Action, Flag

MONEY = ("gain", "cost", "net", "stake")
SENTENCE = {"zh": "。", "en": ". "}
COMMA = {"zh": "、", "en": ", "}


@dataclass(frozen=True)
class Decisions(Displayed):
    """Every rated customer's flags and action.

    Attributes
    ----------
    customers : a row per customer and action given, by when it is due, then as `orders` says: ``id``,
        ``name`` and ``owner`` where known, ``class`` and ``class_name``, ``action`` (or ``none_stated``,
        ``not_planned``) and ``action_name``, ``do``, ``reason``, ``flags``, ``gain``, ``cost``,
        ``net`` (their difference, null where no gain is known; a cost that an action does not state is null
        and counts as 0), ``stake`` (the value at stake), ``due``, and with a plan
        ``stopped``: the limit that keeps the customer from an action, as in `who_is_stopped`.
    counts : by flag how many customers carry it, and of how many it is unknown.
    candidates : the pairs of customers and actions that apply, with what is not known of them.
    frame : what flags and actions were read from, a row per rated customer.
    limits : what a plan must keep to, where the study states one; `plan` is the best under them.
    issues : what must be said beside it; `absent` names what flags and actions speak of and nobody has.
    orders : by what the customers of each action stand.
    everybody : what flags and actions read of every customer, also of those not rated, who might be with
        other weights.
    """

    decides: str
    flags: tuple[Flag, ...]
    actions: tuple[Action, ...]
    customers: pl.DataFrame
    counts: Mapping[str, tuple[int, int]]
    candidates: Candidates
    frame: pl.DataFrame = field(repr=False)
    options: PlanOptions | None = None
    limits: Limits | None = None
    plan: Plan | None = None
    issues: tuple[Issue, ...] = ()
    absent: tuple[Issue, ...] = ()
    language: str = field(default="en", repr=False)
    orders: Mapping[str, Order] = field(default_factory=dict, repr=False)
    everybody: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame({"id": pl.Series([], dtype=pl.String)}), repr=False
    )

    def given(self) -> dict[str, int]:
        """Return how many customers are given each action, in the order of the actions."""
        there = dict(self.customers["action"].value_counts().iter_rows())
        order = [*(action.id for action in self.actions), NOT_PLANNED, NONE_STATED]
        return {name: there[name] for name in order if name in there}

    def late(self, day: date) -> int:
        """Return how many customers are given an action whose due date lies before a day."""
        if "due" not in self.customers.columns:
            return 0
        return self.customers.filter(pl.col("due") < day)["id"].n_unique()

    def turns(self) -> pl.DataFrame:
        """Return the place of each customer among those of an action: ``id``, ``action``, ``turn``."""
        worked = self.customers.filter(~pl.col("action").is_in([NONE_STATED, NOT_PLANNED]))
        return worked.select("id", "action", turn=pl.int_range(1, pl.len() + 1).over("action"))


def decide(
    frame: pl.DataFrame, tree: Tree, *, day: date, language: str = "en",
    options: PlanOptions | None = None, planned: bool = True,
) -> Decisions:  # fmt: skip
    """Return the decisions on rated customers.

    Parameters
    ----------
    frame : one row per customer: `id`, measures, results, attributes.
    day : the day from which actions are due.
    planned : whether the plan is made here; of several trees one plan is made for all together.

    Raises
    ------
    EvaluationError
        As `raise_flags`, `candidates` and `plan`.
    """
    flags, actions = flags_of(tree), actions_of(tree)
    flagged = raise_flags(frame, flags)
    wanted = options or PlanOptions()
    keep = [floor.by for floor in wanted.floors if floor.by in frame.columns]
    found = candidates(flagged.frame, actions, horizon=wanted.years, value=wanted.value, keep=keep)
    somebodys = set(found.rows["action"].unique())
    offered = [action for action in actions if action.id in somebodys]
    limits = limits_of(wanted, offered, flagged.frame) if options else None
    made = plan(found.rows, limits) if limits and planned else None
    chosen = _chosen(found, frame, made)
    texts = _texts(flagged.frame, tree, flags, actions, language)
    listed = _listed(chosen, texts, actions, day, language)
    orders = _orders(listed, found, actions, flags, flagged.frame)
    listed = in_order(listed, orders, flagged.frame)
    return Decisions(
        tree.deciding, flags, actions, listed, flagged.counts(), found, frame, options, limits, made,
        _issues(found, actions, options), (*flagged.issues, *found.issues), language,
        orders,
    )  # fmt: skip


def said_in(found: Decisions, tree: Tree, language: str) -> Decisions:
    """Return decisions with the names of classes, flags and actions, and the reasons, in a language."""
    if language == found.language:
        return found
    flagged = raise_flags(found.frame, found.flags).frame
    texts = _texts(flagged, tree, found.flags, found.actions, language)
    texts = texts.drop("name", "owner", "class", strict=False)
    bare = found.customers.drop("class_name", "flags", "reason", "action_name", "do", strict=False)
    rows = bare.join(texts, on="id", how="left", maintain_order="left")
    rows = rows.with_columns(_in_words(found.actions, language))
    return replace(found, customers=rows.select(found.customers.columns), language=language)


def limits_of(options: PlanOptions, actions: Sequence[Action], frame: pl.DataFrame) -> Limits:
    """Return what a plan must keep to; a condition of `must_not` is looked at for every customer."""
    must, must_not = options.must, options.must_not
    if isinstance(must_not, str):
        kept_out = Flag.model_construct(id="must_not", when=must_not)
        barred = raise_flags(frame, [kept_out]).frame.filter("flag_must_not")["id"].to_list()
    else:
        barred = list(must_not)
    return Limits(
        budget=options.budget,
        capacities={action.id: action.at_most for action in actions if action.at_most is not None},
        at_least=tuple(Floor(floor.by, floor.customers) for floor in options.floors),
        must=frozenset() if isinstance(must, dict) else frozenset(must),
        must_give=must if isinstance(must, dict) else {},
        must_not=frozenset(barred),
        together=options.together,
    )


def _chosen(found: Candidates, frame: pl.DataFrame, made: Plan | None) -> pl.DataFrame:
    """Return a customer's action: as planned, with the plan's own money, else the first that applies."""
    ids = frame["id"].cast(pl.String).to_list()
    if made is None:
        return first_that_applies(found, ids)
    money = made.rows.select("id", "action", "gain", "cost")
    planned = found.rows.drop("gain", "cost").join(money, on=["id", "action"], how="inner")
    stopped = who_is_stopped(found.rows, made)
    everybody = pl.DataFrame({"id": pl.Series(ids, dtype=pl.String)})
    rest = everybody.join(planned, on="id", how="anti").join(stopped, on="id", how="left")
    action = pl.when(pl.col("stopped").is_null()).then(pl.lit(NONE_STATED)).otherwise(pl.lit(NOT_PLANNED))
    return pl.concat([planned, rest.with_columns(action=action)], how="diagonal")


def _texts(
    frame: pl.DataFrame, tree: Tree, flags: Sequence[Flag], actions: Sequence[Action], language: str
) -> pl.DataFrame:
    """Return by customer the class, the flags, and the reason for each action, in words."""
    column = class_column(tree)
    names = {name: title[language] for name, title in deciding_classes(tree).items()}
    of_class = pl.col(column).replace_strict(names, default=None, return_dtype=pl.String)
    hits = [pl.when(f"flag_{flag.id}").then(pl.lit(flag.name[language])) for flag in flags]
    said = {flag.id: pl.when(f"flag_{flag.id}").then(pl.lit(flag.says[language])) for flag in flags}
    reasons = []
    for action in actions:
        spoken = [said[name[5:]] for name in sorted(names_in(action.when or "")) if name[5:] in said]
        spoken += [said[flag.id] for flag in risks_besides(action, flags)]
        sentence = pl.concat_str([of_class + SENTENCE[language].rstrip(), *spoken],
                                 separator=messages.text("between", language), ignore_nulls=True)  # fmt: skip
        reasons.append(sentence.alias(f"reason_{action.id}"))
    carried = pl.concat_str(hits, separator=COMMA[language], ignore_nulls=True) if hits else pl.lit("")
    who = [name for name in ("name", "owner") if name in frame.columns]
    return frame.select(pl.col("id").cast(pl.String), *who, pl.col(column).alias("class"),
                        of_class.alias("class_name"), carried.alias("flags"), *reasons)  # fmt: skip


def risks_besides(action: Action, flags: Sequence[Flag]) -> list[Flag]:
    """Return the risks that an action's condition does not speak of: who carries one is no routine."""
    spoken = names_in(action.when or "")
    return [flag for flag in flags if flag.level == "risk" and f"flag_{flag.id}" not in spoken]


def _listed(
    chosen: pl.DataFrame, texts: pl.DataFrame, actions: Sequence[Action], day: date, language: str
) -> pl.DataFrame:
    rows = chosen.join(texts, on="id", how="left", maintain_order="left")
    due = {a.id: day + timedelta(days=a.within_days) for a in actions if a.within_days}
    money = [name for name in MONEY if name in rows.columns]
    free = [action.id for action in actions if "cost" not in action.model_fields_set]
    rows = rows.with_columns(
        *_in_words(actions, language),
        *([pl.when(~pl.col("action").is_in(free)).then("cost").alias("cost")] if "cost" in money else []),
        pl.col("action").replace_strict(due, default=None, return_dtype=pl.Date).alias("due"),
        *([(pl.col("gain") - pl.col("cost")).alias("net")] if {"gain", "cost"} <= set(money) else []),
    )
    order = ("id", "name", "owner", "class", "class_name", "action", "action_name", "do", "reason",
             "flags", *MONEY, "due", "stopped")  # fmt: skip
    return rows.select(name for name in order if name in rows.columns)


def _in_words(actions: Sequence[Action], language: str) -> list[pl.Expr]:
    """Return the columns that say the action of a row, what is done, and why, of the reasons by action."""
    words = {
        "action_name": {action.id: action.name[language] for action in actions},
        "do": {action.id: action.do[language] for action in actions},
    }
    reasons = (pl.when(pl.col("action") == one.id).then(pl.col(f"reason_{one.id}")) for one in actions)
    said = [pl.col("action").replace_strict(of, default=None, return_dtype=pl.String).alias(name)
            for name, of in words.items()]  # fmt: skip
    return [*said, pl.coalesce(*reasons, pl.lit(None, pl.String)).alias("reason")]


def _orders(
    listed: pl.DataFrame, found: Candidates, actions: Sequence[Action], flags: Sequence[Flag],
    frame: pl.DataFrame,
) -> dict[str, Order]:  # fmt: skip
    """Return by what the customers of each action that is given stand."""
    gaining = set(listed.filter(pl.col("net").is_not_null())["action"]) if "net" in listed.columns else set()
    given = set(listed["action"])
    return {
        action.id: order_of(action, flags, frame, gains=action.id in gaining, stake_by=found.stake_by)
        for action in actions
        if action.id in given
    }


def _issues(found: Candidates, actions: Sequence[Action], options: PlanOptions | None) -> tuple[Issue, ...]:
    named = {action.id: Named(action.id, action.name) for action in actions}
    issues = [
        Issue("ACTION-120", named[name], {"count": count}, severity=Severity.WARNING)
        for name, count in found.no_gain.items()
        if count
    ]
    if options and options.budget == 0:
        issues.append(Issue("ACTION-121", "plan", severity=Severity.WARNING))
    if options:
        issues += [
            Issue("ACTION-122", named[action.id], severity=Severity.WARNING)
            for action in actions
            if action.gain is None
        ]
    return tuple(issues)
