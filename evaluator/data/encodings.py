"""The encoding of a text file: what its bytes prove is taken, what they only suggest is named."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from evaluator.data.everyday_signs import FREQUENT, VOWELS
from evaluator.errors import EvaluationError, Issue, Location
from evaluator.messages import Term

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LOOKED_AT, _FOREIGN = 500_000, 20_000  # signs of a text, and of those beyond ASCII among them
_PLAUSIBLE = 0.9  # of the signs beyond ASCII are everyday ones of the encoding's language
_SHOWN, _SAMPLE = 3, 24
_WORDS = 0.5  # of the share of signs in words that the best reading has; with less a reading is not offered
_KANA, _AMONG = 0.1, 0.2  # the least share of kana in Japanese; of ASCII letters in words of Latin script
_SIGNS = "–—’‘“”„…«»€£°№·²³×½¼"
_RARE = frozenset("ЅѕЃѓЌќЏџΐΰ")  # letters of few words, which other encodings read often
_CAPITALS = 0.4  # what a word of capitals proves: two Chinese signs are often read as four Cyrillic ones
_LETTERS = re.compile(r"[^\W\d_]*[^\W\d_\x00-\x7f][^\W\d_]*")
_BEYOND = re.compile(r"[^\x00-\x7f]")
_RUNS, _TELLING_RUNS = (
    re.compile(rb"[\x80-\xff]+"),
    16,
)  # words beyond ASCII; how many prove how they are written
_ODD = 0.1  # of words in two bytes a sign at most; of those in one byte a letter it is half
_ANY = ("utf-8", "cp1252", "cp1250", "cp1251")
_WORD = re.compile(r"[^\s,;|\t\"]*[^\x00-\x7f][^,;|\t\"\n]*")


@dataclass(frozen=True, slots=True)
class _Encoding:
    """An encoding files come in, with two shares of signs: in reach of its language, and in words of it.

    `letters` where every sign is one byte.
    """

    name: str
    everyday: Callable[[str, str], float]
    words: Callable[[str, str], float]
    letters: bool = False


def decoded(
    content: bytes, stated: str | None, name: str, known: Callable[[str], bool] = lambda text: False
) -> tuple[str, str]:
    """Return the text of a file and its encoding.

    A mark at its beginning, zeros in every other byte and valid UTF-8 are proof. GB18030 is taken where
    nothing else would be as plausible, or where `known` headers show that it is right; the more words there
    are, the surer it is that they are not written in one byte a letter.

    Parameters
    ----------
    known : says whether a text holds headers beyond ASCII that the table is known by.

    Raises
    ------
    EvaluationError
        when the encoding cannot be told; it names the likely ones with what they would read, those that
        yield words of their language before all others.
    """
    for encoding in [stated] if stated else _proven(content):
        text = _read(content, encoding)
        if text is not None and "\x00" not in text:
            return text.removeprefix("\ufeff"), encoding.removesuffix("-sig")
    likely = [(encoding, text) for encoding, text in _likely(content) if encoding != stated]
    sure = [(encoding, text) for encoding, text in likely if known(text)] or likely
    if len(sure) == 1 and sure[0][0] == "gb18030" and not stated:
        return sure[0][1], "gb18030"
    tried = stated or ", ".join(["utf-8", "gb18030"])
    offered = _offered(sure) if sure else _readings(content, stated)
    shown = ", ".join(f"`encoding: {name}` («{_sample(text)}»)" for name, text in offered[:_SHOWN])
    detail = {"tried": tried, "likely": shown or Term("data.no_likely_encoding")}
    raise EvaluationError([Issue("DATA-402", name, detail, where=Location(name))])


def _proven(content: bytes) -> list[str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return [encoding]
    odd, even = content[1:2000:2].count(0), content[0:2000:2].count(0)
    if max(odd, even) > len(content[:2000]) // 8:
        return ["utf-16-le" if odd > even else "utf-16-be"]
    return ["utf-8"]


def _read(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeError, LookupError):  # some codecs that are no encodings of texts fail in their own way
        return None


def _likely(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield the encodings the bytes may be in with the text they give, the most plausible first."""
    found: list[tuple[float, str, str]] = []
    paired = _paired(content)
    for encoding in _ENCODINGS:
        if paired and encoding.letters:
            continue
        text = _read(content, encoding.name)
        if text is None or "\x00" in text:
            continue
        telling = _telling(text)
        foreign = _foreign(telling)
        if (share := encoding.everyday(telling, foreign) if foreign else 0.0) >= _PLAUSIBLE:
            found.append((share, encoding.name, text))
    given: set[str] = set()
    for _, name, text in sorted(found, key=lambda entry: -entry[0]):
        if text not in given:
            yield name, text
        given.add(text)


def _paired(content: bytes) -> bool:
    """True if nearly all words beyond ASCII are of an even number of bytes, and there are enough of them."""
    words = set(_RUNS.findall(content[:_LOOKED_AT]))
    return len(words) >= _TELLING_RUNS and sum(len(word) % 2 for word in words) <= _ODD * len(words)


def _offered(likely: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the readings that yield words of their language, the best first."""
    tests = {encoding.name: encoding.words for encoding in _ENCODINGS}
    parts = [(name, text, _telling(text)) for name, text in likely]
    shares = [(tests[name](part, _foreign(part)), name, text) for name, text, part in parts]
    ranked = sorted(shares, key=lambda entry: -entry[0])
    return [(name, text) for share, name, text in ranked if share >= _WORDS * ranked[0][0]]


def _readings(content: bytes, stated: str | None) -> list[tuple[str, str]]:
    """Return the common encodings that read a file at all, where none yields words."""
    texts = ((name, _read(content, name)) for name in _ANY if name != stated)
    return [(name, text) for name, text in texts if text is not None and "\x00" not in text]


def _telling(text: str) -> str:
    """Return the part of a text that is looked at: from the line on that has the first sign beyond ASCII."""
    first = _BEYOND.search(text)
    start = text.rfind("\n", 0, first.start()) + 1 if first else 0
    part = text[start : start + _LOOKED_AT]
    last = next(islice(_BEYOND.finditer(part), _FOREIGN - 1, None), None)
    return part[: last.end()] if last else part


def _foreign(text: str) -> str:
    """Return the signs of a text beyond ASCII."""
    return "".join(_BEYOND.findall(text))


def _sample(text: str) -> str:
    """Return the first words of a text that are not written in ASCII."""
    match = _WORD.search(text)
    return " ".join(match[0].split())[:_SAMPLE] if match else ""


def _leads(foreign: str, encoding: str, first: int, last: int) -> float:
    """Return the share of signs whose lead byte lies in a range: where an encoding has its everyday ones."""
    leads = [sign.encode(encoding, "ignore")[:1] for sign in foreign]
    return sum(first <= lead[0] <= last for lead in leads if lead) / len(foreign)


def _chinese(text: str, foreign: str) -> float:
    """Return the share of everyday Chinese signs; kana would be Japanese."""
    known = len(foreign.encode("gb2312", "ignore")) / 2 / len(foreign)
    everyday = _leads(foreign, "gb2312", 0xA1, 0xD7) - _leads(foreign, "gb2312", 0xA4, 0xA9)
    return min(known, everyday + 0.1)


def _taiwanese(text: str, foreign: str) -> float:
    return _leads(foreign, "big5", 0xA1, 0xC6)


def _korean(text: str, foreign: str) -> float:
    return sum("\uac00" <= sign <= "\ud7a3" for sign in foreign) / len(foreign)


def _japanese(text: str, foreign: str) -> float:
    """Return the share of everyday Japanese signs, where there are kana among them."""
    kana = sum("\u3041" <= sign <= "\u30ff" for sign in foreign) / len(foreign)
    return _leads(foreign, "euc_jp", 0xA1, 0xCF) if kana >= _KANA else 0.0


def _alphabetic(script: str, *, among_ascii: bool) -> Callable[[str, str], float]:
    """Return a test for the share of signs that stand in words as a script has them.

    Such words begin with their only capital or are of one case; letters beyond ASCII stand `among_ascii`
    ones (German, Polish) or never beside any (Russian, Greek).
    """

    def share(text: str, foreign: str) -> float:
        right = sum(sign in _SIGNS for sign in foreign)
        for word in _LETTERS.findall(text):
            beyond = [sign for sign in word if sign > "\x7f"]
            ascii_share = 1 - len(beyond) / len(word)
            cased = word in (word.lower(), word.upper(), word.capitalize(), word.title())
            fits = ascii_share >= _AMONG if among_ascii else ascii_share == 0
            if cased and fits and all(script in unicodedata.name(sign, "") for sign in beyond):
                right += len(beyond)
        return right / len(foreign)

    return share


def _frequent(language: str) -> Callable[[str, str], float]:
    """Return a test for the share of signs that names and headers of a language are mostly written in."""
    return lambda text, foreign: sum(sign in FREQUENT[language] for sign in foreign) / len(foreign)


def _voiced(text: str, foreign: str) -> float:
    """Return the share of signs in words that can be spoken, with a vowel; capitals prove less."""
    words = [word for word in _LETTERS.findall(text) if VOWELS & set(word) and not _RARE & set(word)]
    return sum(len(word) * (_CAPITALS if word.isupper() else 1) for word in words) / len(foreign)


_LATIN = _alphabetic("LATIN", among_ascii=True)
_ENCODINGS = (
    _Encoding("gb18030", _chinese, _frequent("chinese")),
    _Encoding("cp949", _korean, _frequent("korean")),
    _Encoding("big5", _taiwanese, _frequent("taiwanese")),
    _Encoding("cp932", _japanese, _frequent("japanese")),
    _Encoding("euc_jp", _japanese, _frequent("japanese")),
    _Encoding("cp1252", _LATIN, _LATIN, letters=True),
    _Encoding("cp1250", _LATIN, _LATIN, letters=True),
    _Encoding("cp1251", _alphabetic("CYRILLIC", among_ascii=False), _voiced, letters=True),
    _Encoding("cp1253", _alphabetic("GREEK", among_ascii=False), _voiced, letters=True),
)
