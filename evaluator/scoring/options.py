"""What a study may say about scoring."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evaluator.documents import Format
from evaluator.tree.types import Id, Scale

Share = Annotated[float, Field(ge=0, le=1)]


class ScoringOptions(Format):
    """How complete a customer's data must be, and the study's own scales for single indicators.

    `min_coverage` is the share of weight that must be observed, in the whole tree and on every axis.
    `scales` replaces the scale of an indicator by its id: money anchors belong to a company, not to
    an indicator tree.
    """

    min_coverage: Share = 0.6
    scales: dict[Id, Scale] = {}
