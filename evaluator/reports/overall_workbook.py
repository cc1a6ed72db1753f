"""The workbook of one decision over several trees: the decision, and everybody in one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from evaluator.evaluation import Evaluation
from evaluator.html.rendering import render, templates
from evaluator.present import figures
from evaluator.present.brand import PLAIN, Brand
from evaluator.reports import listings, overall
from evaluator.reports.context import Context
from evaluator.reports.decided_columns import decided_columns, decided_values
from evaluator.reports.formats import Formats
from evaluator.reports.legible import legible
from evaluator.reports.listings import Column, Listing
from evaluator.reports.options import ReportOptions
from evaluator.reports.population import shares, spread
from evaluator.reports.sections import matrices
from evaluator.reports.sheets import titles
from evaluator.reports.workbook import drawn

TEMPLATE = "workbook/overall.xml.j2"


@dataclass(frozen=True, slots=True)
class Beside:
    """How the rated customers of each tree share out among the grades or the classes of all trees.

    `key` is the column of the table of customers; a count is None where a tree knows no such name.
    """

    key: str
    title: str
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]


def write_overall_workbook(
    evaluations: Mapping[str, Evaluation],
    path: str | Path,
    *,
    language: str,
    options: ReportOptions,
    folders: Sequence[Path] = (),
    brand: Brand = PLAIN,
) -> None:
    """Write the workbook of several trees: their evaluations by the address of their own workbooks.

    Raises
    ------
    EvaluationError
        as `workbook.write_workbook`.
    """
    found = overall.build({link: legible(one) for link, one in evaluations.items()}, language, options)
    names = tuple(line.name for line in found.trees)
    listed, formats = {"scores": _customers(found.contexts, names)}, Formats(language)
    context = found.contexts[0]
    environment = templates(
        language, folders=folders, filters={**figures.filters(language), "style": formats.style}
    )
    values = {
        "overall": found,
        "title": context.evaluation.title[language],
        "software": context.evaluation.provenance.software,
        "provenance": context.evaluation.provenance,
        "subject": context.subject,
        "brand": brand,
        "sheet": titles(context)["customers"],
        "means": tuple(spread(one.rated["score"]) for one in found.contexts),
        "beside": tuple(_beside(found.contexts)),
        "blocks": {key: context.text(f"workbook.block.{key}") for key in (*listings.LEADING, "data")},
        "scores": listed["scores"],
    }
    text = render(environment, TEMPLATE, values)
    drawn(text, path, TEMPLATE, listed=listed, context=context, formats=formats, brand=brand)


def _beside(contexts: Sequence[Context]) -> Iterator[Beside]:
    """Yield the classes of the trees beside each other, where any has some, then the grades."""
    first = contexts[0]
    classes = [_shared(one, f"class_{matrices.deciding(one)}", _classes(one)) for one in contexts]
    if any(classes):
        yield Beside("class", first.text("ranking.class"), _joined(classes))
    grades = [_shared(one, "grade", one.grades) for one in contexts]
    yield Beside("grade", first.text("ranking.grade"), _joined(grades))


def _classes(context: Context) -> Mapping[str, str]:
    deciding = matrices.deciding(context)
    return context.classes[deciding] if deciding else {}


def _shared(context: Context, column: str, names: Mapping[str, str]) -> dict[str, int]:
    return {share.name: share.count for share in shares(context.rated, column, names)}


def _joined(counted: Sequence[Mapping[str, int]]) -> tuple[tuple[str, tuple[int | None, ...]], ...]:
    """Return the counts by name, a column each; names that several have stand in one row.

    >>> _joined([{"key": 2}, {"key": 1, "other": 0}])
    (('key', (2, 1)), ('other', (None, 0)))
    """
    names = dict.fromkeys(name for one in counted for name in one)
    return tuple((name, tuple(one.get(name) for one in counted)) for name in names)


def _customers(contexts: Sequence[Context], names: Sequence[str]) -> Listing:
    """Return everybody: tree by tree by rank, then who is not rated, and who has no tree at all."""
    frames = [
        frame.with_columns(tree=pl.lit(name))
        for context, name in zip(contexts, names, strict=True)
        for frame in (_rated(context), listings.not_rated(context).frame)
    ]
    whole = pl.concat([*frames, _outside(contexts[0])], how="diagonal_relaxed")
    whole = whole.with_columns(
        ranked=pl.when(pl.col("rank").is_null()).then(pl.lit("unranked")).otherwise(pl.lit("ranked"))
    ).sort("ranked", maintain_order=True)
    first = contexts[0]
    columns = (
        *listings.headed("customer", first, rank="integer center", id="id", name="text"),
        Column("tree", first.text("routing.tree"), "text", "customer"),
        *listings.headed("result", first, score="score strong", grade="text center"),
        Column("class", first.text("ranking.class"), "text center", "result"),
        *{column.key: column for context in contexts for column in decided_columns(context)}.values(),
        *listings.headed("data", first, status="text center", reason="text"),
    )
    known = {key for key in whole.columns if whole[key].null_count() < whole.height}
    there = [column for column in columns if column.key in known]
    if not whole["rank"].null_count():
        there = [column for column in there if column.block != "data"]
    kept = whole.head(listings.ROWS).select("ranked", *(column.key for column in there))
    return Listing(kept, tuple(there), whole.height)


def _rated(context: Context) -> pl.DataFrame:
    """Return the rated customers of a tree in the order of their ranks, with what is done with each."""
    deciding = f"class_{matrices.deciding(context)}"
    shown = listings.worded(context.rated, context)
    shown = shown.with_columns(pl.col(deciding).alias("class")) if deciding in shown.columns else shown
    wanted = [name for name in ("rank", "id", "name", "score", "grade", "class") if name in shown.columns]
    rated = shown.select(wanted).with_columns(status=pl.lit(context.text("customer_status.rated")))
    return rated.join(decided_values(context), on="id", how="left", maintain_order="left")


def _outside(context: Context) -> pl.DataFrame:
    """Return whom no tree evaluates."""
    found = context.evaluation.routing
    rows = [(one.id, one.name, context.text("workbook.no_tree")) for one in (found.outside if found else ())]
    return pl.DataFrame(rows, schema=dict.fromkeys(("id", "name", "status"), pl.String), orient="row")
