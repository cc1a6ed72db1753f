"""The generated reference is complete: each verb, option, key, method and public name stands on its page."""

import ast
import json
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from pydantic import BaseModel

import evaluator
from evaluator.cli import VERBS, invoke
from evaluator.study import StudyFile
from evaluator.tree.types import Tree

DOCS = Path(__file__).resolve().parents[2] / "docs"
PACKAGE = Path(evaluator.__file__).parent


def made(name: str) -> dict[str, str]:
    """Return the pages a script makes by file name; the language is part of the folder."""
    pages = runpy.run_path(str(DOCS / f"make_{name}.py"))["pages"]()
    return {path.relative_to(DOCS).as_posix(): text for path, text in pages}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_verb_has_each_option_its_help_prints(language: str, capsys) -> None:
    page = made("verbs")["reference/verbs.md" if language == "en" else "zh/verbs.md"]
    sections = {part.split("\n", 1)[0]: part for part in page.split("\n## ")[1:]}
    assert list(sections) == list(VERBS)
    for verb in VERBS:
        assert invoke(["--language", language, verb, "--help"]) == 0
        helped = capsys.readouterr().out
        options = re.findall(r"^  (?:-\w, )?(--[a-z-]+)", helped, re.MULTILINE)
        assert "--help" in options
        missing = {option for option in options if f"`{option}`" not in sections[verb]}
        assert missing <= {"--help", "--language"}


def formats(root: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield every format that a file may hold, found through the types of fields and not through schemas."""
    seen: list[object] = [root]
    for kind in seen:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield kind
            inside = [hint for name, hint in get_type_hints(kind).items() if name in kind.model_fields]
        else:
            inside = list(get_args(kind))
        seen += [entry for entry in inside if entry not in seen]


@pytest.mark.parametrize(("page", "root"), [("tree", Tree), ("study", StudyFile)])
def test_every_key_of_every_format_stands_in_its_table(page: str, root: type[BaseModel]) -> None:
    texts = made("keys")
    sections = {
        part.split("\n", 1)[0]: part
        for name in ("reference/tree.md", f"reference/{page}.md")
        for part in texts[name].split("\n## ")[1:]
    }
    kinds = list(formats(root))
    assert len(kinds) > 40
    for kind in kinds:
        section = sections["The file" if kind is root else kind.__name__] if kind.__name__ != "Text" else None
        for name, entry in kind.model_fields.items() if section else ():
            assert f"`{entry.alias or name}`" in section, f"{kind.__name__}.{name}"


def test_every_registered_method_stands_on_its_page(capsys) -> None:
    page = runpy.run_path(str(DOCS / "make_methods.py"))["page"]()
    assert invoke(["--language", "en", "list", "methods", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    rows = listed if isinstance(listed, list) else listed["found"]
    assert len(rows) > 80
    for row in rows:
        assert f"| `{row['method']}` | {row['name']} |".replace("||", "| |") in page.replace("\\|", "|"), row


def stated() -> Iterator[tuple[str, str]]:
    """Yield the names that stubs and rooms export, as their source says."""
    for file in [*PACKAGE.rglob("*.pyi"), *PACKAGE.rglob("__init__.py")]:
        room = ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        for line in ast.parse(file.read_text("utf-8")).body:
            if isinstance(line, ast.Assign) and getattr(line.targets[0], "id", "") == "__all__":
                with_names = isinstance(line.value, ast.List | ast.Tuple)
                yield from (
                    (room, ast.literal_eval(name)) for name in (line.value.elts if with_names else ())
                )


def test_every_public_name_is_documented_or_says_where() -> None:
    texts = made("python")
    inner = ("evaluator.cli", "evaluator.customers.models")
    names = [(room, name) for room, name in stated() if room not in inner]
    assert len(names) > 500
    for room, name in names:
        page = texts[f"reference/python/{room}.md"]
        assert f":: {room}.{name}\n" in page or f"`{name}` is " in page, f"{room}.{name}"


def test_the_scripts_write_what_the_site_reads(tmp_path: Path) -> None:
    """As a person runs them, on a copy of the folder, so that a checkout stays as it is."""
    (tmp_path / "docs").mkdir()
    script = tmp_path / "docs" / "make_keys.py"
    script.write_text((DOCS / "make_keys.py").read_text("utf-8"), "utf-8")
    (tmp_path / "docs" / "reference").mkdir()
    subprocess.run([sys.executable, str(script)], check=True, cwd=tmp_path)
    assert (tmp_path / "docs" / "reference" / "study.md").read_text("utf-8").startswith("# Keys of a study")
