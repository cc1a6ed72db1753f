"""Commands and YAML on the pages that explain single subjects name what there is: verbs, options, keys."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pages
import pytest
import yaml

from evaluator.cli.console import Console
from evaluator.cli.program import verbs
from evaluator.study import StudyFile
from evaluator.tree.schema import tree_schema

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "examples").glob("*/README.md")),
]


def commands(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the commands of `evaluator` on a page with where they stand, in blocks and in running text."""
    text = path.read_text("utf-8")
    for block in pages.blocks(text):
        if block.kind == "sh":
            for line in block.text.splitlines():
                yield f"{path.name}:{block.line}: {line}", shlex.split(line, comments=True)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    for said in re.findall(r"`(evaluator [a-z][^`…]*)`", prose):
        yield f"{path.name}: {said}", shlex.split(re.sub(r"[\[\]]", "", said))


COMMANDS = [
    (place, words[1:]) for path in PAGES for place, words in commands(path) if words[:1] == ["evaluator"]
]


@pytest.mark.parametrize("words", [words for _, words in COMMANDS], ids=[place for place, _ in COMMANDS])
def test_every_command_has_a_verb_that_takes_these_options(words: list[str]) -> None:
    """Parsed as the program parses it, and not run: the pages speak of files of the reader's."""
    words = words[2:] if words[0] == "--language" else words
    if words[0].startswith("-"):
        return
    verb = verbs.get_command(click.Context(verbs, obj=Console()), words[0])
    assert verb is not None, f"no verb {words[0]}"
    known = {name for option in verb.params for name in (*option.opts, *option.secondary_opts)} | {"--help"}
    options = {word.partition("=")[0] for word in words[1:] if re.match(r"--?[a-z]", word)}
    assert options <= known


def test_there_are_as_many_commands_as_pages_show() -> None:
    assert len(COMMANDS) > 60


KEYS = set(StudyFile.model_json_schema(by_alias=True)["properties"]) | set(tree_schema()["properties"])


def fragments() -> Iterator[tuple[str, object]]:
    """Yield what YAML blocks hold; a block that begins deep inside is moved to the left."""
    for path in PAGES:
        for block in pages.blocks(path.read_text("utf-8")):
            if block.kind == "yaml":
                lines = block.text.splitlines()
                deep = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
                yield f"{path.name}:{block.line}", yaml.safe_load("\n".join(line[deep:] for line in lines))


FRAGMENTS = list(fragments())


@pytest.mark.parametrize("read", [read for _, read in FRAGMENTS], ids=[place for place, _ in FRAGMENTS])
def test_every_piece_of_yaml_reads(read: object) -> None:
    assert isinstance(read, dict | list)


def test_whole_files_speak_of_keys_there_are() -> None:
    whole = [read for _, read in FRAGMENTS if isinstance(read, dict) and set(read) & KEYS]
    assert len(whole) > 20
    for read in whole:
        known = KEYS | {"orders", "customers", "root", "scale", "include", "id", "children"}
        assert set(read) <= known, set(read) - known


def python_blocks() -> list[tuple[str, str]]:
    found = ((path, block) for path in PAGES for block in pages.blocks(path.read_text("utf-8")))
    return [(f"{path.name}:{block.line}", block.text) for path, block in found if block.kind == "python"]


@pytest.mark.parametrize(
    "text", [text for _, text in python_blocks()], ids=[place for place, _ in python_blocks()]
)
def test_python_names_what_the_package_exports(text: str) -> None:
    if ">>>" in text:
        return  # run by `test_pages`
    import evaluator as ev
    from evaluator import scoring

    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            room = {"ev": ev, "scoring": scoring}.get(node.value.id)
            assert room is None or hasattr(room, node.attr), ast.unparse(node)
