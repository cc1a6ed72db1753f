"""Where each measure of a tree comes from, and what is lacking for those that nothing gives."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Literal

from evaluator.customers import MEASURES, MODEL_MEASURES
from evaluator.data.header_names import plain
from evaluator.data.questions import line
from evaluator.data.tables import TableNote
from evaluator.errors import Issue, Location, nearest
from evaluator.tree import Indicator, Tree
from evaluator.tree.types import Graded

Origin = Literal["measures", "grades", "orders", "models", "absent"]
Columns = Mapping[str, Collection[str]]
"""The columns of every table there is."""
Lacking = Callable[[str, str | None], list[Issue]]
"""What a customer model lacks to be run; said of the model, or of a measure it gives."""


def origins_of(
    tree: Tree, columns: Columns, lacking: Lacking, absent: Collection[str]
) -> dict[str, Origin | None]:
    """Return where each measure comes from; None where nothing gives it and it is not among the absent."""
    return {leaf.measure: _origin(leaf, columns, lacking, absent) for leaf in tree.indicators}


def without_origin(
    origins: Mapping[str, Origin | None],
    columns: Columns,
    tree: Tree,
    lacking: Lacking,
    notes: Sequence[TableNote] = (),
) -> Iterator[Issue]:
    """Yield what is lacking for the measures nothing gives; `notes` tell which headers were not read."""
    unread = [(header, note.file) for note in notes if note.table == "measures" for header in note.unused]
    known = (*columns.get("measures", ()), *MEASURES.names(), *MODEL_MEASURES.names())
    unused = [name for name in known if name not in origins]
    for leaf in tree.indicators:
        if origins[leaf.measure] is None:
            if leaf.measure in MODEL_MEASURES and not isinstance(leaf.scale, Graded):
                yield from lacking(MODEL_MEASURES[leaf.measure].function.model, leaf.measure)
                continue
            graded = isinstance(leaf.scale, Graded)
            if not graded and (misspelt := _misspelt(leaf, unread)):
                yield misspelt
                continue
            needs = "grades" if graded else "orders" if leaf.measure in MEASURES else None
            detail = {"indicator": leaf.called, "needs": needs, "measure": leaf.measure}
            hint = () if needs else nearest(leaf.measure, unused)
            yield Issue("DATA-432" if needs else "DATA-431", leaf.measured, detail, hint)


def _misspelt(leaf: Indicator, unread: Sequence[tuple[str, str]]) -> Issue | None:
    """Return the question whether an unread column is a measure whose header nobody wrote as it is called."""
    files = {plain(header): (header, file) for header, file in unread}
    names = (leaf.name.en, leaf.name.zh, leaf.measure, leaf.id)
    near = [found for name in names for found in nearest(plain(name), files)]
    if not near:
        return None
    header, file = files[near[0]]
    detail = {"header": header, "measure": leaf.measure, "line": line(columns={leaf.measure: header})}
    return Issue("DATA-539", leaf.measured, detail, where=Location(file))


def _origin(leaf: Indicator, columns: Columns, lacking: Lacking, absent: Collection[str]) -> Origin | None:
    none: Origin | None = "absent" if leaf.measure in absent else None
    if leaf.measure in columns.get("measures", ()):
        return "measures"
    if isinstance(leaf.scale, Graded):
        return "grades" if "grades" in columns else none
    if leaf.measure in MODEL_MEASURES and not lacking(MODEL_MEASURES[leaf.measure].function.model, None):
        return "models"
    return "orders" if "orders" in columns and leaf.measure in MEASURES else none
