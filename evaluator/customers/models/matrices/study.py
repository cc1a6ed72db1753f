"""Customers on two axes: the matrices with their strategies, size against profit, and the firm's quadrant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path

import polars as pl

from evaluator.columns import decimals_of, exact_sum
from evaluator.customers.declaring import measure_of, model
from evaluator.customers.model_columns import CustomerColumn
from evaluator.customers.models.matrices.options import MatrixChoice, SizeProfitChoice
from evaluator.customers.models.matrices.placing import (
    CustomerMatrix,
    MatrixOptions,
    Placed,
    load_matrix,
    place,
)
from evaluator.customers.models.matrices.quadrant import FirmQuadrant, QuadrantOptions, firm_quadrant
from evaluator.customers.models.matrices.size_profit import SizeProfit, size_profit
from evaluator.customers.orders import Span
from evaluator.customers.sources import Option, Sources
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue
from evaluator.tree.types import FixedCut


@dataclass(frozen=True)
class Placements(Displayed):
    """Customers in matrices, by matrix; `plotted` names the measures on its two axes.

    `frame` has `id` and the class in each matrix, a column per matrix.
    """

    placed: Mapping[str, Placed]
    plotted: Mapping[str, tuple[str, str]]
    frame: pl.DataFrame = field(repr=False)


def _place(sources: Sources, choice: MatrixChoice) -> Placed:
    """Return where customers stand, the measures under the names the matrix has for them."""
    own = Path(choice.matrix).suffix in (".yaml", ".yml")
    matrix = load_matrix(sources.folder / choice.matrix if own else choice.matrix)
    sides = {matrix.x.column: choice.x, matrix.y.column: choice.y}
    if matrix.override and choice.below:
        sides[matrix.override.column] = choice.below
    frame = sources.columns(list(dict.fromkeys(sides.values())))
    named = frame.select("id", *(pl.col(measure).alias(column) for column, measure in sides.items()))
    options = MatrixOptions.model_validate(
        choice.model_dump(include=set(MatrixOptions.model_fields))
        | {"override": choice.override and choice.below is not None}
    )
    return place(named, matrix, options=options)


def _placements(sources: Sources, choices: tuple[MatrixChoice, ...]) -> Placements:
    placed, plotted = {}, {}
    for choice in choices:
        found = _place(sources, choice)
        if found.matrix.id in placed:
            raise EvaluationError([Issue("CUST-931", found.matrix.id)])
        placed[found.matrix.id], plotted[found.matrix.id] = found, (choice.x, choice.y)
    parts = [one.frame.select("id", pl.col("class").alias(name)) for name, one in placed.items()]
    frame = reduce(lambda a, b: a.join(b, on="id", how="full", coalesce=True), parts)
    return Placements(placed, plotted, frame.sort("id"))


def _columns(found: Placements) -> tuple[CustomerColumn, ...]:
    return tuple(
        CustomerColumn(
            f"class_in_{name}",
            {"zh": one.matrix.name.zh, "en": one.matrix.name.en},
            found.frame.select("id", value=name),
            _named(one.matrix).say,
        )
        for name, one in found.placed.items()
    )


@dataclass(frozen=True)
class _Names:
    names: Mapping[str, Mapping[str, str]]

    def say(self, value: str, language: str) -> str:
        return self.names[value][language]


def _named(matrix: CustomerMatrix) -> _Names:
    return _Names({entry.id: {"zh": entry.name.zh, "en": entry.name.en} for entry in matrix.classes})


def _fixed(cuts: Mapping[str, tuple[float, ...]]) -> dict[str, FixedCut]:
    return {f"{side}_cut": FixedCut(kind="fixed", at=at) for side, at in cuts.items()}


def _freeze_price_cost(found: Placements, chosen: MatrixOptions) -> MatrixOptions:
    return chosen.model_copy(update=_fixed(found.placed["price_cost"].cuts))


def _freeze_matrices(found: Placements, chosen: tuple[MatrixChoice, ...]) -> tuple[MatrixChoice, ...]:
    pairs = zip(chosen, found.placed.values(), strict=True)
    return tuple(choice.model_copy(update=_fixed(placed.cuts)) for choice, placed in pairs)


def _freeze_size_profit(found: SizeProfit, chosen: SizeProfitChoice) -> SizeProfitChoice:
    return chosen.model_copy(update=_fixed(found.cuts))


@model(
    "price_cost", zh="实际成交净价—服务成本矩阵", en="Net price and cost to serve",
    reference="Shapiro, Rangan, Moriarty & Ross 1987, Harvard Business Review",
    needs=("orders", "service_costs"), freeze=_freeze_price_cost, columns=_columns,
    option=Option(MatrixOptions, "price_cost"), laws=("relative",),
)  # fmt: skip
def _price_cost(sources: Sources, chosen: MatrixOptions) -> Placements:
    cuts = {name: getattr(chosen, name) for name in MatrixOptions.model_fields}
    choice = MatrixChoice(matrix="price_cost", x="cost_to_serve", y=sources.value, **cuts)
    return _placements(sources, (choice,))


measure_of("price_cost", "price_cost", "price_cost_class", zh="价格—服务成本类别", en="Price and cost class")


@model(
    "matrices", zh="客户矩阵", en="Customer matrices", reference="Stated with each matrix",
    option=Option(tuple[MatrixChoice, ...], "matrices", required=True), freeze=_freeze_matrices,
    columns=_columns, laws=("relative",),
)  # fmt: skip
def _matrices(sources: Sources, chosen: tuple[MatrixChoice, ...]) -> Placements:
    return _placements(sources, chosen)


for _matrix, _zh, _en in (
    ("clv_types", "终身价值类别", "Type by lifetime value"),
    ("conway", "价值—忠诚类别", "Class by value and loyalty"),
    ("current_potential", "当前价值—增值潜力类别", "Class by current value and potential"),
    ("two_sided", "双向价值类别", "Class by two-sided value"),
):
    measure_of("matrices", _matrix, f"{_matrix}_class", zh=_zh, en=_en)


@model(
    "size_profit", zh="客户规模与盈利", en="Size and profitability",
    reference="Usual practice; defined as stated here",
    option=Option(SizeProfitChoice, "size_profit", required=True), freeze=_freeze_size_profit,
    laws=("relative",),
)  # fmt: skip
def _size_profit(sources: Sources, chosen: SizeProfitChoice) -> SizeProfit:
    names = [chosen.size, chosen.profit, *([chosen.capacity] if chosen.capacity else [])]
    frame = sources.columns(names).filter(pl.col(chosen.size) >= 0)  # a net return has no size
    return size_profit(
        frame, size=chosen.size, profit=chosen.profit, capacity=chosen.capacity, options=chosen
    )


for _side, _zh, _en in (
    ("size", "客户规模", "Size of customer"),
    ("margin", "客户利润率高低", "Margin level"),
):
    measure_of(
        "size_profit", f"{_side}_class", f"{_side}_class", zh=_zh, en=_en, classes=f"customers.{_side}_class"
    )


@model(
    "quadrant", zh="企业适合的营销方式", en="Marketing approach that fits the firm",
    reference="Peppers & Rogers 1993; Shannon 1948, doi:10.1002/j.1538-7305.1948.tb01338.x",
    needs=("orders",), option=Option(QuadrantOptions, "quadrant", required=True), laws=("relative",),
)  # fmt: skip
def _quadrant(sources: Sources, chosen: QuadrantOptions) -> FirmQuadrant:
    orders = sources["orders"]
    if "product" not in orders.columns or orders["product"].null_count() == orders.height:
        raise EvaluationError([Issue("CUST-901", "product", {"headers": ", ".join(orders.columns)})])
    values = sources.columns([sources.value])[sources.value].drop_nulls()
    known = values.filter(values >= 0).to_numpy()
    first = Span(sources.as_of, sources.window_months).first
    day = pl.col("date").cast(pl.Date)
    bought = orders.filter((day >= first) & (day < sources.as_of) & pl.col("product").is_not_null())
    amount = pl.col("amount") if "amount" in orders.columns else pl.col("quantity") * pl.col("price")
    lines = bought.select("product", amount.cast(pl.Float64).alias("amount"))
    total = exact_sum(pl.col("amount"), decimals_of(lines, ["amount"]))
    mix = lines.group_by("product", maintain_order=True).agg(total).filter(pl.col("amount") > 0)
    return firm_quadrant(known, mix["amount"].to_numpy(), options=chosen)
