"""The tools as an agent uses them: over the protocol, with its own client."""

from __future__ import annotations

import json
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from evaluator import mcp as tools_room
from evaluator.demo import Made
from evaluator.mcp.server import desk, server
from evaluator.mcp.tools import TOOLS, offered
from evaluator.study import Study

anyio = pytest.importorskip("anyio")
protocol = pytest.importorskip("mcp")


def run(work: Any, *given: Any) -> Any:
    """Run something of the protocol in a thread of its own: a browser holds the loop of this one."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(anyio.run, work, *given).result()


def asked(at: Any, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """Return what a client of the protocol is answered, in one session."""

    async def session() -> list[Any]:
        async with protocol.Client(server(at)) as client:
            return [await client.call_tool(name, given) for name, given in calls]

    return run(session)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("agents")
    shutil.copytree(Path(__file__).parents[1] / "studies" / "small", root / "clients" / "甲公司")
    return root


def test_the_library_is_not_hidden_by_the_room() -> None:
    assert protocol.__name__ == "mcp"
    assert tools_room.__name__ == "evaluator.mcp"
    assert Path(protocol.__file__).parent != Path(tools_room.__file__).parent


def test_a_client_sees_what_there_is_and_what_only_reads(home: Path) -> None:
    async def listed(writes: bool) -> Any:
        async with protocol.Client(server(desk(home, writes=writes))) as client:
            return await client.list_tools()

    reading = run(listed, False).tools
    assert {tool.name for tool in reading} == {tool.name for tool in offered(False)}
    assert all(tool.annotations.read_only_hint and tool.description for tool in reading)
    assert {tool.name for tool in run(listed, True).tools} - {tool.name for tool in reading} == {"run"}


def test_each_answer_begins_with_its_sentence_and_holds_the_numbers_of_the_study(home: Path) -> None:
    place = "clients/甲公司"
    before = sorted(path.as_posix() for path in home.rglob("*"))
    study = Study(home / place)
    customer = study.results["id"][0]
    listed, weighed, scored, explained = asked(
        desk(home), ("list_studies", {}), ("weigh", {"study": place}), ("score", {"study": place, "most": 2}),
        ("explain", {"study": place, "customer": customer}),
    )  # fmt: skip
    assert listed.structured_content["studies"] == [place]
    for answer in (listed, weighed, scored, explained):
        assert not answer.is_error
        assert answer.content[0].text == answer.structured_content["says"]
        assert json.loads(answer.content[1].text) == answer.structured_content
    known = {row["id"]: row["global"] for row in weighed.structured_content["weights"]}
    assert known == pytest.approx(dict(study.weights.global_))
    rated = study.results.filter(pl.col("status") == "rated").sort("rank", "id")
    assert [row["score"] for row in scored.structured_content["customers"]] == rated["score"].head(
        2
    ).to_list()
    assert explained.structured_content["score"] == study.results["score"][0]
    assert sorted(path.as_posix() for path in home.rglob("*")) == before, "a tool that reads wrote something"


def test_trees_are_shown_and_checked(home: Path) -> None:
    trees, shown, checked, study = asked(
        desk(home, language="zh"), ("list_trees", {}), ("show_tree", {"tree": "quick_value"}),
        ("check", {"what": "quick_value"}), ("check", {"what": "clients/甲公司"}),
    )  # fmt: skip
    assert "quick_value" in {row["tree"] for row in trees.structured_content["trees"]}
    assert shown.structured_content["nodes"][0]["parent"] is None
    assert checked.structured_content["sound"]
    assert study.structured_content["sound"]
    assert "个指标" in shown.content[0].text


def test_a_plan_and_a_comparison_of_the_demo(demo_study: tuple[Made, Study], tmp_path: Path) -> None:
    """The demo decides under a budget; what a run left is compared with itself."""
    made, study = demo_study
    at = desk(made.folder.parent)
    at._open[made.folder.resolve()] = (tuple(_files(made.folder.resolve())), study)  # computed once for all
    (planned,) = asked(at, ("plan", {"study": made.folder.name, "most": 3}))
    found = study.plan()
    assert not planned.is_error, planned.content[0].text
    assert planned.structured_content["value"] == found.plan.value
    assert len(planned.structured_content["given"]) == 3


def _files(folder: Path) -> Any:
    from evaluator.mcp.answers import _seen

    return _seen(folder)


def test_run_writes_where_it_may_and_compare_reads_it(home: Path) -> None:
    place = "clients/甲公司"
    ran, compared = asked(
        desk(home, writes=True), ("run", {"study": place}), ("compare", {"last": place, "now": place})
    )
    assert not ran.is_error, ran.content[0].text
    assert all((home / path).is_file() for path in ran.structured_content["written"])
    assert not compared.is_error, compared.content[0].text
    assert compared.structured_content["last"] == pytest.approx(compared.structured_content["now"])
    shutil.rmtree(home / place / "output")


WRONG = (
    ("scor", {}, "MCP-101"),
    ("score", {}, "MCP-102"),
    ("score", {"study": 3}, "MCP-102"),
    ("score", {"study": "clients/甲公司", "most": 0}, "MCP-102"),
    ("score", {"study": "clients/甲公司", "most": True}, "MCP-102"),
    ("score", {"study": "clients/甲公司", "top": 5}, "MCP-102"),
    ("plan", {"study": "clients/甲公司", "budget": float("nan")}, "MCP-102"),
    ("weigh", {"study": "clients/乙公司"}, "MCP-105"),
    ("run", {"study": "clients/甲公司"}, "MCP-104"),
    ("explain", {"study": "clients/甲公司", "customer": "nobody-like-this"}, "SCORE-651"),
)


@pytest.mark.parametrize(("name", "given", "code"), WRONG, ids=lambda value: str(value)[:30])
def test_what_is_wrong_is_a_sentence_with_its_code(home: Path, name, given, code) -> None:
    from evaluator.mcp.server import answered

    for language in ("zh", "en"):
        says, data, failed = answered(desk(home, language=language), name, given)
        assert failed
        assert {issue["code"] for issue in data["issues"]} == {code}
        assert says == data["says"]
        assert "Traceback" not in says


def test_over_the_protocol_an_unknown_tool_is_an_answer_not_a_break(home: Path) -> None:
    unknown, after = asked(desk(home), ("scor", {"study": "x"}), ("list_studies", {}))
    assert unknown.is_error
    assert "MCP-101" in unknown.content[0].text
    assert "score" in unknown.content[0].text
    assert not after.is_error


def test_the_verb_speaks_the_protocol_over_its_streams(home: Path) -> None:
    """A process of its own, as programs start it."""
    started = protocol.StdioServerParameters(
        command=sys.executable, args=["-m", "evaluator", "mcp", str(home)]
    )

    async def session() -> Any:
        async with protocol.Client(started, read_timeout_seconds=60) as client:
            return await client.call_tool("list_studies", {})

    assert run(session).structured_content["studies"] == ["clients/甲公司"]


def test_without_the_library_it_is_said_how_to_get_it(home: Path, monkeypatch) -> None:
    from evaluator.errors import EvaluationError
    from evaluator.mcp import server as module

    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(EvaluationError) as caught:
        module.desk(home)
    assert "evaluator[mcp]" in caught.value.issues[0].text("en")
    monkeypatch.undo()
    with pytest.raises(EvaluationError) as caught:
        module.desk(home / "no-such-folder")
    assert caught.value.issues[0].code == "MCP-106"
    assert len(TOOLS) == 10
