"""Adding a section of one's own to the reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from evaluator.messages import LANGUAGES
from evaluator.reports.added import ADDED, Added, Level

if TYPE_CHECKING:
    from evaluator.present.blocks import Block
    from evaluator.reports.context import Context


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
