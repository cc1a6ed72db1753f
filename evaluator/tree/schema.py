"""The JSON Schema of a tree file as a person writes it, for editors."""

from __future__ import annotations

from typing import Any

from evaluator.tree.types import Tree

_INCLUDE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["include"],
    "description": "Another tree as a branch, by id or by the path of its file.",
    "properties": {
        "include": {"type": "string"},
        "id": {"$ref": "#/$defs/Group/properties/id"},
        "name": {"$ref": "#/$defs/Group/properties/name"},
        "definition": {"$ref": "#/$defs/Group/properties/definition"},
        "axis": {"$ref": "#/$defs/Group/properties/axis"},
        "weight": {"$ref": "#/$defs/Group/properties/weight"},
    },
}


def tree_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a tree file.

    A file may say less than a loaded tree (the root takes the tree's id and name) and more (a child
    may be an include).

    >>> tree_schema()["properties"]["root"]
    {'$ref': '#/$defs/Root'}
    """
    schema = Tree.model_json_schema(by_alias=True)
    shapes = schema["$defs"]
    group = shapes["Group"]
    group["properties"]["children"]["items"] = {
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in ("Indicator", "Group", "Include")]
    }
    shapes["Include"] = _INCLUDE
    shapes["Root"] = group | {"title": "Root", "required": ["children"]}
    schema["properties"]["root"] = {"$ref": "#/$defs/Root"}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
