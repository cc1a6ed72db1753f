"""A study's results in the client's database, each row with what it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

import polars as pl

from evaluator.data import Wrote, write_results
from evaluator.scoring.model import software_version
from evaluator.study.setup import Setup


@dataclass(frozen=True)
class Origin:
    """What the scores of one tree came from: its id, its day, the fingerprint of the model that scored."""

    tree: str
    as_of: date
    model: str


def write_scores(setup: Setup, scores: pl.DataFrame, origins: Sequence[Origin]) -> Wrote | None:
    """Write the scores of all trees where the study says so; None where it does not.

    `scores` have the column `tree`. Besides, each row has `run`, `as_of`, `model`, `software` and `created`.

    Raises `EvaluationError` as `data.write_results`.
    """
    options = setup.file.write
    if options is None:
        return None
    latest = max(origin.as_of for origin in origins).isoformat()
    run = options.run or f"{'+'.join(origin.tree for origin in origins)} {latest}"
    return write_results(
        stamped(scores, origins),
        options,
        setup.folder,
        run=run,
        databases=setup.file.databases,
        where=setup.where(("write",)),
    )


def stamped(scores: pl.DataFrame, origins: Sequence[Origin]) -> pl.DataFrame:
    """Return the scores with what each came from in front."""
    came_from = pl.DataFrame([asdict(origin) for origin in origins])
    made = pl.lit(datetime.now(UTC).replace(microsecond=0))
    whole = scores.join(came_from, on="tree", how="left", maintain_order="left").with_columns(
        software=pl.lit(software_version()), created=made
    )
    lead = ["tree", "as_of", "model", "software", "created"]
    return whole.select(*lead, *(name for name in scores.columns if name != "tree"))
