"""How Word and slides look: the colours of page and charts unless a brand has its own, and two faces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaluator.present.brand import Brand
from evaluator.present.charts.axes import ACCENT, ALERT, INK, LINE, QUIET
from evaluator.workbook.theme import PALETTE

LOCALES = {"zh": "zh-CN", "en": "en-US"}
_PAGE = {"accent": ACCENT, "ink": INK, "muted": QUIET, "line": LINE, "bad": ALERT, "soft": "#E7F0F0"}
LATIN, EAST_ASIAN = "Calibri", "Microsoft YaHei"


@dataclass(frozen=True)
class Look:
    """Colours by name as six hexadecimal digits, and the faces for Latin and for Chinese letters."""

    language: str
    colours: Mapping[str, str]
    latin: str
    east_asian: str

    @property
    def locale(self) -> str:
        """The language tag of the text."""
        return LOCALES[self.language]


def look(brand: Brand, language: str) -> Look:
    """Return the look of a brand; a colour it leaves as it ships is that of the page.

    >>> from evaluator.present.brand import PLAIN
    >>> look(PLAIN, "en").colours["accent"], look(PLAIN, "en").latin
    ('17616B', 'Calibri')
    """
    theme = brand.theme
    colours = {
        name: (theme.colours[name] if theme.colours[name] != PALETTE[name] else colour)[1:].upper()
        for name, colour in _PAGE.items()
    }
    latin, east_asian = (str(theme.fonts[one]["font_name"]) for one in ("en", "zh"))
    return Look(language, colours, latin, east_asian)
