"""What is drawn on a terminal alone: tables that fit it, and a line that tells how long a step takes.

`rich` draws both, and is imported when there is a terminal to draw on; what is piped stays plain lines.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


class Steps:
    """The line of the step that is under way, with its time; it goes when anything is printed."""

    def __init__(self) -> None:
        self._drawn: Progress | None = None

    def begin(self, text: str) -> None:
        """Draw another step in place of the one before."""
        from rich.console import Console
        from rich.markup import escape
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self.end()
        columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
        self._drawn = Progress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=5)
        self._drawn.add_task(escape(text), total=None)
        self._drawn.start()

    def end(self) -> None:
        """Take the line away."""
        if self._drawn is not None:
            self._drawn.stop()
            self._drawn = None


def print_table(headers: Sequence[str], cells: Sequence[Sequence[str]], numeric: Sequence[bool]) -> None:
    """Print a table as wide as the terminal at most: long texts go on below, figures are never cut."""
    from rich.box import SIMPLE_HEAD
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    screen = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="", show_edge=False)
    for place, (header, right) in enumerate(zip(headers, numeric, strict=True)):
        names = not place and max((cell_len(row[0]) for row in cells), default=0) <= screen.width // 2
        table.add_column(
            Text(header), justify="right" if right else "left", no_wrap=right or names, overflow="fold"
        )
    for row in cells:
        table.add_row(*map(Text, row))
    screen.print(table)


def time_left(rows: int, total: int, rows_per_second: float) -> str:
    """Return the time that the rest takes at the speed so far, as minutes and seconds.

    >>> time_left(1_000, 10_000, 100.0), time_left(0, 10, 0.0), time_left(10, 10, 5.0)
    ('1:30', '–', '0:00')
    """
    if rows_per_second <= 0:
        return "–"
    minutes, seconds = divmod(round((total - rows) / rows_per_second), 60)
    return f"{minutes}:{seconds:02}"
