from typing import Any

import narwhals as nw
import polars as pl
import pytest

from evaluator.columns import by_batches, is_spark
from evaluator.columns.spark import gathered

pa = pytest.importorskip("pyarrow")


def test_batches_are_gathered_to_frames_worth_planning_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evaluator.columns.spark.GATHERED", 5)
    parts = [pa.record_batch({"x": list(range(start, start + 3))}) for start in range(0, 12, 3)]
    found = list(gathered(iter([*parts, pa.record_batch({"x": [99]})])))
    assert [len(frame) for frame in found] == [6, 6, 1]
    assert pl.concat(found)["x"].to_list() == [*range(12), 99]


def test_nothing_is_gathered_of_nothing() -> None:
    assert list(gathered(iter([]))) == []


def test_each_row_of_a_spark_frame_is_computed_in_its_workers(spark: Any) -> None:
    frame = nw.from_native(
        spark.createDataFrame([(7, 1.5, "a"), (8, None, "b")], "id long, x double, y string")
    )
    assert is_spark(frame)
    done = by_batches(frame, ["id", "x"], doubled)
    assert dict(done.collect_schema()) == {"id": nw.Int64(), "twice": nw.Float64()}
    assert sorted(map(tuple, done.to_native().collect())) == [(7, 3.0), (8, None)]


def doubled(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select("id", twice=pl.col("x") * 2)
