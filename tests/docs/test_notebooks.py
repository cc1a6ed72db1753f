"""The notebooks run from their first cell to their last, as Jupyter runs them."""

import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = Path(__file__).resolve().parents[2] / "docs" / "notebooks"
# What a notebook asks for, and the parameters the tests give it: small, or a cell each of a line.
GIVEN: dict[str, dict[str, object]] = {
    "orders_to_decision": {"CUSTOMERS": 300},
    "panel_weights": {},
    "lifetime_value": {},
    "large_files": {"SIZE": 100_000, "SPARK": False},
    "own_parts": {},
}
FILES = {"lifetime_value": "CDNOW_sample.txt"}


def test_every_notebook_is_run() -> None:
    assert {path.stem for path in NOTEBOOKS.glob("*.md")} - {"index"} == set(GIVEN)


def read(name: str) -> Any:
    """Return a notebook with the parameters of the tests; each must be there to be given."""
    jupytext = pytest.importorskip("jupytext", reason="jupytext is not here")
    text = (NOTEBOOKS / f"{name}.md").read_text("utf-8")
    for parameter, value in GIVEN[name].items():
        text, found = re.subn(rf"^{parameter} = [\w_]+", f"{parameter} = {value}", text, flags=re.MULTILINE)
        assert found == 1, f"{name} has no parameter {parameter}"
    return jupytext.reads(text, fmt="md")


@pytest.mark.parametrize("name", GIVEN)
def test_it_runs_to_its_last_cell(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not here")
    notebook = read(name)
    if name in FILES:
        shutil.copy(request.getfixturevalue("shared") / "data" / FILES[name], tmp_path)
    paths = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "LC_ALL": "en_US.UTF-8"}
    client = nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3")
    client.create_kernel_manager().kernel_spec.argv[0] = sys.executable
    client.execute(cwd=str(tmp_path), env=environment)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert all(cell.execution_count for cell in code)


def test_spark_gives_what_the_notebook_says_it_gives(
    spark: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the session of the tests, which a kernel of its own would start a second time."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    text = re.sub(
        r"^SIZE = .*$", "SIZE = 2_000", (NOTEBOOKS / "large_files.md").read_text("utf-8"), flags=re.M
    )
    for cell in re.findall(r"^```python\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL):
        exec(compile(cell, "large_files.md", "exec"), names)
    assert names["by_spark"].height == 2_000
