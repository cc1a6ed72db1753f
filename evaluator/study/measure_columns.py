"""Which columns of a table with one row per customer are measures of a tree: as said, by header, by part."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache

from evaluator.actions.checks import measures_named
from evaluator.customers.measure_kinds import MEASURE_KINDS
from evaluator.data.conversion import Written, converted
from evaluator.data.first_look import Seen
from evaluator.data.header_names import other_names, plain
from evaluator.data.tables import Column
from evaluator.measuring.grades import grade_words
from evaluator.measuring.header_words import HEADER_WORDS
from evaluator.study.header_stems import STEMS
from evaluator.study.placed import Placed
from evaluator.study.recognising import Recognised
from evaluator.tree import Indicator, Tree, load_tree
from evaluator.tree.loader import bundled
from evaluator.tree.types import Graded, Lookup

_DURATIONS: Mapping[str, tuple[str, ...]] = {
    "day": ("天", "日", "day", "days"),
    "month": ("月", "个月", "month", "months"),
    "year": ("年", "year", "years"),
}
_BRACKETS = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_LEAST = 2  # Chinese letters of a name that a header may contain; Latin names count as whole words


def measure_columns(tree: Tree, part: Recognised, stated: Mapping[str, str]) -> tuple[Placed, ...]:
    """Return the columns of the file that are measures of a tree.

    Parameters
    ----------
    stated : headers by measure, or by the id or a name of the indicator, as somebody said.

    A header that is a name of the measure needs no word; one that only contains a name is a guess, made
    where no other header does and what else it says does not turn the name into something else.
    """
    found = {entry.name: entry for entry in _stated(tree, part, stated)}
    for leaf in tree.indicators:
        seen = _by_header(leaf, tree, [*_free(part, found.values()), *_attributes(part, found.values())])
        if seen and leaf.measure not in found:
            found[leaf.measure] = Placed(leaf.measure, seen, "header")
    for leaf in tree.indicators:
        if leaf.measure not in found:
            like = [seen for seen in _free(part, found.values()) if _contains(seen, leaf, tree)]
            if len(like) == 1:
                found[leaf.measure] = Placed(leaf.measure, like[0], "part")
    return tuple(
        found[name] for name in dict.fromkeys(leaf.measure for leaf in tree.indicators) if name in found
    )


def flag_columns(tree: Tree, part: Recognised, placed: Sequence[Placed]) -> tuple[Placed, ...]:
    """Return the columns that are shares which flags speak of and the tree does not score, by their headers.

    A column that goes beyond 0 to 1 counts in something else, and is left alone.
    """
    found = list(placed)
    for name in measures_named(tree):
        known = {_written(word) for word in _words_by_measure().get(name, ())}
        for seen in _free(part, found) if MEASURE_KINDS.get(name) == "share" else ():
            if _written(_BRACKETS.sub(" ", seen.header)) in known and _is_share(part, seen):
                found.append(Placed(name, seen, "header"))
                break
    return tuple(found[len(placed) :])


def measures_told(part: Recognised) -> tuple[Seen, ...]:
    """Return the columns under names of measures of any tree that ships."""
    return tuple(seen for seen in part.rest if seen.numbers and _written(seen.header) in _every_name())


def _is_share(part: Recognised, seen: Seen) -> bool:
    cells = Written(part.look.values(seen.position), delimiter=part.look.cells.delimiter)
    shares = converted(cells, Column("share", "number"))["value"].drop_nulls()
    return bool(len(shares)) and bool(shares.is_between(0, 1).all())


def cumulative(tree: Tree, part: Recognised, placed: Iterable[Placed]) -> tuple[Placed, ...]:
    """Return the columns that count a measure since the first purchase, where no other is placed."""
    found = {entry.name: entry for entry in placed}
    counted: dict[str, Placed] = {}
    for leaf in tree.indicators:
        free = _free(part, (*found.values(), *counted.values())) if leaf.measure not in found else ()
        like = [seen for seen in free if _is_cumulative(_rest(seen, leaf, tree))]
        if len(like) == 1:
            counted[leaf.measure] = Placed(leaf.measure, like[0], "part")
    return tuple(counted.values())


def _is_cumulative(rest: str | None) -> bool:
    """Return whether the rest of a header says that it counts since the beginning, and nothing else."""
    stems = STEMS["cumulative"]
    others = (stem for stem in STEMS["no_measure"] if stem not in stems)
    return (
        rest is not None
        and any(_holds(rest, stem, least=1) for stem in stems)
        and not any(_holds(rest, stem, least=1) for stem in others)
    )


def called(leaf: Indicator) -> tuple[str, ...]:
    """Return what an indicator and its measure are called."""
    return (leaf.measure, leaf.id, leaf.name.zh, leaf.name.en, *HEADER_WORDS.get(leaf.measure, ()))


def stated_measure(tree: Tree, name: str) -> str | None:
    """Return the measure somebody means by its name, or by the id or a name of its indicator."""
    names = {plain(word): leaf.measure for leaf in tree.indicators
             for word in (leaf.name.en, leaf.name.zh, leaf.id, leaf.measure)}  # fmt: skip
    return names.get(plain(name))


def _stated(tree: Tree, part: Recognised, stated: Mapping[str, str]) -> Iterator[Placed]:
    by_header = {plain(seen.header): seen for seen in reversed(part.look.columns)}
    for name, header in stated.items():
        measure, seen = stated_measure(tree, name), by_header.get(plain(header))
        if measure and seen:
            yield Placed(measure, seen, "stated")


def _free(part: Recognised, placed: Iterable[Placed]) -> list[Seen]:
    taken = {entry.seen.position for entry in placed}
    return [seen for seen in part.rest if seen.position not in taken]


def _attributes(part: Recognised, placed: Iterable[Placed]) -> list[Seen]:
    """Return the columns that say what a customer is, 规模 or 区域, which a tree may measure as well."""
    taken = {entry.seen.position for entry in placed}
    return [
        entry.seen
        for entry in part.placed
        if entry.name not in ("id", "name") and entry.seen.position not in taken
    ]


def _by_header(leaf: Indicator, tree: Tree, free: Sequence[Seen]) -> Seen | None:
    """Return the column whose header is a name of the measure, whole or but for its unit or other half."""
    names = [plain(name) for name in called(leaf)]
    fitting = [seen for seen in free if _may_be(seen, leaf, tree)]
    whole = [(names.index(title), seen) for seen in fitting if (title := plain(seen.header)) in names]
    if whole:
        return min(whole, key=lambda entry: entry[0])[1]
    half = [seen for seen in fitting if other_names(seen.header) & set(names)]
    return half[0] if len(half) == 1 else None


def _contains(seen: Seen, leaf: Indicator, tree: Tree) -> bool:
    """Return whether a header contains a name of the measure that the rest does not turn into another."""
    rest = _rest(seen, leaf, tree)
    return rest is not None and not _turned(rest)


def _rest(seen: Seen, leaf: Indicator, tree: Tree) -> str | None:
    """Return what a header says besides a name of the measure; None where it has none, or a longer other."""
    if not _may_be(seen, leaf, tree):
        return None
    header = _BRACKETS.sub(" ", _written(seen.header))
    mine = {_written(name) for name in called(leaf)}
    own = next((name for name in _longest_names(header) if name in mine), None)
    return header.replace(own, " ", 1) if own is not None else None


@lru_cache(maxsize=1_000)
def _longest_names(header: str) -> tuple[str, ...]:
    """Return the names of measures of any tree that a header holds, the longest alone."""
    held = sorted(name for name in _every_name() if _holds(header, name))
    longest = max(map(len, held), default=0)
    return tuple(name for name in held if len(name) == longest)


def _turned(rest: str) -> bool:
    """Return whether the rest of a header makes the name another number: its growth, its share, a target."""
    return any(_holds(rest, stem, least=1) for stem in STEMS["no_measure"])


def _holds(header: str, name: str, *, least: int = _LEAST) -> bool:
    if name not in header:  # most are not, and a pattern for each would cost more than all else here
        return False
    if name.isascii():
        return re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z])", header) is not None
    return len(name) >= least


@cache
def _words_by_measure() -> Mapping[str, frozenset[str]]:
    """Return what each measure of the trees that ship is called."""
    leaves = [leaf for name in bundled() for leaf in load_tree(name).indicators]
    known: dict[str, frozenset[str]] = {}
    for leaf in leaves:
        known[leaf.measure] = known.get(leaf.measure, frozenset()).union(called(leaf))
    return known


@cache
def _every_name() -> frozenset[str]:
    """Return what any measure of the trees that ship is called."""
    return frozenset(_written(name) for names in _words_by_measure().values() for name in names)


def _written(header: str) -> str:
    return " ".join(re.split(r"[\s_\-]+", unicodedata.normalize("NFKC", header).casefold())).strip()


def _may_be(seen: Seen, leaf: Indicator, tree: Tree) -> bool:
    """Return whether the cells could be those of the measure: numbers, categories, or grades of the tree."""
    fit = seen.numbers or isinstance(leaf.scale, Lookup)
    if not fit and isinstance(leaf.scale, Graded):
        words = {word.lower() for word, _ in grade_words(tree)}
        fit = sum(cell.lower() in words for cell in seen.examples) * 2 > len(seen.examples)
    return fit and not _other_duration(seen.header, leaf)


def _other_duration(header: str, leaf: Indicator) -> bool:
    """Return whether a header counts in years what the measure counts in months, or the like."""
    here = {_duration(text) for text in _BRACKETS.findall(_written(header))} - {None}
    own = _duration(leaf.unit.zh) if leaf.unit else None
    return bool(here) and own is not None and own not in here


def _duration(text: str) -> str | None:
    return next((name for name, words in _DURATIONS.items() if text.strip() in words), None)
