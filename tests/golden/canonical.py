"""A page and a workbook as text, part by part: what goldens hold, and what commits are compared by."""

import json
import math
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

BLOCKS = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "li",
    "tr",
    "dt",
    "dd",
    "summary",
    "figcaption",
    "caption",
    "title",
    "footer",
}
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
VOID = {"meta", "input", "br", "link", "img"}


class Reader(HTMLParser):
    """Reads a page the way a browser does: elements, scripts, and the text of each block by section."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.scripts: list[str] = []
        self.parts: dict[str, list[str]] = {"head": [""]}
        self.part = "head"

    @property
    def lines(self) -> list[str]:
        """The text of every block, from top to bottom."""
        return [line for lines in self.parts.values() for line in lines]

    def handle_starttag(self, tag, attrs):
        self.elements[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script":
            self.scripts.append("")
        if tag == "section":
            self._turn_to(dict(attrs)["id"])
        if tag in BLOCKS:
            self.parts[self.part].append("")
        if tag in ("td", "th"):
            self.parts[self.part][-1] += "| "

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag == "section":
            self._turn_to("foot")
        if tag in BLOCKS:
            self.parts[self.part].append("")

    def handle_data(self, text):
        if "script" in self.open:
            self.scripts[-1] += text
        elif "style" not in self.open:
            self.parts[self.part][-1] += re.sub(r"\s+", " ", text)

    def _turn_to(self, part: str) -> None:
        """Begin a section, or go on with what stands between and after the sections."""
        assert part == "foot" or part not in self.parts, part
        self.part = part
        self.parts.setdefault(part, []).append("")


def read(text: str) -> Reader:
    """Read a page to its end; every element must be closed."""
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


def page_parts(text: str) -> dict[str, str]:
    """Return a page by file name: the words of each section, one block a line, and its script's data."""
    reader = read(text)
    parts = {f"{name}.txt": _joined(lines) for name, lines in reader.parts.items()}
    data = json.loads(reader.scripts[0], parse_float=lambda figure: round(float(figure), 6))
    charts = {f"chart-{name}": chart for name, chart in data.pop("charts").items()}
    for name, value in {**charts, **data}.items():
        parts[f"{name}.json"] = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    return parts


def _joined(lines: list[str]) -> str:
    return "".join(f"{line.strip()}\n" for line in lines if line.strip(" |"))


def opened(path: Path, **options: Any) -> openpyxl.Workbook:
    """Return a workbook as openpyxl reads it."""
    with warnings.catch_warnings():  # openpyxl does not know modern data bars
        warnings.filterwarnings("ignore", ".*extension is not supported")
        return openpyxl.load_workbook(BytesIO(path.read_bytes()), **options)


def sheet_parts(path: Path) -> Iterator[tuple[str, str]]:
    """Return each sheet's title and its cells and formulas as text, from left to right."""
    cached = opened(path, data_only=True)
    for sheet in opened(path):
        lines = [f"## {sheet.title}"]
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            formula = f"  {cell.value}" if cell.data_type == "f" else ""
            value = _as_text(cached[sheet.title][cell.coordinate].value)
            lines.append(f"{cell.coordinate}: {value}{formula}")
        yield sheet.title, "\n".join(lines) + "\n"


def _as_text(value: object) -> str:
    """Return a value as text; numbers to ten digits, so that the last bit of a processor does not show."""
    if isinstance(value, float):
        return f"{0.0 if abs(value) < 1e-12 else value:.10g}"
    return str(value).replace("\n", "\\n")


def file_parts(path: Path) -> dict[str, str]:
    """Return any file by parts: a page by section, a workbook by sheet, another file as its one part ""."""
    if path.suffix == ".xlsx":
        return dict(sheet_parts(path))
    text = path.read_text("utf-8", errors="replace")
    if path.suffix == ".html":
        return page_parts(text)
    if path.suffix == ".json":
        return {"": json.dumps(json.loads(text), ensure_ascii=False, indent=1)}
    return {"": text}


def same_but_last_digits(before: str, now: str) -> bool:
    """Return whether two texts differ in nothing but the last digits of numbers with decimals."""
    old, new = NUMBER.findall(before), NUMBER.findall(now)
    return (
        NUMBER.sub("0", before) == NUMBER.sub("0", now)
        and len(old) == len(new)
        and all(map(_same_number, old, new))
    )


def _same_number(old: str, new: str) -> bool:
    """Equal to 1e-9, or by one unit in the last place of figures rounded to at least six decimals."""
    if old == new or not {".", "e"} & {*old, *new}:
        return old == new
    places = max(len(number.partition("e")[0].partition(".")[2]) for number in (old, new))
    unit = 1.001 * 10.0**-places if places >= 6 else 0.0
    return math.isclose(float(old), float(new), rel_tol=1e-9, abs_tol=max(unit, 1e-12))
