"""The live part of the workbook: measures, the steps of scoring, and the ranking, each as a formula.

Three tables hold it. ``measures`` are values; ``detail`` computes, in the same row, whether each
measure is known, the scores up the tree, coverage, status, grade and classes; ``scores``, the one table of
all customers, fetches its row of ``detail`` by the id, so that it can be sorted and filtered. The cells the
formulas rest on (weights, points of scales, cuts) stand in the sheets of the what-if and of standards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from evaluator.columns import TOLERANCE, enter, to_polars
from evaluator.reports import listings
from evaluator.reports.context import Context
from evaluator.reports.decided_columns import decided_columns, decided_values
from evaluator.reports.listings import Column, Listing
from evaluator.reports.live_outcomes import LiveOutcomes
from evaluator.reports.live_profiles import LiveProfiles
from evaluator.reports.live_rules import LiveRules
from evaluator.reports.live_scales import NEAR, LiveScale, live_scale
from evaluator.scoring.model import Model
from evaluator.scoring.score_steps import scoring_plan
from evaluator.scoring.synthesis import FILLED, excluding
from evaluator.tree import Group, Indicator
from evaluator.tree.names import attributes
from evaluator.tree.types import Bonus

LIVE = 5_000
"""How many customers recompute: more would take a spreadsheet too long after every change."""

_WILD = "*?~"  # what MATCH takes for wildcards


@dataclass(frozen=True)
class Live:
    """The live tables of an evaluation; `works` is False where the formulas would not give its numbers."""

    context: Context

    @property
    def model(self) -> Model:
        """The model whose steps the formulas follow."""
        return self.context.evaluation.model

    @cached_property
    def works(self) -> bool:
        """Whether every score is the weighted mean the formulas compute, with nothing added to the total."""
        root = self.context.tree.root
        if root.id not in self.steps_of or not (self.rules.fit and self._means):
            return False
        total = "unadjusted_score" if self.context.tree.rules else "score"
        pairs = self.context.results.select("id", score=total).join(
            self.steps.select("id", mean=f"score_{root.id}"), on="id", how="left"
        )
        apart = pairs.filter(
            ((pl.col("score") - pl.col("mean")).abs() > TOLERANCE)
            | (pl.col("score").is_null() != pl.col("mean").is_null())
        )
        return apart.is_empty()

    @property
    def _means(self) -> bool:
        """Whether the scores up the tree are weighted means; a product, a minimum or B is none."""
        for group in self.context.tree.groups:
            scores = [(self._weight(child.id), pl.col(f"score_{child.id}")) for child in group.children]
            there = pl.sum_horizontal(weight * score.is_not_null() for weight, score in scores)
            mean = pl.sum_horizontal(weight * score.fill_null(0.0) for weight, score in scores) / there
            apart = (pl.col(f"score_{group.id}") - mean).abs() > TOLERANCE
            if self.steps.select(apart.any()).item():
                return False
        return True

    def _weight(self, node: str) -> pl.Expr:
        model = self.model
        return pl.col(f"weight_{node}") if node in model.varying else pl.lit(model.local[node])

    @property
    def steps_of(self) -> set[str]:
        """The nodes with a score of their own among the steps."""
        return {name.removeprefix("score_") for name in self.steps.columns if name.startswith("score_")}

    @cached_property
    def steps(self) -> pl.DataFrame:
        """Every step of scoring, one row per customer in the order of the ranking."""
        model, measured = self.context.evaluation.model, self.context.evaluation.measured.frame
        steps = to_polars(scoring_plan(model, ("id",)).apply(enter(measured).frame))
        ordered = self.context.results.sort("rank", "id", nulls_last=True).select("id")
        return ordered.head(listings.ROWS).join(steps, on="id", how="left", maintain_order="left")

    @property
    def rows(self) -> int:
        """How many rows of the tables recompute."""
        return min(LIVE, self.steps.height) if self.works else 0

    @property
    def all(self) -> bool:
        """Whether everybody recomputes; no where there is nobody."""
        return 0 < self.rows == self.context.results.height

    @cached_property
    def scales(self) -> dict[str, LiveScale]:
        """The scale of each indicator in cells."""
        return {
            leaf.id: live_scale(leaf, f"measures.measure_{leaf.id}@", self.context)
            for leaf in self.context.tree.indicators
        }

    @cached_property
    def rules(self) -> LiveRules:
        """The rules in cells."""
        return LiveRules(self.context)

    @cached_property
    def outcomes(self) -> LiveOutcomes:
        """What scores come to, in cells."""
        return LiveOutcomes(self.context, self.rules)

    @cached_property
    def profiles(self) -> LiveProfiles:
        """The weight profiles in cells."""
        return LiveProfiles(self.context)

    @cached_property
    def nodes(self) -> tuple[Indicator | Group, ...]:
        """Every node below the root, the children of each criterion side by side."""
        return tuple(child for group in self.context.tree.groups for child in group.children)

    # --- the tables -----------------------------------------------------------------------------

    def measures(self) -> Listing:
        """Return the raw measures, one row per customer in the order of the ranking."""
        context = self.context
        names = listings.names(context)
        columns = (
            *listings.headed("customer", context, id="id", **names),
            *self.profiles.named(),
            *(
                Column(f"measure_{leaf.id}", self._measured(leaf), self._style(leaf), "indicators",
                       node=leaf.id)
                for leaf in context.tree.indicators
            ),
            *(
                Column(f"attribute_{entry.id}", entry.name[context.language],
                       _style(self.steps[f"attribute_{entry.id}"]), "attributes")
                for entry in attributes(context.tree) if f"attribute_{entry.id}" in self.steps.columns
            ),
        )  # fmt: skip
        named = self.steps.join(self._known("name"), on="id", how="left", maintain_order="left")
        return self._evidence(named.with_columns(*self.profiles.words()), columns)

    def detail(self) -> Listing:
        """Return every step from the measures to the classes, in the rows of `measures`."""
        context, tree = self.context, self.context.tree
        columns = (
            Column("id", context.text("ranking.id"), "id", "customer", "{measures.id@}"),
            *self.profiles.rows(),
            *(self._observed(node) for node in self.nodes),
            *(self._scored(node, block) for node, block in self._blocks()),
            *self._totals(),
            *self._coverages("{@observed_%s}"),
            *self._ruled(),
            Column("clamped", context.text("workbook.clamped"), "integer center", "data", self._clamped()),
            Column("status", context.text("data.status"), "text center", "data", self.outcomes.status()),
            Column("reason", context.text("data.reason"), "text", "data", self.outcomes.reason()),
            Column("grade", context.text("ranking.grade"), "text center", "result", self.outcomes.grade()),
            *(
                Column(f"class_{m.id}", listings.class_heading(m, context), "text center", "result",
                       self.outcomes.class_of(m))
                for m in tree.matrices
            ),
            *self.outcomes.near(),
        )  # fmt: skip
        observed = [self._observed_value(leaf) for leaf in tree.indicators]
        held = [_truth(f"holds_{rule.id}") for rule in tree.rules]
        steps = self.steps.with_columns(*observed, *held, *self.profiles.row_numbers())
        frame = self._with_results(steps)
        return self._evidence(frame, columns)

    def scores(self) -> Listing:
        """Return the table of customers: everyone that was scored, the ranked ones first.

        The firm evaluated by itself has no rank.
        """
        context, tree = self.context, self.context.tree
        groups = [group for group in tree.groups if group is not tree.root]
        result = [("score", "ranking.score", "score"), ("grade", "ranking.grade", "text center")]
        columns = (
            Column("rank", context.text("ranking.rank"), "integer center", "customer", _RANK),
            *listings.headed("customer", context, id="id", **listings.names(context)),
            *(self._fetched(key, context.text(heading), style, "result") for key, heading, style in result),
            *(
                self._fetched(f"class_{m.id}", listings.class_heading(m, context), "text center", "result")
                for m in tree.matrices
            ),
            *decided_columns(context),
            *self._coverages("INDEX({detail.%s},{@place})", fetched=True),
            *(self._fetched(f"score_{g.id}", context.name(g.id), "score", "groups") for g in groups),
            self._fetched("clamped", context.text("workbook.clamped"), "integer center", "data"),
            self._fetched("status", context.text("data.status"), "text center", "data"),
            self._fetched("reason", context.text("data.reason"), "text", "data"),
            *self.outcomes.near("INDEX({detail.%s},{@place})"),
            *self._also(),
            *self._ruled("INDEX({detail.%s},{@place})"),
            Column("rank_before", context.text("workbook.rank_before"), "integer center muted", "live"),
            Column("place", context.text("workbook.place_in_data"), "integer center muted", "live",
                   "" if self._ambiguous else "MATCH({@id},{detail.id},0)"),
            Column("counted", context.text("workbook.counted"), "score muted", "live",
                   "IF({@status}={word.rated},{@score},\"\")"),
        )  # fmt: skip
        frame = self._with_results(self.steps).join(
            self._known("name", "rank"), on="id", how="left", maintain_order="left"
        )
        frame = frame.join(decided_values(context), on="id", how="left", maintain_order="left")
        columns = tuple(one for one in columns if not (context.alone and one.key in ("rank", "rank_before")))
        frame = frame.with_columns(
            place=pl.int_range(1, pl.len() + 1),
            rank_before="rank",
            counted=pl.when(pl.col("rank").is_not_null()).then("score"),
            ranked=pl.when(pl.col("rank").is_null()).then(pl.lit("unranked")).otherwise(pl.lit("ranked")),
        )
        return self._listing(frame, columns, "ranked")

    # --- single formulas --------------------------------------------------------------------------

    def _measured(self, leaf: Indicator) -> str:
        name = leaf.name[self.context.language]
        unit = "" if self._is_share(leaf) else self.context.unit(leaf)
        return self.context.text("workbook.with_unit", name=name, unit=unit) if unit else name

    def _is_share(self, leaf: Indicator) -> bool:
        return self.context.reader.kind(leaf.measure) == "share"

    def _style(self, leaf: Indicator) -> str:
        values = self.steps[f"measure_{leaf.id}"]
        return "percent" if self._is_share(leaf) and values.dtype.is_numeric() else _style(values)

    def _blocks(self) -> Iterator[tuple[Indicator | Group, str]]:
        for group in self.context.tree.groups:
            for child in group.children:
                yield child, group.id

    def _observed(self, node: Indicator | Group) -> Column:
        name = self.context.name(node.id)
        formula = self._product(node) if isinstance(node, Group) else self.scales[node.id].known
        return Column(f"observed_{node.id}", name, "percent muted", "observed", formula)

    def _scored(self, node: Indicator | Group, block: str) -> Column:
        if isinstance(node, Group):
            formula, style = self._synthesis(node), "score strong"
        else:
            filled = {"neutral": "({score.least}+{score.most})/2", "worst": "{score.least}"}
            otherwise = filled.get(self.model.missing(node), '""')
            formula = f"IF({{@observed_{node.id}}}=1,{self.scales[node.id].score},{otherwise})"
            style = "score"
        return Column(f"score_{node.id}", self.context.name(node.id), style, f"of.{block}", formula, node.id)

    def _synthesis(self, group: Group) -> str:
        first, last = group.children[0].id, group.children[-1].id
        scores = f"{{@score_{first}:score_{last}}}"
        weights = self.profiles.weights(group)
        share = f"SUMPRODUCT({weights}*ISNUMBER({scores}))"
        mean = f'IF({share}>0,SUMPRODUCT({weights},{scores})/{share},"")'
        needed = ",".join(f"ISNUMBER({{@score_{leaf.id}}})" for leaf in excluding(group, self.model))
        return f'IF(AND({needed}),{mean},"")' if needed else mean

    def _product(self, group: Group) -> str:
        first, last = group.children[0].id, group.children[-1].id
        return f"SUMPRODUCT({self.profiles.weights(group)},{{@observed_{first}:observed_{last}}})"

    def _coverages(self, where: str, *, fetched: bool = False) -> Iterator[Column]:
        tree, context = self.context.tree, self.context
        total = where % "coverage" if fetched else self._product(tree.root)
        yield Column("coverage", context.text("ranking.coverage"), "percent", "data", total)
        for axis, group in tree.axes.items():
            formula = where % (f"coverage_{axis}" if fetched else group.id)
            if group is tree.root and not fetched:
                formula = total
            yield Column(f"coverage_{axis}", listings.covered(axis, context), "percent", "data", formula)

    def _totals(self) -> Iterator[Column]:
        """Yield the score, where there are rules after that which they start from."""
        context, whole = self.context, self._synthesis(self.context.tree.root)
        if context.tree.rules:
            before = context.text("rules.before")
            yield Column("unadjusted_score", before, "score", "result", whole)
            whole = self.rules.score()
        yield Column("score", context.text("ranking.score"), "score strong", "result", whole)

    def _also(self) -> Iterator[Column]:
        """Yield, of the ranking, the profile of each customer and the score before the rules."""
        if self.context.evaluation.model.profiles:
            yield Column("profile", self.context.text("profiles.name"), "text center", "data")
        if self.context.tree.rules:
            yield self._fetched("unadjusted_score", self.context.text("rules.before"), "score", "rules")

    def _ruled(self, where: str = "") -> Iterator[Column]:
        """Yield what happened to each rule, with the points of those that count."""
        for rule in self.context.tree.rules:
            name = rule.name[self.context.language]
            if isinstance(rule, Bonus) and rule.per is not None and not where:
                counted = self.context.text("rules.counted", name=name)
                yield Column(f"points_{rule.id}", counted, "score muted", "rules", self.rules.points(rule))
            if not where:
                held = self.context.text("rules.held", name=name)
                yield Column(f"holds_{rule.id}", held, "ratio muted", "rules", self.rules.held(rule))
            formula = where % f"rule_{rule.id}" if where else self.rules.outcome(rule)
            yield Column(f"rule_{rule.id}", name, "text center", "rules", formula)

    def _clamped(self) -> str:
        first, last = self.context.tree.indicators[0].id, self.context.tree.indicators[-1].id
        row = f"{{measures.measure_{first}:measures.measure_{last}@}}"
        low, high = (f"{{{end}.{first}:{end}.{last}}}" for end in ("low", "high"))
        return f"SUMPRODUCT(ISNUMBER({row})*ISNUMBER({low})*(({row}<{low})+({row}>{high})))"

    def _fetched(self, key: str, heading: str, style: str, block: str) -> Column:
        return Column(key, heading, style, block, f"INDEX({{detail.{key}}},{{@place}})")

    # --- values -------------------------------------------------------------------------------------

    @property
    def _ambiguous(self) -> bool:
        """Whether MATCH could take one id for another: it ignores case and knows wildcards."""
        ids = self.steps["id"]
        wild = ids.str.contains_any(list(_WILD)).any()
        return bool(wild) or ids.str.to_lowercase().n_unique() < ids.len()

    def _observed_value(self, leaf: Indicator) -> pl.Expr:
        if self.model.missing(leaf) in FILLED:
            return pl.col(f"observed_{leaf.id}")
        return pl.col(f"score_{leaf.id}").is_not_null().cast(pl.Float64).alias(f"observed_{leaf.id}")

    def _known(self, *columns: str) -> pl.DataFrame:
        return self.context.results.select("id", *columns)

    def _with_results(self, steps: pl.DataFrame) -> pl.DataFrame:
        """Return the steps with everything from the total on as the results have it, in words."""
        results = listings.worded(self.context.results, self.context)
        told = [
            name
            for name in results.columns
            if name in ("score", "clamped", "status", "reason", "grade", "unadjusted_score", "profile")
            or name.startswith(("coverage", "class_", "rule_", "borderline_"))
        ]
        bare = steps.select(pl.all().exclude(told))
        return bare.join(results.select("id", *told), on="id", how="left", maintain_order="left")

    def _evidence(self, frame: pl.DataFrame, columns: tuple[Column, ...]) -> Listing:
        """Return what scores rest on, of as many customers as recompute; of the rest files have it."""
        return self._listing(frame.head(LIVE), columns)

    def _listing(self, frame: pl.DataFrame, columns: tuple[Column, ...], *also: str) -> Listing:
        shown = columns if self.works else tuple(column.value for column in columns if column.block != "live")
        kept = frame.select(*also, *dict.fromkeys(column.key for column in shown))
        return Listing(kept, shown, self.context.results.height, self.rows)


_RANK = 'IF({@status}={word.rated},COUNTIF({scores.counted},">"&({@score}+' + NEAR + '))+1,"")'


def _truth(column: str) -> pl.Expr:
    """Return a condition as its formula has it: 1, 0, or one half where it is unknown."""
    return pl.col(column).cast(pl.Float64).fill_null(0.5).alias(column)


def _style(measures: pl.Series) -> str:
    """Return the style that shows raw measures: whole, with two decimals, or with four where small."""
    if not measures.dtype.is_numeric():
        return "text"
    known = measures.drop_nulls().cast(pl.Float64)
    if (known == known.round()).all():
        return "integer"
    return "money" if 2 * (known.abs() >= 1).sum() >= len(known) else "weight"
