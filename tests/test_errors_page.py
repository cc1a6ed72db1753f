"""The page of error codes says what the program raises; `python docs/make_errors.py` writes it."""

import ast
import re
import runpy
from doctest import DocTestParser
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"


@pytest.fixture(scope="module")
def make() -> dict:
    return runpy.run_path(str(DOCS / "make_errors.py"))


def test_the_page_is_the_one_that_would_be_written(make) -> None:
    assert (DOCS / "errors.md").read_text("utf-8") == make["page"]()


def test_every_code_that_is_raised_has_its_anchor(make) -> None:
    anchors = set(re.findall(r"^### (\S+)$", (DOCS / "errors.md").read_text("utf-8"), re.MULTILINE))
    assert anchors == set(make["raised"]())
    assert len(anchors) > 300


def test_severities_are_read_from_where_an_issue_is_made(make) -> None:
    found = make["raised"]()
    assert found["DATA-402"]["severity"] == {"error"}
    assert found["SCORE-606"]["severity"] == {"note"}
    assert found["JUDGE-206"]["severity"] == {"warning"}
    assert "evaluator/files.py" in found["FILE-703"]["module"]


def test_codes_that_the_program_names_exist(make) -> None:
    known = set(make["raised"]())
    package = make["PACKAGE"]
    named = {code for path in package.rglob("*.py") for code in make["CODE"].findall(path.read_text("utf-8"))}
    prefixes = {code.partition("-")[0] for code in known}
    assert {code for code in named if code.partition("-")[0] in prefixes} - known == set()


def test_docstrings_tell_reasons_and_no_codes(make) -> None:
    """Which codes a function raises is told by the page; examples may show them."""
    told = {
        (path.name, code)
        for path in make["PACKAGE"].rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for part in DocTestParser().parse(ast.get_docstring(node) or "")
        if isinstance(part, str)
        for code in make["CODE"].findall(part)
    }
    known = set(make["raised"]())
    assert {(file, code) for file, code in told if code in known} == {("errors.py", "TREE-104")}
