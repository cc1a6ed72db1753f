"""Charts take names for data only, and draw what they were given."""

from evaluator.present import charts

HOSTILE = "<script>alert(1)</script> datum['x'] \"quoted\""


def text(key: str, **values: object) -> str:
    return key


def strings(value, path=()):
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from strings(entry, (*path, key))
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from strings(entry, path)
    elif isinstance(value, str):
        yield path, value


def test_names_stand_in_data_only() -> None:
    hostile = charts.Dot("1", HOSTILE, 10.0, 20.0, "Gold")
    chart = charts.matrix(
        "m", "M", (charts.PlaneSide(HOSTILE, (50.0,)), charts.PlaneSide("y", ())),
        (charts.Area(HOSTILE, (0, 100), (0, 100)),), (0.0, 100.0), text, dots=(hostile,),
    )  # fmt: skip
    allowed = {"values", "title", "domain", "description"}
    places = [path for path, value in strings(chart.spec) if HOSTILE in value]
    assert places
    assert all(allowed & set(path) for path in places)


def test_a_name_its_field_has_no_room_for_stands_on_two_lines() -> None:
    areas = [
        charts.Area("III Mature customers", (70, 100), (0, 100)),
        charts.Area("成熟客户", (0, 70), (0, 100)),
    ]
    sides = (charts.PlaneSide("x", (70.0,)), charts.PlaneSide("y", ()))
    layer = charts.matrix("m", "M", sides, areas, (0.0, 100.0), text).spec["layer"][-1]
    mature, other = layer["data"]["values"]
    assert (mature["two"], other["two"]) == ("III Mature\ncustomers", "成熟客户")
    assert mature["least"] < mature["room"] < 2 * mature["least"]
    assert "datum.two" in layer["transform"][0]["calculate"]


def test_bars_stand_heaviest_first_and_equal_names_apart() -> None:
    rows = [charts.Bar("Growth", "A", 0.2), charts.Bar("Growth", "B", 0.5), charts.Bar("Cost", "A", 0.3)]
    spec = charts.weights("weights", rows, text).spec
    assert [(row["label"], row["value"]) for row in spec["data"]["values"]] == [
        ("Growth · B", 0.5), ("Cost", 0.3), ("Growth · A", 0.2),
    ]  # fmt: skip
    assert spec["layer"][0]["encoding"]["y"]["sort"] == ["Growth · B", "Cost", "Growth · A"]


def test_the_distribution_shows_every_bin_and_bound() -> None:
    bins = [charts.Bin(0, 50, 3), charts.Bin(50, 100, 4)]
    spec = charts.distribution("scores", bins, [("Good", 80.0)], (0.0, 100.0), text).spec
    assert [row["count"] for row in spec["layer"][0]["data"]["values"]] == [3, 4]
    assert spec["layer"][1]["data"]["values"] == [{"grade": "Good", "from": 80.0}]


def test_a_group_of_many_is_a_picture_of_counts() -> None:
    sides = (charts.PlaneSide("x", (50.0,)), charts.PlaneSide("y", (50.0,)))
    cells = ((0.0, 2.5, 7),)
    spec = charts.matrix("m", "M", sides, (), (0.0, 100.0), text, cells=cells, cell=2.5).spec
    assert spec["layer"][1]["data"]["values"] == [{"x": 0.0, "x2": 2.5, "y": 2.5, "y2": 5.0, "count": 7}]
