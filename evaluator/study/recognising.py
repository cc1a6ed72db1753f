"""Which table a file holds and which column is which, by headers, by parts of headers, and by cells.

What a header says outright needs no word. What only a part of it or the cells suggest is a guess, and
said as one. Where two columns could be meant and the numbers would differ, it is a question.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from evaluator import messages
from evaluator.brief import Brief
from evaluator.customers import TABLES
from evaluator.data.currencies import CURRENCY
from evaluator.data.first_look import Look, Seen, joint
from evaluator.data.header_names import other_names, plain
from evaluator.data.mapping import TableMapping
from evaluator.data.tables import Column, TableSchema
from evaluator.measuring.tables import CUSTOMERS
from evaluator.study.age_columns import BESIDE_AGES, age_columns, without_ages
from evaluator.study.candidates import all_same, bare_name, could_be, told_by_header, whose
from evaluator.study.header_stems import STEMS, has_stem
from evaluator.study.namesakes import are_namesakes, codes_beside, spans_days
from evaluator.study.placed import Placed, Question, stated_of

SCHEMAS: Mapping[str, TableSchema] = {**TABLES, "customers": CUSTOMERS}
HEADERS = joint({name: schema for name, schema in SCHEMAS.items() if name not in ("checklist", "idic")})
"""The headers by which the row of column names is found; checklists know words that are cells elsewhere."""
_WITHOUT = ("order", "product")  # columns of orders that a part of a header tells, though none must be there
_OPEN = ("orders", "customers")  # tables that may have many more columns than are known

_COMMON = {"id", "date", "amount", "name"}  # columns that tell no table from another


@dataclass(frozen=True)
class Recognised(Brief):
    """What a table of a file is taken for; with questions, nothing may be computed from it yet.

    `ages` are the columns of a list of receivables that hold what is owed of one age each.
    """

    look: Look
    table: str
    placed: tuple[Placed, ...]
    questions: tuple[Question, ...] = ()
    ages: tuple[Seen, ...] = ()

    @property
    def rest(self) -> tuple[Seen, ...]:
        """The columns that could not be placed."""
        taken = {*(entry.seen.position for entry in self.placed), *(seen.position for seen in self.ages)}
        return tuple(seen for seen in self.look.columns if seen.position not in taken)

    @property
    def whole(self) -> bool:
        """Whether the file has a column for everything that the table cannot do without."""
        return all(question.candidates for question in self.questions)

    def column(self, name: str) -> Seen | None:
        """Return the column of the file that a column of the table is."""
        return next((entry.seen for entry in self.placed if entry.name == name), None)


def recognise(look: Look, stated: Mapping[str, str] | None = None) -> Recognised:
    """Return which table a look is of, with its columns placed.

    Parameters
    ----------
    stated : headers by the column they stand over, ``amount`` or ``orders.amount``, as somebody said.

    A table that has several rows of one customer and a day in each is a table of orders, unless its
    headers or its name say that it is another. One row per customer is a table of `customers`.
    """
    stated = stated or {}
    if not look.header.given and (found := age_columns(look)):
        part = place(without_ages(look, found), "ageing", stated, BESIDE_AGES)
        return replace(part, look=look, ages=found)
    table = _by_headers(look, stated) or _by_name(look) or ("orders" if _is_log(look) else "customers")
    return place(look, table, stated)


def place(look: Look, table: str, stated: Mapping[str, str], schema: TableSchema | None = None) -> Recognised:
    """Return a table with its columns placed, and what must be asked of those it cannot do without.

    Its columns are those of the `schema`, by default all it may have.
    """
    schema = schema or SCHEMAS[table]
    known = _placed_by_headers(look, schema, stated_of(stated, table))
    placed, asked = dict(known.placed), dict(known.asked)
    for column in _needed(schema, placed, asked):
        guessed = _guess(look, column, tuple(placed.values()), once=table == "customers")
        if column.name == "id" and "respondent" in placed and getattr(guessed, "how", "") != "part":
            guessed = replace(
                placed.pop("respondent"), name="id", how="part"
            )  # each answers for himself alone
        if isinstance(guessed, Placed):
            placed = {name: entry for name, entry in placed.items() if entry.seen != guessed.seen}
            placed[column.name] = guessed
        else:
            asked[column.name] = guessed
    if table != "customers":
        _tell_namesakes_apart(look, placed, asked)
    for column in (entry for entry in schema.columns if table == "orders" and entry.name in _WITHOUT):
        if column.name not in placed and (seen := told_by_header(look, column, placed.values())):
            placed[column.name] = Placed(column.name, seen, "part")
    if table in _OPEN and "name" not in placed and (seen := bare_name(look, placed)):
        placed["name"] = Placed("name", seen, "part")
    found = Recognised(look, table, tuple(placed.values()), tuple(asked.values()))
    if CURRENCY in schema.columns and CURRENCY.name not in placed:
        named = [Placed(CURRENCY.name, seen, "cells") for seen in found.rest if look.names_currencies(seen)]
        return replace(found, placed=(*found.placed, *named[:1]))
    return found


def _tell_namesakes_apart(look: Look, placed: dict[str, Placed], asked: dict[str, Question]) -> None:
    """Take the code beside a guessed name of customers as their id, or ask which of both it is."""
    who, day = placed.get("id"), placed.get("date")
    if who is None or who.how == "stated":
        return
    free = could_be(look, Column("id", "id"), placed.values())
    codes = list(codes_beside(look, who.seen, free))
    if len(codes) == 1 and who.how != "header" and spans_days(look, codes[0], day.seen if day else None):
        placed["id"] = Placed("id", codes[0], "part")
        placed.setdefault("name", Placed("name", who.seen, "part"))
    elif any(are_namesakes(look, who.seen, code) for code in codes):
        del placed["id"]
        asked["id"] = Question("id", (*codes, who.seen))


def coded_names(part: Recognised) -> tuple[str, str] | None:
    """Return the headers of a bare code and of the name it was taken for the id of; None in other parts."""
    placed = {entry.name: entry for entry in part.placed if entry.how == "part"}
    if "id" not in placed or "name" not in placed:
        return None
    code, name = plain(placed["id"].seen.header), plain(placed["name"].seen.header)
    return (code, name) if code in set(map(plain, STEMS["bare_code"])) else None


def reshaped(look: Look, shape: TableMapping, table: str, stated: Mapping[str, str]) -> Recognised:
    """Return the table that `shape` makes of that of a file.

    `table` is empty where it was not said which: what is unpivoted is the first that has all columns made.
    """
    made = {*shape.made, *shape.columns}
    fits = (name for name in ("orders", "survey", *SCHEMAS) if made <= set(SCHEMAS[name].names))
    meant = table or next(fits, "orders")
    look = look.reshaped(shape, SCHEMAS[meant])
    return place(look, meant, stated) if table or shape.unpivot else recognise(look, stated)


@dataclass(frozen=True)
class _ByHeaders:
    placed: Mapping[str, Placed]
    asked: Mapping[str, Question]

    @property
    def known(self) -> set[str]:
        return self.placed.keys() | self.asked.keys()


def _placed_by_headers(look: Look, schema: TableSchema, stated: Mapping[str, str]) -> _ByHeaders:
    stated = {name: header for name, header in stated.items() if name in schema.names}
    known = _stated(look, stated) | _given(look, schema)
    placed = {name: Placed(name, seen, "stated") for name, seen in known.items()}
    asked = {}
    essential = {column.name for column in schema.columns if column.required} | set(*schema.one_of[:1])
    for column in sorted(schema.columns, key=lambda entry: entry.name not in essential):
        if column.name in known:
            continue
        found = _known(look, column, placed.values())
        if column.name in essential and found:  # what was never calculated could be meant all the same
            lost = _known(look, column, placed.values(), formulas=True)
            found += [seen for seen in lost if seen not in found]
        if column.name in essential and len(found) > 1 and not all_same(look, found):
            asked[column.name] = Question(column.name, tuple(found))
        elif found:
            placed[column.name] = Placed(column.name, found[0], "header")
    return _ByHeaders(placed, asked)


def _stated(look: Look, stated: Mapping[str, str]) -> dict[str, Seen]:
    by_place = {seen.position: seen for seen in look.columns}
    found = {name: look.header.position(header) for name, header in stated.items()}
    return {
        name: replace(by_place[place], header=distinct_header(look, by_place[place]))
        for name, place in found.items()
        if place in by_place
    }


def distinct_header(look: Look, seen: Seen) -> str:
    """Return what names a column and no other: its header, or ``amount.2`` where several have the same."""
    alike = look.header.alike(seen.header)
    return seen.header if len(alike) < 2 else f"{seen.header}.{alike.index(seen.position) + 1}"


def _given(look: Look, schema: TableSchema) -> dict[str, Seen]:
    """Return the columns of a table that were made of something else than a column of the file."""
    return {
        name: seen for name, place in look.header.given.items() if name in schema.names
        for seen in look.columns if seen.position == place
    }  # fmt: skip


def _needed(schema: TableSchema, placed: Collection[str], asked: Collection[str]) -> list[Column]:
    """Return the columns that a table lacks, of its alternatives the first."""
    wanted = {column.name for column in schema.columns if column.required}
    if schema.one_of and not any(set(names) <= {*placed, *asked} for names in schema.one_of):
        wanted |= set(schema.one_of[0])
    return [column for column in schema.columns if column.name in wanted - {*placed, *asked}]


def _by_headers(look: Look, stated: Mapping[str, str]) -> str | None:
    """Return the table that the headers are those of: all it needs, and most of what the file has."""
    fits: list[tuple[bool, int, bool, bool, str]] = []
    for name, schema in SCHEMAS.items():
        found = _placed_by_headers(look, schema, stated_of(stated, name))
        named, count = _named(look, name), len(found.known)
        mostly = name in _OPEN or (2 * count >= len(look.columns) and found.known - _COMMON)
        whole = not _needed(schema, found.placed, found.asked) and not _repeats_key(found, schema)
        whole = whole and look.header.given.keys() <= set(schema.names)
        if whole and (named or (mostly and count > 1)):
            fits.append((named, count, name == "orders", name == "customers", name))
    return max(fits)[-1] if fits else None


def _by_name(look: Look) -> str | None:
    """Return the table whose very name the file or its sheet bears."""
    return next((name for name in SCHEMAS if _named(look, name, exactly=True)), None)


def _repeats_key(found: _ByHeaders, schema: TableSchema) -> bool:
    """Return whether a table of one row per id has several of one."""
    return schema.key == ("id",) and "id" in found.placed and found.placed["id"].seen.repeats


def _named(look: Look, table: str, *, exactly: bool = False) -> bool:
    """Return whether the file or the sheet bears the name of a table, exactly or among other words."""
    names = [plain(look.path.name.partition(".")[0]), plain(look.sheet or "")]
    key = f"table.{table}"
    titles = [
        messages.text(key, language) for language in messages.LANGUAGES if messages.known(key, language)
    ]
    also = () if exactly else STEMS.get(f"file_{table}", ())
    known = [plain(title) for title in (table, *titles, *also)]
    return any(title == name if exactly else title in name for title in known for name in names)


def _known(look: Look, column: Column, placed: Iterable[Placed], *, formulas: bool = False) -> list[Seen]:
    """Return the free columns under known headers, in their order; whole headers before halves."""
    taken = {entry.seen.position for entry in placed}
    headers = [plain(header) for header in (column.name, *column.headers)]
    free = [seen for seen in look.columns if seen.position not in taken]
    free = [seen for seen in free if _may_be(seen, column) or (formulas and seen.formulas)]
    whole = [(headers.index(title), seen) for seen in free if (title := plain(seen.header)) in headers]
    halves = [] if whole else [(_first_of(other_names(seen.header), headers), seen) for seen in free]
    ordered = sorted((pair for pair in whole or halves if pair[0] is not None), key=lambda pair: pair[0] or 0)
    found = [seen for _, seen in ordered]
    if column.name == "id":  # «客户» beside «客户编号» is the name
        return [seen for seen in found if has_stem(seen.header, STEMS["code"])] or found
    return found


def _first_of(names: Collection[str], headers: Sequence[str]) -> int | None:
    """Return the place of the first known header that a column may be called besides its own."""
    return min((headers.index(name) for name in names if name in headers), default=None)


def _may_be(seen: Seen, column: Column) -> bool:
    if column.kind == "date":
        return seen.dates
    return seen.numbers or column.kind != "number"


def _is_log(look: Look) -> bool:
    """Return whether rows are events of customers: each with a day, several of one customer.

    Where every customer is there once, rows are orders if each has a day, a number of its own and an amount.
    """
    if not any(seen.dates for seen in look.columns):
        return False
    return any(seen.repeats for seen in whose(look, ())) or _tells_of_orders(look)


def _tells_of_orders(look: Look) -> bool:
    columns = {column.name: column for column in SCHEMAS["orders"].columns}
    number = told_by_header(look, columns["order"], ())
    if number is None or number.repeats:
        return False
    left = could_be(look, columns["amount"], [Placed("order", number, "part")])
    return any(has_stem(seen.header, STEMS["amount"]) for seen in left)


def _guess(look: Look, column: Column, placed: Sequence[Placed], *, once: bool) -> Placed | Question:
    """Return the one column that a part of its header or its cells suggest, or the question which it is.

    Where each is there `once`, a code that tells all rows apart comes before a name.
    """
    name = column.name
    candidates = whose(look, placed) if name == "id" else tuple(could_be(look, column, placed))
    if name == "id" and once:
        free = [seen for seen in could_be(look, column, placed) if has_stem(seen.header, STEMS["code"])]
        candidates = tuple(seen for seen in free if seen.distinct == look.rows.height) or candidates
    told = (*STEMS["id"], *STEMS["code"]) if name == "id" else STEMS.get(name, ())
    meant = [seen for seen in candidates if has_stem(seen.header, told)]
    if meant and (len(meant) == 1 or all_same(look, meant)):
        return Placed(name, meant[0], "part")
    if len(candidates) == 1:
        return Placed(name, candidates[0], "cells")
    return Question(name, tuple(meant or candidates))
