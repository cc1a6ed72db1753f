"""What a study may say about its reports."""

from __future__ import annotations

from typing import Literal

from evaluator.documents import Format
from evaluator.labels import Count


class ReportOptions(Format):
    """How much a report shows.

    Experts (E1, E2, …), raters, assessors and respondents (R1, R2, …) and the files they filled in are coded
    unless `show_experts`. The page explains the scores of the first `cards`
    customers of the ranking; its list holds 50,000, the workbook as many as a sheet. `edition` says who reads
    it: a ``client`` prints what is decided and explored, those ``working`` on the study its evidence as well.
    With `anonymous` customers are called by codes, which stay theirs; who is who stands in ``codes.csv``
    beside the reports.
    `theme` is the file of a brand, `templates` a folder whose templates replace ours, and `document` and
    `slides` a Word and a PowerPoint file whose named places the brief fills; all relative to the study.
    """

    show_experts: bool = False
    cards: Count = 10_000
    edition: Literal["client", "working"] = "client"
    anonymous: bool = False
    theme: str | None = None
    templates: str | None = None
    document: str | None = None
    slides: str | None = None
