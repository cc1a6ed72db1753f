"""The fuzzy evaluation in the workbook: the matrices R and the results B of every customer.

R has a row per customer and, for every criterion, the membership of each of its children in each grade;
what is a criterion itself takes its B. With the weighted average B follows the weights by formulas;
where an operator with a minimum or another order of weights is at work, the values stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from evaluator.reports import listings
from evaluator.reports.context import Context
from evaluator.reports.listings import Column, Listing
from evaluator.reports.live import LIVE, Live
from evaluator.reports.live_scales import NEAR
from evaluator.scoring.fuzzy import OPERATORS
from evaluator.scoring.fuzzy_steps import VALIDITIES
from evaluator.scoring.synthesis import excluding
from evaluator.tree import Group

R, B = "fuzzy_r", "fuzzy_b"


@dataclass(frozen=True)
class FuzzySheets:
    """The two tables, and how they came about; `validities` are the words for how far a grade holds."""

    operator: str
    leading: bool
    grades: tuple[str, ...]
    validities: tuple[tuple[str, str], ...]
    r: Listing
    b: Listing


def fuzzy_sheets(live: Live) -> FuzzySheets | None:
    """Return both tables, None where the study makes no fuzzy evaluation."""
    model = live.context.evaluation.model
    if model.fuzzy is None:
        return None
    context = live.context
    tables = _Tables(live)
    return FuzzySheets(
        operator=OPERATORS[model.fuzzy.operator].title[context.language],
        leading=model.leading == "fuzzy",
        grades=tuple(context.grades.values()),
        validities=tuple((word, context.text(f"workbook.fuzzy.validity.{word}")) for word in _WORDS),
        r=tables.r(),
        b=tables.b(),
    )


_WORDS = ("full", *(word for _, word in reversed(VALIDITIES)))


@dataclass(frozen=True)
class _Tables:
    live: Live

    @property
    def context(self) -> Context:
        return self.live.context

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.context.tree.groups

    @property
    def follows(self) -> bool:
        """Whether B follows the weights by formulas."""
        model = self.context.evaluation.model
        return model.fuzzy is not None and model.fuzzy.operator == "weighted_average"

    def r(self) -> Listing:
        """Return the memberships of the children of every criterion."""
        names = list(self.context.grades.values())
        columns = [Column("id", self.context.text("ranking.id"), "id", "customer", "{measures.id@}")]
        values: dict[str, pl.Expr] = {}
        for group in self.groups:
            for number, grade in enumerate(self.context.tree.grades, start=1):
                for child in group.children:
                    key = f"r{number}_{child.id}"
                    heading = self.context.text(
                        "workbook.fuzzy.of_grade", name=self.context.name(child.id), grade=names[number - 1]
                    )
                    formula = f"{{{B}.b{number}_{child.id}@}}" if isinstance(child, Group) else ""
                    columns.append(Column(key, heading, "weight", f"of.{group.id}", formula))
                    values[key] = pl.col(f"membership_{grade.id}@{child.id}")
        return self._listing(columns, values)

    def b(self) -> Listing:
        """Return B of the whole with what is read off it, then of every criterion."""
        context, root = self.context, self.context.tree.root
        columns = [
            *listings.headed("customer", context, id="id", **listings.names(context)),
            *self._composed(root, "result"),
            *self._read(root),
        ]
        for group in self.groups:
            columns += self._composed(group, f"of.{group.id}") if group is not root else ()
        values = {
            f"b{number}_{group.id}": pl.col(f"membership_{grade.id}@{group.id}")
            for group in self.groups
            for number, grade in enumerate(context.tree.grades, start=1)
        }
        words = {word: context.text(f"workbook.fuzzy.validity.{word}") for word in _WORDS}
        values |= {
            "fuzzy_grade": pl.col("fuzzy_grade").replace_strict(dict(context.grades), default=None),
            "validity": pl.col("validity").replace_strict(words, default=None, return_dtype=pl.String),
        }
        return self._listing(columns, values)

    def _composed(self, group: Group, block: str) -> Iterator[Column]:
        first, last = group.children[0].id, group.children[-1].id
        weights = self.live.profiles.weights(group, "{detail.profile_at@}")
        for number, grade in enumerate(self.context.grades.values(), start=1):
            row = f"{{{R}.r{number}_{first}:{R}.r{number}_{last}@}}"
            share = f"SUMPRODUCT({weights}*ISNUMBER({row}))"
            mean = f'IF({share}>0,SUMPRODUCT({weights},{row})/{share},"")'
            leaves = excluding(group, self.context.evaluation.model)
            needed = ",".join(f"ISNUMBER({{{R}.r{number}_{leaf.id}@}})" for leaf in leaves)
            formula = f'IF(AND({needed}),{mean},"")' if needed else mean
            name = self.context.name(group.id)
            heading = (
                grade
                if block == "result"
                else self.context.text("workbook.fuzzy.of_grade", name=name, grade=grade)
            )
            yield Column(f"b{number}_{group.id}", heading, "weight", block, formula)

    def _read(self, root: Group) -> Iterator[Column]:
        """Yield what is read off B: the grade-weighted score, the largest grade, its validity."""
        text, m = self.context.text, len(self.context.tree.grades)
        own = [f"{{@b{number}_{root.id}}}" for number in range(1, m + 1)]
        whole, known = f"{{@b1_{root.id}:b{m}_{root.id}}}", f"ISNUMBER({own[0]})"
        rated = f"AND({known},{{detail.status@}}={{word.rated}})"
        total = "+".join(f"{one}*{{grade.{number}.score}}" for number, one in enumerate(own, start=1))
        yield Column(
            "fuzzy_score", text("workbook.fuzzy.score"), "score strong", "result", f'IF({known},{total},"")'
        )
        largest = f"{{grade.{m}.name}}"
        for number in range(m - 1, 0, -1):
            largest = f"IF({own[number - 1]}>=MAX({whole})-{NEAR},{{grade.{number}.name}},{largest})"
        yield Column(
            "fuzzy_grade",
            text("workbook.fuzzy.largest"),
            "text center",
            "result",
            f'IF({rated},{largest},"")',
        )
        second = f"LARGE({whole},2)"
        alpha = f"(LARGE({whole},1)*{m}-1)/{second}/{2 * (m - 1)}"
        full = f'IF({known},IF({second}>{NEAR},{alpha},""),"")'
        yield Column("alpha", "α", "ratio", "result", full)
        words = "{validity.full}"
        for least, word in VALIDITIES:  # the highest bound is asked first
            words = (
                f"IF({{@alpha}}>={least!r}-{NEAR},{{validity.{word}}},{words})"
                if least
                else f"{{validity.{word}}}"
            )
        told = f'IF({known},IF(ISNUMBER({{@alpha}}),{words},{{validity.full}}),"")'
        yield Column("validity", text("workbook.fuzzy.validity.heading"), "text center", "result", told)
        yield Column("crisp_score", text("workbook.fuzzy.crisp"), "score muted", "result")

    def _listing(self, columns: list[Column], values: dict[str, pl.Expr]) -> Listing:
        results, live = self.context.results, self.live
        told = results.select("id", "name", pl.col("fuzzy_grade").cast(pl.String))
        named = live.steps.join(told, on="id", how="left", maintain_order="left")
        frame = named.with_columns(value.alias(key) for key, value in values.items())
        shown = columns if self.follows else [column.value for column in columns]
        rows = min(LIVE, frame.height) if self.follows else 0
        return Listing(frame.select(column.key for column in shown), tuple(shown), results.height, rows)
