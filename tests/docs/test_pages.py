"""Every block and command of the site runs as its page says, in a folder of the page's own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pages
import pytest

from evaluator import ahp
from evaluator.reports import added

DOCS = Path(__file__).resolve().parents[2] / "docs"
# The pages a reader follows, and the page that leaves the folder they begin with.
FOLLOWED = {
    "start": None,
    "tutorials/consultant": None,
    "tutorials/manager": "tutorials/consultant",
    "tutorials/analyst": "start",
    "tutorials/engineer": "start",
    "zh/start": None,
    "zh/tutorials/consultant": None,
    "zh/tutorials/manager": "zh/tutorials/consultant",
    "zh/tutorials/analyst": "zh/start",
    "zh/tutorials/engineer": "zh/start",
    **{
        f"{language}concepts/{name}": None
        for language in ("", "zh/")
        for name in ("ahp", "consistency", "groups", "fuzzy", "customer-models")
    },
}


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return what follows a page, once, and gives the folder it leaves."""
    left: dict[str, Path] = {}

    def follow(name: str) -> Path:
        if name not in left:
            folder = tmp_path_factory.mktemp("reader") / "folder"
            before = FOLLOWED[name]
            shutil.copytree(follow(before), folder) if before else folder.mkdir()
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("LC_ALL", "zh_CN.UTF-8" if name.startswith("zh/") else "en_US.UTF-8")
                pages.Reader(folder).follow(DOCS / f"{name}.md")
            left[name] = folder
        return left[name]

    return follow


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Take back what pages add to the program."""
    sections, methods = dict(added.ADDED), dict(ahp.PRIORITIES._methods)
    yield
    added.ADDED.clear()
    added.ADDED.update(sections)
    ahp.PRIORITIES._methods.clear()
    ahp.PRIORITIES._methods.update(methods)


@pytest.mark.parametrize("name", FOLLOWED)
def test_a_reader_gets_what_the_page_shows(name: str, followed: Callable[[str], Path]) -> None:
    assert followed(name).is_dir()


def test_a_page_that_shows_what_does_not_come_fails(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```sh\nevaluator --version\n```\n\n```text\n9.9.9\n```\n", "utf-8")
    with pytest.raises(AssertionError, match=r"page\.md:1\nthe page shows\n9\.9\.9"):
        pages.Reader(tmp_path).follow(page)
    page.write_text("```python\n>>> 1 + 1\n3\n```\n", "utf-8")
    with pytest.raises(AssertionError, match=r"Got:\n +2"):
        pages.Reader(tmp_path).follow(page)
    page.write_text("```sh\nevaluator no-such-verb\n```\n", "utf-8")
    with pytest.raises(AssertionError, match="no-such-verb"):
        pages.Reader(tmp_path).follow(page)


def test_every_page_that_shows_python_or_commands_is_followed() -> None:
    """Other tools and notebooks have tests of their own; the rest is checked by `test_commands`."""
    names = {path.relative_to(DOCS).with_suffix("").as_posix(): path for path in DOCS.rglob("*.md")}
    elsewhere = ("coming-from/", "notebooks/", "reference/", "_build/")
    shown = {
        name
        for name, path in names.items()
        if "/" in name
        and not name.startswith(elsewhere)
        and any(block.kind in ("sh", "python") for block in pages.blocks(path.read_text("utf-8")))
    }
    assert shown - set(FOLLOWED) == set()
