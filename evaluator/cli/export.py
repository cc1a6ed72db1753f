"""`evaluator export`: a frozen model as SQL, for the place where the measures already lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from evaluator.cli.console import Console
from evaluator.cli.options import recorded

if TYPE_CHECKING:
    from evaluator.warehouse import Exported


@click.command()
@click.argument("model", type=click.Path())
@click.option("--sql", "dialect", required=True)
@click.option("--table", default="measures")
@click.option("--data", "further", type=click.Path())
@click.option("--dbt", "dbt_folder", type=click.Path())
@click.option("--output", "sql_output", type=click.Path())
@recorded
@click.pass_obj
def command(
    console: Console,
    model: str,
    dialect: str,
    table: str,
    further: str | None,
    dbt_folder: str | None,
    sql_output: str | None,
) -> None:
    """Write a model as one query, or as a model of dbt with its documentation and tests."""
    from evaluator.files import write_text  # here, because help must not load the engine
    from evaluator.scoring import read_model
    from evaluator.warehouse import columns_of_file, model_sql, write_dbt

    frozen, notes = read_model(model)
    console.issues(notes)
    columns = columns_of_file(further) if further else {}
    if dbt_folder:
        written = write_dbt(
            frozen, dialect, dbt_folder, table=table, columns=columns, language=console.language
        )
        _tell(console, written.exported, dialect, written.query, written.properties)
        return
    exported = model_sql(frozen, dialect, table=table, columns=columns, language=console.language)
    target = Path(sql_output or "scores.sql")
    write_text(target, exported.text)
    _tell(console, exported, dialect, target)


def _tell(console: Console, exported: Exported, dialect: str, *paths: Path) -> None:
    console.issues(exported.issues)
    console.found(dialect=dialect, reads=dict(exported.read), columns=dict(exported.columns))
    console.wrote(*paths)
