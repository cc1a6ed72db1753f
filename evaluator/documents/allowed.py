"""The keys a format allows at one place, read from its JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

from evaluator.documents.parsing import Key

Schema = Mapping[str, Any]


def allowed_keys(model: type[BaseModel], key: Key, data: Any) -> set[str]:
    """Return the keys that the mapping at `key` of the data may have.

    Where an entry has a `kind`, only the shape of that kind counts.
    """
    whole = _schema(model)
    definitions = whole.get("$defs", {})
    shapes = list(_shapes(whole, data, definitions))
    for part in key:
        data = _entry(data, part)
        inner = (below for shape in shapes for below in _below(shape, part))
        shapes = [shape for below in inner for shape in _shapes(below, data, definitions)]
    return {name for shape in shapes for name in shape.get("properties", {})}


@cache  # asked for every key that is not known, and made in a tenth of a second
def _schema(model: type[BaseModel]) -> Schema:
    return model.model_json_schema()


def _shapes(schema: Schema, data: Any, definitions: Mapping[str, Schema]) -> Iterator[Schema]:
    """Yield what a schema may stand for, references and alternatives resolved."""
    if "$ref" in schema:
        yield from _shapes(definitions[schema["$ref"].rpartition("/")[2]], data, definitions)
        return
    for word in ("anyOf", "oneOf", "allOf"):
        for entry in schema.get(word, ()):
            yield from _shapes(entry, data, definitions)
    if _of_kind(schema, data):
        yield schema


def _of_kind(schema: Schema, data: Any) -> bool:
    """Return whether the data may be of this shape, by the kind it states."""
    kind = schema.get("properties", {}).get("kind")
    stated = data.get("kind") if isinstance(data, Mapping) else None
    if kind is None or stated is None:
        return True
    return bool(stated == kind.get("const") or stated in kind.get("enum", ()))


def _below(schema: Schema, part: str | int) -> Iterator[Schema]:
    if isinstance(part, int):
        firsts = schema.get("prefixItems", ())
        below = firsts[part] if part < len(firsts) else schema.get("items")
    else:
        below = schema.get("properties", {}).get(part, schema.get("additionalProperties"))
        yield from schema.get("patternProperties", {}).values()
    if isinstance(below, Mapping):
        yield below


def _entry(data: Any, part: str | int) -> Any:
    try:
        return data[part]
    except (KeyError, IndexError, TypeError):
        return None
