"""A study on an engine: its tables stay there, and only figures and the customers shown come back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from evaluator.actions.decided import Decisions
from evaluator.brief import Brief
from evaluator.columns import mean_from, mean_terms, to_polars
from evaluator.customers.told_by_orders import several_told, told_by_orders
from evaluator.data import Tables, read_tables
from evaluator.data.engine_tables import EngineTable, engine_table
from evaluator.data.mapping import TableMapping
from evaluator.data.stores import Store
from evaluator.data.tables import TableNote, TableSchema
from evaluator.errors import EvaluationError, Issue, Severity, raise_errors
from evaluator.evaluation import Evaluation, FileRecord, Provenance
from evaluator.files import replacing, write_text
from evaluator.measuring import RATERS, Measured
from evaluator.measuring.engine_measures import EngineMeasured, engine_measures
from evaluator.scoring import Drift, Fitted, Model, drift, drift_issues, fitted, ranked, score, with_baseline
from evaluator.scoring.model import software_version
from evaluator.study.csv_files import save_frame
from evaluator.study.currency import currency_of
from evaluator.study.decisions import study_decisions
from evaluator.study.engine_gaps import gap_issues
from evaluator.study.engine_options import EngineOptions, open_store
from evaluator.study.engine_refusals import engine_refusals
from evaluator.study.evaluation import people_of
from evaluator.study.measures import future_day_issues
from evaluator.study.model import take_model
from evaluator.study.previous import model_before
from evaluator.study.saved_evaluation import MODEL
from evaluator.study.steps import Progress, Steps
from evaluator.study.tables import schemas_of
from evaluator.warehouse import dictionary, weight_rows

Frame = nw.LazyFrame[Any]
_IN_MEMORY = ("grades",)  # what people gave, one by one


@dataclass(frozen=True)
class EngineFigures(Brief):
    """How many customers have each status, grade and class, with their means; None where nobody is rated."""

    customers: int
    counts: Mapping[str, Mapping[str, int]]
    mean_score: float | None
    mean_coverage: float | None


class OnEngine:
    """The steps of a study on an engine, each computed once, when it is asked for."""

    def __init__(self, steps: Steps, progress: Progress) -> None:
        self._steps, self.setup, self._progress = steps, steps.setup, progress
        self.options: EngineOptions = steps.setup.engine
        raise_errors(tuple(engine_refusals(self.setup)))

    @cached_property
    def store(self) -> Store:
        """The engine, open."""
        setup = self.setup
        setup.output.mkdir(parents=True, exist_ok=True)
        mapped = {name: table for name, table in setup.file.tables.items() if name not in _IN_MEMORY}
        return open_store(self.options, mapped, setup.folder, setup.output.resolve(), setup.file.databases)

    def close(self) -> None:
        """Let go of the engine."""
        if "store" in self.__dict__:
            self.store.close()

    @property
    def tables(self) -> dict[str, EngineTable]:
        """The tables as the study maps them; what lies elsewhere is read into memory and handed over."""
        return self._read[0]

    @cached_property
    def _read(self) -> tuple[dict[str, EngineTable], Tables]:
        """The tables in the engine, and what was read into memory of them."""
        mapped = self.setup.file.tables
        schemas = schemas_of(self.setup, {self.setup.branch: self._steps.tree})
        self._progress("tables")
        store = self.store  # what it refuses is told once, not for every table
        found: dict[str, EngineTable] = {}
        issues: list[Issue] = []
        for name, mapping in mapped.items():
            try:
                table = self._lying(name, mapping, schemas)
            except EvaluationError as error:
                issues += error.issues
            else:
                found |= {name: table} if table else {}
        raise_errors(issues)
        inside = read_tables(
            {name: mapping for name, mapping in mapped.items() if name not in found}, schemas,
            self.setup.folder, databases=self.setup.file.databases, document=self.setup.document,
        )  # fmt: skip
        for note in inside.notes:
            detail = {"rows": note.rows_kept, "file": note.file}
            told = Issue("STUDY-373", note.table, detail, severity=Severity.NOTE)
            frame = store.put(note.table, inside.whole(note.table))
            found[note.table] = EngineTable(frame, note, (told,))
        return self._told_by_orders(found), inside

    def _told_by_orders(self, found: dict[str, EngineTable]) -> dict[str, EngineTable]:
        """Return the tables with what the orders say of who customers are in the table of customers."""
        orders, customers, as_of = found.get("orders"), found.get("customers"), self.setup.file.as_of
        known = customers.frame if customers else None
        told = told_by_orders(known, orders.frame, as_of=as_of) if orders else None
        if orders is None or told is None:
            return found
        with self.store.failing():
            issues = tuple(several_told(orders.frame, as_of=as_of))
        base = customers or replace(orders, issues=())
        return {**found, "customers": replace(base, frame=told, issues=(*base.issues, *issues))}

    def _lying(
        self, name: str, mapping: TableMapping, schemas: Mapping[str, TableSchema]
    ) -> EngineTable | None:
        """Return a table that the engine reads where it lies; None for others."""
        if name in _IN_MEMORY or name not in schemas:
            return None
        if (lying := self.store.table(name)) is None:
            return None
        with self.store.failing(mapping.source):
            return engine_table(
                name, lying, mapping, schemas[name], self.options.name,
                lambda key: self.setup.where(("tables", name, *key)),
            )  # fmt: skip

    @cached_property
    def measured(self) -> EngineMeasured:
        """One row per customer with every measure of the tree, in the engine."""
        tables, file = self.tables, self.setup.file
        self._progress("measures")
        frames = {name: table.frame for name, table in tables.items() if name not in _IN_MEMORY}
        with self.store.failing():
            raise_errors(tuple(future_day_issues(self.setup, frames.get("orders"))))
            return engine_measures(
                frames, self._steps.tree, self.store,
                grades=self._read[1].frames.get("grades"),
                as_of=file.as_of, options=self.setup.measuring,
                attribute_window=file.customers.window_months, ahead=True,
            )  # fmt: skip

    @cached_property
    def _fitted(self) -> Fitted:
        if self.setup.model:
            return take_model(self.setup, self._steps.tree, self.setup.model)
        measured = self.measured
        self._progress("model")
        with self.store.failing():
            return fitted(
                self._steps.tree, self._steps.weights, measured.frame.to_native(),
                options=self.setup.file.scoring, as_of=measured.as_of, profiles=self._steps.profile_weights,
            )  # fmt: skip

    @cached_property
    def fitted(self) -> Fitted:
        """The model with what was noticed, or the one it was told to take; it tells of these customers."""
        if self.setup.model:
            return self._fitted
        with self.store.failing():
            told = with_baseline(self._fitted.model, self.measured.frame.to_native(), self.scores.to_native())
        return replace(self._fitted, model=told)

    @property
    def model(self) -> Model:
        """The frozen model."""
        return self.fitted.model

    @cached_property
    def scores(self) -> Frame:
        """One row per customer with scores, grade and classes, in the engine, in any order."""
        model, measured = self._fitted.model, self.measured
        self._progress("scores")
        with self.store.failing():
            scored: Any = score(model, measured.frame.to_native())
            return self.store.keep("scores", nw.from_native(scored))

    @cached_property
    def figures(self) -> EngineFigures:
        """How many customers have which status, grade and class."""
        deciding = ["status", "grade", *(f"class_{matrix.id}" for matrix in self.model.tree.matrices)]
        with self.store.failing():
            counts = {name: self._counts(name) for name in deciding}
            rated = nw.when(nw.col("status") == "rated").then(nw.col("score"))
            terms = [*mean_terms(rated, "score"), *mean_terms(nw.col("coverage"), "coverage")]
            found = to_polars(self.scores.select(*terms)).row(0, named=True)
        means = mean_from(found, "score"), mean_from(found, "coverage")
        return EngineFigures(self.measured.customers, counts, *means)

    def _counts(self, column: str) -> dict[str, int]:
        counted = self.scores.group_by(column).agg(nw.len().alias("count"))
        return dict(to_polars(counted.filter(~nw.col(column).is_null()).sort(column)).iter_rows())

    @cached_property
    def drift(self) -> Drift | None:
        """How far the customers are from those of the model that was taken, or of the last evaluation's."""
        model = self._earlier
        if model is None:
            return None
        measures, scores = self.measured.frame.to_native(), self.scores.to_native()
        with self.store.failing():
            return drift(model, measures, scores, self.setup.file.drift)

    @property
    def drift_issues(self) -> tuple[Issue, ...]:
        """What passes the limits of the study, or why that cannot be told; nothing where it states none."""
        model = self._earlier
        return tuple(drift_issues(model, self.drift)) if model and self.setup.file.drift else ()

    @cached_property
    def _earlier(self) -> Model | None:
        last = self.setup.file.previous
        if self.setup.model:
            return self.model
        return model_before(last, self.setup.folder) if last else None

    @property
    def table_issues(self) -> tuple[Issue, ...]:
        """What was noticed of the tables."""
        own = (issue for table in self.tables.values() for issue in table.issues)
        return (*own, *self._read[1].issues)

    @cached_property
    def issues(self) -> tuple[Issue, ...]:
        """What every step has to say that did not stop it."""
        steps = self._steps
        return (
            *self.setup.notes, *steps.tree_issues, *(steps.panel.issues if steps.panel else ()),
            *steps.weights.issues, *self.table_issues, *self.measured.issues,
            *self.fitted.issues, Issue("STUDY-374", self.options.name, severity=Severity.NOTE),
        )  # fmt: skip

    @cached_property
    def shown(self) -> pl.DataFrame:
        """The best of the rated customers, as many as the study says, with their ranks among all."""
        with self.store.failing():
            rated = self.scores.filter(nw.col("status") == "rated")
            first = rated.sort("score", "id", descending=[True, False]).head(self.options.shown)
            found: pl.DataFrame = ranked(to_polars(first))
        return found

    @cached_property
    def decisions(self) -> Decisions | None:
        """The flags and actions of the customers shown, with what of them only a run in memory can tell."""
        setup, tree = self.setup, self._steps.tree
        found = study_decisions(setup, tree, self.model, self._measured_shown, self.shown)
        if found is None:
            return None
        return replace(found, issues=(*found.issues, *gap_issues(setup, tree, self.tables, found)))

    @cached_property
    def evaluation(self) -> Evaluation:
        """What the report tells: of the customers shown, among all."""
        setup, results, measured, decisions = self.setup, self.shown, self._measured_shown, self.decisions
        return Evaluation(
            title=setup.file.title, language=setup.language, tree=self.model.tree, panel=self._steps.panel,
            weights=self._steps.weights, model=self.model, measured=measured, results=results,
            notes=(), unrated=(), issues=(*self.issues, *(decisions.issues if decisions else ())),
            provenance=self._provenance(),
            judgment=self._steps.judgment,
            profiles=self._steps.profile_weights or {}, decisions=decisions, attributes=self._attributes,
            currency=currency_of(setup.file), only=self._which,
            people=people_of(setup, self._steps.panel, measured),
        )  # fmt: skip

    @property
    def _which(self) -> str:
        """How many of how many are shown; nothing where those are all."""
        shown, everybody = self.shown.height, self.measured.customers
        return f"{shown:,} / {everybody:,}" if shown < everybody else ""

    @cached_property
    def _measured_shown(self) -> Measured:
        found = self.measured
        frame = self._of_shown(found.frame)
        raters = found.grades.raters if found.grades else RATERS.to_frame()
        kept = raters.filter(pl.col("id").is_in(self.shown["id"].implode()))
        return Measured(frame, found.as_of, found.window, kept)

    @cached_property
    def _attributes(self) -> pl.DataFrame:
        """What the table of customers tells of those shown."""
        if "customers" not in self.tables:
            return self.shown.select("id")
        known = self._of_shown(self.tables["customers"].frame)
        return known.drop("name", strict=False).unique("id", keep="first", maintain_order=True)

    def _of_shown(self, frame: Frame) -> pl.DataFrame:
        """Return the rows of the customers shown, in their order."""
        ids = self.shown.select("id")
        with self.store.failing():
            found = to_polars(self.store.put("shown", ids).join(frame, on="id", how="left"))
        return ids.join(found, on="id", how="left", maintain_order="left")

    def _provenance(self) -> Provenance:
        """Return what is needed to run it again; tables that stay where they are have no hash."""
        notes = (table.note for table in self.tables.values())
        files = tuple(FileRecord(note.file, "–", note.rows_read) for note in notes)
        return Provenance(
            software=software_version(),
            created=datetime.now().astimezone().replace(microsecond=0),
            as_of=self.measured.as_of,
            files=files,
            conventions=self.model.conventions.model_dump(mode="json"),
            seed=self.setup.file.seed,
        )

    def save(self, step: str) -> tuple[str, ...]:
        """Compute a step, measures, model or scores, and return where what it comes to lies.

        Raises
        ------
        EvaluationError
            for a list of actions, which is made of customers in memory.
        """
        if step == "model":
            path = self.setup.output / MODEL
            self.model.save(path)
            return (str(path),)
        if step not in ("measures", "scores"):
            raise_errors([Issue("STUDY-376", step, {"engine": self.options.name})])
        _ = self.measured if step == "measures" else self.scores
        return (self.store.place(step),)

    def save_tables(self) -> tuple[str, ...]:
        """Write what machines read besides: weights by node, and the dictionary of all columns."""
        output, tree = self.setup.output, self.model.tree
        frames = {"measures": self.measured.frame, "scores": self.scores}
        weights = weight_rows(self.model)
        with replacing(output / "weights.parquet") as new:
            weights.write_parquet(new)
        schemas = {
            Path(self.store.place(name)).name: frame.collect_schema().to_polars()
            for name, frame in frames.items()
        }
        told = dictionary(tree, {**schemas, "weights.parquet": weights.schema})
        path = save_frame(told, output / "dictionary.csv")
        return tuple(map(str, (output / "weights.parquet", path, path.with_suffix(".parquet"))))

    def save_summary(self) -> str:
        """Write the figures of the run as JSON."""
        path = self.setup.output / "summary.json"
        text = json.dumps(self._summary(), ensure_ascii=False, indent=1, allow_nan=False)
        write_text(path, text + "\n")
        return str(path)

    def _summary(self) -> dict[str, Any]:
        figures = self.figures
        return {
            "tree": self.model.tree.id,
            "model": self.model.digest,
            "as_of": str(self.measured.as_of),
            "tables": {name: _rows_of(table.note) for name, table in self.tables.items()},
            "customers": figures.customers,
            **figures.counts,
            "mean_score": figures.mean_score,
            "mean_coverage": figures.mean_coverage,
            "drift": self.drift.to_dict() if self.drift else None,
        }


def _rows_of(note: TableNote) -> dict[str, Any]:
    """Return how many rows of a table were read and used, and why others were not."""
    dropped: dict[str, int] = {}
    for entry in note.dropped:
        reason = entry.text("en")
        dropped[reason] = dropped.get(reason, 0) + entry.rows
    return {"from": note.file, "rows": note.rows_read, "used": note.rows_kept, "dropped": dropped}
