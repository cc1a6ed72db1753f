"""Names and values from strangers where an engine computes: each is a name or a text, and nothing is run."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import yaml

from evaluator.cli.program import invoke
from evaluator.study import Study

NAMES = (
    'x"; DROP TABLE victim; --', "x'; DROP TABLE victim; --", "a`b", '"', '""', "`", "a\nb", "a\r\nb", "(select 1)",
    "count(*)", "COLUMNS(*)", "$1", "?", "{x}", "{{x}}", "%s", "\\", "\x1b[2J", "\u202eabc", "=1+1", "--", "/*", "null",
    "select", "profit'", "a" * 40_000, "*", "^a*$",
)  # fmt: skip
IDS = (
    "'; DROP TABLE victim; --", "\\", '"', "{x}", "=1+1", "'=1+1", "''t Hooft", "'t Hooft", "`", "$$", "/*", "客户",
    "*", "%s",
)  # fmt: skip
UNREAD = ("\x00", "\u202e", "\u200b")
"""Ids without a letter."""


def frame(name: str, ids: tuple[str, ...] = IDS) -> pl.DataFrame:
    """Return measures under a hostile header, with hostile ids and names."""
    values = [float(n * 7 % 90) for n in range(len(ids))]
    return pl.DataFrame(
        {"id": ids, "name": [name[:200]] * len(ids), name: values, "delay": values, "trust": values}
    )


def stated(folder: Path, engine: str, **table: Any) -> Path:
    """Make the small study on an engine, with its measures as stated."""
    shutil.copytree(Path(__file__).parents[1] / "studies" / "small", folder, dirs_exist_ok=True)
    study = yaml.safe_load((folder / "study.yaml").read_text("utf-8"))
    study |= {"engine": engine, "tables": {"measures": table}}
    (folder / "study.yaml").write_text(yaml.safe_dump(study, allow_unicode=True), "utf-8")
    return folder


def scores(folder: Path) -> pl.DataFrame:
    """Run a study whose data are all well, and return its scores."""
    assert invoke(["run", str(folder), "--format", "html"]) == 0
    found = folder / "output" / "scores.parquet"
    return pl.read_parquet(found if found.exists() else folder / "output" / "scores" / "*.parquet")


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_headers_and_tables_are_names_to_duckdb(tmp_path: Path, name: str, capsys) -> None:
    with duckdb.connect(str(tmp_path / "x.duckdb")) as made:
        made.sql("create table victim as select 1 as x")
        made.register("given", frame(name).to_arrow())
        made.sql(f'create table "{name.replace(chr(34), chr(34) * 2)}" as select * from given')
    where = {"database": "x.duckdb", "table": name, "columns": {"profit": name}}
    found = scores(stated(tmp_path, "duckdb", **where))
    assert set(found["id"]) == set(IDS)
    told = capsys.readouterr()
    assert not {"\x1b", "\u202e"} & set(told.out + told.err)
    with duckdb.connect(str(tmp_path / "x.duckdb"), read_only=True) as kept:
        assert kept.sql("select count(*) from victim").fetchall() == [(1,)]


def test_ids_and_headers_of_parquet_are_the_text_they_are(tmp_path: Path) -> None:
    """Nothing in such a file is a formula, and nobody put an apostrophe before one."""
    frame("*").write_parquet(tmp_path / "m.parquet")
    stated_by = {"file": "m.parquet", "columns": {"profit": "*"}}
    assert set(scores(stated(tmp_path, "duckdb", **stated_by))["id"]) == set(IDS)
    assert set(Study(stated(tmp_path, "polars", **stated_by)).measured.frame["id"]) == set(IDS)


@pytest.mark.parametrize("name", ["**", " ", "\t", "a.b", "a\x00b"], ids=range(5))
def test_what_is_no_name_of_a_table_is_an_issue(tmp_path: Path, name: str, capsys) -> None:
    frame("profit").write_parquet(tmp_path / "m.parquet")
    study = stated(tmp_path, "duckdb", file="m.parquet", columns={"profit": name})
    assert invoke(["run", str(study)]) == 1
    with duckdb.connect(str(tmp_path / "x.duckdb")) as made:
        made.sql("create table t as select 1 as x")
    assert invoke(["run", str(stated(tmp_path, "duckdb", database="x.duckdb", table=name))]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_ids_without_a_letter_are_rows_without_an_id(tmp_path: Path) -> None:
    """On an engine as in memory: left out, counted and said, however many there are."""
    frame("profit", (*IDS, *UNREAD)).write_parquet(tmp_path / "m.parquet")
    assert set(scores(stated(tmp_path, "duckdb", file="m.parquet"))["id"]) == set(IDS)
    frame("profit", (*IDS[:4], *UNREAD)).write_parquet(tmp_path / "m.parquet")
    for engine in ("duckdb", "polars"):
        study = Study(stated(tmp_path, engine, file="m.parquet"))
        table = study.on_engine.tables["measures"] if study.on_engine else None
        note = table.note if table else study.tables.notes[0]
        assert (note.rows_read, note.rows_kept) == (4 + len(UNREAD), 4)
        assert sum(dropped.rows for dropped in note.dropped) == len(UNREAD)


def test_headers_are_names_to_spark(spark: Any, tmp_path: Path) -> None:
    """One table with all of them, of which three are read."""
    read = {"profit": "a`b", "delay": 'x"; DROP TABLE victim; --', "trust": "(select 1)"}
    hostile = [name for name in NAMES if len(name) < 100]
    table = frame("profit").select("id", "name", *(pl.col("profit").alias(name) for name in hostile))
    table.write_parquet(tmp_path / "m.parquet")
    found = scores(stated(tmp_path, "spark", file="m.parquet", columns=read))
    assert set(found["id"]) == set(IDS)
