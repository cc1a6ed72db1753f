"""The study's choices about customer models, a key for each; `study.yaml` has them under ``customers``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evaluator.customers.lifecycle import LifecycleOptions
from evaluator.customers.pareto import AbcOptions
from evaluator.customers.relations import RelationOptions
from evaluator.customers.rfm_totals import RfmOptions
from evaluator.documents import Format

Rate = Annotated[float, Field(ge=0)]


class KnowledgeOptions(Format):
    """C, what a unit of information is worth per use, and J, the mean cost of one collection."""

    constant: Annotated[float, Field(gt=0)]
    cost: Rate


class NetworkOptions(Format):
    """How much of an influence passes each step; see `network_value`."""

    beta: Rate


class ReferralOptions(Format):
    """The discount rate per period of the table of referrals; see `referral_value`."""

    discount_rate: Rate


class CustomerOptions(Format):
    """How customer models are computed; what has no default must be stated for its model to run.

    Parameters
    ----------
    show : the models to run, by name; every one the data carry when not stated.
    window_months : how far back amounts are looked at where a model takes one from the orders.
    value : the measure that ABC, network value and contribution start from.
    stage_months, stage_periods : the lifecycle is judged at so many days, so many months apart.
    """

    show: tuple[str, ...] | None = None
    window_months: Annotated[int, Field(ge=1)] = 12
    value: str = "net_amount"
    rfm: RfmOptions = RfmOptions()
    abc: AbcOptions = AbcOptions()
    lifecycle: LifecycleOptions = LifecycleOptions()
    stage_months: Annotated[int, Field(ge=1)] = 6
    stage_periods: Annotated[int, Field(ge=1)] = 4
    relation: RelationOptions | None = None
    knowledge: KnowledgeOptions | None = None
    network: NetworkOptions | None = None
    referrals: ReferralOptions | None = None
