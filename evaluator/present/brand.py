"""Branding: a consultant's colours, fonts, logo and words on the cover, from a small YAML file."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from evaluator.documents import Document, Format, load, validate
from evaluator.errors import Issue, Severity, not_among, raise_errors
from evaluator.files import leaves, read_bytes
from evaluator.labels import Label, Text
from evaluator.messages import LANGUAGES
from evaluator.present.charts.axes import ACCENT, ALERT, INK, LINE, QUIET
from evaluator.workbook.theme import PALETTE, SERIES, Theme

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]
Font = Annotated[str, StringConstraints(pattern=r"^[^\"';{}<>\\]{1,60}$")]  # a name, never a style of its own

NO_PICTURE = "REPORT-847"
"""A logo that is missing, or neither PNG nor JPEG."""
_PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
_IN_CHARTS = {"accent": ACCENT, "ink": INK, "muted": QUIET, "line": LINE, "bad": ALERT}
_ON_PAGE = {"accent": "--accent", "ink": "--ink", "muted": "--quiet", "line": "--line", "bad": "--alert"}


class Fonts(Format):
    """The font of each language; a reader without it sees one that is like it."""

    zh: Font | None = None
    en: Font | None = None


class CoverWords(Format):
    """Words on the cover: who reports, to whom, and what readers should know first."""

    organisation: Label | None = None
    client: Label | None = None
    note: Label | None = None


class BrandFile(Format):
    """The file of a brand; everything may be left out, and stays as it ships then.

    `colours` are those of the workbook's theme by name, `series` those of charts in their order, `logo`
    a PNG or JPEG beside the file, shown `logo_scale` times its size.
    """

    schema_: Annotated[Literal[1], Field(alias="schema")]
    colours: dict[str, Colour] = {}
    series: tuple[Colour, ...] = ()
    fonts: Fonts = Fonts()
    logo: str | None = None
    logo_scale: Annotated[float, Field(gt=0, le=10)] = 1.0
    cover: CoverWords = CoverWords()


@dataclass(frozen=True)
class Cover:
    """Words on the cover, each by language; None where the brand has none."""

    organisation: Mapping[str, str] | None = None
    client: Mapping[str, str] | None = None
    note: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Brand:
    """A brand as reports use it: `logo` is the picture itself, `colours` stand in for the charts' own."""

    theme: Theme
    style: str
    cover: Cover = Cover()
    logo: bytes | None = None
    logo_scale: float = 1.0
    colours: Mapping[str, str] = field(default_factory=dict)

    @property
    def logo_source(self) -> str:
        """The logo as a page carries it inside itself."""
        if self.logo is None:
            return ""
        return f"data:image/{_kind(self.logo)};base64,{base64.b64encode(self.logo).decode('ascii')}"


PLAIN = Brand(Theme(), "")
"""Reports as they ship."""


def load_brand(path: str | Path, *, noted: Callable[[Issue], None] | None = None) -> Brand:
    """Return the brand a YAML file describes.

    A logo that is missing or no picture is an error; where `noted` is told, it is a warning, and the brand
    has no logo.

    Raises
    ------
    EvaluationError
        with every mistake and its line: as `documents.load`, for a colour the theme does not have, for a logo
        that is outside the brand's folder, missing, or neither PNG nor JPEG.
    """
    document = load(path)
    file = validate(document, BrandFile)
    logo = _logo(Path(path).parent, file.logo) if file.logo else None
    mistakes = tuple(_mistakes(file, document, logo))
    if noted:
        for issue in mistakes:
            if issue.code == NO_PICTURE:
                noted(replace(issue, severity=Severity.WARNING))
                logo = None
        mistakes = tuple(issue for issue in mistakes if issue.code != NO_PICTURE)
    raise_errors(mistakes)
    theme = Theme().with_colours(**file.colours)
    fonts = {"zh": file.fonts.zh, "en": file.fonts.en}
    theme = theme.with_fonts({language: name for language, name in fonts.items() if name})
    return Brand(
        theme=theme.with_series((*file.series, *SERIES[len(file.series) :])),
        style=_style(file),
        cover=_cover(file.cover),
        logo=logo,
        logo_scale=file.logo_scale,
        colours=_in_charts(file),
    )


def _cover(words: CoverWords) -> Cover:
    def by_language(text: Text | None) -> Mapping[str, str] | None:
        return None if text is None else {language: text[language] for language in LANGUAGES}

    return Cover(by_language(words.organisation), by_language(words.client), by_language(words.note))


def _mistakes(file: BrandFile, document: Document, logo: bytes | None) -> Iterator[Issue]:
    for name in file.colours:
        yield from not_among("REPORT-846", [name], PALETTE, where=document.where(("colours", name)))
    if file.logo and leaves(Path(document.file).parent, file.logo):
        yield Issue("FILE-704", file.logo, where=document.where(("logo",)))
    elif file.logo and not (logo and _kind(logo)):
        yield Issue(NO_PICTURE, file.logo, where=document.where(("logo",)))


def _logo(folder: Path, stated: str) -> bytes | None:
    path = folder / stated
    return read_bytes(path) if path.is_file() and not leaves(folder, stated) else None


def _kind(picture: bytes) -> str | None:
    return next((kind for start, kind in _PICTURES.items() if picture.startswith(start)), None)


def _in_charts(file: BrandFile) -> Mapping[str, str]:
    """Return the colours of charts that a brand replaces; without series, its accent is the first."""
    named = {_IN_CHARTS[name]: colour for name, colour in file.colours.items() if name in _IN_CHARTS}
    return named | dict(zip(SERIES, file.series, strict=False))


def _style(file: BrandFile) -> str:
    """Return what a page's own style is followed by; colours and font names cannot hold anything else.

    The faces of a brand stand before those of the page, so that a reader who lacks one sees the next.
    """
    rules = [f"{_ON_PAGE[name]}: {colour};" for name, colour in file.colours.items() if name in _ON_PAGE]
    rules += [f"--tone-{place}: {colour};" for place, colour in enumerate(file.series)]
    faces = {"latin": file.fonts.en, "cjk": file.fonts.zh}
    rules += [f'--{name}: "{face}", var(--{name}-faces);' for name, face in faces.items() if face]
    return f":root {{ {' '.join(rules)} }}\n" if rules else ""
