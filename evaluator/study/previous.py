"""The evaluation before this one: what it left behind, and a study that goes on from it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import polars as pl

from evaluator.columns.apostrophes import unmark
from evaluator.data.spark_store import is_address
from evaluator.data.spreadsheet import parquet_frame
from evaluator.documents import Document, dumped, load, parse, validate
from evaluator.errors import EvaluationError, Issue, Location, Severity
from evaluator.evaluation import Previous
from evaluator.files import leaves, replacing, write_text
from evaluator.scoring import Model, load_model
from evaluator.study.file import PreviousEntry, StudyFile
from evaluator.study.saved_evaluation import MEASURES, MODEL, kept_measures
from evaluator.tree import Tree

FOLDER = "previous"
SCORES = ("scores.parquet", "scores.csv")
"""What holds the scores of a run: the whole ones first, else those for people, as older runs left them."""
_FORGOTTEN = 0.1  # share of the customers of both evaluations
_NEARLY_ALL, _ALIKE = 0.9, 0.1  # of the customers; how far from the middle one a step may be, as its share
_FEW, _TELLING = 5, 0.5  # customers of both; points of the mean score, and share of what it changed
_ENTRY = re.compile(r"""["']?([A-Za-z_]\w*)["']?\s*:""")
_TEXTS = ("id", "name", "status", "reason", "grade")


def last_model(file: StudyFile, folder: Path) -> Path | None:
    """Return the model of the evaluation before this one, where the study keeps it."""
    last = file.previous
    return folder / last.folder / MODEL if last and last.model == "keep" else None


def model_before(entry: PreviousEntry, folder: Path) -> Model | None:
    """Return the model of the evaluation before this one, None where it was not kept."""
    path = folder / entry.folder / MODEL
    return load_model(path) if path.is_file() else None


def read_previous(entry: PreviousEntry, folder: Path, model: Model) -> Previous:
    """Return the evaluation a study names as the one before it.

    Raises
    ------
    EvaluationError
        when its scores are not there or are no scores; those of `load_model`.
    """
    home = folder / entry.folder
    path = next((home / name for name in SCORES if (home / name).is_file()), home / SCORES[-1])
    try:
        results = _read(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        detail = {"reason": getattr(error, "strerror", None) or str(error).splitlines()[0]}
        raise EvaluationError([Issue("STUDY-311", str(path), detail, where=Location(str(path)))]) from None
    if absent := [name for name in ("id", "score", "status", "grade") if name not in results.columns]:
        detail = {"reason": ", ".join(absent)}
        raise EvaluationError([Issue("STUDY-311", str(path), detail, where=Location(str(path)))])
    texts = [name for name in results.columns if name in _TEXTS or name.startswith("class_")]
    results = results.with_columns(
        pl.col(texts).cast(pl.String), pl.exclude(texts).cast(pl.Float64, strict=False)
    )
    last = load_model(home / MODEL) if (home / MODEL).is_file() else None
    measures = kept_measures(home, last) if last else None
    return Previous(
        entry.title, entry.as_of, results, last is not None and _same(last, model), last, measures
    )


def history_issues(last: Previous, tree: Tree, measures: pl.DataFrame) -> Iterator[Issue]:
    """Yield which measures changed because the data of this evaluation reach less far than those before.

    Nobody's tenure falls, and what was known of a customer is not forgotten: an export of the last 24 months
    begins later every time it is made.
    """
    if last.measures is None:
        return
    now, before = (frame.with_columns(pl.col("id").cast(pl.String)) for frame in (measures, last.measures))
    both = now.join(before, on="id", suffix="_before")
    for name, measured in {leaf.measure: leaf.measured for leaf in tree.indicators}.items():
        if f"{name}_before" not in both.columns:
            continue
        held, known = both.height - both[f"{name}_before"].null_count(), both.height - both[name].null_count()
        detail = {"of": both.height, "as_of": last.as_of, "before": held, "now": known}
        if held - known > _FORGOTTEN * both.height:
            yield Issue("STUDY-392", measured, detail, severity=Severity.WARNING)
        if name == "tenure_months" and (fell := (both[name] < both[f"{name}_before"]).sum()):
            yield Issue("STUDY-379", measured, {**detail, "count": fell}, severity=Severity.WARNING)


def passing_time(
    last: Previous, model: Model, results: pl.DataFrame, measures: pl.DataFrame
) -> Iterator[Issue]:
    """Yield which measures rose alike for nearly all customers, where that makes most of what changed.

    Everybody's tenure is three months longer after three months: on a scale of positions that a frozen model
    has from then, all stand better, and none has done anything.
    """
    if last.measures is None or not last.same_model:
        return
    now, before = (frame.with_columns(pl.col("id").cast(pl.String)) for frame in (measures, last.measures))
    both = now.join(before, on="id", suffix="_before")
    scores = results.join(last.results, on="id", suffix="_before")
    whole = (scores["score"] - scores["score_before"]).mean()
    for leaf in model.tree.indicators:
        name, score = leaf.measure, f"score_{leaf.id}"
        known = {f"{name}_before", f"{score}_before"} <= {*both.columns, *scores.columns}
        if not isinstance(whole, float) or not known or not both[name].dtype.is_numeric():
            continue
        steps = (both[name] - both[f"{name}_before"]).drop_nulls()
        step = steps.median()
        if len(steps) < _FEW or not isinstance(step, float) or step <= 0:
            continue
        gained = (scores[score] - scores[f"{score}_before"]).mean()
        points = model.global_[leaf.id] * gained if isinstance(gained, float) else 0.0
        alike = ((steps - step).abs() <= _ALIKE * step).sum() >= _NEARLY_ALL * len(steps)
        if alike and abs(points) >= max(_TELLING, _TELLING * abs(whole)):
            detail = {"as_of": last.as_of, "points": points, "whole": whole}
            yield Issue("STUDY-394", leaf.measured, detail, severity=Severity.WARNING)


def _read(path: Path) -> pl.DataFrame:
    if path.suffix == ".parquet":
        return parquet_frame(path, path.name)
    frame: pl.DataFrame = unmark(pl.read_csv(path, infer_schema_length=0))
    return frame


def _same(other: Model, model: Model) -> bool:
    """True if two models give every customer the same score and class."""
    unlike = {"software", "population", "as_of", "baseline"}
    return other.model_dump(exclude=unlike) == model.model_dump(exclude=unlike)


def go_on(
    last: str | Path, folder: str | Path, *, title: str | None = None, refit: bool = False
) -> tuple[Path, ...]:
    """Begin the next study from the last one, and return the files written.

    Trees, experts, answers, mapping and options are the last one's; `study.yaml` keeps its comments.
    Data are not copied: they belong to the last period.

    Parameters
    ----------
    last : folder of a study that was run.
    title : of the new study; default: the last one's.
    refit : fit a new model on the new data, instead of scoring with the last one's.

    Raises
    ------
    EvaluationError
        when `last` is no study or was not run to its end, or there is a study in `folder` already.
    """
    old, new = Path(last), Path(folder)
    path = new / "study.yaml"
    if old.is_file():
        raise EvaluationError(
            [Issue("STUDY-344", str(last), {"folder": str(folder)}, where=Location(str(old)))]
        )
    if not (old / "study.yaml").is_file():
        raise EvaluationError([Issue("STUDY-301", str(last), where=Location(str(old / "study.yaml")))])
    if path.exists():
        raise EvaluationError([Issue("STUDY-306", str(folder), where=Location(str(path)))])
    document = load(old / "study.yaml")
    file = validate(document, StudyFile)
    results = _results(old)
    as_of = load_model(results[0].with_name(MODEL)).as_of
    stated = {"folder": FOLDER, "title": file.title.model_dump(), "as_of": str(as_of)}
    following = {"previous": stated | {"model": "refit" if refit else "keep"}}
    replaced: dict[str, object] = {"title": title} if title else {}
    replaced |= {"unused": {}} if file.unused else {}  # those were of the last period
    text = (old / "study.yaml").read_text("utf-8-sig")
    written = [*_copied(old, new, _carried_over(file, old)), *_copied(old / "output", new / FOLDER, results)]
    write_text(path, _rewritten(text, document, replaced | following))
    for name in awaited(new):
        place = Path(name).parent
        if not (place.is_absolute() or leaves(new, name) or set("*?[") & set(str(place))):
            (new / place).mkdir(parents=True, exist_ok=True)  # where the new period's data go
    return (path, *written)


def awaited(folder: str | Path) -> tuple[str, ...]:
    """Return the files of data a study names that are not there yet."""
    home = Path(folder)
    file = validate(load(home / "study.yaml"), StudyFile)
    named = [table.file for table in file.tables.values() if table.file and not is_address(table.file)]
    return tuple(name for name in named if not (home / name).is_file() and not any(home.glob(name)))


def _results(old: Path) -> list[Path]:
    """Return scores, models and measures of a study that was run, of each branch where it has several."""
    homes = dict.fromkeys(
        path.parent
        for name in (*SCORES, "summary.json")  # where Spark has written the scores there are only figures
        for path in sorted((old / "output").glob(f"**/{name}"))
    )
    names = (*SCORES[::-1], MODEL, *MEASURES)
    found = [path for home in homes for name in names if (path := home / name).is_file()]
    if not any(path.name == MODEL for path in found):
        where = Location(str(old / "output" / SCORES[-1]))
        raise EvaluationError([Issue("STUDY-312", str(old), where=where)])
    return found


def _carried_over(file: StudyFile, old: Path) -> Iterator[Path]:
    """Yield the files of a study that hold for its next period as well."""
    named = [*file.judgments, *filter(None, (file.revisions, file.report.theme, file.report.templates))]
    if (old / file.tree).is_file():
        named += [path.relative_to(old).as_posix() for path in (old / file.tree).parent.glob("*.y*ml")]
    for name in dict.fromkeys(named):
        if not Path(name).is_absolute() and name != "study.yaml":
            found = old / name
            inside = sorted(p for p in found.rglob("*") if p.is_file()) if found.is_dir() else [found]
            yield from (path for path in inside if not leaves(old, path.relative_to(old)))


def _copied(old: Path, new: Path, paths: Iterable[Path]) -> list[Path]:
    written = []
    for path in dict.fromkeys(paths):
        if path.is_file():
            target = new / path.relative_to(old)
            with replacing(target) as place:
                shutil.copyfile(path, place)
            written.append(target)
    return written


def _rewritten(text: str, document: Document, entries: Mapping[str, object]) -> str:
    """Return the text of a study with some top-level entries replaced, and its day left open.

    Comments stay where the text says what the entries say; else the entries are written out.
    """
    open_ = {*entries, "as_of", "previous"}
    data = {key: value for key, value in document.data.items() if key not in open_}
    lines, skipping = [], False
    for line in text.splitlines():
        if start := _ENTRY.match(line):
            skipping = start[1] in open_
        elif line.lstrip()[:1] in ("", "#"):
            skipping = skipping and line.startswith(" ")
        if not skipping:
            lines.append(line)
    edited = "\n".join([*lines, dumped(entries)])
    try:
        same = parse(edited, document.file).data == parse(dumped({**data, **entries}), document.file).data
    except EvaluationError:
        same = False
    return edited if same else dumped({**data, **entries})
