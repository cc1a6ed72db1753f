"""What stands before a brief: whose it is, what was evaluated, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from evaluator.present.brand import Brand
from evaluator.reports.context import Context
from evaluator.reports.packing import Properties
from evaluator.reports.scoping import subject


@dataclass(frozen=True)
class Cover:
    """The head of a brief; empty where a brand says nothing of it."""

    title: str
    subject: str
    organisation: str
    client: str
    note: str
    day: str
    created: datetime
    software: str

    @property
    def values(self) -> Mapping[str, str]:
        """What a template may place besides passages."""
        names = ("title", "subject", "organisation", "client", "note", "day", "software")
        joined = " · ".join(filter(None, (self.client, self.organisation, self.day)))
        return {name: getattr(self, name) for name in names} | {"cover": joined}

    def properties(self, locale: str) -> Properties:
        """Return what a file of the brief says of itself."""
        return Properties(self.title, self.subject, self.organisation or "evaluator", locale, self.created)


def cover(context: Context, brand: Brand) -> Cover:
    """Return the head of the brief of an evaluation."""
    evaluation, language = context.evaluation, context.language
    words = {
        name: (getattr(brand.cover, name) or {}).get(language, "")
        for name in ("organisation", "client", "note")
    }
    created = evaluation.provenance.created
    return Cover(
        title=evaluation.title[language], subject=subject(context), day=context.reader.day(created.date()),
        created=created if created.tzinfo else created.replace(tzinfo=UTC),
        software=evaluation.provenance.software, **words,
    )  # fmt: skip
