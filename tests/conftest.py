"""What every test may ask for: the shared reference material and the tools of a workplace."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

SHARED = Path(__file__).resolve().parents[2] / "shared"


EXTRAS = ("scipy", "duckdb", "pyarrow")
IN_CI = os.environ.get("CI") == "true"

# A loaded machine is no failure; in CI the same examples are tried every time.
settings.register_profile("evaluator", deadline=None, derandomize=IN_CI)
settings.load_profile("evaluator")


def pytest_configure() -> None:
    """In CI every extra is installed, so that nothing is skipped there."""
    if IN_CI and (lacking := [name for name in EXTRAS if find_spec(name) is None]):
        raise pytest.UsageError(f"missing in CI: {', '.join(lacking)}")


def absent(what: str) -> None:
    """Skip visibly on a user's machine; fail in CI, where everything must be there."""
    if IN_CI:
        pytest.fail(f"{what} is missing in CI")
    pytest.skip(f"{what} is not here")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of published examples and real datasets beside the checkout."""
    if not SHARED.is_dir():
        absent("the folder ../shared")
    return SHARED


@pytest.fixture(scope="session")
def needs_tool():
    """Return the path of a program, or skip: needs_tool("soffice")."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            absent(name)
        return str(path)

    return find


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small study: two experts, three customers, one table; it runs."""
    home = tmp_path / "项目"
    shutil.copytree(Path(__file__).parent / "studies" / "small", home)
    return home
