"""`evaluator export`: a frozen model as SQL, for the place where the measures, or the orders, already lie."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from evaluator.cli.console import Console
from evaluator.cli.options import open_study, recorded

if TYPE_CHECKING:
    from evaluator.scoring import Model
    from evaluator.warehouse import Exported, OrdersThere
    from evaluator.warehouse.parts import Type


@click.command()
@click.argument("model", type=click.Path())
@click.option("--sql", "dialect", required=True)
@click.option("--table", default="measures")
@click.option("--data", "further", type=click.Path())
@click.option("--orders", "orders_there")
@click.option("--columns", "order_columns", default="id,date,amount")
@click.option("--customers", "customers_there")
@click.option("--study", "study_of_orders", type=click.Path())
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--decimals", type=click.IntRange(0, 9), default=4)
@click.option("--rfm", "with_rfm", is_flag=True)
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
    orders_there: str | None,
    order_columns: str,
    customers_there: str | None,
    study_of_orders: str | None,
    as_of: datetime | None,
    decimals: int,
    with_rfm: bool,
    dbt_folder: str | None,
    sql_output: str | None,
) -> None:
    """Write a model as one query, or as a model of dbt with its documentation and tests."""
    from evaluator.files import write_text  # here, because help must not load the engine
    from evaluator.scoring import read_model
    from evaluator.warehouse import columns_made, columns_of_file, measures_sql, model_sql, write_dbt

    frozen, notes = read_model(model)
    console.issues(notes)
    columns = columns_of_file(further) if further else {}
    there = None
    if orders_there:
        said = orders_there, customers_there, order_columns, as_of, decimals, study_of_orders, with_rfm
        there = _there(console, frozen, columns, _Stated(*said))
    if dbt_folder:
        written = write_dbt(
            frozen, dialect, dbt_folder, table=table, columns=columns, there=there, language=console.language
        )
        _tell(console, written.exported, dialect, *written.measures, written.query, written.properties)
        return
    target, before = Path(sql_output or "scores.sql"), []
    if there:
        measures = measures_sql(frozen, dialect, there, language=console.language)
        before.append(target.with_name("measures.sql"))
        write_text(before[0], measures.text)
        columns = columns_made(measures)
    exported = model_sql(frozen, dialect, table=table, columns=columns, language=console.language)
    write_text(target, exported.text)
    _tell(console, exported, dialect, *before, target)


class _Stated(NamedTuple):
    """What was said of orders that lie in the warehouse."""

    orders: str
    customers: str | None
    columns: str
    as_of: datetime | None
    decimals: int
    study: str | None
    rfm: bool


def _there(console: Console, model: Model, further: dict[str, Type], stated: _Stated) -> OrdersThere:
    """Return the orders there, with the months and the RFM of a study where one is named."""
    from evaluator.customers import RfmOptions
    from evaluator.warehouse import OrdersThere

    there = OrdersThere(
        orders=stated.orders,
        customers=stated.customers,
        columns=tuple(name.strip() for name in stated.columns.split(",")),
        further={name: kind for name, kind in further.items() if name != "id"},
        as_of=stated.as_of.date() if stated.as_of else None,
        decimals=stated.decimals,
    )
    if stated.study:
        from evaluator.study.orders_there import with_study

        there, issues = with_study(there, open_study(console, stated.study), rfm=stated.rfm)
        console.issues(issues)
    elif stated.rfm:
        there = replace(there, rfm=model.customers.rfm if model.customers else RfmOptions())
    return there


def _tell(console: Console, exported: Exported, dialect: str, *paths: Path) -> None:
    console.issues(exported.issues)
    console.found(dialect=dialect, reads=dict(exported.read), columns=dict(exported.columns))
    console.wrote(*paths)
