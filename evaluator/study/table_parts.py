"""Which files and sheets are parts of one table, and which are left aside and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from evaluator.data.header_names import plain
from evaluator.data.questions import line
from evaluator.data.units import split_unit
from evaluator.errors import Issue, Location, Severity
from evaluator.study.customer_lists import left_aside, measures_apart
from evaluator.study.grids import answers_as_rows, has_months, questions_asked
from evaluator.study.placed import Placed
from evaluator.study.receivable_parts import of_one_day
from evaluator.study.recognising import SCHEMAS, Recognised
from evaluator.study.settings import Settings

Parts = Mapping[str, tuple[Recognised, ...]]
_REPEATS = 0.5  # share of the rows of a sheet that another must repeat to be the same rows again


def sorted_parts(found: Sequence[Recognised], settings: Settings) -> tuple[Parts, tuple[Issue, ...]]:
    """Return the parts of each table, and warnings that name what is left aside.

    Parts with other columns than the largest are named, and those in which nothing is known.
    Sheets that somebody did not ask for are named where the table is read.
    """
    found = [part for part in found if _asked_for(part, settings)]
    lost = [part for part in found if not part.whole]
    lost = lost if len(lost) < len(found) else []
    unused = [_unknown(part) for part in lost]
    tables: dict[str, list[Recognised]] = {}
    for part in found:
        if part not in lost:
            tables.setdefault(part.table, []).append(part)
    used = {}
    if "ageing" in tables:
        tables["ageing"], earlier = of_one_day(tables["ageing"])
        unused += earlier
    if "customers" in tables:
        tables["customers"], measured = measures_apart(tables["customers"])
        tables |= {"measures": measured} if measured else {}
    for name, parts in tables.items():
        largest = max(parts, key=lambda part: part.look.rows.height * len(part.placed))
        months = has_months(largest.look)  # which are no parts yet, but refused with what reads them so
        like = [part for part in parts if _alike(part, largest) or (months and has_months(part.look))]
        used[name] = tuple(like)
        unused += [_unused(part, largest, tables) for part in parts if part not in like]
    return used, tuple(unused)


def placed_in(parts: Sequence[Recognised]) -> tuple[Placed, ...]:
    """Return the columns of a table that any of its parts has."""
    return tuple({entry.name: entry for part in reversed(parts) for entry in part.placed}.values())


def sheets_of(parts: Sequence[Recognised]) -> str | tuple[str, ...] | None:
    """Return what a mapping says of the sheets of a table: one, several, or all where workbooks differ."""
    by_file: dict[object, list[str | None]] = {}
    for part in parts:
        by_file.setdefault(part.look.path, []).append(part.look.sheet)
    first, *rest = by_file.values()
    if any(other != first for other in rest):
        return "*" if any(sheet for sheets in by_file.values() for sheet in sheets) else None
    named = tuple(sheet for sheet in first if sheet is not None)
    return (named if len(named) > 1 else named[0]) if named else None


def repeated_sheets(tables: Parts, settings: Settings) -> Iterator[Issue]:
    """Yield an issue for a sheet whose rows another sheet of the table repeats: both would count twice.

    Sheets that somebody stated are those that are meant.
    """
    unsaid = {table: parts for table, parts in tables.items() if "sheet" not in settings.of_table(table)}
    for table, parts in unsaid.items():
        for path in dict.fromkeys(part.look.path for part in parts):
            sheets = [part for part in parts if part.look.path == path and not has_months(part.look)]
            rows = {part.look.sheet: _rows(part) for part in sheets}
            twice = [
                (one, other)
                for index, one in enumerate(rows)
                for other in [*rows][index + 1 :]
                if len(rows[one] & rows[other]) > _REPEATS * min(len(rows[one]), len(rows[other]))
            ]
            if twice:
                listed = ", ".join(f"{part.look.sheet} ({part.look.rows.height:,})" for part in sheets)
                first, second = twice[0]
                lines = [_option(table, sheet) for sheet in (first, second)]
                detail = {"sheets": listed, "table": table, "one": first, "other": second,
                          "options": " / ".join(lines)}  # fmt: skip
                yield Issue("STUDY-360", path.name, detail, where=Location(path.name))


def _option(table: str, sheet: str | None) -> str:
    """Return the option that states a sheet, as any shell hands it on."""
    said = str(sheet).replace("'", "''")
    return f"--set \"{table}.sheet='{said}'\""


def _asked_for(part: Recognised, settings: Settings) -> bool:
    """Return whether a sheet is one of those that somebody stated for its table."""
    stated = settings.of_table(part.table).get("sheet")
    if stated is None or part.look.sheet is None:
        return True
    wanted = [stated] if isinstance(stated, str) else [str(entry) for entry in stated]
    return any(fnmatchcase(part.look.sheet, pattern) for pattern in wanted)


def _alike(part: Recognised, largest: Recognised) -> bool:
    """Return whether a part can be read as the largest is.

    Of a table with a row per customer all headers must be the same, since other columns of the same
    customers would be rows of their own; elsewhere a part may lack columns that a row can do without.
    """
    if SCHEMAS[part.table].key:
        return _headers(part) == _headers(largest)
    mine, theirs = _columns(part), _columns(largest)
    if {plain(seen.header) for seen in part.ages} != {plain(seen.header) for seen in largest.ages}:
        return False
    same = all(mine[name] == theirs[name] for name in mine.keys() & theirs.keys())
    return same and _without_which_no_row(largest) <= mine.keys()


def _columns(part: Recognised) -> dict[str, str]:
    """Return the header of every column that is placed or asked for, without what people vary."""
    asked = {question.name: ", ".join(plain(seen.header) for seen in question.candidates)
             for question in part.questions}  # fmt: skip
    made = part.look.header.given  # out of several headers, which differ from year to year
    return asked | {
        entry.name: "" if entry.name in made else plain(entry.seen.header) for entry in part.placed
    }


def _without_which_no_row(part: Recognised) -> set[str]:
    schema = SCHEMAS[part.table]
    there = _columns(part)
    needed = {column.name for column in schema.columns if column.required}
    return needed | set(next((names for names in schema.one_of if set(names) <= there.keys()), ()))


def _headers(part: Recognised) -> frozenset[str]:
    return frozenset(plain(seen.header) for seen in part.look.columns)


def _rows(part: Recognised) -> set[tuple[str | None, ...]]:
    """Return what the rows say in the columns that are known, or that are still asked about."""
    seen = [entry.seen for entry in part.placed]
    seen += [candidate for question in part.questions for candidate in question.candidates]
    cells = [part.look.values(column.position) for column in seen]
    return set(zip(*cells, strict=True))


def _unused(part: Recognised, largest: Recognised, tables: Mapping[str, object]) -> Issue:
    if part.table == "customers":
        return left_aside(part, largest, measured="measures" in tables)
    detail: dict[str, object] = {
        "rows": part.look.rows.height,
        "used": largest.look.name,
        "table": part.table,
    }
    if units := _units_apart(part, largest):
        return Issue("STUDY-367", part.look.name, detail | {"headers": units})
    return Issue("STUDY-353", part.look.name, detail, severity=Severity.WARNING)


def _units_apart(part: Recognised, largest: Recognised) -> str:
    """Return the headers that differ in their unit alone (金额, 金额（万元）), where nothing else differs."""
    mine, theirs = ({entry.name: entry.seen.header for entry in one.placed} for one in (part, largest))
    pairs = [(mine[name], theirs[name]) for name in mine.keys() & theirs.keys()]
    apart = [(one, other) for one, other in pairs if plain(one) != plain(other)]
    alike = all(plain(split_unit(one)[0]) == plain(split_unit(other)[0]) for one, other in apart)
    needed = _without_which_no_row(largest) <= mine.keys()
    return ", ".join(f"{one} ≠ {other}" for one, other in apart) if alike and needed else ""


def _unknown(part: Recognised) -> Issue:
    headers = ", ".join(seen.header for seen in part.look.columns)
    detail = {"rows": part.look.rows.height, "headers": headers}
    if asked := questions_asked(part):
        titles = ", ".join(seen.header for seen in asked)
        as_rows = line(tables={"survey": {"unpivot": answers_as_rows(part, asked)}})
        detail |= {"count": len(asked), "headers": titles, "line": as_rows}
        return Issue("STUDY-348", part.look.name, detail, severity=Severity.WARNING)
    return Issue("STUDY-359", part.look.name, detail, severity=Severity.WARNING)
