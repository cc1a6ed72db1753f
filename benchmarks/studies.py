"""What a whole study costs, step by step, as its customers grow; beside the least such steps could cost.

    python benchmarks/studies.py [customers ...] [--experts N]

Every customer has ten lines of orders on average, in a CSV file with a table of customers beside it; the tree
is `orders_value`, with flags, actions and all customer models that orders carry. Each number of customers
runs in a process of its own. With `--experts`, so many of them compare every group of the tree in pairs, in
place of the weights it gives. Prints processor seconds of each step, of which customer models, the
certainty of results and what machines read are told apart, how much they grew since the number before
(over the growth of the customers: 1 is linear), and the peak of memory. Floors, in the same process: the
tables read, cast, freed of repeated lines and counted by hand in Polars; five summaries of the lines by
hand; the workbook's tables in bare XlsxWriter. The workbook is left out above 50,000 customers.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial, wraps
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import polars as pl
from workbook import bare, seconds

from evaluator.demo.opinions import judgments
from evaluator.study import Study, evaluation
from evaluator.study import study as steps
from evaluator.weighing.panel import Expert

SIZES = (300, 3_000, 30_000, 300_000)
WITH_WORKBOOK = 50_000
LINES, DAYS, AS_OF = 10, 1_095, date(2026, 1, 1)
STUDY = """\
schema: 1
title: {zh: 很多客户, en: Many customers}
language: en
tree: orders_value
weighting: {source: given}
tables: {customers: {file: customers.csv}, orders: {file: orders.csv}}
as_of: 2026-01-01
"""


def write_study(folder: Path, customers: int) -> None:
    """Write a study whose customers differ in how long they stay, how often they buy and how much."""
    rng = np.random.default_rng(7)
    count = customers * LINES
    begins = rng.integers(1, DAYS - 30, customers)
    who = np.concatenate([np.arange(customers), rng.integers(0, customers, count - customers)])
    after = rng.beta(1.0, 1.3, count) * (DAYS - begins[who])
    bought = np.where(np.arange(count) < customers, begins[who], begins[who] + after.astype(np.int64))
    size = rng.lognormal(4.0, 0.8, customers)
    amount = (size[who] * rng.lognormal(0.0, 0.6, count)).round(2)
    orders = pl.DataFrame({
        "customer_id": who, "order_no": np.arange(count), "date": bought.astype(np.int32),
        "product": rng.integers(1, 400, count),
        "amount": np.where(rng.random(count) < 0.04, -amount, amount),
    })  # fmt: skip
    first = AS_OF - timedelta(days=DAYS)
    orders.with_columns(
        pl.format("C{}", pl.col("customer_id").cast(pl.String).str.zfill(7)).alias("customer_id"),
        pl.format("R{}", pl.col("order_no").cast(pl.String).str.zfill(8)).alias("order_no"),
        (pl.lit(first) + pl.duration(days="date")).cast(pl.Date).alias("date"),
        pl.format("P{}", pl.col("product").cast(pl.String).str.zfill(3)).alias("product"),
    ).sort("date", maintain_order=True).write_csv(folder / "orders.csv")
    pl.DataFrame({"customer_id": np.arange(customers)}).select(
        pl.format("C{}", pl.col("customer_id").cast(pl.String).str.zfill(7)).alias("customer_id"),
        pl.format("Company {}", "customer_id").alias("name"),
        pl.format("Region {}", pl.col("customer_id") % 12).alias("region"),
    ).write_csv(folder / "customers.csv")
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")


def ask_experts(folder: Path, count: int) -> None:
    """Let experts judge the tree of a study in pairs, two of them contradicting themselves."""
    people = [Expert(f"E{number}", name=f"Expert {number}") for number in range(count)]
    given = judgments(np.random.default_rng(7), Study(folder).tree, people, convention="strict")
    rows = [(one.expert, one.group, one.a, one.b, one.value) for one in given]
    columns = ["expert", "group", "a", "b", "value"]
    pl.DataFrame(rows, schema=columns, orient="row").write_csv(folder / "judgments.csv")
    listed = "".join(f"  - {{id: {one.id}, name: {one.name}}}\n" for one in people)
    asked = f"experts:\n{listed}judgments: [judgments.csv]\n"
    text = STUDY.replace("weighting: {source: given}\n", asked)
    (folder / "study.yaml").write_text(text, encoding="utf-8")


class Stopwatch:
    """Processor seconds by step: a step begins where the one before ends; parts of it are told apart."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._step, self._since = "start", process_time()

    def begin(self, step: str) -> str:
        """End the step that runs, begin another, and return the one that ended."""
        now, before = process_time(), self._step
        self.seconds[before] += now - self._since
        self._step, self._since = step, now
        return before

    @contextmanager
    def part(self, step: str) -> Iterator[None]:
        """Count what happens inside as a step of its own."""
        before = self.begin(step)
        try:
            yield
        finally:
            self.begin(before)

    def apart(self, room: Any, name: str, step: str) -> None:
        """Count what a function of a room does as a step of its own."""
        function = getattr(room, name)

        @wraps(function)
        def counted(*args: Any, **options: Any) -> Any:
            with self.part(step):
                return function(*args, **options)

        setattr(room, name, counted)


def walked(folder: Path, formats: tuple[str, ...]) -> tuple[dict[str, float], Any]:
    """Run a study to its reports; return the seconds of each step, and what it found."""
    watch = Stopwatch()
    watch.apart(evaluation, "run_models", "customer models")
    watch.apart(evaluation, "robust", "certainty")
    watch.apart(Study, "save_results", "results")
    watch.apart(steps, "save_manifest", "manifest")
    watch.apart(steps, "manifest_of", "manifest")
    run = Study(folder, progress=lambda step: watch.begin(step) and None)
    run.save_reports(formats=formats)
    watch.begin("end")
    return dict(watch.seconds), run.run()


def tables_by_hand(folder: Path) -> None:
    """Read the tables as text, cast, drop repeated lines, and count what is blank or cannot be read."""
    read = (pl.col("date").str.to_date(strict=False), pl.col("amount").cast(pl.Float64, strict=False))
    for name, values in (("customers", ()), ("orders", read)):
        frame = pl.read_csv(folder / f"{name}.csv", infer_schema=False).with_columns(*values)
        frame.null_count()
        frame.unique(keep="first", maintain_order=True)


def summaries_by_hand(lines: pl.DataFrame) -> None:
    """Summarise the lines of every customer as of five days."""
    bought = pl.col("amount") > 0
    for back in (0, 90, 180, 365, 730):
        day = AS_OF - timedelta(days=back)
        lines.lazy().filter(pl.col("date") < day).group_by("id").agg(
            first=pl.col("date").filter(bought).min(), last=pl.col("date").filter(bought).max(),
            days=pl.col("date").filter(bought).n_unique(), gross=pl.col("amount").filter(bought).sum(),
            net=pl.col("amount").sum(),
        ).collect()  # fmt: skip


def one(folder: Path, customers: int, experts: int) -> dict[str, Any]:
    """Return what a study of so many customers cost, and the floors of its steps."""
    write_study(folder, customers)
    if experts:
        ask_experts(folder, experts)
    formats = ("html", "xlsx") if customers <= WITH_WORKBOOK else ("html",)
    took, found = walked(folder, formats)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum((folder / f"{name}.csv").stat().st_size for name in ("customers", "orders")) / 1e6
    lines = pl.read_csv(folder / "orders.csv", try_parse_dates=True).rename({"customer_id": "id"})
    by_hand: dict[str, Callable[[], None]] = {
        "tables": partial(tables_by_hand, folder),
        "customer models": partial(summaries_by_hand, lines),
    }
    if "xlsx" in formats:
        by_hand["report_xlsx"] = partial(bare, found, folder / "bare.xlsx")
    floors = {step: seconds(work) for step, work in by_hand.items()}
    return {"steps": took, "floors": floors, "memory": most, "file": size}


def table(sizes: list[int], experts: int) -> None:
    """Print a row for each step and size."""
    before: dict[str, float] = {}
    last = 0
    for customers in sizes:
        with tempfile.TemporaryDirectory() as folder:
            code = [sys.executable, __file__, "--one", str(customers), folder, str(experts)]
            done = subprocess.run(code, check=True, stdout=subprocess.PIPE, text=True)
        found = json.loads(done.stdout.splitlines()[-1])
        took, floors = found["steps"], found["floors"]
        took["whole"] = sum(took.values())
        print(
            f"\n{customers:,} customers: {found['memory']:,.0f} MB at most, {found['file']:.0f} MB of files"
        )
        print(f"{'step':16} {'seconds':>8} {'growth':>7} {'by hand':>8} {'times':>6}")
        for step, spent in took.items():
            grown = spent / before[step] / (customers / last) if before.get(step) else None
            floor = floors.get(step)
            print(
                f"{step:16} {spent:8.2f} {'' if grown is None else f'{grown:.2f}':>7}"
                f" {'' if floor is None else f'{floor:.2f}':>8}"
                f" {'' if floor is None else f'{spent / floor:.1f}':>6}", flush=True,
            )  # fmt: skip
        before, last = took, customers


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(Path(sys.argv[3]), int(sys.argv[2]), int(sys.argv[4]))))
    else:
        asked = sys.argv.index("--experts") if "--experts" in sys.argv else len(sys.argv)
        experts = int(sys.argv[asked + 1]) if asked + 1 < len(sys.argv) else 0
        table([int(word) for word in sys.argv[1:asked]] or list(SIZES), experts)
