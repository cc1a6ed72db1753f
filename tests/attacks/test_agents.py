"""What an agent may try: paths out of the folder, by itself or by a study it was handed."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from evaluator.mcp.server import answered, desk
from evaluator.mcp.tools import offered

SMALL = Path(__file__).parents[1] / "studies" / "small"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(SMALL, tmp_path / "outside")
    shutil.copytree(SMALL, tmp_path / "root" / "inside")
    return tmp_path / "root"


@pytest.mark.parametrize("path", ["../outside", "inside/../../outside", "{outside}", "~", "file:///etc", "C:\\Windows",
                                  "..\\outside", "link", "/etc/passwd", "inside/\x00"])  # fmt: skip
@pytest.mark.parametrize("tool", ["weigh", "check", "show_tree", "compare"])
def test_no_path_leads_out(root: Path, path: str, tool: str) -> None:
    if hasattr(os, "symlink"):
        (root / "link").symlink_to(root.parent / "outside")
    stated = path.replace("{outside}", str(root.parent / "outside"))
    key = {"weigh": "study", "check": "what", "show_tree": "tree", "compare": "last"}[tool]
    given = {key: stated} | ({"now": "inside"} if tool == "compare" else {})
    _, data, failed = answered(desk(root), tool, given)
    assert failed or data.get("sound") is False, data
    assert {issue["code"] for issue in data["issues"]} <= {"MCP-102", "MCP-103", "MCP-105", "FILE-701", "TREE-101",
                                                           "TREE-100", "DOC-001", "FILE-702", "DOC-002", "TREE-102"}, data  # fmt: skip


@pytest.mark.parametrize("line", ["previous: {folder: ../../outside}", "previous: {folder: {outside}}",
                                  "tables: {customers: {file: ../../outside/data/customers.csv}}",
                                  "tables: {customers: {database: 'postgresql://h/db', query: 'select 1'}}",
                                  "tables: {customers: {file: link.csv}}"])  # fmt: skip
def test_a_study_that_reads_elsewhere_is_not_opened(root: Path, line: str) -> None:
    """Whoever can write a study must not read by it what lies outside."""
    file = root / "inside" / "study.yaml"
    if hasattr(os, "symlink"):
        (root / "inside" / "link.csv").symlink_to(root.parent / "outside" / "study.yaml")
    key = line.partition(":")[0]
    kept, skip = [], False
    for old in file.read_text("utf-8").splitlines():
        skip = old.startswith(f"{key}:") or (skip and old[:1] in (" ", "-", "#"))
        kept += [] if skip else [old]
    stated = line.replace("{outside}", "'" + str(root.parent / "outside") + "'")
    file.write_text("\n".join([*kept, stated]), "utf-8")
    _, data, failed = answered(desk(root), "weigh", {"study": "inside"})
    assert failed
    assert {issue["code"] for issue in data["issues"]} == {"MCP-103"}


WRONG = ("x" * 3_000_000, "../" * 10_000, "<script>alert(1)</script>", "=1+1", "{{ 7 * 7 }}", "'; drop table x", "\ud800",
         "\x1b[2J", "a\u202eb", "\x00", "", None, [], {"a": {}}, [1] * 200_000, 10**400, -1, 1e308, float("nan"), True)  # fmt: skip


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_whatever_an_argument_is_the_answer_is_short_and_says_what_is_wrong(
    root: Path, number: int, capsys
) -> None:
    """Half a letter, which JSON can hold, was told as a fault of the software."""
    at = desk(root, writes=True)
    good = {
        "study": "inside",
        "what": "inside",
        "tree": "inside/tree.yaml",
        "last": "inside",
        "now": "inside",
        "customer": "C1",
    }
    for tool in offered(writes=True):
        for name in tool.arguments:
            given = {key: good[key] for key in tool.arguments if key in good and tool.arguments[key].needed}
            says, data, failed = answered(at, tool.name, given | {name: WRONG[number]})
            told = json.dumps(data, ensure_ascii=False, allow_nan=False)
            told.encode("utf-8")
            assert not failed or data["issues"], (tool.name, name)
            assert len(told) + len(says) < 20_000
            assert not {"\x1b", "\x00"} & set(says)
    assert "Traceback" not in capsys.readouterr().err


def test_what_a_variable_holds_is_no_part_of_an_answer(root: Path, monkeypatch) -> None:
    """The study names it in an address; whether it is allowed or not, no agent is told."""
    monkeypatch.setenv("EVALUATOR_ALLOW", "TOKEN")
    monkeypatch.setenv("TOKEN", "s3cr3t")
    text = (root / "inside" / "study.yaml").read_text("utf-8")
    for address in ("${TOKEN}", "postgresql://u:${TOKEN}@127.0.0.1:1/x"):
        stated = f"{{database: '{address}', query: select 1}}"
        (root / "inside" / "study.yaml").write_text(text.replace("{file: measures.csv}", stated), "utf-8")
        for tool in ("check", "score", "run"):
            says, data, failed = answered(
                desk(root, writes=True), tool, {("what" if tool == "check" else "study"): "inside"}
            )
            assert "s3cr3t" not in says + str(data)
            assert failed or tool == "check"


def test_studies_behind_a_link_are_not_listed(root: Path) -> None:
    (root / "elsewhere").symlink_to(root.parent / "outside")
    _, data, failed = answered(desk(root), "list_studies", {})
    assert (data["studies"], failed) == (["inside"], False)


BRANCH = """
schema: 1
id: own
name: Own
status: custom
source: {zh: 测试, en: A test}
grades: [{id: good, name: G, score: 90, from: 60}, {id: poor, name: P, score: 40, from: 0}]
root: {id: root, name: R, children: [{include: "PATH", weight: 1}]}
"""


@pytest.mark.parametrize("path", ["{outside}", "../outside/tree.yaml", "link.yaml"])
@pytest.mark.parametrize(("tool", "given"), [("show_tree", {"tree": "inside/tree.yaml"}), ("check", {"what": "inside"}),
                                             ("weigh", {"study": "inside"})])  # fmt: skip
def test_no_branch_of_a_tree_leads_out(root: Path, path: str, tool: str, given: dict[str, str]) -> None:
    """The study names a tree inside, and that tree one outside; nothing of it is told."""
    outside = root.parent / "outside" / "tree.yaml"
    outside.write_text(outside.read_text("utf-8").replace("id: good", "id: secret"), "utf-8")
    if hasattr(os, "symlink"):
        (root / "inside" / "link.yaml").symlink_to(outside)
    stated = BRANCH.replace("PATH", path.replace("{outside}", outside.as_posix()))
    (root / "inside" / "tree.yaml").write_text(stated, "utf-8")
    _, data, _ = answered(desk(root), tool, given)
    assert {issue["code"] for issue in data["issues"]} == {"FILE-704"}
    assert "secret" not in str(data)


def test_a_logo_outside_is_no_part_of_a_report(root: Path) -> None:
    """A brand inside names it by an absolute path."""
    picture = root.parent / "outside" / "logo.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\nsecret")
    (root / "inside" / "own.yaml").write_text(f"schema: 1\nlogo: {picture.as_posix()}\n", "utf-8")
    with (root / "inside" / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("\nreport: {theme: own.yaml}\n")
    _, data, failed = answered(desk(root, writes=True), "run", {"study": "inside"})
    assert failed
    assert {issue["code"] for issue in data["issues"]} == {"FILE-704"}
