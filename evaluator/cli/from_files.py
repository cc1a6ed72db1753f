"""A study from data files: what was recognised is shown, what is open is asked, and the study is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from evaluator.cli.console import Console
from evaluator.cli.set_option import with_options
from evaluator.errors import EvaluationError, Issue, raise_errors

if TYPE_CHECKING:
    from evaluator.data.first_look import Seen
    from evaluator.study.feeding import Feeding
    from evaluator.study.gathering import Gathered
    from evaluator.study.placed import Placed, Question
    from evaluator.study.recognising import Recognised
    from evaluator.study.settings import Settings

_OFFERED = 6  # trees that are offered


def begin_from_files(
    console: Console,
    named: Sequence[str],
    *,
    tree: str | None = None,
    columns: Mapping[str, str] | None = None,
    stated: Sequence[str] = (),
    into: str | None = None,
    as_of: date | None = None,
) -> str:
    """Make the study of some files, or bring it up to date, and return its folder.

    Raises
    ------
    EvaluationError
        where a column or a tree must be named, where the columns feed no tree or not the one stated, where
        the study was edited, so that options cannot be written into it; and what looking at the files raises.
    """
    from evaluator.study.from_files import (  # here, because help must not load the engine
        folder_apart,
        made_of,
        make_study,
        mapped_in,
        study_folder,
    )
    from evaluator.study.settings import settings

    console.retell = with_options
    console.progress("looking")
    usual, folder = study_folder(named), into or folder_apart(named)
    data = _answered(console, named, dict(columns or {}), settings(stated), mapped_in(Path(folder)))
    data = _scaled(console, data, stated)
    _show(console, data)
    console.issues(data.unused)
    fed = _tree(console, data, tree)
    _show_measures(console, data, fed)
    if not into and folder != usual:
        console.warn("cli.first.apart", folder=usual, files=", ".join(sorted(made_of(usual))), own=folder)
    made = make_study(data, fed, folder, language=console.language, as_of=as_of)
    if "study.yaml" in made.edited and (tree or columns or stated):
        raise EvaluationError([Issue("STUDY-357", str(made.folder / "study.yaml"))])
    for name, header, unit in made.counted:
        console.say("cli.first.unit", column=name, header=header, unit=unit.text, factor=f"{unit.factor:,g}")
    console.wrote(*made.written)
    for name in made.edited:
        console.say("cli.first.kept", path=made.folder / name)
    console.found(folder=str(made.folder), kept=list(made.edited), tables=_as_data(data), fed={
        "tree": fed.tree.id, "indicators": fed.fed, "of": len(fed.tree.indicators), "share": fed.share,
        "columns": {entry.name: entry.seen.header for entry in fed.columns}, "open": list(fed.open),
        "short": {name: {"needed": needed, "months": there} for name, (needed, there) in fed.short.items()},
    })  # fmt: skip
    console.say("cli.first.tree", name=fed.tree.name[console.language], tree=fed.tree.id, fed=fed.fed,
                of=len(fed.tree.indicators), share=f"{fed.share:.0%}")  # fmt: skip
    for name, (needed, there) in fed.short.items():
        leaf = next(leaf for leaf in fed.tree.indicators if leaf.measure == name)
        console.say("cli.first.short", measure=leaf.measured, needed=needed, months=there)
    return str(made.folder)


def _answered(
    console: Console,
    named: Sequence[str],
    headers: dict[str, str],
    settings: Settings,
    mapped: Mapping[str, str],
) -> Gathered:
    """Return what the files hold once every question is answered: by the study there is, or on the terminal.

    `mapped` are the headers that the study made of the files earlier states, as ``table.column``.
    """
    from evaluator.study.gathering import gather
    from evaluator.study.recognising import distinct_header

    data = gather(named, headers, settings)
    while known := {name: mapped[name] for name, may_be in _open_in(data) if mapped.get(name) in may_be}:
        headers |= known
        data = gather(named, headers, settings)
    _refuse_grids(part for _, part, _ in data.questions)
    while data.questions and console.asks:
        table, part, question = data.questions[0]
        if not question.candidates:
            break
        shown = [f"{seen.header}  ({', '.join(seen.examples)})" for seen in question.candidates]
        what = console.text(
            "cli.first.which", column=column_title(console, question.name), file=part.look.name
        )
        chosen = console.choose(what, shown)
        headers[f"{table}.{question.name}"] = distinct_header(part.look, question.candidates[chosen])
        data = gather(named, headers, settings)
    if data.questions:
        _show(console, data)
        raise EvaluationError([issue for entry in data.questions for issue in _issues(console, *entry)])
    return data


def _open_in(data: Gathered) -> Iterator[tuple[str, list[str]]]:
    """Yield the columns that are still asked for, as ``table.column``, with the headers each may have."""
    from evaluator.study.recognising import distinct_header

    for table, part, asked in data.questions:
        yield f"{table}.{asked.name}", [distinct_header(part.look, seen) for seen in asked.candidates]


def _scaled(console: Console, data: Gathered, stated: Sequence[str]) -> Gathered:
    """Return the data with the scale their survey asked on, as chosen on the terminal where there is one."""
    from evaluator.study.facts import SCALE, facts
    from evaluator.study.settings import settings

    known = facts(data)
    if not (questions := tuple(known.unstated())):
        return data
    if not console.asks:
        _show(console, data)
        raise EvaluationError(questions)
    low, high = known.answers or (0, 0)
    shown = [f"{first} – {last}" for first, last in known.scales]
    first, last = known.scales[
        console.choose(console.text("cli.first.which_scale", low=f"{low:g}", high=f"{high:g}"), shown)
    ]
    return replace(data, settings=settings([*stated, f"{SCALE}=[{first}, {last}]"]))


def _refuse_grids(parts: Iterable[Recognised]) -> None:
    """Refuse files that have rows of a table as columns, with the options that read them so."""
    from evaluator.study.grids import grid_issues

    for part in parts:
        raise_errors(grid_issues(part))


def column_title(console: Console, name: str) -> str:
    """Return what a column is called, with its name in brackets where it has a title."""
    from evaluator import messages

    key = f"cli.first.columns.{name}"
    return f"{console.text(key)} ({name})" if messages.known(key, console.language) else name


def _issues(console: Console, table: str, part: Recognised, question: Question) -> Iterator[Issue]:
    from evaluator.data.matching import otherwise
    from evaluator.study.recognising import SCHEMAS, distinct_header

    detail: dict[str, object] = {"column": column_title(console, question.name), "name": question.name}
    if not question.candidates:
        headers = ", ".join(seen.header for seen in part.look.columns)
        yield Issue("STUDY-355", part.look.name, {**detail, "headers": headers, "table": table})
        column = next(column for column in SCHEMAS[table].columns if column.name == question.name)
        yield from otherwise(column, part.look.cells.place(part.look.header.row, 0))
        return
    readings = "; ".join(f"«{seen.header}» ({', '.join(seen.examples)})" for seen in question.candidates)
    known = [distinct_header(part.look, seen) for seen in question.candidates]
    options = "  ".join(f'--column {question.name}="{header}"' for header in known)
    detail |= {"count": len(question.candidates), "readings": readings, "options": options}
    yield Issue("STUDY-350", part.look.name, detail)


def _show(console: Console, data: Gathered) -> None:
    """Say what every column became, with three cells, and what could not be placed."""
    for table, parts in data.tables.items():
        for part in parts:
            rows = f"{part.look.rows.height:,}"
            console.say("cli.first.table", file=part.look.name, table=_table_title(console, table), rows=rows)
        first = parts[0]
        _placed(console, first.placed)
        if first.rest and (table not in ("customers", "measures") or data.questions):
            _rest(console, first.rest)
        if table == "orders" and first.column("amount") is None:
            _say_amounts(console, first)
        if table == "ageing":
            _say_ages(console, data.ages)
        console.gap()


def _as_data(data: Gathered) -> dict[str, object]:
    """Return which files and columns each table is taken from, for a program."""
    return {
        table: {
            "files": [{"name": part.look.name, "rows": part.look.rows.height} for part in parts],
            "columns": {entry.name: {"header": entry.seen.header, "known_by": entry.how,
                                     "examples": entry.seen.examples}
                        for entry in parts[0].placed},
            "rest": [seen.header for seen in parts[0].rest],
        }
        for table, parts in data.tables.items()
    }  # fmt: skip


def _show_measures(console: Console, data: Gathered, fed: Feeding) -> None:
    """Say which columns of a table of customers are measures of the tree, and which are not used."""
    if parts := data.measured:
        if fed.columns:
            _placed(console, fed.columns)
        used = {entry.seen.position for entry in fed.columns}
        rest = [seen for seen in parts[0].rest if seen.position not in used]
        if "measures" in data.tables:
            _rest(console, rest)
            rest = [seen for part in data.tables.get("customers", ())[:1] for seen in part.rest]
        _rest(console, rest, "further")
        _say_cumulative(console, [fed])
        console.gap()


def _say_models(console: Console, data: Gathered) -> None:
    """Name the measures that customer models make of tables which feed no tree that ships."""
    from evaluator.customers import MODEL_MEASURES, MODELS

    tables = [table for table in data.tables if table not in ("customers", "measures")]
    models = {name: set(MODELS[name].function.reads) for name in MODELS.names()}
    made = [name for name in MODEL_MEASURES.names()
            if models[MODEL_MEASURES[name].function.model] & set(tables)]  # fmt: skip
    if made and "orders" not in tables:
        titles = console.text("comma").join(_table_title(console, table) for table in tables)
        console.warn("cli.first.models", tables=titles, measures=", ".join(made[:_OFFERED]))


def _say_amounts(console: Console, part: Recognised) -> None:
    """Name the columns that look like amounts, where quantity × price is taken, with the option for each."""
    from evaluator.study.header_stems import STEMS, has_stem

    for seen in part.rest if part.column("quantity") and part.column("price") else ():
        header = seen.header
        if seen.numbers and has_stem(header, STEMS["amount"]) and not has_stem(header, STEMS["no_amount"]):
            console.warn("cli.first.amount", header=header)


def _say_ages(console: Console, headers: Sequence[str]) -> None:
    """Say which ages of a list of receivables count as overdue, and that this is a guess."""
    from evaluator.study.age_columns import overdue

    if found := overdue(headers):
        comma = console.text("comma")
        late = comma.join(found.late) or "–"
        console.say("cli.first.ages", ages=comma.join(headers), late=late, days=found.days)
        if not found.dated:
            console.warn("cli.first.undated")


def _say_cumulative(console: Console, found: Sequence[Feeding]) -> None:
    """Name the columns that count since the beginning, with the option that takes them all the same."""
    told = {(entry.name, entry.seen.header): fed for fed in reversed(found) for entry in fed.cumulative}
    for (name, header), fed in told.items():
        leaf = next(leaf for leaf in fed.tree.indicators if leaf.measure == name)
        console.warn("cli.first.cumulative", header=header, measure=leaf.measured, name=name)


def _placed(console: Console, placed: Sequence[Placed]) -> None:
    heads = [console.text(f"cli.first.head.{name}") for name in ("column", "header", "how", "cells")]
    console.table(heads, [
        (column_title(console, entry.name), entry.seen.header,
         console.text(f"cli.first.how.{entry.how}"), _cells(entry.seen))
        for entry in placed
    ])  # fmt: skip


def _rest(console: Console, rest: Sequence[Seen], key: str = "rest") -> None:
    if rest:
        console.say(f"cli.first.{key}", headers=", ".join(seen.header for seen in rest))


def _cells(seen: Seen) -> str:
    return " | ".join(cell if len(cell) <= 24 else cell[:23] + "…" for cell in seen.examples)


def _table_title(console: Console, table: str) -> str:
    from evaluator.data.tables import TableNote

    return TableNote(table, "", None, None, 0, 0).title(console.language)


def _tree(console: Console, data: Gathered, stated: str | None) -> Feeding:
    """Return the tree that was stated, else the one the data feed best; asked where several come close."""
    from evaluator.study.feeding import check_measures, feeding, feedings, settled
    from evaluator.tree import load_tree

    if stated:
        tree = load_tree(stated)
        check_measures(data, [tree])
        fed = feeding(data, tree)
        if not fed.fed:
            raise _untaken(console, data, "STUDY-356", [fed])
        return fed
    console.progress("trees")
    found = feedings(data)
    if best := settled(found):
        return best
    offered = [fed for fed in found if fed.enough][:_OFFERED]
    if offered and console.asks:
        return offered[
            console.choose(console.text("cli.first.which_tree"), list(map(_offer(console), offered)))
        ]
    raise _untaken(console, data, "STUDY-351" if offered else "STUDY-356", (offered or found)[:_OFFERED])


def _untaken(console: Console, data: Gathered, code: str, found: Sequence[Feeding]) -> EvaluationError:
    """Show what the data feed of some trees, and return the error that none is taken."""
    _refuse_grids(data.tables.get("customers", ()))
    say = _offer(console)
    for fed in found:
        console.beside(f"  --tree {fed.tree.id}: {say(fed)}")
    _say_cumulative(console, found)
    _say_models(console, data)
    rest = [seen.header for part in data.measured for seen in part.rest]
    rest = rest or [seen.header for parts in data.tables.values() for seen in parts[0].look.columns]
    code = code if found else "STUDY-398"
    return EvaluationError([Issue(code, " ".join(data.named), {"headers": ", ".join(rest) or "–"})])


def _offer(console: Console) -> Callable[[Feeding], str]:
    def say(fed: Feeding) -> str:
        columns = ", ".join(f"{entry.name} ← {entry.seen.header}" for entry in fed.columns)
        numbers = {"fed": fed.fed, "of": len(fed.tree.indicators), "share": f"{fed.share:.0%}"}
        name, lacking = fed.tree.name[console.language], ", ".join([*fed.open, *fed.short]) or "–"
        return console.text("cli.first.offer", name=name, columns=columns or "–", open=lacking, **numbers)

    return say
