"""Write docs/errors.md: every code with what it says, what to do, how much it weighs and where it is raised.

Run it from the project's root after adding a code: `python docs/make_errors.py`. Codes are read from the
program itself, so the page is complete.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from evaluator import messages

PAGE = Path(__file__).parent / "errors.md"
PACKAGE = Path(messages.__file__).parents[1]
CODE = re.compile(r"[A-Z]+-\d{3}")
HEAD = """# Error codes

A code is stable: its prose may change, its meaning does not. An *error* stops the verb (exit code 1), a
*warning* is said beside the results, a *note* is for the record. Words in braces are filled in. Every code
has an anchor here, such as `errors.md#data-401`.

"""
MAKERS = ("Issue", "not_among", "about")
ROOMS = {
    "ACTION": "Actions and plans",
    "CLV": "Lifetime value", "CUST": "Customer models", "DATA": "Tables: files, databases, their mapping",
    "DOC": "YAML files", "FILE": "Files: read and written", "JUDGE": "Forms and judgments", "LIMIT": "Limits",
    "MCP": "Tools for agents", "METHOD": "Methods", "REPORT": "Reports and their templates",
    "SCORE": "Models and scores", "SERVE": "The server of links", "SQL": "Models as SQL",
    "STUDY": "Studies", "SURE": "How sure results are", "TREE": "Indicator trees", "WEIGH": "Weights",
}  # fmt: skip


@cache
def raised() -> dict[str, dict[str, set[str]]]:
    """Return for each code the severities it is given and the modules that name it, docstrings left out."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: {"severity": set(), "module": set()})
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        module = path.relative_to(PACKAGE.parent).as_posix()
        for code in _codes(tree):
            found[code]["module"].add(module)
        for code, severity in _issues(tree):
            found[code]["severity"].add(severity)
    return dict(found)


def _codes(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
            yield node.value


def _issues(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the codes of issues as they are made, with their severity where that is written there."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") in MAKERS and node.args):
            continue
        stated = next((entry.value for entry in node.keywords if entry.arg == "severity"), None)
        if stated is None and len(node.args) > 5:
            stated = node.args[5]
        named = stated.attr.lower() if isinstance(stated, ast.Attribute) else None
        for code in _codes(node.args[0]):
            if stated is None or named in ("error", "warning", "note"):
                yield code, named or "error"


def page() -> str:
    """Return the page."""
    english, chinese = messages.catalogue("en"), messages.catalogue("zh")
    found = raised()
    parts = [HEAD]
    prefix = ""
    for code in sorted(found):
        if not code.startswith(f"{prefix}-"):
            prefix = code.partition("-")[0]
            parts.append(f"## {ROOMS[prefix]}\n\n")
        parts.append(f"### {code}\n\n")
        weight = " or ".join(sorted(found[code]["severity"], key=("error", "warning", "note").index))
        parts += [f"{weight.capitalize()}. " if weight else "", f"{_said(english, code, 'message')}\n\n"]
        if f"{code}.hint" in english:
            parts.append(f"*What to do:* {_said(english, code, 'hint')}\n\n")
        hint = f" {_said(chinese, code, 'hint')}" if f"{code}.hint" in chinese else ""
        parts.append(f"{_said(chinese, code, 'message')}{hint}\n\n")
        parts.append(
            "Raised in " + ", ".join(f"`{module}`" for module in sorted(found[code]["module"])) + ".\n\n"
        )
    return "".join(parts).rstrip() + "\n"


def _said(catalogue: dict[str, str], code: str, part: str) -> str:
    """Return a text as Markdown shows it as it is."""
    text = catalogue[f"{code}.{part}"].replace("{{", "{").replace("}}", "}")
    return re.sub(r"(`[^`]*`)|([*_<>|])", lambda m: m[1] or f"\\{m[2]}", text)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8", newline="\n")
