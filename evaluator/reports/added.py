"""Sections that a program of the user's own has added to the reports of this process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from evaluator.present.blocks import Block, Blocks, Facts, Table, Words
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

    def build(self, context: Context) -> Blocks | None:
        """Return what it shows of an evaluation, None where that is nothing."""
        from evaluator.present.blocks import Blocks, Part

        blocks = checked(self.id, self.view(context))
        return Blocks((Part("", blocks),)) if blocks else None


ADDED: dict[str, Added] = {}


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
