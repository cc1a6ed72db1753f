"""What a study states about matrices, size and profit, and the baseline."""

from __future__ import annotations

from evaluator.customers.models.matrices.placing import MatrixOptions
from evaluator.customers.models.matrices.size_profit import SizeProfitOptions
from evaluator.documents import Format
from evaluator.tree.types import Cut


class MatrixChoice(MatrixOptions):
    """A matrix of customers: which one (an id that ships, or a file), and the measures it plots.

    `below` is the measure that the matrix's override looks at; without it nobody is overridden.
    """

    matrix: str
    x: str
    y: str
    below: str | None = None


class SizeProfitChoice(SizeProfitOptions):
    """Size and profit by measure, and the measure of the capacity customers take up, if any."""

    size: str = "net_amount"
    profit: str = "gross_profit"
    capacity: str | None = None


class BaselineOptions(Format):
    """Where high-end customers begin when return less cost alone decides."""

    cut: Cut
    revenue: str = "net_amount"
    cost: str = "cost_to_serve"
