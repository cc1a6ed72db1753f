"""Numbers of customers that stand with spaces here and without them there: `alike: true`, and a note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from evaluator.columns.ids import id_text
from evaluator.errors import Issue, Severity
from evaluator.study.recognising import SCHEMAS, Recognised
from evaluator.study.settings import Setting, Settings

_SPACED = r"^\d[\d ]* [\d ]*\d$"
_SHOWN = 3
_STATED = "id.alike=true"


def with_ids_alike(
    tables: Mapping[str, Sequence[Recognised]], settings: Settings
) -> tuple[Settings, tuple[Issue, ...]]:
    """Return the settings, with ids read as one where the same number is written in two ways, and a note.

    A telephone number has as many spaces as who wrote it liked. Where somebody stated whether ids that differ
    so are the same, that holds.
    """
    stated = any(entry.column == "id" and entry.key == "alike" for entry in settings.entries)
    twice = [] if stated else _written_twice(tables)
    if not twice:
        return settings, ()
    shown = ", ".join(f"{spaced} ≙ {spaced.replace(' ', '')}" for spaced in twice[:_SHOWN])
    detail = {"count": len(twice), "examples": shown + (" …" if len(twice) > _SHOWN else "")}
    alike = Setting("", "id", "alike", True, _STATED)
    note = Issue("STUDY-349", "id", detail, severity=Severity.NOTE)
    return replace(settings, entries=(*settings.entries, alike)), (note,)


def _written_twice(tables: Mapping[str, Sequence[Recognised]]) -> list[str]:
    """Return the numbers of customers with spaces that stand without them as well."""
    ids = [
        part.look.values(who.position)
        .unique(maintain_order=True)
        .to_frame("id")
        .select(id_text(pl.col("id")))["id"]
        for table, parts in tables.items()
        if table in SCHEMAS and SCHEMAS[table].of_customers
        for part in parts
        if (who := part.column("id"))
    ]
    known = pl.concat(ids).drop_nulls().unique(maintain_order=True) if ids else pl.Series("id", [], pl.String)
    spaced = known.filter(known.str.contains(_SPACED))
    return spaced.filter(spaced.str.replace_all(" ", "").is_in(known.implode())).to_list()
