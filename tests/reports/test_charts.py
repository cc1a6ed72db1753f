"""Charts are valid Vega-Lite that fetches nothing and takes names for data only."""

import json

import altair
import jsonschema
import pytest

from evaluator.reports.context import Context
from evaluator.reports.sections import SECTIONS


def drawn(evaluation, language="en"):
    context = Context(evaluation, language)
    built = [(section, section.build(context)) for section in SECTIONS]
    return [chart for section, data in built if data is not None for chart in section.draw(data, context)]


def strings(value, path=()):
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from strings(entry, (*path, key))
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from strings(entry, path)
    elif isinstance(value, str):
        yield path, value


def few(value):
    """Return a specification with at most three rows in each table: the schema asks nothing more."""
    if isinstance(value, dict):
        return {key: entry[:3] if key == "values" else few(entry) for key, entry in value.items()}
    return [few(entry) for entry in value] if isinstance(value, list) else value


@pytest.mark.parametrize("customers", [None, 3000])
def test_every_chart_follows_the_schema(evaluation_of, customers) -> None:
    for chart in drawn(evaluation_of("zh", customers=customers), "zh"):
        plain = few(json.loads(json.dumps(chart.spec, allow_nan=False)))
        altair.Chart.from_dict(plain).to_dict(validate=True)


def test_the_schema_check_can_fail() -> None:
    with pytest.raises(jsonschema.ValidationError):
        altair.Chart.from_dict({"mark": "bars", "encoding": {"x": 3}}).to_dict(validate=True)


def test_no_chart_fetches_anything(evaluation_of) -> None:
    for chart in drawn(evaluation_of("en")):
        addresses = [(path, value) for path, value in strings(chart.spec) if "://" in value]
        assert [path for path, _ in addresses] == [("$schema",)]
        assert not [path for path, _ in strings(chart.spec) if "url" in path]
