"""Parts of an archive unpacked at once are those that `zipfile` gives, and damage is what it says."""

import io
import random
import struct
import zipfile

import pytest

from evaluator.workbook.parts import BLOCK, Parts

TEXT = b'<row r="1"><c r="A1"><v>1</v></c></row>' * 300


def packed(**parts: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def told(read) -> object:
    """Return what reading gives: bytes, or the kind of its error."""
    try:
        return read()
    except Exception as error:
        return type(error)


def test_small_parts_are_unpacked_at_once_and_others_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    large = random.Random(1).randbytes(BLOCK + 1)
    content = packed(small=TEXT, large=large, none=b"")
    parts = Parts(content, opened(content))
    assert [len(block) for block in parts.blocks("large")] == [BLOCK, 1]
    assert list(parts.blocks("none")) == []
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *given: pytest.fail("not at once"))
    assert list(parts.blocks("small")) == [TEXT]


def test_whatever_byte_is_changed_the_answer_is_that_of_zipfile() -> None:
    """Each byte of headers and directory, and many of what is packed."""
    content = packed(a=TEXT, b=TEXT[::-1], c=b"x" * 50)
    chance, wrong = random.Random(7), 0
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1 << chance.randrange(8)
        try:
            archive = opened(bytes(changed))
        except Exception:
            continue
        for name in archive.namelist():
            expected = told(lambda archive=archive, name=name: archive.read(name))
            found = told(lambda: b"".join(Parts(bytes(changed), archive).blocks(name)))  # noqa: B023
            assert found == expected, (place, name)
            wrong += isinstance(expected, type)
    assert wrong > 100


@pytest.mark.parametrize("field", [16, 20, 24])
@pytest.mark.parametrize("value", [0, 1, len(TEXT) - 1, len(TEXT) + 1, BLOCK, 2**32 - 2])
def test_a_directory_that_lies_is_left_to_zipfile(field: int, value: int) -> None:
    """Of checksum, packed size or size; a bomb is not unpacked beyond what it says."""
    content = bytearray(packed(a=TEXT, b=TEXT))
    entry = content.find(b"PK\x01\x02")
    content[entry + field : entry + field + 4] = struct.pack("<L", value)
    archive = opened(bytes(content))
    expected = told(lambda: archive.read("a"))
    assert told(lambda: b"".join(Parts(bytes(content), archive).blocks("a"))) == expected


def test_parts_that_overlap_are_left_to_zipfile(monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry of the second points into the first."""
    content = bytearray(packed(a=TEXT, b=TEXT))
    entry = content.find(b"PK\x01\x02")
    content[entry + 20 : entry + 24] = struct.pack("<L", content.find(b"PK\x01\x02") - 30)
    archive = opened(bytes(content))
    asked: list[object] = []
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *given: asked.append(given[1]) or io.BytesIO(TEXT))
    assert list(Parts(bytes(content), archive).blocks("a")) == [TEXT]
    assert asked == ["a"]
