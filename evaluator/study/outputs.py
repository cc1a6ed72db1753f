"""What a study leaves behind: tables as files, and the record of the files they came from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path

import polars as pl

from evaluator import files, messages
from evaluator.actions.choosing import NONE_STATED
from evaluator.actions.decided import Decisions
from evaluator.actions.stopped import NOT_PLANNED
from evaluator.analysis.robustness import BreakEvens, figures
from evaluator.data import Source, TableNote
from evaluator.errors import Issue, Severity
from evaluator.evaluation import Certainty, Comparison, Evaluation, FileRecord
from evaluator.forms.sources import listed
from evaluator.reports import Noted, report
from evaluator.reports.anonymous import KEY
from evaluator.reports.some_customers import Some
from evaluator.scoring import Model
from evaluator.study.csv_files import save_csv, save_frame
from evaluator.study.inputs import named_within
from evaluator.study.manifest import other_reports, read_manifest
from evaluator.study.setup import Setup
from evaluator.warehouse import contribution_rows, dictionary, weight_rows

TABLES = ("scores", "contributions", "weights", "measures", "actions", "plan", "certainty")
"""The Parquet files of a run, without their ending."""
_NAMED = 12  # reports of earlier runs
PARTS = ("measures", "scores")
"""Folders of Parquet files that Spark writes in their place."""


def file_records(setup: Setup, notes: Iterable[TableNote], answers: Sequence[Path]) -> tuple[FileRecord, ...]:
    """Return everything a run read, with its hash and how many rows it held.

    Files are named relative to the study. What came from a database has the fingerprint of its rows.
    """
    study, folder, forms = setup.path, setup.folder, setup.folder / setup.file.forms.folder
    read = (note.sources or (Source(note.file, note.rows_read),) for note in notes)
    sources = {source.name: source for entry in read for source in entry}
    answered = [path for path, _ in listed(answers)[0]] if answers else []
    records = [FileRecord(named_within(study, folder), files.sha256(study))]
    for name, source in sources.items():
        if source.fingerprint is not None:
            records.append(FileRecord(name, source.fingerprint, source.rows))
        else:
            path = folder / name
            named, form = named_within(path, folder), path.is_relative_to(forms)
            records.append(FileRecord(named, files.sha256(path), source.rows, form))
    records.extend(FileRecord(named_within(path, folder), files.sha256(path), form=True) for path in answered)
    return tuple(dict.fromkeys(records))


def left_over(folder: Path, written: Iterable[str | Path], *, whole: bool) -> Iterator[Issue]:
    """Yield a warning of files of earlier runs that stand beside what a run has written.

    Of a run that did not walk the `whole` road, only text beside a Parquet file that is new.
    """
    names = {Path(path).name for path in written}
    texts = {f"{Path(name).stem}.csv" for name in names if name.endswith(".parquet") or name in PARTS} - names
    there = {path.name for path in folder.iterdir() if path.is_file() or path.name in PARTS}
    there = {name for name in there if not name.startswith(".")}
    if old := sorted(there - names if whole else there & texts):
        detail = {"names": ", ".join(old)}
        yield Issue("STUDY-377", folder.name, detail, severity=Severity.WARNING)


def old_reports(setup: Setup, outputs: Iterable[Path], manifests: Iterable[Path]) -> Iterator[Issue]:
    """Yield a warning of reports in folders of results that are of none of the runs with these manifests."""
    if old := other_reports(outputs, map(read_manifest, manifests), setup.folder):
        names = ", ".join(old[:_NAMED]) + (" …" if len(old) > _NAMED else "")
        detail = {"count": len(old), "names": names}
        yield Issue("STUDY-393", setup.folder.name, detail, severity=Severity.WARNING)


def save_comparison(found: Comparison, customers: pl.DataFrame, path: Path) -> tuple[Path, Path]:
    """Write a comparison: its customers with their reasons as CSV, and everything as JSON beside it."""
    whole = {
        **{field.name: getattr(found, field.name) for field in fields(found)},
        "title": found.title.model_dump(),
        "as_of": found.as_of and str(found.as_of),
        "customers": customers.to_dicts(),
        "moves": found.moves.to_dicts(),
        "issues": [{"code": issue.code, "subject": issue.subject} for issue in found.issues],
    }
    data = path.with_suffix(".json")
    files.write_text(data, json.dumps(whole, ensure_ascii=False, indent=1, default=dict) + "\n")
    return save_csv(customers, path.with_suffix(".csv")), data


def save_certainty(certainty: Certainty, folder: Path, language: str) -> tuple[Path, ...]:
    """Write how sure results are: a row per customer, every share, and the figures of the whole."""
    paths = folder / "certainty.csv", folder / "certainty.parquet", folder / "certainty.json"
    save_csv(certainty.customers, paths[0])
    with files.replacing(paths[1]) as new:
        certainty.shares.write_parquet(new)
    text = json.dumps(figures(certainty, language), ensure_ascii=False, indent=1, allow_nan=False)
    files.write_text(paths[2], text + "\n")
    return paths


def save_break_evens(found: BreakEvens, folder: Path) -> tuple[Path, ...]:
    """Write break-even weights: a row per node as CSV and Parquet, and with classes and customers as JSON."""
    paths = [save_frame(found.nodes, folder / "break_even.csv"), folder / "break_even.parquet"]
    parts = {name: getattr(found, name).to_dicts() for name in ("nodes", "classes", "customers")}
    whole = {"deciding": found.deciding, **parts}
    paths.append(folder / "break_even.json")
    files.write_text(paths[2], json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    return tuple(paths)


def save_decisions(decisions: Decisions, folder: Path) -> tuple[Path, ...]:
    """Write the list of actions as CSV, Parquet and JSON, and the plan where there is one."""
    listed = decisions.customers
    paths = [save_frame(_to_work_by(decisions), folder / "actions.csv", ordered=True)]
    with files.replacing(folder / "actions.json") as new:
        listed.write_json(new)
    paths += [folder / "actions.parquet", folder / "actions.json"]
    if decisions.plan:
        paths += [save_frame(decisions.plan.rows, folder / "plan.csv"), folder / "plan.parquet"]
    return tuple(paths)


_TO_WORK_BY = ("id", "name", "owner", "action_name", "due", "do", "reason", "class_name", "flags")


def _to_work_by(decisions: Decisions) -> pl.DataFrame:
    """Return the list as people work through it: who does what for whom by when; codes stand last."""
    listed, language = decisions.customers, decisions.language
    nothing = {name: messages.text(f"report.actions.{name}", language) for name in (NOT_PLANNED, NONE_STATED)}
    named = pl.coalesce("action_name", pl.col("action").replace_strict(nothing, default=None))
    first = [name for name in _TO_WORK_BY if name in listed.columns]
    last = [name for name in ("stopped", "action", "class") if name in listed.columns]
    between = pl.exclude(*first, *last)
    return listed.with_columns(action_name=named).select(*first, between, *last)


def save_tables(
    model: Model, measures: pl.DataFrame, further: Mapping[str, pl.DataFrame], folder: Path
) -> tuple[Path, ...]:
    """Write what machines read besides: contributions in long form, weights by node, the dictionary.

    The dictionary tells of every Parquet file of the folder that a run writes, and of `further` tables, which
    lie there as CSV.
    """
    with files.replacing(folder / "contributions.parquet") as new:
        contribution_rows(model, measures).sink_parquet(new)
    with files.replacing(folder / "weights.parquet") as new:
        weight_rows(model).write_parquet(new)
    there = {f"{name}.parquet": folder / f"{name}.parquet" for name in TABLES}
    schemas = {name: pl.read_parquet_schema(path) for name, path in there.items() if path.is_file()}
    schemas |= {name: frame.schema for name, frame in further.items()}
    paths = [folder / f"{name}.parquet" for name in ("contributions", "weights")]
    paths += [save_frame(dictionary(model.tree, schemas), folder / "dictionary.csv")]
    return (*paths, folder / "dictionary.parquet")


def save_report(
    setup: Setup, evaluation: Evaluation, suffix: str, *, language: str | None = None,
    noted: Noted | None = None,
) -> Path:  # fmt: skip
    """Write a report in the format of its suffix; `noted` as for `reports.report`."""
    path, options = setup.output / f"report.{suffix}", setup.file.report
    _keep_codes(setup)
    report(evaluation, path, language=language, options=options, folder=setup.folder, noted=noted)
    return path


def _keep_codes(setup: Setup) -> None:
    """Begin with the codes of the evaluation before, so that customers keep theirs."""
    last, key = setup.file.previous, setup.output / KEY
    before = setup.folder / last.folder / KEY if last else None
    if setup.file.report.anonymous and before and before.is_file() and not key.exists():
        files.write_text(key, before.read_text("utf-8"))


def save_pages(
    setup: Setup,
    evaluation: Evaluation,
    chosen: Sequence[Some],
    progress: Callable[[str], None],
    *,
    language: str | None = None,
) -> tuple[Path, ...]:
    """Write a page for each choice of customers, under the value it is about; each is said as it begins."""
    _keep_codes(setup)
    stems = files.stems((str(which).replace("=", "-") for which in chosen), "report")
    paths = tuple(setup.output / f"report-{stem}.html" for stem in stems)
    for which, path in zip(chosen, paths, strict=True):
        progress("report_html")
        options = setup.file.report
        report(evaluation, path, language=language, options=options, folder=setup.folder, only=which)
    return paths
