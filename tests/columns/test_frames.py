"""Whatever dataframe comes in, its like goes out."""

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest

from evaluator.columns import Entered, enter, to_polars


def doubled(entered: Entered) -> object:
    return entered.leave(entered.frame.select("id", (nw.col("x") * 2).alias("x")))


def test_pandas_leaves_with_its_own_index() -> None:
    frame = pd.DataFrame({"id": ["a", "b", "c"], "x": [1.0, np.nan, 3.0]}, index=[7, 7, 2])
    out = doubled(enter(frame))
    assert isinstance(out, pd.DataFrame)
    assert out.index.tolist() == [7, 7, 2]
    assert out["x"].tolist()[::2] == [2.0, 6.0]
    assert np.isnan(out["x"].iloc[1])
    assert frame["x"].tolist()[::2] == [1.0, 3.0], "what came in is untouched"


def test_polars_stays_eager_or_lazy() -> None:
    frame = pl.DataFrame({"id": ["a"], "x": [1.5]})
    eager, lazy = doubled(enter(frame)), doubled(enter(frame.lazy()))
    assert isinstance(eager, pl.DataFrame)
    assert isinstance(lazy, pl.LazyFrame)
    assert eager.equals(lazy.collect())


def test_an_arrow_table_leaves_as_one() -> None:
    arrow = pytest.importorskip("pyarrow")
    out = doubled(enter(arrow.table({"id": ["a"], "x": [1.5]})))
    assert isinstance(out, arrow.Table)
    assert out.to_pydict() == {"id": ["a"], "x": [3.0]}


def test_a_duckdb_relation_stays_one() -> None:
    duckdb = pytest.importorskip("duckdb")
    entered = enter(duckdb.sql("SELECT 'a' AS id, 1.5::double AS x"))
    assert not entered.eager
    assert doubled(entered).fetchall() == [("a", 3.0)]


@pytest.mark.parametrize(
    ("column", "dtype", "values"),
    [
        (pd.Series([1, None], dtype="Int64"), pl.Int64, [1, None]),
        (pd.Series([2**60 + 1, 2], dtype="Int64"), pl.Int64, [2**60 + 1, 2]),
        (pd.Series([1.5, None], dtype="Float64"), pl.Float64, [1.5, None]),
        (pd.Series([1.5, np.nan], dtype=np.float32), pl.Float32, [1.5, None]),
        (pd.Series([1, 2.5, None], dtype=object), pl.Float64, [1.0, 2.5, None]),
        (pd.Series([None, None], dtype=object), pl.Null, [None, None]),
        (pd.Series(["甲", None]), pl.String, ["甲", None]),
        (pd.Series(["甲", None], dtype=object), pl.String, ["甲", None]),
        (pd.Series(["甲", None], dtype="category"), pl.String, ["甲", None]),
        (pd.Series(["12", 3], dtype=object), pl.String, ["12", "3"]),
        (pd.Series([True, None], dtype=object), pl.String, ["True", None]),
        (pd.Series([True, False]), pl.Boolean, [True, False]),
    ],
)
def test_every_pandas_column_keeps_its_values(
    column: "pd.Series[object]", dtype: pl.DataType, values: list[object]
) -> None:
    """A mixture of text and numbers becomes text, so that it is refused as a measure, not half lost."""
    taken = to_polars(enter(pd.DataFrame({"x": column})).frame)["x"]
    assert taken.dtype == dtype
    assert taken.to_list() == values


def test_of_pandas_only_the_columns_asked_for_are_read() -> None:
    frame = pd.DataFrame({"id": ["a"], "x": [1.0], "remarks": [object()]})
    assert enter(frame, ("id", "x", "y")).frame.collect_schema().names() == ["id", "x"]


def test_two_columns_of_one_name_are_refused() -> None:
    frame = pd.DataFrame([[1.0, 2.0]], columns=["x", "x"])
    with pytest.raises(ValueError, match="'x'"):
        enter(frame, ("x",))


def test_what_is_no_dataframe_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        enter([1, 2, 3])
