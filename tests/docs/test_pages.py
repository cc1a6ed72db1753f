"""Every block and command of the site runs as its page says, in a folder of the page's own."""

from pathlib import Path

import pages
import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
FOLLOWED = ["start"]


@pytest.mark.parametrize("name", FOLLOWED)
def test_a_reader_gets_what_the_page_shows(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8" if name.startswith("zh/") else "en_US.UTF-8")
    pages.Reader(tmp_path).follow(DOCS / f"{name}.md")


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
