"""What an agent may try: paths out of the folder, by itself or by a study it was handed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from evaluator.mcp.server import answered, desk

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


def test_studies_behind_a_link_are_not_listed(root: Path) -> None:
    (root / "elsewhere").symlink_to(root.parent / "outside")
    _, data, failed = answered(desk(root), "list_studies", {})
    assert (data["studies"], failed) == (["inside"], False)
