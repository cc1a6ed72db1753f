"""The choices behind lifetime values from orders, and the parameters a model keeps once it was fitted."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from evaluator.customers.clv.buying import Unit
from evaluator.documents import Day, Format

Parameter = Annotated[float, Field(gt=0)]
Rate = Annotated[float, Field(gt=-1)]


class FittedParameters(Format):
    """Parameters fitted to customers of an earlier period; a later one is judged by them.

    `customers` were counted, of whom `repeaters` bought again; `buying` and `spend` by name.
    """

    buying: dict[str, Parameter]
    spend: dict[str, Parameter]
    customers: Annotated[int, Field(ge=0)]
    repeaters: Annotated[int, Field(ge=0)]
    as_of: Day


class LifetimeOptions(Format):
    """Lifetime value of each customer from their orders.

    Parameters
    ----------
    model : of repeat buying: ``bg_nbd`` or ``pareto_nbd``.
    unit : of time; a purchase is all a customer buys in one day.
    margin : share of the amount that is profit, 0–1.
    horizon : how far ahead purchases count, in units.
    discount_rate : effective, per year.
    currency : of the amounts.
    free : whether lines of amount 0 count as purchases.
    calibration_end : the last day the holdout test may see; what came after it is compared with the
        forecast. Without one there is no test.
    least_repeaters : customers who bought again, below which no model is fitted.
    parameters : fitted before; without them the model is fitted to these orders.
    """

    model: Literal["bg_nbd", "pareto_nbd"] = "bg_nbd"
    unit: Unit = "week"
    margin: Annotated[float, Field(gt=0, le=1)]
    horizon: Annotated[float, Field(gt=0)]
    discount_rate: Rate
    currency: str
    free: bool = False
    calibration_end: Day | None = None
    least_repeaters: Annotated[int, Field(ge=1)] = 30
    parameters: FittedParameters | None = None
