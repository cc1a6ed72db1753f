"""Changes deep inside valid files, from a seeded source of chance."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from typing import Any

HOSTILE = (
    "", " ", "0", "-1", "1e308", "1e999", "NaN", "inf", "-0", "=1+1", "'", '"', "0.1.2", "１２", "9" * 40,
    "null", "true", "no", "[]", "{}", "2024-02-30", "0001-01-01", "99999999", "𝒳", "x" * 300, "\u202e",
    "é\u0301", "1,234", "1.234,5", "85%", "-99", "#REF!", "../x", "C:\\x", "pair:a:b", "1/3", "1/0", "A1",
    "XFD1048576", "2147483648", "-9223372036854775809", "：", "，",
)  # fmt: skip

_SCALAR = re.compile(r"(?<=[:\[,-] )([^\s,\[\]{}#][^,\[\]{}#\n]*)")
_XML_VALUE = re.compile(r'(?<==")([^"<]*)(?=")|(?<=>)([^<>]+)(?=<)')
_XML_ELEMENT = re.compile(r"<(\w+)[^<>]*/>|<(\w+)[^<>]*>[^<>]*</\2>")
_TOKEN = re.compile(r"\w+|[^\w\s]+")


def flipped(chance: random.Random, data: bytes) -> bytes:
    """Return bytes with a few of them changed, a piece cut out, or the end missing."""
    if not data:
        return b"\x00"
    changed = bytearray(data)
    if chance.random() < 0.2:
        return bytes(changed[: chance.randrange(len(changed))])
    for _ in range(chance.randint(1, 6)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def replaced(
    chance: random.Random, text: str, pattern: re.Pattern[str], quote: Callable[[str], str] = str
) -> str:
    """Return a text with one of the places of a pattern changed: hostile (quoted), or one from elsewhere."""
    places = list(pattern.finditer(text))
    if not places:
        return text
    place, other = chance.choice(places), chance.choice(places)
    value = chance.choice((quote(chance.choice(HOSTILE)), other[0]))
    return text[: place.start()] + value + text[place.end() :]


def yaml_text(chance: random.Random, text: str) -> str:
    """Return YAML with a value changed, a line gone, twice, elsewhere, or further in."""
    for _ in range(chance.randint(1, 2)):
        lines = text.splitlines()
        at = chance.randrange(len(lines))
        how = chance.random()
        if how < 0.9:
            text = replaced(chance, text, _SCALAR, json.dumps if chance.random() < 0.85 else str)
            continue
        if how < 0.94:
            del lines[at]
        elif how < 0.97:
            lines.insert(chance.randrange(len(lines)), lines[at])
        else:
            lines[at] = chance.choice(("  ", "", "- ")) + lines[at].strip() + chance.choice(("", ":", " #"))
        text = "\n".join(lines) + "\n"
    return text


def tokens(chance: random.Random, text: str) -> str:
    """Return an expression or template with words or signs changed."""
    for _ in range(chance.randint(1, 3)):
        text = replaced(chance, text, _TOKEN)
    return text


def table(chance: random.Random, text: str) -> str:
    """Return delimited text with cells or rows changed."""
    rows = [line.split(",") for line in text.splitlines()]
    for _ in range(chance.randint(1, 4)):
        row = rows[chance.randrange(len(rows))]
        how = chance.random()
        if how < 0.75:
            row[chance.randrange(len(row))] = chance.choice(HOSTILE)
        elif how < 0.85:
            row.insert(chance.randrange(len(row) + 1), chance.choice(HOSTILE))
        else:
            rows.insert(chance.randrange(len(rows)), list(row))
    return "\n".join(",".join(row) for row in rows) + "\n"


def package(chance: random.Random, data: bytes) -> bytes:
    """Return a workbook with something changed within the XML of its parts, or a part damaged or gone."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    names = [name for name in parts if "sheet" in name.lower() or "shared" in name.lower()] or list(parts)
    for _ in range(chance.randint(1, 4)):
        name = chance.choice(names if chance.random() < 0.85 else list(parts))
        how = chance.random()
        if how < 0.03:
            parts[name] = flipped(chance, parts[name])
        elif how < 0.05 and len(parts) > 1:
            del parts[name]
            names = [kept for kept in names if kept != name] or list(parts)
        else:
            text = parts[name].decode("utf-8", "replace")
            text = _element(chance, text) if how < 0.3 else replaced(chance, text, _XML_VALUE)
            parts[name] = text.encode("utf-8", "replace")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def _element(chance: random.Random, text: str) -> str:
    places = list(_XML_ELEMENT.finditer(text))
    if not places:
        return text
    place, other = chance.choice(places), chance.choice(places)
    instead = chance.choice(("", place[0] * 2, other[0]))
    return text[: place.start()] + instead + text[place.end() :]


def data(chance: random.Random, value: Any) -> Any:
    """Return JSON data with one value somewhere in it changed, gone or doubled."""
    places = list(_places(value, ()))
    path = chance.choice(places)
    odd: tuple[Callable[[], Any], ...] = (
        lambda: chance.choice(HOSTILE),
        lambda: chance.choice((0, -1, 1e300, 1e-300, 7, None, True, [], {}, 2**70)),
        lambda: _at(value, chance.choice(places)),
    )
    return _with(value, path, chance.choice(odd)(), gone=chance.random() < 0.15)


def _places(value: Any, path: tuple[Any, ...]) -> Any:
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, entry in entries:
        yield (*path, key)
        yield from _places(entry, (*path, key))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def _with(value: Any, path: tuple[Any, ...], new: Any, *, gone: bool) -> Any:
    key, *rest = path
    copied = dict(value) if isinstance(value, dict) else list(value)
    if rest:
        copied[key] = _with(value[key], tuple(rest), new, gone=gone)
    elif gone:
        del copied[key]
    else:
        copied[key] = new
    return copied
