"""What a study states about channels and about the market as the firm sees it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evaluator.customers.models.firm.states import Many, Margin
from evaluator.documents import Format
from evaluator.labels import Id, NonNegative


class ChannelOptions(Format):
    """What each criterion weighs when channels are rated; only proportions matter.

    Criteria are columns of the table `channels`: reach, speed, depth, personal.
    """

    weights: Annotated[dict[Id, NonNegative], Field(min_length=1)]


class MarketingChoice(Format):
    """How many customers there are, and what they earn, as the firm sees it."""

    customers: Many
    margin: Margin
