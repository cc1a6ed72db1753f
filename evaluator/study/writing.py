"""A study's results in the client's database, each row with what it came from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl

from evaluator.data import Wrote, write_results
from evaluator.scoring.model import software_version

if TYPE_CHECKING:
    from evaluator.study.road import Study


def write_back(study: Study) -> Wrote | None:
    """Write the scores of all trees where the study says so; None where it does not.

    Besides the scores each row has `run`, `tree`, `as_of`, `model` (the fingerprint of the model that
    scored), `software` and `created`.

    Raises `EvaluationError` as `data.write_results`.
    """
    whole = study.whole
    options = whole.file.write
    if options is None:
        return None
    run = options.run or f"{'+'.join(one.branch or one.tree.id for one in whole.branches)} {_as_of(whole)}"
    where = whole.document.where(("write",))
    return write_results(
        stamped(whole), options, whole.folder, run=run, databases=whole.file.databases, where=where
    )


def stamped(whole: Study) -> pl.DataFrame:
    """Return the scores of all trees of a study, with what each came from in front."""
    scores = whole.joined if whole.file.trees else whole.results.with_columns(tree=pl.lit(whole.tree.id))
    came_from = pl.DataFrame(
        {
            "tree": [one.branch or one.tree.id for one in whole.branches],
            "as_of": [one.measured.as_of for one in whole.branches],
            "model": [one.model.fingerprint for one in whole.branches],
        }
    )
    made = pl.lit(datetime.now(UTC).replace(microsecond=0))
    stamped = scores.join(came_from, on="tree", how="left", maintain_order="left").with_columns(
        software=pl.lit(software_version()), created=made
    )
    lead = ["tree", "as_of", "model", "software", "created"]
    return stamped.select(*lead, *(name for name in scores.columns if name != "tree"))


def _as_of(whole: Study) -> str:
    return max(one.measured.as_of for one in whole.branches).isoformat()
