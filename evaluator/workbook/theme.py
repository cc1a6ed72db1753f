"""How workbooks look: colours, fonts and number formats behind the names of styles.

A cell's font is one name in Excel (no list of fallbacks), so a font must be named that the reader's
machine has or replaces well. Microsoft YaHei is on every Windows with Chinese and comes with Office
for Mac; elsewhere Excel, WPS and LibreOffice replace it by a font of the stated family and Chinese
character set. Calibri, for English, is drawn with a Chinese font wherever a name needs one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

INK, MUTED, LINE = "#1F2A37", "#6B7280", "#D5DAE1"
PALETTE: Mapping[str, str] = MappingProxyType(
    {
        "ink": INK,
        "muted": MUTED,
        "line": LINE,
        "accent": "#1F4E79",
        "soft": "#DCE8F3",
        "band": "#F4F7FA",
        "input": "#FFF8DC",
        "good": "#1B7F4B",
        "good_soft": "#E1F3E8",
        "warn": "#9A6700",
        "warn_soft": "#FFF1CC",
        "bad": "#B42318",
        "bad_soft": "#FDE4E1",
        "bar": "#8FB4D9",
    }
)
SERIES = ("#17616b", "#b06f12", "#3f6fb0", "#a64b6b", "#6b7f2a", "#6d5ba6", "#8a5a3c", "#5f6b76")
"""Colours of classes and series, one after the other, on every carrier."""

_FRAME = {"border": 1, "border_color": "line"}
_STYLES: dict[str, dict[str, object]] = {
    # what a cell is
    "title": {"bold": True, "font_size": 18, "font_color": "accent"},
    "subtitle": {"font_size": 12, "font_color": "muted", "text_wrap": True},
    "section": {"bold": True, "font_size": 13, "font_color": "accent", "bottom": 2, "bottom_color": "accent"},
    "heading": {
        "bold": True, "font_color": "#FFFFFF", "bg_color": "accent", "text_wrap": True, "align": "center",
        **_FRAME,
    },
    "label": {"bold": True, "bg_color": "band", "text_wrap": True, "indent": 1, **_FRAME},
    "text": {"text_wrap": True, "indent": 1, **_FRAME},
    "id": {"num_format": "@", "indent": 1, **_FRAME},
    "plain": {},
    "paragraph": {"text_wrap": True, "valign": "vcenter"},
    "note": {"font_color": "muted", "font_size": 9, "text_wrap": True},
    "number": {"num_format": "#,##0.00", "align": "right", **_FRAME},
    "integer": {"num_format": "#,##0", "align": "right", **_FRAME},
    "money": {"num_format": "#,##0.00", "align": "right", **_FRAME},
    "percent": {"num_format": "0.0%", "align": "right", **_FRAME},
    "score": {"num_format": "0.0", "align": "right", **_FRAME},
    "weight": {"num_format": "0.0000", "align": "right", **_FRAME},
    "fraction": {"num_format": "# ?/?", "align": "right", **_FRAME},
    "ratio": {"num_format": "0.000", "align": "right", **_FRAME},
    "quantity": {"num_format": "General", "align": "right", **_FRAME},
    "tile": {"bg_color": "soft", "align": "center", "text_wrap": True, **_FRAME},
    "block": {"bold": True, "bg_color": "soft", "font_color": "accent", "indent": 1, **_FRAME},
    "date": {"num_format": "yyyy-mm-dd", "align": "center", **_FRAME},
    "time": {"num_format": "yyyy-mm-dd hh:mm", "align": "center", **_FRAME},
    "input": {
        "bg_color": "input", "num_format": "@", "locked": False, "text_wrap": True, "indent": 1, **_FRAME,
    },
    "signature": {"bottom": 1, "bottom_color": "ink"},
    "typed": {"num_format": "General", "align": "center", "indent": 0},
    "count": {"num_format": "#,##0", "bold": True, "align": "right"},
    "cr": {"num_format": '"CR = "0.000', "bold": True, "align": "center"},
    "link": {"font_color": "accent", "underline": 1},
    "day": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
    # what it says; these join the names above, as in "score good"
    "good": {"font_color": "good", "bg_color": "good_soft"},
    "warn": {"font_color": "warn", "bg_color": "warn_soft"},
    "bad": {"font_color": "bad", "bg_color": "bad_soft"},
    "muted": {"font_color": "muted"},
    "figure": {"bold": True, "font_size": 16, "font_color": "accent", "align": "center", **_FRAME},
    "opens": {"top": 2, "top_color": "accent"},
    "unseen": {"font_color": "#FFFFFF"},
    "strong": {"bold": True},
    "band": {"bg_color": "band"},
    "words": {"quote_prefix": True},  # text that stays text when somebody edits it
    "wrapped": {"text_wrap": True},
    "line": {"text_wrap": False, "shrink": True},  # of a formula: what stands here may change, the height not
    "center": {"align": "center", "indent": 0},
    "left": {"align": "left"},
    "right": {"align": "right", "indent": 0},
    "top": {"valign": "top"},
    "indent1": {"indent": 1},
    "indent2": {"indent": 2},
    "indent3": {"indent": 3},
}  # fmt: skip


@dataclass(frozen=True)
class Theme:
    """Colours by name, fonts by language, and the properties behind each style name.

    A style's colour may be one of `colours` by name; several style names joined by spaces make one
    style, the later ones winning.

    >>> Theme().style("score good", "zh")["num_format"]
    '0.0'
    >>> Theme().with_colours(good="#008000").style("score good", "en")["font_color"]
    '#008000'
    """

    colours: Mapping[str, str] = field(default_factory=lambda: PALETTE)
    series: tuple[str, ...] = SERIES
    fonts: Mapping[str, Mapping[str, object]] = field(
        default_factory=lambda: {
            "zh": {"font_name": "Microsoft YaHei", "font_family": 2, "font_charset": 134},
            "en": {"font_name": "Calibri", "font_family": 2},
        }
    )
    size: int = 10
    styles: Mapping[str, Mapping[str, object]] = field(default_factory=lambda: _STYLES)

    def font(self, language: str) -> dict[str, object]:
        """Return the properties of the font of a language."""
        return {**self.fonts[language], "font_size": self.size, "font_scheme": "none"}

    def style(self, names: str, language: str) -> dict[str, object]:
        """Return the cell properties of one or more style names; an unknown name is a `KeyError`."""
        properties = self.font(language) | {"font_color": "ink", "valign": "vcenter"}
        for name in names.split():
            properties |= self.styles[name]
        return {key: self._colour(key, value) for key, value in properties.items()}

    def with_colours(self, **colours: str) -> Theme:
        """Return the theme with other colours, by name."""
        return replace(self, colours={**self.colours, **colours})

    def with_fonts(self, fonts: Mapping[str, str]) -> Theme:
        """Return the theme with fonts of other names, by language; family and character set stay.

        >>> Theme().with_fonts({"en": "Arial"}).font("en")["font_name"]
        'Arial'
        """
        named = {language: {**self.fonts[language], "font_name": name} for language, name in fonts.items()}
        return replace(self, fonts={**self.fonts, **named})

    def with_series(self, series: tuple[str, ...]) -> Theme:
        """Return the theme with other colours of charts, in their order."""
        return replace(self, series=series)

    def _colour(self, key: str, value: object) -> object:
        return self.colours.get(value, value) if key.endswith("color") and isinstance(value, str) else value
