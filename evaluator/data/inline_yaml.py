"""Values as they stand within a line of YAML, for the lines that messages offer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_YAML_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def flow(value: Any) -> str:
    """Return a value as it stands within a line of YAML.

    >>> flow({"sheet": ("2024", "Orders"), "factor": 10000.0, "on": None})
    '{sheet: ["2024", Orders], factor: 10000, "on": null}'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    plain = isinstance(value, str) and re.fullmatch(r"[^\W\d]\w*( \w+)*", value)
    if plain and value.casefold() not in _YAML_WORDS:
        return str(value)
    whole = isinstance(value, float) and value.is_integer()
    return json.dumps(int(value) if whole else value, ensure_ascii=False)
