"""Sections that a program of the user's own adds to the reports of this process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from evaluator.messages import LANGUAGES

if TYPE_CHECKING:
    from evaluator.present.blocks import Block, Facts, Table, Words
    from evaluator.present.charts import Chart
    from evaluator.reports.context import Context

Level = Literal["decide", "explore", "evidence"]


@dataclass(frozen=True, eq=False)
class Added:
    """A section of somebody's own; see `add_section`."""

    id: str
    view: Callable[[Context], Iterable[Block]]
    title: Mapping[str, str]
    level: Level


ADDED: dict[str, Added] = {}


def add_section(
    name: str,
    view: Callable[[Context], Iterable[Block]],
    *,
    title: Mapping[str, str],
    level: Level = "evidence",
) -> None:
    """Add a section to the page and the workbook of every report this process writes from now on.

    It stands after the sections of its level that ship. On the page it is drawn as customer models are, in
    the workbook on their sheet.

    Parameters
    ----------
    name : its anchor on the page; of letters, digits and ``_``.
    view : yields blocks of `evaluator.present.blocks` (sentences, figures, tables) and charts; nothing where
        an evaluation gives it nothing to show. `context.evaluation` has every result, `context.rated` a row
        per rated customer, `context.reader` the names and the language.
    title : what stands above it, by language.
    level : ``decide``, ``explore`` or ``evidence``.

    Raises
    ------
    ValueError
        when a section has this name already, when it is none, or when a language has no title.

    >>> from evaluator.present.blocks import Words
    >>> add_section(
    ...     "thanks", lambda context: [Words(f"{context.rated.height} customers")],
    ...     title={"en": "Thanks", "zh": "致谢"},
    ... )
    >>> del ADDED["thanks"]
    """
    from evaluator.reports.sections import sections

    if not name.isidentifier():
        raise ValueError(f"{name!r} names no section: letters, digits and _ only")
    if any(section.id == name for section in sections()):
        raise ValueError(f"section {name!r} is declared twice")
    if lacking := [language for language in LANGUAGES if not title.get(language)]:
        raise ValueError(f"section {name!r} has no title in: {', '.join(lacking)}")
    ADDED[name] = Added(name, view, dict(title), level)


def checked(name: str, blocks: Iterable[object]) -> tuple[Facts | Table | Words | Chart, ...]:
    """Return the blocks of a section; `TypeError` for what is none, `ValueError` for a kind there is not."""
    from evaluator.present.blocks import Facts, Table, Words
    from evaluator.present.charts import Chart
    from evaluator.present.kinds import FIGURES, WORDS

    kinds = (*WORDS, *FIGURES)
    found: list[Facts | Table | Words | Chart] = []
    for block in blocks:
        if not isinstance(block, Facts | Table | Words | Chart):
            shown = f"{type(block).__name__} {block!r:.60}"
            raise TypeError(f"section {name!r} yields {shown}; it may yield Words, Facts, Table and charts")
        stated = [*getattr(block, "facts", ()), *getattr(block, "heads", ())]
        for kind in (part.kind for part in stated):
            if kind not in kinds:
                raise ValueError(f"section {name!r}: {kind!r} is no kind of values; {', '.join(kinds)} are")
        found.append(block)
    return tuple(found)
