"""Number formats of cells: the styles a workbook needs for the values of its blocks, by their kind."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import date

from evaluator.present.kinds import WORDS, Kind, pattern
from evaluator.workbook.theme import Theme

_FIGURE = {"align": "right", "border": 1, "border_color": "line"}
_WORD = {"text": "text", "id": "id", "day": "date"}
ABSENT = "text center muted"


@dataclass
class Formats:
    """The number formats that cells ask for, each a style of the theme."""

    language: str
    names: dict[str, str] = field(default_factory=dict)

    def style(self, value: float | str | date | None, kind: Kind, currency: str = "") -> str:
        """Return the name of the style a value is shown in, as the page shows it.

        >>> formats = Formats("en")
        >>> formats.style(0.25, "share"), formats.style(None, "share"), formats.style("north", "text")
        ('format1', 'text center muted', 'text')
        >>> formats.styled(Theme()).style("format1", "en")["num_format"]
        '#,##0.0%'
        """
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            return ABSENT
        if isinstance(value, (str, date)) or kind in WORDS:
            return _WORD.get(kind, "text")
        code = pattern(kind, self.language, currency).excel(value)
        return self.names.setdefault(code, f"format{len(self.names) + 1}")

    def styled(self, theme: Theme) -> Theme:
        """Return a theme with a style for each number format asked for so far."""
        own = {name: {"num_format": code, **_FIGURE} for code, name in self.names.items()}
        return replace(theme, styles={**theme.styles, **own})
