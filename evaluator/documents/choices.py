"""A choice among registered things, as the type of an entry."""

from __future__ import annotations

from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from evaluator.registry import Registry


class Choice:
    """The names in one or several registries, and further words; what is registered later counts as well.

    >>> from typing import Annotated
    >>> from pydantic import TypeAdapter
    >>> means = Registry("mean")
    >>> entry = TypeAdapter(Annotated[str, Choice(means, words=("none",))])
    >>> _ = means.register("median", zh="中位数", en="median", reference="Galton (1881)")(sorted)
    >>> entry.validate_python("median"), entry.json_schema()
    ('median', {'enum': ['median', 'none'], 'type': 'string'})
    """

    def __init__(self, *registries: Registry[Any], words: tuple[str, ...] = ()) -> None:
        self._registries = registries
        self._words = words

    def names(self) -> tuple[str, ...]:
        """Return what may be said, in the order of declaration."""
        return (*(name for registry in self._registries for name in registry.names()), *self._words)

    def _known(self, value: object) -> object:
        if value not in (names := self.names()):
            expected = {"expected": ", ".join(f"'{name}'" for name in names)}
            raise PydanticCustomError("literal_error", "Input should be one of {expected}", expected)
        return value

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self._known)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"enum": list(self.names()), "type": "string"}
