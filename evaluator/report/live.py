"""The live part of the workbook: measures, the steps of scoring, and the ranking, each as a formula.

Three tables hold it. ``measures`` are values; ``detail`` computes, in the same row, whether each
measure is known, the scores up the tree, coverage, status, grade and classes; ``scores`` fetches its
row of ``detail`` by the id, so that it can be sorted and filtered. The cells the formulas rest on
(weights, points of scales, cuts) stand in the sheets of weights and of standards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from evaluator.columns import TOLERANCE, enter, to_polars
from evaluator.report import listings
from evaluator.report.context import Context
from evaluator.report.listings import Column, Listing
from evaluator.report.live_scales import NEAR, LiveScale, live_scale
from evaluator.scoring.score import scoring_plan
from evaluator.scoring.synthesis import FILLED, excluding
from evaluator.tree import Group, Indicator, Matrix

LIVE = 5_000
"""How many customers recompute: more would take a spreadsheet too long after every change."""

_WILD = "*?~"  # what MATCH takes for wildcards


@dataclass(frozen=True)
class Live:
    """The live tables of an evaluation; `works` is False where the formulas would not give its numbers."""

    context: Context

    @cached_property
    def works(self) -> bool:
        """Whether every total is the weighted mean the formulas compute, with nothing added to it."""
        root = self.context.tree.root
        if root.id not in self.steps_of or getattr(self.context.tree, "rules", None):
            return False
        pairs = self.context.results.select("id", "score").join(
            self.steps.select("id", mean=f"score_{root.id}"), on="id", how="left"
        )
        apart = pairs.filter(
            ((pl.col("score") - pl.col("mean")).abs() > TOLERANCE)
            | (pl.col("score").is_null() != pl.col("mean").is_null())
        )
        return apart.is_empty()

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
        """Whether everybody recomputes."""
        return self.rows == self.context.results.height

    @cached_property
    def scales(self) -> dict[str, LiveScale]:
        """The scale of each indicator in cells."""
        return {
            leaf.id: live_scale(leaf, f"measures.measure_{leaf.id}@", self.context)
            for leaf in self.context.tree.indicators
        }

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
            *(
                Column(f"measure_{leaf.id}", self._measured(leaf), _style(self.steps[f"measure_{leaf.id}"]),
                       "indicators", node=leaf.id)
                for leaf in context.tree.indicators
            ),
        )  # fmt: skip
        named = self.steps.join(self._known("name"), on="id", how="left", maintain_order="left")
        return self._listing(named, columns)

    def detail(self) -> Listing:
        """Return every step from the measures to the classes, in the rows of `measures`."""
        context, tree = self.context, self.context.tree
        columns = (
            Column("id", context.text("ranking.id"), "id", "customer", "{measures.id@}"),
            *(self._observed(node) for node in self.nodes),
            *(self._scored(node, block) for node, block in self._blocks()),
            Column(
                "score", context.text("ranking.score"), "score strong", "result", self._synthesis(tree.root)
            ),
            *self._coverages("{@observed_%s}"),
            Column("clamped", context.text("workbook.clamped"), "integer center", "data", self._clamped()),
            Column("status", context.text("data.status"), "text center", "data", self._status()),
            Column("reason", context.text("data.reason"), "text", "data", self._reason()),
            Column("grade", context.text("ranking.grade"), "text center", "result", self._grade()),
            *(
                Column(f"class_{m.id}", listings.class_heading(m, context), "text center", "result",
                       self._class(m))
                for m in tree.matrices
            ),
        )  # fmt: skip
        observed = [self._observed_value(leaf) for leaf in tree.indicators]
        frame = self._with_results(self.steps.with_columns(observed))
        return self._listing(frame, columns)

    def scores(self) -> Listing:
        """Return the ranking: everyone that was scored, the ranked ones first."""
        context, tree = self.context, self.context.tree
        groups = [group for group in tree.groups if group is not tree.root]
        result = [("score", "ranking.score", "score strong"), ("grade", "ranking.grade", "text center")]
        columns = (
            Column("rank", context.text("ranking.rank"), "integer center", "customer", _RANK),
            *listings.headed("customer", context, id="id", **listings.names(context)),
            *(self._fetched(key, context.text(heading), style, "result") for key, heading, style in result),
            *(
                self._fetched(f"class_{m.id}", listings.class_heading(m, context), "text center", "result")
                for m in tree.matrices
            ),
            *(self._fetched(f"score_{g.id}", context.name(g.id), "score", "groups") for g in groups),
            *self._coverages("INDEX({detail.%s},{@place})", fetched=True),
            self._fetched("clamped", context.text("workbook.clamped"), "integer center", "data"),
            self._fetched("status", context.text("data.status"), "text center", "data"),
            self._fetched("reason", context.text("data.reason"), "text", "data"),
            Column("rank_before", context.text("workbook.rank_before"), "integer center muted", "live"),
            Column("place", context.text("workbook.place_in_data"), "integer center muted", "live",
                   "" if self._ambiguous else "MATCH({@id},{detail.id},0)"),
            Column("counted", context.text("workbook.counted"), "score muted", "live",
                   "IF({@status}={word.rated},{@score},\"\")"),
        )  # fmt: skip
        frame = self._with_results(self.steps).join(
            self._known("name", "rank"), on="id", how="left", maintain_order="left"
        )
        frame = frame.with_columns(
            rank_before="rank",
            place=pl.int_range(1, pl.len() + 1),
            counted=pl.when(pl.col("rank").is_not_null()).then("score"),
            ranked=pl.when(pl.col("rank").is_null()).then(pl.lit("unranked")).otherwise(pl.lit("ranked")),
        )
        return self._listing(frame, columns, "ranked")

    # --- single formulas --------------------------------------------------------------------------

    def _measured(self, leaf: Indicator) -> str:
        name = leaf.name[self.context.language]
        unit = leaf.unit[self.context.language] if leaf.unit else ""
        return self.context.text("workbook.with_unit", name=name, unit=unit) if unit else name

    def _blocks(self) -> Iterator[tuple[Indicator | Group, str]]:
        for group in self.context.tree.groups:
            for child in group.children:
                yield child, group.id

    def _observed(self, node: Indicator | Group) -> Column:
        name = self.context.name(node.id)
        formula = (
            _product(node, "{@observed_%s:observed_%s}")
            if isinstance(node, Group)
            else self.scales[node.id].known
        )
        return Column(f"observed_{node.id}", name, "percent muted", "observed", formula)

    def _scored(self, node: Indicator | Group, block: str) -> Column:
        if isinstance(node, Group):
            formula, style = self._synthesis(node), "score strong"
        else:
            filled = {"neutral": "({score.least}+{score.most})/2", "worst": "{score.least}"}
            otherwise = filled.get(node.missing, '""')
            formula = f"IF({{@observed_{node.id}}}=1,{self.scales[node.id].score},{otherwise})"
            style = "score"
        return Column(f"score_{node.id}", self.context.name(node.id), style, f"of.{block}", formula, node.id)

    def _synthesis(self, group: Group) -> str:
        first, last = group.children[0].id, group.children[-1].id
        scores = f"{{@score_{first}:score_{last}}}"
        share = f"SUMPRODUCT({{w.{first}:w.{last}}}*ISNUMBER({scores}))"
        mean = f'IF({share}>0,SUMPRODUCT({{w.{first}:w.{last}}},{scores})/{share},"")'
        needed = ",".join(f"ISNUMBER({{@score_{leaf.id}}})" for leaf in excluding(group))
        return f'IF(AND({needed}),{mean},"")' if needed else mean

    def _coverages(self, where: str, *, fetched: bool = False) -> Iterator[Column]:
        tree, context = self.context.tree, self.context
        total = where % "coverage" if fetched else _product(tree.root, "{@observed_%s:observed_%s}")
        yield Column("coverage", context.text("ranking.coverage"), "percent", "data", total)
        for axis, group in tree.axes.items():
            formula = where % (f"coverage_{axis}" if fetched else group.id)
            if group is tree.root and not fetched:
                formula = total
            yield Column(f"coverage_{axis}", listings.covered(axis, context), "percent", "data", formula)

    def _clamped(self) -> str:
        first, last = self.context.tree.indicators[0].id, self.context.tree.indicators[-1].id
        row = f"{{measures.measure_{first}:measures.measure_{last}@}}"
        low, high = (f"{{{end}.{first}:{end}.{last}}}" for end in ("low", "high"))
        return f"SUMPRODUCT(ISNUMBER({row})*ISNUMBER({low})*(({row}<{low})+({row}>{high})))"

    def _lacking(self) -> Iterator[tuple[str, str, str]]:
        """Yield why somebody is not rated, the first reason first: status, node, and its condition."""
        tree = self.context.tree
        for leaf in excluding(tree.root):
            yield "excluded", leaf.id, f"NOT(ISNUMBER({{@score_{leaf.id}}}))"
        for axis, group in tree.axes.items():
            yield "insufficient", group.id, f"{{@coverage_{axis}}}<{{coverage.least}}-{NEAR}"
        thin = f"{{@coverage}}<{{coverage.least}}-{NEAR}"
        yield "insufficient", tree.root.id, f"OR({thin},NOT(ISNUMBER({{@score}})))"

    @cached_property
    def reasons(self) -> tuple[tuple[str, str, str], ...]:
        """Every reason for not being rated: status, node, and the sentence a reader sees."""
        found = []
        for status, node, _ in self._lacking():
            key = "data.lacking" if status == "excluded" else "data.too_little"
            found.append((status, node, self.context.text(key, name=self.context.name(node))))
        return tuple(dict.fromkeys(found))

    def _status(self) -> str:
        formula = "{word.rated}"
        for status, _, condition in reversed(tuple(self._lacking())):
            formula = f"IF({condition},{{word.{status}}},{formula})"
        return formula

    def _reason(self) -> str:
        formula = '""'
        for status, node, condition in reversed(tuple(self._lacking())):
            formula = f"IF({condition},{{why.{status}.{node}}},{formula})"
        return formula

    def _grade(self) -> str:
        count = len(self.context.tree.grades)
        reached = f"SUMPRODUCT(({{grade.1.from:grade.{count}.from}}-{NEAR}<={{@score}})*1)"
        named = f'IF({reached}=0,"",INDEX({{grade.1.name:grade.{count}.name}},{count + 1}-{reached}))'
        return f'IF({{@status}}={{word.rated}},{named},"")'

    def _class(self, matrix: Matrix) -> str:
        key, tree = matrix.id, self.context.tree
        reached = {}
        for side, axis in (("x", matrix.x), ("y", matrix.y)):
            group = tree.axes[axis.axis]
            score = "{@score}" if group is tree.root else f"{{@score_{group.id}}}"
            cuts = f"{{cut.{key}.{side}.1:cut.{key}.{side}.{len(axis.levels) - 1}}}"
            reached[side] = (score, f"SUMPRODUCT(({cuts}-{NEAR}<={score})*1)")
        rows, columns = len(matrix.y.levels), len(matrix.x.levels)
        grid = f"{{cell.{key}.1.1:cell.{key}.{rows}.{columns}}}"
        known = f"AND({{@status}}={{word.rated}},ISNUMBER({reached['x'][0]}),ISNUMBER({reached['y'][0]}))"
        return f'IF({known},INDEX({grid},{rows}-{reached["y"][1]},1+{reached["x"][1]}),"")'

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
        if leaf.missing in FILLED:
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
            if name in ("score", "clamped", "status", "reason", "grade")
            or name.startswith(("coverage", "class_"))
        ]
        bare = steps.select(pl.all().exclude(told))
        return bare.join(results.select("id", *told), on="id", how="left", maintain_order="left")

    def _listing(self, frame: pl.DataFrame, columns: tuple[Column, ...], *also: str) -> Listing:
        shown = columns if self.works else tuple(column.value for column in columns if column.block != "live")
        kept = frame.select(*also, *dict.fromkeys(column.key for column in shown))
        return Listing(kept, shown, self.context.results.height, self.rows)


_RANK = 'IF({@status}={word.rated},COUNTIF({scores.counted},">"&({@score}+' + NEAR + '))+1,"")'


def _style(measures: pl.Series) -> str:
    """Return the style that shows raw measures: whole, with two decimals, or with four where small."""
    if not measures.dtype.is_numeric():
        return "text"
    known = measures.drop_nulls().cast(pl.Float64)
    if (known == known.round()).all():
        return "integer"
    return "money" if 2 * (known.abs() >= 1).sum() >= len(known) else "weight"


def _product(group: Group, cells: str) -> str:
    first, last = group.children[0].id, group.children[-1].id
    return f"SUMPRODUCT({{w.{first}:w.{last}}},{cells % (first, last)})"
