"""What a question shows: cells as they are written, and the line of `study.yaml` that answers it."""

from __future__ import annotations

from evaluator.data.cells import Cells
from evaluator.data.headers import Header
from evaluator.data.inline_yaml import flow

_CELLS = 3


def line(**entries: object) -> str:
    """Return entries of a mapping as they are written in one line of YAML.

    >>> line(columns={"amount": {"from": "Amount (k)", "factor": 1000}}), line(sheet="2024")
    ('columns: {amount: {from: "Amount (k)", factor: 1000}}', 'sheet: "2024"')
    """
    return ", ".join(f"{key}: {flow(entry)}" for key, entry in entries.items())


def cells_below(cells: Cells, header: Header, position: int) -> str:
    """Return the first different cells below a header, as people see them."""
    column = cells.frame.slice(header.index + 1)[f"c{position}"].str.strip_chars()
    filled = column.filter((column != "").fill_null(False)).head(1000)
    return ", ".join(f"«{text}»" for text in filled.unique(maintain_order=True).head(_CELLS)) or "–"
