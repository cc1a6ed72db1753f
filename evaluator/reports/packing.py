"""Word and PowerPoint files as packages: the same bytes for the same content, and their properties."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from markupsafe import escape

CORE = "docProps/core.xml"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of the calendar of zip files
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PROPERTIES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{title}</dc:title>\
<dc:subject>{subject}</dc:subject><dc:creator>{author}</dc:creator>\
<cp:lastModifiedBy>{author}</cp:lastModifiedBy><cp:revision>1</cp:revision>\
<dcterms:created xsi:type="dcterms:W3CDTF">{created}</dcterms:created>\
<dcterms:modified xsi:type="dcterms:W3CDTF">{created}</dcterms:modified>\
<dc:language>{language}</dc:language></cp:coreProperties>"""


@dataclass(frozen=True)
class Properties:
    """What a document says of itself; `language` is a tag such as zh-CN."""

    title: str
    subject: str
    author: str
    language: str
    created: datetime

    def xml(self) -> bytes:
        """Return the part of a package that holds the properties."""
        words = {name: escape(printable(getattr(self, name))) for name in ("title", "subject", "author")}
        day = self.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return _PROPERTIES.format(**words, language=self.language, created=day).encode()


def packed(made: bytes, properties: Properties) -> bytes:
    """Return a package with these properties, and with one date for all its parts.

    The libraries write the time of writing into every part, so two runs would differ.
    """
    new = io.BytesIO()
    with ZipFile(io.BytesIO(made)) as old, ZipFile(new, "w") as package:
        for entry in old.infolist():
            content = properties.xml() if entry.filename == CORE else old.read(entry)
            package.writestr(_entry(entry.filename), content, ZIP_DEFLATED)
    return new.getvalue()


def printable(text: str) -> str:
    """Return a text without the characters that no XML can hold."""
    return _NOT_IN_XML.sub("", text)


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _FIRST_DAY)
    entry.external_attr = 0o600 << 16
    return entry
