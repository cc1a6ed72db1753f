"""Evaluations as they were kept: model and measures of a study that was run."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from evaluator.analysis import Side
from evaluator.columns.apostrophes import unmark
from evaluator.data.spreadsheet import parquet_frame
from evaluator.errors import EvaluationError, Issue, Location
from evaluator.scoring import Model, load_model
from evaluator.tree.names import attributes, text_columns

MODEL = "model.json"
MEASURES = ("measures.parquet", "measures.csv")


def kept_evaluation(folder: str | Path) -> Side:
    """Return the model and measures that a run has left in a study's output, or in the folder given.

    Raises
    ------
    EvaluationError
        when one of them is not there or cannot be read; those of `load_model`.
    """
    home = Path(folder)
    place = home / "output" if (home / "output" / MODEL).is_file() else home
    if not (place / MODEL).is_file():
        place = home / "output" if (home / "study.yaml").is_file() else home  # where a run leaves it
        raise _absent(home, place / MODEL, _branches(home))
    model = load_model(place / MODEL)
    measures = kept_measures(place, model)
    if measures is None:
        raise _absent(home, place / MEASURES[-1])
    return Side(model, measures)


def kept_measures(folder: Path, model: Model) -> pl.DataFrame | None:
    """Return the measures kept beside a model, None where there are none.

    Raises
    ------
    EvaluationError
        where their file cannot be read.
    """
    path = next((folder / name for name in MEASURES if (folder / name).is_file()), None)
    if path is None:
        return None
    try:
        if path.suffix == ".parquet":
            return parquet_frame(path, _within(path, folder))
        return _typed(unmark(pl.read_csv(path, infer_schema_length=0)), model)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _absent(folder, path, reason=str(error).splitlines()[0]) from None


def _typed(frame: pl.DataFrame, model: Model) -> pl.DataFrame:
    """Return measures of a CSV file in the types they are scored in: numbers, unless the tree wants text."""
    texts = text_columns(model.tree)
    scored = {leaf.measure for leaf in model.tree.indicators}
    scored |= {entry.id for entry in attributes(model.tree)}
    numbers = [c for c in frame.columns if (c in scored or c.startswith("votes_")) and c not in texts]
    return frame.with_columns(pl.col(numbers).cast(pl.Float64, strict=False))


def _branches(home: Path) -> tuple[str, ...]:
    """Return the trees of a study with several: each keeps its own evaluation."""
    return tuple(path.parent.name for path in sorted((home / "output").glob(f"*/{MODEL}")))


def _within(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name


def _absent(folder: Path, path: Path, branches: tuple[str, ...] = (), reason: str = "–") -> EvaluationError:
    hint = tuple(str(folder / "output" / name) for name in branches)
    return EvaluationError(
        [
            Issue(
                "STUDY-371",
                str(folder),
                {"file": _within(path, folder), "reason": reason},
                hint,
                Location(str(path)),
            )
        ]
    )
