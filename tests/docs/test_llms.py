"""llms.txt says of every page its title and its first sentence, in the sections of the site."""

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
LLMS = runpy.run_path(str(DOCS / "llms.py"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# A b\n\nOne two. Three.\n", ("A b", "One two.")),
        ("# A\n\n```sh\nrun. it\n```\n\nSee [this](x.md): it is so. Yes.\n", ("A", "See this: it is so.")),
        ("# 标题\n\n第一句。第二句。\n", ("标题", "第一句。")),
        ("---\njupyter: x\n---\n# A\n\n- a list\n\nAfter it\n", ("A", "After it")),
    ],
)
def test_a_page_is_told_by_its_title_and_first_sentence(text: str, told: tuple[str, str]) -> None:
    assert LLMS["title_and_sentence"](text) == told


def test_every_page_of_the_site_has_a_line_with_a_title_and_a_sentence() -> None:
    paths = {path.relative_to(DOCS).with_suffix("").as_posix(): path for path in DOCS.rglob("*.md")}
    pages = {name: path for name, path in paths.items() if not name.startswith(("_build", "reference"))}
    text = LLMS["listing"](pages)
    lines = [line for line in text.splitlines() if line.startswith("- ")]
    assert len(lines) == len(pages) > 40
    assert [line for line in lines if line.startswith("- []") or line[-1] == ")"] == []
    assert text.startswith("# evaluator\n\n> ")
