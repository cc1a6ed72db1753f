"""Names of earlier versions that a consultant's own templates may still use, and their successors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evaluator.errors import Issue, Location, raise_errors

SECTIONS = {"planes": "customer_matrices", "worth": "value_measures"}
SHEETS = {"cover": "decision", "overview": "decision", "weights": "what_if", "scores": "customers"}
TEMPLATES = {
    **{f"workbook/{old}.xml.j2": f"workbook/{new}.xml.j2" for old, new in SHEETS.items()},
    **{f"page/{old}.html.j2": f"page/{new}.html.j2" for old, new in SECTIONS.items()},
}


def refuse_renamed(folders: Sequence[Path]) -> None:
    """Raise `EvaluationError` for templates under names of earlier versions: nothing would read them."""
    raise_errors(
        Issue("REPORT-845", path.name, {"successor": new}, where=Location(str(path)))
        for folder in folders
        for old, new in TEMPLATES.items()
        if (path := folder / old).is_file()
    )
