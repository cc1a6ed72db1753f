"""Write llms.txt beside the site: what it holds, page by page, with the plain text of each, for programs that
read.

The form is the one of llmstxt.org: a title, a sentence, and lists of links with what each page says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ABOUT = (
    "Decides what each customer is worth and how to treat them: from an indicator tree and expert judgment "
    "(AHP), or from a file of orders, to scores that can be explained, classes, actions, a plan under a "
    "budget, and reports in English and Chinese. Python library and command line."
)
SECTIONS = {
    "": "Pages", "tutorials": "Tutorials", "concepts": "Concepts", "coming-from": "Coming from other tools",
    "notebooks": "Notebooks", "examples": "Examples on real data", "reference": "Reference",
    "reference/python": "Python, room by room",
    "zh": "中文", "zh/tutorials": "中文教程", "zh/concepts": "中文概念",
}  # fmt: skip


def write(app: Any, exception: Exception | None) -> None:
    """Write the list after a build of the pages that went well."""
    if exception is None and app.builder.name == "html":
        pages = {name: app.env.doc2path(name) for name in sorted(app.env.found_docs)}
        (Path(app.outdir) / "llms.txt").write_text(listing(pages), encoding="utf-8")


def listing(pages: dict[str, Any]) -> str:
    """Return the text for pages by name (without ending) and file."""
    parts = [f"# evaluator\n\n> {ABOUT}\n"]
    for folder in dict.fromkeys([*SECTIONS, *(name.rpartition("/")[0] for name in pages)]):
        inside = [name for name in pages if name.rpartition("/")[0] == folder]
        if inside:
            lines = (_line(name, Path(pages[name])) for name in inside)
            parts.append(f"\n## {SECTIONS.get(folder, folder)}\n\n{''.join(lines)}")
    return "".join(parts)


def _line(name: str, path: Path) -> str:
    title, said = title_and_sentence(path.read_text("utf-8"))
    return f"- [{title}](_sources/{name}{path.suffix}){': ' if said else ''}{said}\n"


def title_and_sentence(text: str) -> tuple[str, str]:
    """Return the heading of a page and the first sentence under it."""
    paragraphs = list(_paragraphs(text))
    title = next((part[2:] for part in paragraphs if part.startswith("# ")), "")
    prose = (part for part in paragraphs if not part.startswith(("#", "|", "-", ">", "!", ":", "(", "<")))
    plain = re.sub(r"\[([^]]*)]\([^)]*\)", r"\1", next(prose, "")).replace("**", "")
    sentence = re.match(r".*?[.!?](?=\s|$)|.*?[。！？]", plain)
    return title, (sentence[0] if sentence else plain).rstrip(":：")


def _paragraphs(text: str) -> Iterator[str]:
    """Yield paragraphs on one line each, without what stands before the page and in fenced blocks."""
    text = re.sub(r"\A---\n.*?^---\n", "", text, flags=re.MULTILINE | re.DOTALL)
    for part in re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL).split("\n\n"):
        if part.strip():
            yield " ".join(part.split())
