"""What packages say of the project is what the project says of itself."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from evaluator.messages import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RECIPE = yaml.safe_load((ROOT / ".packaging" / "conda" / "recipe.yaml").read_text("utf-8"))
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
WINDOWS = ROOT / ".packaging" / "windows" / "evaluate.cmd"


def test_one_version_stands_everywhere() -> None:
    assert RECIPE["context"]["version"] == CITATION["version"] == PROJECT["version"]
    assert f"## {PROJECT['version']}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_conda_recipe_requires_what_the_package_requires() -> None:
    wanted = {re.sub(r"(>=)", r" \1", entry) for entry in PROJECT["dependencies"]}
    assert set(RECIPE["requirements"]["run"]) == wanted | {f"python {PROJECT['requires-python']}"}


def test_the_citation_has_what_its_format_requires() -> None:
    """The whole schema is checked in continuous integration by cffconvert."""
    assert {"cff-version", "message", "title", "authors"} <= set(CITATION)
    assert CITATION["license"] == PROJECT["license"] == RECIPE["about"]["license"]


def test_no_address_is_invented() -> None:
    """There is no public repository or site yet; whoever adds one adds it to docs/releases.md as well."""
    assert "urls" not in PROJECT
    assert not {"repository-code", "url", "doi"} & set(CITATION)


def test_the_dockerfile_passes_its_linter(needs_tool) -> None:
    beside = Path(sys.executable).parent / "hadolint"  # of the extra `test`, in an environment not activated
    linter = str(beside) if beside.exists() else needs_tool("hadolint")
    done = subprocess.run([linter, str(ROOT / "Dockerfile")], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_container_runs_as_nobody_special_with_a_chinese_font_and_extras_that_exist() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    assert re.search(r"^USER 1000$", text, re.MULTILINE)
    assert "fonts-wqy-microhei" in text
    (extras,) = re.findall(r"\$\{wheel\}\[([\w,]+)\]", text)
    assert set(extras.split(",")) <= set(PROJECT["optional-dependencies"])


def test_every_extra_the_pages_name_exists() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    named = {
        extra
        for page in pages
        for extras in re.findall(r"evaluator\[([\w,]+)\]", page.read_text("utf-8"))
        for extra in extras.split(",")
    }
    assert len(named) >= 4
    assert named <= set(PROJECT["optional-dependencies"])


def test_languages_and_pythons_are_stated() -> None:
    assert sum(entry.startswith("Natural Language ::") for entry in PROJECT["classifiers"]) == len(LANGUAGES)
    least = PROJECT["requires-python"].removeprefix(">=")
    assert f"Programming Language :: Python :: {least}" in PROJECT["classifiers"]


@pytest.mark.parametrize("label", ["failed", "done"])
def test_the_start_for_windows_jumps_to_labels_it_has(label: str) -> None:
    text = WINDOWS.read_text("utf-8")
    assert f":{label}" in text
    assert set(re.findall(r"goto (\w+)", text)) == {"failed", "done"}
    assert "UNTESTED" in text
