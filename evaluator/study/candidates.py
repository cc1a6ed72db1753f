"""The columns of a file that could be what is looked for: by their cells, and by parts of their headers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from evaluator.data.first_look import Look, Seen
from evaluator.data.header_names import plain
from evaluator.data.tables import Column
from evaluator.study.header_stems import STEMS, has_stem, is_asked
from evaluator.study.placed import Placed


def whose(look: Look, placed: Sequence[Placed]) -> tuple[Seen, ...]:
    """Return the columns that may say whose row it is: those called a customer, a code first; else any.

    Where nothing but their name tells the customers apart, it is the name.
    """
    named = [entry.seen for entry in placed if entry.name == "name"]
    free = tuple(could_be(look, Column("id", "id"), placed))
    called = [seen for seen in free if has_stem(seen.header, STEMS["id"])]
    names = [] if called else named or _names(look, placed)
    firms = [seen for seen in (*free, *names) if not called and has_stem(seen.header, STEMS["firm"])]
    if names and not {*names} < {*firms}:
        return tuple(names)
    called = called or [seen for seen in firms if seen not in names]
    coded = tuple(seen for seen in called or free if has_stem(seen.header, STEMS["code"]))
    return coded or tuple(called) or free


def _names(look: Look, placed: Sequence[Placed]) -> list[Seen]:
    """Return the free columns of text whose header says that they are names of customers."""
    taken = {entry.seen.position for entry in placed}
    return [
        seen
        for seen in look.columns
        if seen.position not in taken and seen.distinct > 1 and not (seen.dates or seen.numbers)
        and has_stem(seen.header, STEMS["id"]) and has_stem(seen.header, STEMS["name"])
    ]  # fmt: skip


def told_by_header(look: Look, column: Column, placed: Iterable[Placed]) -> Seen | None:
    """Return the one column whose header says it is an order number or a product, by code before name."""
    name, taken = column.name, {entry.seen.position for entry in placed}
    meant = [
        seen
        for seen in look.columns
        if seen.position not in taken and seen.distinct > 1 and not seen.dates
        and (seen.whole or not seen.numbers)
        and has_stem(seen.header, STEMS[name]) and not has_stem(seen.header, STEMS[f"no_{name}"])
    ]  # fmt: skip
    coded = [seen for seen in meant if has_stem(seen.header, STEMS["code"])]
    found = coded if coded or name == "order" else meant
    return found[0] if found and (len(found) == 1 or all_same(look, found)) else None


def bare_name(look: Look, placed: Mapping[str, Placed]) -> Seen | None:
    """Return the free column of text under nothing but the word for a customer, beside one of codes."""
    if "id" not in placed or not has_stem(placed["id"].seen.header, STEMS["code"]):
        return None
    taken = {entry.seen.position for entry in placed.values()}
    words = set(map(plain, STEMS["bare_name"]))
    found = [
        seen for seen in look.columns
        if seen.position not in taken and plain(seen.header) in words and not (seen.dates or seen.numbers)
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None


def could_be(look: Look, column: Column, placed: Iterable[Placed]) -> Iterator[Seen]:
    """Yield the free columns whose cells could be what is looked for."""
    taken = {entry.seen.position for entry in placed}
    for seen in look.columns:
        if seen.position in taken or not seen.filled:
            continue
        if column.kind == "date":
            fits = seen.dates
        elif column.kind == "number":
            told = has_stem(seen.header, STEMS["no_amount"]) or is_asked(seen.header)
            fits = seen.numbers and not seen.dates and not told
        else:
            fits = not seen.dates and (seen.whole or not seen.numbers)
            alone = look.rows.height == 1 and has_stem(seen.header, (*STEMS["id"], *STEMS["code"]))
            fits = fits and (seen.distinct > 1 or alone)  # a firm is one row, and so is a sum
            fits = fits and not has_stem(seen.header, (*STEMS["no_id"], *STEMS["name"]))
        if fits:
            yield seen


def all_same(look: Look, found: Sequence[Seen]) -> bool:
    """Return whether several columns say the same in every row."""
    return all(look.same(found[0], other) for other in found[1:])
