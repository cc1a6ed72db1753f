"""Write the pages of every key that a tree and a study may have, from their schemas.

Run it from the project's root after changing a format: `python docs/make_keys.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evaluator.study import StudyFile
from evaluator.tree.schema import tree_schema

Schema = Mapping[str, Any]
REFERENCE = Path(__file__).parent / "reference"
HEADS = {
    "tree": """# Keys of a tree

Every key that the YAML file of an indicator tree may have, with what it takes and what holds when it is not
stated; keys in **bold** must be there. [How a tree is written](../trees.md) explains them with examples;
`evaluator schema tree` gives editors the same as JSON Schema.

## The file
""",
    "study": """# Keys of a study

Every key that `study.yaml` may have, with what it takes and what holds when it is not stated; keys in
**bold** must be there. [Studies](../studies.md), [data](../data.md), [judgment](../judgment.md),
[models](../models.md) and [decisions](../decision.md) explain them with examples; `evaluator schema study`
gives editors the same as JSON Schema. What a study shares with trees is on the page of [trees](tree.md).

## The file
""",
}
TEXT = "text, or a text per language (`{zh: …, en: …}`)"


def pages() -> Iterator[tuple[Path, str]]:
    """Yield every page with its text."""
    tree, study = tree_schema(), StudyFile.model_json_schema(by_alias=True)
    shared = {name for name, shape in study["$defs"].items() if tree["$defs"].get(name) == shape}
    yield REFERENCE / "tree.md", page("tree", tree, frozenset())
    yield REFERENCE / "study.md", page("study", study, frozenset(shared))


def page(name: str, schema: Schema, elsewhere: frozenset[str]) -> str:
    """Return the page of a format; the shapes `elsewhere` are those of the page of trees."""
    shapes = [key for key in sorted(schema["$defs"]) if key not in elsewhere and key != "Text"]
    parts = (_shape(schema["$defs"][key], elsewhere) for key in shapes)
    own = f"{HEADS[name]}\n{_shape(schema, elsewhere)}"
    return own + "".join(f"\n## {key}\n\n{part}" for key, part in zip(shapes, parts, strict=True))


def _shape(shape: Schema, elsewhere: frozenset[str]) -> str:
    said = _lists(shape.get("description", ""))
    rows = "".join(
        _row(key, value, key in shape.get("required", ()), elsewhere)
        for key, value in shape.get("properties", {}).items()
    )
    if not rows:
        return (
            f"{said}\n\nTakes: {_kind(shape, elsewhere)}.\n"
            if said
            else f"Takes: {_kind(shape, elsewhere)}.\n"
        )
    table = f"| key | takes | not stated |\n|---|---|---|\n{rows}"
    return f"{said}\n\n{table}" if said else table


def _lists(text: str) -> str:
    """Return a docstring as Markdown: code between single grave accents, parameters as a list."""
    text = text.replace("``", "`").replace("*", "\\*").strip()
    head, parameters, rest = text.partition("\nParameters\n----------\n")
    if not parameters:
        return text
    listed = re.sub(r"^(\w+(?:, \w+)*) : ", _item, rest, flags=re.MULTILINE)
    return f"{head.rstrip()}\n\n{listed}"


def _item(name: re.Match[str]) -> str:
    names = (f"`{one.rstrip('_')}`" for one in name[1].split(", "))
    return f"- {', '.join(names)}: "


def _row(key: str, value: Schema, required: bool, elsewhere: frozenset[str]) -> str:
    name = f"**`{key}`**" if required else f"`{key}`"
    said = f" {_lists(value['description'])}" if value.get("description") and "$ref" not in value else ""
    return f"| {name} | {_cell(_kind(value, elsewhere) + said)} | {_cell(_default(value))} |\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _default(value: Schema) -> str:
    default = value.get("default")
    if default in (None, {}, [], ""):
        return ""
    if isinstance(default, dict):
        return "its own defaults"
    return f"`{json.dumps(default, ensure_ascii=False)}`"


def _kind(value: Schema, elsewhere: frozenset[str]) -> str:
    """Return what a value may be, in words."""
    if "$ref" in value:
        return _link(value["$ref"].split("/"), elsewhere)
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return " or ".join(f"`{word}`" for word in value["enum"])
    for union in ("anyOf", "oneOf", "allOf"):
        if union in value:
            return _union(value[union], elsewhere)
    kind = value.get("type")
    if kind == "array":
        return _array(value, elsewhere)
    if kind == "object":
        inside = [*value.get("patternProperties", {}).values(), value.get("additionalProperties")]
        held = next((entry for entry in inside if isinstance(entry, dict) and entry), None)
        return f"for each name: {_kind(held, elsewhere)}" if held else "names with values"
    return _plain(value, kind)


def _link(path: list[str], elsewhere: frozenset[str]) -> str:
    name = path[2]
    if name == "Text":
        return TEXT
    page = "tree.md" if name in elsewhere else ""
    return f"[{name}]({page}#{name.lower()})" + (f" ({path[-1]})" if len(path) > 3 else "")


def _union(parts: list[Schema], elsewhere: frozenset[str]) -> str:
    kinds = [_kind(part, elsewhere) for part in parts if part.get("type") != "null"]
    if kinds == ["text", TEXT]:
        return TEXT
    return " or ".join(dict.fromkeys(kinds)) or "nothing"


def _array(value: Schema, elsewhere: frozenset[str]) -> str:
    if "prefixItems" in value:
        kinds = [_kind(part, elsewhere) for part in value["prefixItems"]]
        return f"list of {len(kinds)}: {', '.join(kinds)}"
    least = f", at least {value['minItems']}" if value.get("minItems") else ""
    return f"list of {_kind(value.get('items', {}), elsewhere)}{least}"


BOUNDS = {"exclusiveMinimum": ">", "minimum": "≥", "exclusiveMaximum": "<", "maximum": "≤"}
WORDS = {
    "string": "text", "number": "number", "integer": "whole number", "boolean": "`true` or `false`",
    "null": "nothing", None: "anything",
}  # fmt: skip


def _plain(value: Schema, kind: str | None) -> str:
    if value.get("format") == "date":
        return "day (`2026-01-31`)"
    if str(value.get("pattern", "")).startswith("^[^\\W\\d_]"):
        return "id"
    bounds = [f"{sign} {value[key]:g}" for key, sign in BOUNDS.items() if key in value]
    return f"{WORDS[kind]} {' and '.join(bounds)}".strip()


if __name__ == "__main__":
    for path, text in pages():
        path.write_text(text, encoding="utf-8")
