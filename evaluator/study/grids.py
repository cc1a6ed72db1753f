"""Files that have rows of a table as columns: months with amounts, questions of a survey with answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

import polars as pl

from evaluator.data.first_look import Look, Seen
from evaluator.data.mapping import TableMapping
from evaluator.data.matching import match, otherwise
from evaluator.data.questions import cells_below, line
from evaluator.data.wide import wide_issues
from evaluator.errors import Issue, Location
from evaluator.study.header_stems import STEMS, has_stem, is_asked
from evaluator.study.recognising import SCHEMAS, Recognised

_FEWEST = 3  # questions that make a survey, and points of a scale
HIGHEST = 10  # point of a scale
_MOSTLY = 0.9  # of the answers lie on it; the others may be codes for none
_WORDS = 3  # different ones for no answer
_SHOWN = 3


def grid_issues(part: Recognised) -> tuple[Issue, ...]:
    """Return what a file that could not be used seems to be, with the lines that read it so."""
    return tuple(_months(part.look)) or tuple(_questions(part))


def has_months(look: Look) -> bool:
    """Return whether months or days stand as columns with amounts below."""
    return any(_months(look))


def _months(look: Look) -> Iterator[Issue]:
    """Yield an issue where months or days stand as columns with amounts below."""
    orders, mapping = SCHEMAS["orders"], TableMapping(file=look.path.name)
    found, _ = match(look.header, look.cells, mapping, orders, lambda key: Location(look.path.name))
    if "date" not in found:
        there = {name: place for name, place in found.items() if name not in orders.wide}
        yield from wide_issues(look.header, look.cells, mapping, orders, there)


def questions_asked(part: Recognised) -> tuple[Seen, ...]:
    """Return the columns that hold answers on one scale: some, or such as are questions by their headers."""
    look, who = part.look, part.column("id")
    tops = {seen: top for seen in look.columns if seen != who and (top := _top(look, seen))}
    highest = max(Counter(tops.values()).items(), key=lambda entry: entry[::-1], default=(0, 0))[0]
    asked = tuple(seen for seen, top in tops.items() if top <= highest)
    told = len(asked) >= _FEWEST or all(is_asked(seen.header) for seen in asked)
    return asked if told and highest >= _FEWEST else ()


def answers_as_rows(part: Recognised, asked: Sequence[Seen]) -> dict[str, object]:
    """Return what a mapping says of the questions of a survey, so that each answer is a row."""
    columns = _patterns([seen.header for seen in asked], [seen.header for seen in part.look.columns])
    return {"columns": columns, "name": "item", "value": "perceived"}


def _questions(part: Recognised) -> Iterator[Issue]:
    """Yield an issue where columns hold answers on one scale, and where nothing says whose they are."""
    look, asked = part.look, questions_asked(part)
    if not asked:
        return
    shown = [
        f"{seen.header} ({cells_below(look.cells, look.header, seen.position)})" for seen in asked[:_SHOWN]
    ]
    detail = {"column": "item", "value": "perceived", "count": len(asked), "headers": ", ".join(shown),
              "line": line(unpivot=answers_as_rows(part, asked))}  # fmt: skip
    place = look.cells.place(look.header.row, asked[0].position)
    yield Issue("DATA-531", look.name, detail, where=place)
    if part.column("id") is None:
        yield from otherwise(SCHEMAS["survey"].columns[0], place)


def _top(look: Look, seen: Seen) -> float | None:
    """Return the highest answer of a column that holds answers on a scale of a few points.

    A few words beside the numbers stand for none (不清楚).
    """
    if seen.dates or not seen.whole or has_stem(seen.header, STEMS["no_question"]):
        return None
    answers = look.values(seen.position).drop_nulls()
    read = answers.cast(pl.Float64, strict=False)
    numbers, words = read.drop_nulls(), answers.filter(read.is_null())
    if 2 * len(words) > len(answers) or words.n_unique() > _WORDS:
        return None
    on_scale = numbers.filter(numbers.is_between(0, HIGHEST))
    if len(on_scale) < _MOSTLY * len(numbers) or on_scale.n_unique() < _FEWEST:
        return None
    return float(str(on_scale.max()))


def _patterns(wanted: Sequence[str], headers: Sequence[str]) -> list[str]:
    """Return some of the headers, as patterns where these fit nothing else.

    >>> _patterns(["Q1", "Q2", "Q10", "Overall"], ["id", "Q1", "Q2", "Q10", "Overall"])
    ['Q*', 'Overall']
    """
    said: list[str] = []
    for header in wanted:
        stem = header.rstrip("0123456789")
        pattern = f"{stem}*" if stem and stem != header else header
        fits = [other for other in headers if fnmatchcase(other.casefold(), pattern.casefold())]
        said.append(pattern if len(fits) > 1 and set(fits) <= set(wanted) else header)
    return list(dict.fromkeys(said))
