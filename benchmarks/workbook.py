"""How long the report workbook takes to write for many customers, beside bare XlsxWriter with the same cells.

    python benchmarks/workbook.py [customers ...]

The customers are those of the demo, over and over under other ids, with their actions; its customer models
are left out. Bare XlsxWriter writes the tables of customers, raw data and steps, values and formulas as they
come out of the listings, in constant memory; the rest of the workbook is the same for any number. Prints
processor seconds, the ratio, and the size of the file.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import process_time

import polars as pl
import xlsxwriter

from evaluator import scoring
from evaluator.demo import make
from evaluator.evaluation import Evaluation
from evaluator.reports.context import Context
from evaluator.reports.live import Live
from evaluator.reports.workbook import write_workbook
from evaluator.study import Study


def many(base: Evaluation, count: int) -> Evaluation:
    """Return an evaluation of so many customers, copies of those there are."""
    copies = -(-count // base.measured.frame.height)

    def repeated(frame: pl.DataFrame) -> pl.DataFrame:
        own = pl.col("id").cast(pl.String)
        return pl.concat([frame.with_columns(id=own + f"-{n}") for n in range(copies)])

    frame = repeated(base.measured.frame).head(count)
    decided = base.decisions
    assert decided is not None
    given = repeated(decided.customers).join(frame.select("id"), on="id", how="semi")
    return replace(
        base, measured=replace(base.measured, frame=frame), decisions=replace(decided, customers=given),
        results=scoring.ranked(scoring.score(base.model, frame)), customers=None, previous=None,
        comparison=None, periods=(), attributes=frame.select("id"),
    )  # fmt: skip


def bare(evaluation: Evaluation, path: Path) -> None:
    """Write the cells of the three tables as plainly as XlsxWriter can."""
    live = Live(Context(evaluation, evaluation.language))
    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False}) as book:
        for listing in (live.scores(), live.measures(), live.detail()):
            sheet, frame = book.add_worksheet(), listing.frame
            formulas = [
                column.formula and "=SUMPRODUCT($A$1:$C$1,A2:C2)/SUM($A$1:$C$1)" for column in listing.columns
            ]
            for row, values in enumerate(frame.select(c.key for c in listing.columns).iter_rows()):
                for at, value in enumerate(values):
                    if formulas[at] and row < listing.live:
                        sheet.write_formula(row, at, formulas[at], None, "" if value is None else value)
                    elif isinstance(value, str):
                        sheet.write_string(row, at, value)
                    elif isinstance(value, int | float):
                        sheet.write_number(row, at, value)
                    else:
                        sheet.write_blank(row, at, None)


def seconds(work: Callable[[], None]) -> float:
    """Return the processor time a piece of work takes."""
    begun = process_time()
    work()
    return process_time() - begun


def main(*counts: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        make(home / "demo", language="en")
        base = Study(home / "demo").run()
        print("customers   ours  bare  ratio     MB")
        for count in counts or (300, 5_000, 30_000, 50_000):
            evaluation, path = many(base, count), home / f"{count}.xlsx"
            ours = seconds(lambda: write_workbook(evaluation, path, language="en"))  # noqa: B023
            plain = seconds(lambda: bare(evaluation, home / "bare.xlsx"))  # noqa: B023
            size = path.stat().st_size / 1e6
            print(f"{count:9,} {ours:6.1f} {plain:5.1f} {ours / plain:6.2f} {size:6.1f}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
