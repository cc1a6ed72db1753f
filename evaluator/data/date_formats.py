"""Which stated format would read the dates of a column: what a hint may offer, because it fits every cell."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

_SHAPES = (
    (r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", ("Y", "m", "d")),
    (r"(\d{4})()(\d{2})()(\d{2})", ("Y", "m", "d")),
    (r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})", ("d", "m", "Y")),
    (r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})", ("m", "d", "Y")),
    (r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{2})", ("d", "m", "y")),
    (r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{2})", ("m", "d", "y")),
    (r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{2})", ("y", "m", "d")),
    (r"(\d{1,2})([-/. ])([A-Za-z]{3,9})\2(\d{4})", ("d", "b", "Y")),
    (r"(\d{1,2})([-/. ])([A-Za-z]{3,9})\2(\d{2})", ("d", "b", "y")),
)
_CLOCK = re.compile(r"([T ]\s*)\d{1,2}:\d{2}(:\d{2})?(\.\d+)?(\s*)([AaPp][Mm])?$")


def fitting_formats(texts: pl.Series) -> tuple[str, ...]:
    """Return the formats that read every one of some tidy texts, none where no single format does.

    >>> fitting_formats(pl.Series(["6/11/2017 17:40", "6/16/2017 22:45"]))
    ('%m/%d/%Y %H:%M',)
    >>> fitting_formats(pl.Series(["5/1/2024", "7/2/2024"])), fitting_formats(pl.Series(["5/1/2024", "soon"]))
    (('%d/%m/%Y', '%m/%d/%Y'), ())
    """
    texts = texts.drop_nulls().unique(maintain_order=True)
    if texts.is_empty():
        return ()
    candidates = dict.fromkeys(_formats(texts[0]))
    return tuple(layout for layout in candidates if not _read(texts, layout).null_count())


def _formats(text: str) -> Iterator[str]:
    """Yield the formats that the shape of one text suggests."""
    for shape, parts in _SHAPES:
        match = re.match(shape, text)
        if match is None:
            continue
        rest = text[match.end() :]
        clock = _CLOCK.fullmatch(rest)
        if clock is None and rest:
            continue
        mark = match[2]
        yield mark.join(f"%{part}" for part in parts) + (_clock(clock) if clock else "")


def _clock(match: re.Match[str]) -> str:
    before, seconds, fraction, gap, half = match.groups()
    hour = "%I" if half else "%H"
    after = f"{gap}%p" if half else ""
    return f"{before}{hour}:%M{':%S' if seconds else ''}{'%.f' if fraction else ''}{after}"


def _read(texts: pl.Series, layout: str) -> pl.Series:
    if "%H" in layout:
        return texts.str.to_datetime(layout, strict=False)
    return texts.str.to_date(layout, strict=False)
